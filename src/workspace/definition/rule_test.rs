//! Rule tests as data: rows that stand for the databases, and what KPIs and alert rules make of them. Every time is an
//! instant already.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use indexmap::IndexMap;

use super::{AlertSeverity, Grouping, RecipientGroup, TimeStorage};
use crate::diagnostics::{Span, Spanned};
use crate::locale::Language;
use crate::time::PeriodName;

/// A test of KPIs and alert rules.
#[derive(Clone, Debug)]
pub struct RuleTest {
    /// Its name, unique in its file.
    pub name: Spanned<String>,
    /// Where it begins: alert rules are evaluated from here on.
    pub start: DateTime<Utc>,
    /// The zone its times are shown in.
    pub zone: Tz,
    /// The language of recipients who have none of their own; the workspace's when none.
    pub language: Option<Language>,
    /// Groups of recipients for the test, by name; those of the workspace where it has none of its own.
    pub recipients: IndexMap<String, RecipientGroup>,
    /// Rows of datasets, by id, which stand for what their queries would deliver.
    pub datasets: IndexMap<String, Fixture>,
    /// Tables on which the queries of the other datasets run.
    pub tables: Vec<TableFixture>,
    /// What is expected of KPIs.
    pub kpis: Vec<KpiExpectation>,
    /// The alert rules that are tried, by id, and what is expected of them.
    pub alerts: IndexMap<String, AlertExpectation>,
}

/// Rows for a database.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fixture {
    /// The columns.
    pub columns: Vec<String>,
    /// A value for each column.
    pub rows: Vec<Vec<FixtureValue>>,
}

/// Rows of a table.
#[derive(Clone, Debug)]
pub struct TableFixture {
    /// The source that has it; every source when none is named.
    pub source: Option<String>,
    /// Its name.
    pub name: String,
    /// Its rows.
    pub fixture: Fixture,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum FixtureValue {
    /// None (NULL).
    Null,
    /// A whole number; yes and no are 1 and 0.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// An instant, and how the database stores it.
    Instant(DateTime<Utc>, TimeStorage),
}

/// What is expected of some KPIs.
#[derive(Clone, Debug)]
pub struct KpiExpectation {
    /// Where it stands.
    pub place: Span,
    /// What the KPIs are computed over.
    pub stretch: Stretch,
    /// The instant the stretch is relative to.
    pub at: DateTime<Utc>,
    /// A row for each group.
    pub by: Vec<Spanned<Grouping>>,
    /// The KPIs' ids.
    pub kpis: Vec<String>,
    /// Every group.
    pub groups: Vec<ExpectedGroup>,
}

/// A stretch of time, relative to an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch {
    /// A period of the calendar.
    Period(PeriodName),
    /// The length of time before the instant.
    Window(TimeDelta),
}

/// What is expected of KPIs in a group.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedGroup {
    /// What the group is called, a part for each grouping; none is a dimension without a value.
    pub key: Vec<Option<String>>,
    /// What each KPI is, in their order; none where the row leaves it open.
    pub values: Vec<Option<ExpectedValue>>,
}

/// What a KPI is expected to be.
#[derive(Clone, Debug, PartialEq)]
pub enum ExpectedValue {
    /// A number, met by everything that is the same when rounded to its decimals.
    Number {
        /// The number.
        value: f64,
        /// The digits after its point.
        decimals: usize,
    },
    /// No data.
    NoData,
    /// A failure, whatever the reason.
    Failed,
}

/// What is expected of an alert rule.
#[derive(Clone, Debug)]
pub struct AlertExpectation {
    /// The rule, known to exist.
    pub rule: Spanned<String>,
    /// Its alerts' states at some instants, in the order of the file.
    pub states: Vec<ExpectedState>,
    /// Every notice that is sent; not looked at when none.
    pub notices: Option<Vec<ExpectedNotice>>,
    /// Stretches in which no notice is sent, from the first to the last instant.
    pub quiet: Vec<Spanned<(DateTime<Utc>, DateTime<Utc>)>>,
}

/// Where an alert is expected to stand at an instant. Alerts that no row of the instant names are expected inactive.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedState {
    /// When.
    pub at: DateTime<Utc>,
    /// Which alert, by the rule's groupings; without labels the row says that all alerts are inactive.
    pub labels: Option<Vec<Option<String>>>,
    /// The state in words: a phase, and after a comma the trouble with its data if there is any.
    pub state: String,
    /// The severity it fires with; not looked at when none.
    pub severity: Option<AlertSeverity>,
    /// Values of the condition's KPIs, by id.
    pub values: IndexMap<String, ExpectedValue>,
}

/// A notice that is expected.
#[derive(Clone, Debug)]
pub struct ExpectedNotice {
    /// When it is sent.
    pub at: Spanned<DateTime<Utc>>,
    /// The addresses of everybody who gets it; not looked at when none.
    pub to: Option<Vec<String>>,
    /// Its subject in some languages; the test's own when the file names none.
    pub subject: IndexMap<Language, String>,
    /// Its text in some languages; a line `...` stands for any lines.
    pub text: IndexMap<Language, String>,
}
