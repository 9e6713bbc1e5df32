-- The outbox: one message to one recipient per row, and the exact bytes every attempt sends.

CREATE TABLE deliveries (
    id              BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id          BIGINT NOT NULL REFERENCES runs (id),
    recipient       TEXT   NOT NULL,
    generation      BIGINT NOT NULL,
    message_id      TEXT   NOT NULL,
    envelope_from   TEXT   NOT NULL,
    state           TEXT   NOT NULL
        CHECK (state IN ('due', 'attempting', 'sent', 'failed', 'uncertain', 'suppressed')),
    attempts        BIGINT NOT NULL DEFAULT 0,
    -- How often an attempt ended without an answer: the recipient may have that many copies more.
    uncertain       BIGINT NOT NULL DEFAULT 0,
    next_attempt_at BIGINT NOT NULL,
    owner           TEXT,
    lease_until     BIGINT,
    last_error      TEXT,
    -- What the server answered when it took the message, such as "queued as 4F2A".
    reply           TEXT,
    created_at      BIGINT NOT NULL,
    sent_at         BIGINT,
    expires_at      BIGINT NOT NULL,
    UNIQUE (run_id, recipient, generation)
);

CREATE INDEX deliveries_by_state ON deliveries (state, next_attempt_at);

-- Apart from their deliveries, as each change of a row writes the whole row anew.
CREATE TABLE messages (
    delivery_id BIGINT NOT NULL PRIMARY KEY REFERENCES deliveries (id),
    bytes       BYTEA  NOT NULL
);
