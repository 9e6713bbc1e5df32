-- What people were told about once: that a run failed or is late, that the workspace's files have mistakes.

CREATE TABLE told (
    kind    TEXT NOT NULL,
    -- A run's number, or what the mistakes are known by.
    subject TEXT NOT NULL,
    told_at BIGINT NOT NULL,
    -- When it was over, and that was told too.
    over_at BIGINT,
    PRIMARY KEY (kind, subject)
);

-- Those that are not done are looked for every few seconds.
CREATE INDEX runs_by_state ON runs (state, created_at);
