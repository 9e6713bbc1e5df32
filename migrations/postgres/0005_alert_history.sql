-- What alerts went through, and what people told them to be silent about.

-- Incidents, from firing to their end.
CREATE TABLE alert_episodes (
    rule          TEXT    NOT NULL,
    -- The labels as canonical JSON, keys in order.
    labels        TEXT    NOT NULL,
    fired_at      BIGINT  NOT NULL,
    -- When the condition became true.
    began_at      BIGINT  NOT NULL,
    -- The worst it came to.
    severity      TEXT    NOT NULL CHECK (severity IN ('warning', 'critical')),
    -- When the condition cleared; none while it fires.
    ended_at      BIGINT,
    -- How it ended, in a word.
    ending        TEXT,
    -- The KPI the two values are of: the condition's first.
    kpi           TEXT,
    value_at_fire DOUBLE PRECISION,
    worst         DOUBLE PRECISION,
    PRIMARY KEY (rule, labels, fired_at)
);

CREATE INDEX alert_episodes_by_time ON alert_episodes (fired_at);

CREATE TABLE silences (
    id         BIGINT  NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- The rule; none for all of them.
    rule       TEXT,
    -- The labels it is about as canonical JSON; an alert is silenced when it has all of them.
    labels     TEXT    NOT NULL,
    author     TEXT    NOT NULL,
    reason     TEXT    NOT NULL,
    created_at BIGINT  NOT NULL,
    ends_at    BIGINT  NOT NULL
);
