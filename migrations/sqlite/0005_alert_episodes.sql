-- Incidents of alerts, from firing to their end: what history and reports are made of.

CREATE TABLE alert_episodes (
    rule          TEXT    NOT NULL,
    -- The labels as canonical JSON, keys in order.
    labels        TEXT    NOT NULL,
    fired_at      INTEGER NOT NULL,
    -- When the condition became true.
    began_at      INTEGER NOT NULL,
    -- The worst it came to.
    severity      TEXT    NOT NULL CHECK (severity IN ('warning', 'critical')),
    -- When the condition cleared; none while it fires.
    ended_at      INTEGER,
    ending        TEXT CHECK (ending IN ('recovered', 'rule_changed')),
    -- The KPI the two values are of: the condition's first.
    kpi           TEXT,
    value_at_fire REAL,
    worst         REAL,
    PRIMARY KEY (rule, labels, fired_at)
) STRICT;

CREATE INDEX alert_episodes_by_time ON alert_episodes (fired_at);
