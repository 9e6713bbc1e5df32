-- Addresses that get nothing any more, and who was told of it.

CREATE TABLE suppressions (
    -- In lower case.
    address    TEXT    NOT NULL,
    -- The name of a report's or an alert rule's runs, such as `weekly` or `alert:low`; empty for everything.
    scope      TEXT    NOT NULL,
    cause      TEXT    NOT NULL CHECK (cause IN ('bounce', 'unsubscribed', 'by hand')),
    reason     TEXT    NOT NULL,
    author     TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    -- 1 when whoever looks after the report knows of it.
    told       INTEGER NOT NULL CHECK (told IN (0, 1)),
    PRIMARY KEY (address, scope)
) STRICT;

-- 1 when whoever looks after the report was told that it failed. What failed until now is old news.
ALTER TABLE deliveries ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

UPDATE deliveries SET told = 1 WHERE state = 'failed';

CREATE INDEX deliveries_to_tell ON deliveries (id) WHERE state = 'failed' AND told = 0;

-- Keys of our own, made when they are first needed.
CREATE TABLE keys (
    name  TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
