-- The last state of each alert: one row per rule and labels.

CREATE TABLE alert_states (
    rule       TEXT    NOT NULL,
    -- The labels as canonical JSON, keys in order.
    labels     TEXT    NOT NULL,
    -- The state machine's state as JSON.
    state      TEXT    NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (rule, labels)
) STRICT;
