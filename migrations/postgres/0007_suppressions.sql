-- Addresses that get nothing any more, and who was told of it.

CREATE TABLE suppressions (
    -- In lower case.
    address    TEXT   NOT NULL,
    -- The name of a report's or an alert rule's runs, such as `weekly` or `alert:low`; empty for everything.
    scope      TEXT   NOT NULL,
    cause      TEXT   NOT NULL CHECK (cause IN ('bounce', 'unsubscribed', 'by hand')),
    reason     TEXT   NOT NULL,
    author     TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    -- 1 when whoever looks after the report knows of it.
    told       BIGINT NOT NULL CHECK (told IN (0, 1)),
    PRIMARY KEY (address, scope)
);

-- 1 when whoever looks after the report was told that it failed. What failed until now is old news.
ALTER TABLE deliveries ADD COLUMN told BIGINT NOT NULL DEFAULT 0;

UPDATE deliveries SET told = 1 WHERE state = 'failed';

CREATE INDEX deliveries_to_tell ON deliveries (id) WHERE state = 'failed' AND told = 0;

-- What happens to a message of which nobody knows whether it was taken. One that is held is a failed one whose answer was
-- lost: `uncertain` is above 0.
ALTER TABLE deliveries ADD COLUMN on_unknown TEXT NOT NULL DEFAULT 'resend' CHECK (on_unknown IN ('resend', 'hold'));

-- A mail server that takes so many messages a minute is asked before each how many there were.
CREATE INDEX deliveries_by_sent ON deliveries (sent_at) WHERE sent_at IS NOT NULL;

-- Keys of our own, made when they are first needed.
CREATE TABLE keys (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);
