//! What a file of alert rules may contain: the part of the table in `shapes` that is about alerts.

use super::shape::{Choice, Field, Form, Ids, Kind, Pick, Shape, Target, Zero};
use crate::diagnostics::Code;
use crate::time::{PeriodName, parse_days, parse_duration, parse_hours, parse_weekdays};

/// A file of `rules/alerts/`.
pub(super) static ALERT_FILE: Shape = Shape {
    noun: "a file of alerts",
    fields: &[Field::required(
        "alerts",
        Kind::Entries { ids: Ids::Of(Target::Alert), value: &Kind::Object(&ALERT) },
        "the alert rules by id",
    )],
    choices: &[],
};

static ALERT: Shape = Shape {
    noun: "an alert",
    fields: &[
        Field::optional("title", Kind::Localized, "its name for people; the id when left out"),
        Field::optional("description", Kind::Localized, "what it watches and why, in words; notices say it"),
        Field::optional("when", Kind::Formula, "the condition over KPIs; the alert fires while it is true"),
        Field::optional("warning", Kind::Formula, "the condition of a warning, in place of `when` and `severity`"),
        Field::optional("critical", Kind::Formula, "the condition of a critical alert, alone or beside `warning`"),
        Field::optional(
            "recovers_when",
            Kind::ShortOr(&Kind::Formula, &RECOVERY),
            "recovers only when this is true, else as soon as the condition is false; may differ by severity",
        ),
        Field::optional(
            "minimum",
            Kind::Formula,
            "evaluated only while this is true, such as offered >= 20; else it stays as it was",
        ),
        Field::required(
            "window",
            Kind::Written(&WINDOW),
            "what the KPIs are computed over: the last 30m, or today, yesterday, this_week, …",
        ),
        Field::optional("every", Kind::Duration(Zero::Refused), "how often it is evaluated; 1m when left out"),
        Field::optional("by", Kind::List(0, &Kind::Grouping), "one alert for each group, such as [queue]"),
        Field::optional("for", Kind::Duration(Zero::Allowed), "how long the condition must hold before it fires"),
        Field::optional("keep_firing_for", Kind::Duration(Zero::Allowed), "how long it keeps firing after it cleared"),
        Field::optional("active", Kind::Object(&ACTIVE), "the hours it is evaluated in; always when left out"),
        Field::optional("severity", ALERT_SEVERITY, "how much `when` matters; warning when left out"),
        Field::optional("no_data", NO_DATA_POLICY, "what no data means; keep when left out"),
        Field::optional("limit", Kind::Integer(1, 10_000), "the most alerts it may have at a time; 100 when left out"),
        Field::optional(
            "repeat_every",
            Kind::ShortOr(&Kind::OneOrMore(&Kind::Duration(Zero::Refused)), &GROWING),
            "how often a firing alert is told again; of several, such as [1h, 2h, 4h], the last one repeats",
        ),
        Field::optional(
            "inhibits",
            Kind::List(1, &Kind::Name(Target::Alert)),
            "rules that are not told while this one fires, for the groups it fires for",
        ),
        Field::optional("runbook", Kind::Localized, "what to do: a text, or the address of a page"),
        Field::required("notify", Kind::List(1, &Kind::Name(Target::Recipients)), "groups of recipients"),
        Field::optional("owner", Kind::Address, "who is told when it fails; the workspace's operator when left out"),
    ],
    choices: &[
        Choice { keys: &["when", "warning", "critical"], pick: Pick::AtLeastOne },
        Choice { keys: &["when", "warning"], pick: Pick::AtMostOne },
        Choice { keys: &["when", "critical"], pick: Pick::AtMostOne },
        Choice { keys: &["severity", "warning"], pick: Pick::AtMostOne },
        Choice { keys: &["severity", "critical"], pick: Pick::AtMostOne },
    ],
};

static RECOVERY: Shape = Shape {
    noun: "recovers_when",
    fields: &[
        Field::optional("warning", Kind::Formula, "the warning recovers only when this is true"),
        Field::optional("critical", Kind::Formula, "it is critical no longer only when this is true"),
    ],
    choices: &[Choice { keys: &["warning", "critical"], pick: Pick::AtLeastOne }],
};

static GROWING: Shape = Shape {
    noun: "repeat_every",
    fields: &[
        Field::required("first", Kind::Duration(Zero::Refused), "the time before the first reminder"),
        Field::optional("factor", Kind::Integer(2, 10), "so many times longer is each next one; 2 when left out"),
        Field::required("most", Kind::Duration(Zero::Refused), "the longest time between two reminders"),
    ],
    choices: &[],
};

static ACTIVE: Shape = Shape {
    noun: "active",
    fields: &[
        Field::optional(
            "days",
            Kind::OneOrMore(&Kind::Written(&WEEKDAYS)),
            "weekdays, such as MON-FRI; all when left out",
        ),
        Field::optional(
            "hours",
            Kind::OneOrMore(&Kind::Written(&HOURS)),
            "such as 08:00-20:00; the whole day when left out",
        ),
        Field::optional("timezone", Kind::Zone, "the zone of the hours; the workspace's when left out"),
        Field::optional("except", Kind::List(0, &Kind::Written(&DAYS)), "days that are left out, such as holidays"),
    ],
    choices: &[Choice { keys: &["days", "hours", "except"], pick: Pick::AtLeastOne }],
};

const ALERT_SEVERITY: Kind = Kind::OneOf(&[("warning", "worth knowing"), ("critical", "someone must act")]);

const NO_DATA_POLICY: Kind =
    Kind::OneOf(&[("keep", "keeps the last state"), ("ok", "counts as fine"), ("alert", "counts as firing")]);

static WINDOW: Form = Form {
    fault: |text| match (parse_duration(text), PeriodName::parse(text)) {
        (Some(length), _) if length.is_zero() => Some("it must be longer than nothing".to_owned()),
        (Some(_), _) => None,
        (None, Ok(PeriodName::Days { .. })) => Some("these days never change, so there is nothing to watch".to_owned()),
        (None, Ok(_)) => None,
        (None, Err(_)) => Some("it is neither a length of time nor a period".to_owned()),
    },
    code: Code::BadDuration,
    pattern: "^\\s*(([0-9]+[smhdw]\\s*)+|[A-Za-z]+([-_][A-Za-z]+)*)\\s*$",
    allowed: "a length of time such as 30m or 4h, or today, yesterday, this_week, previous_week, this_month, \
              previous_month",
};

static WEEKDAYS: Form = Form {
    fault: |text| parse_weekdays(text).err(),
    code: Code::BadValue,
    pattern: "^\\s*[A-Za-z]{3}\\s*(-\\s*[A-Za-z]{3}\\s*)?$",
    allowed: "MON, TUE, WED, THU, FRI, SAT, SUN, or a stretch of them such as MON-FRI",
};

static HOURS: Form = Form {
    fault: |text| parse_hours(text).err(),
    code: Code::BadValue,
    pattern: "^\\s*[0-9]{1,2}:[0-9]{1,2}\\s*-\\s*[0-9]{1,2}:[0-9]{1,2}\\s*$",
    allowed: "two times of day with a `-` between them, such as 08:00-20:00, 22:00-06:00 or 18:00-24:00",
};

static DAYS: Form = Form {
    fault: |text| parse_days(text).err(),
    code: Code::BadValue,
    pattern: "^\\s*[0-9]{4}[-_]\\S*(\\s*\\.\\.\\s*\\S+)?\\s*$",
    allowed: "a day such as 2026-12-25, or a stretch such as 2026-12-30..2027-01-08",
};
