-- The outbox: one message to one recipient per row, and the exact bytes every attempt sends.

CREATE TABLE deliveries (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    run_id          INTEGER NOT NULL REFERENCES runs (id),
    recipient       TEXT    NOT NULL,
    generation      INTEGER NOT NULL,
    message_id      TEXT    NOT NULL,
    envelope_from   TEXT    NOT NULL,
    state           TEXT    NOT NULL
        CHECK (state IN ('due', 'attempting', 'sent', 'failed', 'uncertain', 'suppressed')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    -- How often an attempt ended without an answer: the recipient may have that many copies more.
    uncertain       INTEGER NOT NULL DEFAULT 0,
    next_attempt_at INTEGER NOT NULL,
    owner           TEXT,
    lease_until     INTEGER,
    last_error      TEXT,
    -- What the server answered when it took the message, such as "queued as 4F2A".
    reply           TEXT,
    created_at      INTEGER NOT NULL,
    sent_at         INTEGER,
    expires_at      INTEGER NOT NULL,
    UNIQUE (run_id, recipient, generation)
) STRICT;

CREATE INDEX deliveries_by_state ON deliveries (state, next_attempt_at);

-- Apart from their deliveries, as each change of a row writes the whole row anew.
CREATE TABLE messages (
    delivery_id INTEGER NOT NULL PRIMARY KEY REFERENCES deliveries (id),
    bytes       BLOB    NOT NULL
) STRICT;
