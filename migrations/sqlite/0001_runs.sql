-- Runs of reports and where each schedule stands. Instants are seconds since 1970 in UTC.

CREATE TABLE schedules (
    report     TEXT    NOT NULL PRIMARY KEY,
    -- The last scheduled instant that has been turned into a run or a recorded skip.
    cursor_utc INTEGER NOT NULL
) STRICT;

CREATE TABLE runs (
    id              INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    report          TEXT    NOT NULL,
    origin          TEXT    NOT NULL CHECK (origin IN ('schedule', 'manual')),
    scheduled_for   INTEGER NOT NULL,
    period          TEXT    NOT NULL,
    window_from     INTEGER NOT NULL,
    window_to       INTEGER NOT NULL,
    -- 1 when the schedule may report a period only once, whatever the hour it is set to.
    once_per_period INTEGER NOT NULL CHECK (once_per_period IN (0, 1)),
    -- 0 is the schedule's own run; runs asked for by hand count up from 1.
    generation      INTEGER NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('claimed', 'waiting', 'queued', 'done', 'failed', 'skipped')),
    attempt         INTEGER NOT NULL,
    owner           TEXT    NOT NULL,
    -- While claimed: when the claim lapses. While waiting: when to try again.
    lease_until     INTEGER,
    -- Why it failed or was skipped.
    error           TEXT,
    created_at      INTEGER NOT NULL,
    finished_at     INTEGER
) STRICT;

CREATE UNIQUE INDEX runs_by_instant ON runs (report, scheduled_for, generation);

-- A skipped run does not use up its period: it can still be reported.
CREATE UNIQUE INDEX runs_by_period ON runs (report, period, generation)
    WHERE once_per_period = 1 AND state <> 'skipped';

CREATE INDEX runs_unfinished ON runs (lease_until) WHERE lease_until IS NOT NULL;
