//! What `rules/tests/*.yaml` may contain. The columns of rows are looked at by the readers: they depend on datasets and
//! rules.

use super::shape::{Alone, Choice, Field, Ids, Kind, Pick, Shape, Target, Zero};
use super::shapes::{LANGUAGE, RECIPIENT};

/// `rules/tests/*.yaml`.
pub(super) static TEST_FILE: Shape = Shape {
    noun: "a file of tests",
    fields: &[Field::required(
        "tests",
        Kind::Entries { ids: Ids::Tests, value: &Kind::Object(&RULE_TEST) },
        "the tests by name, which may be a sentence",
    )],
    choices: &[],
};

static RULE_TEST: Shape = Shape {
    noun: "a test",
    fields: &[
        Field::required(
            "start",
            Kind::Text,
            "where `+5m` counts from, such as 2026-11-23 10:00; rules are tried from there",
        ),
        Field::optional("timezone", Kind::Zone, "the zone of the test's times; the workspace's when left out"),
        Field::optional(
            "language",
            LANGUAGE,
            "the language of who has none of their own; the workspace's when left out",
        ),
        Field::optional(
            "recipients",
            Kind::Entries {
                ids: Ids::Known(Target::Recipients),
                value: &Kind::List(1, &Kind::ShortOr(&Kind::Mailbox, &RECIPIENT)),
            },
            "who stands for groups of recipients, so that the test does not change with them",
        ),
        Field::optional(
            "rows",
            Kind::Entries {
                ids: Ids::Known(Target::Dataset),
                value: &Kind::ShortOr(&Kind::Rows(Alone::Refused), &FIXTURE),
            },
            "rows of datasets, which stand for what their queries would deliver",
        ),
        Field::optional(
            "tables",
            Kind::Entries { ids: Ids::Tables, value: &Kind::ShortOr(&Kind::Rows(Alone::Refused), &FIXTURE) },
            "tables of the databases, on which the datasets' queries run; `source.table` where only one source has it",
        ),
        Field::optional("kpis", Kind::List(1, &Kind::Object(&KPI_EXPECTATION)), "the KPIs' values that are expected"),
        Field::optional(
            "alerts",
            Kind::Entries {
                ids: Ids::Known(Target::Alert),
                value: &Kind::ShortOr(&Kind::Rows(Alone::Refused), &ALERT_EXPECTATION),
            },
            "the rules that are tried, each with the states that are expected",
        ),
    ],
    choices: &[Choice { keys: &["kpis", "alerts"], pick: Pick::AtLeastOne }],
};

static FIXTURE: Shape = Shape {
    noun: "rows with defaults or from a file",
    fields: &[
        Field::optional(
            "defaults",
            Kind::Rows(Alone::Allowed),
            "one row: its values count where a row leaves them out",
        ),
        Field::optional("rows", Kind::Rows(Alone::Refused), "the rows"),
        Field::optional("file", Kind::Text, "a CSV file beside this one, with the columns in its first line"),
    ],
    choices: &[Choice { keys: &["rows", "file"], pick: Pick::One }],
};

static KPI_EXPECTATION: Shape = Shape {
    noun: "an expectation of KPIs",
    fields: &[
        Field::optional("at", Kind::Text, "the instant the period is relative to; the start when left out"),
        Field::optional("period", Kind::Period, "the period, such as today or 2026-11-23"),
        Field::optional("window", Kind::Duration(Zero::Refused), "the length of time before `at`, such as 30m"),
        Field::optional(
            "by",
            Kind::List(0, &Kind::Grouping),
            "a row for each group, such as [queue]; the total when left out",
        ),
        Field::required(
            "values",
            Kind::Rows(Alone::Allowed),
            "a row for each group, with the groupings and KPIs as columns; `no data` where there is none",
        ),
    ],
    choices: &[Choice { keys: &["period", "window"], pick: Pick::One }],
};

static ALERT_EXPECTATION: Shape = Shape {
    noun: "an expectation of an alert",
    fields: &[
        Field::optional(
            "states",
            Kind::Rows(Alone::Refused),
            "rows with `at`, the rule's groupings and `state`; also `severity` and the condition's KPIs",
        ),
        Field::optional("notices", Kind::List(0, &Kind::Object(&NOTICE)), "every notice that is sent, in order"),
        Field::optional("quiet", Kind::List(1, &Kind::Text), "stretches such as `+5m .. +1h` in which nothing is sent"),
    ],
    choices: &[],
};

static NOTICE: Shape = Shape {
    noun: "an expected notice",
    fields: &[
        Field::required("at", Kind::Text, "when it is sent"),
        Field::optional("to", Kind::List(1, &Kind::Address), "everybody who gets it; not looked at when left out"),
        Field::optional("subject", Kind::Localized, "its subject, in the test's language or by language"),
        Field::optional("text", Kind::Localized, "its text; a line `...` stands for any lines"),
    ],
    choices: &[],
};
