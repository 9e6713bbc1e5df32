-- What was sent is kept with what it was made from; runs may be held until their data are there.

-- How often a run was put off to wait for its data: that is no failed attempt.
ALTER TABLE runs ADD COLUMN holds INTEGER NOT NULL DEFAULT 0;

-- One edition of a run's report: everybody whose message was made from the same numbers.
CREATE TABLE editions (
    id        INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    run_id    INTEGER NOT NULL REFERENCES runs (id),
    -- The numbers as JSON; NULL when they have been kept long enough.
    made_from TEXT
) STRICT;

CREATE INDEX editions_by_run ON editions (run_id);

-- NULL for notices of alerts, and for what was sent before editions were kept.
ALTER TABLE deliveries ADD COLUMN edition_id INTEGER REFERENCES editions (id);

CREATE INDEX deliveries_by_edition ON deliveries (edition_id);
