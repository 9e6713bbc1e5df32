//! Alert rules as data, their conditions still text.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{FormulaText, Grouping, Localized};
use crate::diagnostics::Spanned;
use crate::time::{OpeningHours, PeriodName};

/// An alert rule.
#[derive(Debug)]
pub struct AlertDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name for people.
    pub title: Localized,
    /// What it watches and why.
    pub description: Option<Localized>,
    /// Its conditions, the mildest severity first; one or two.
    pub levels: Vec<AlertLevel>,
    /// While this is not true the alert stays as it was; always evaluated when none is given.
    pub minimum: Option<FormulaText>,
    /// What the KPIs are computed over.
    pub window: AlertWindow,
    /// How often it is evaluated.
    pub every: TimeDelta,
    /// One instance for each group.
    pub by: Vec<Spanned<Grouping>>,
    /// How long a condition must hold before it fires.
    pub hold: TimeDelta,
    /// How long it keeps firing after it cleared.
    pub keep_firing_for: TimeDelta,
    /// The hours it is evaluated in; always when none.
    pub active: Option<OpeningHours>,
    /// What no data means.
    pub no_data: NoDataPolicy,
    /// The most alerts it may have at a time; with more it is an error.
    pub limit: usize,
    /// How long after a notice a firing alert is told again, the last length over and over; never when empty.
    pub repeat_every: Vec<TimeDelta>,
    /// Rules, known to exist, that are not told while this one fires.
    pub inhibits: Vec<Spanned<String>>,
    /// What to do: a text, or the address of a page.
    pub runbook: Option<Localized>,
    /// Groups of recipients, known to exist.
    pub notify: Vec<Spanned<String>>,
    /// Who is told when it fails; the operator when none.
    pub owner: Option<Spanned<String>>,
}

/// A severity with its condition.
#[derive(Debug)]
pub struct AlertLevel {
    /// How much it matters.
    pub severity: AlertSeverity,
    /// Fires while this is true.
    pub when: FormulaText,
    /// Recovers only when this is true; when none is given, as soon as `when` is false.
    pub recovers_when: Option<FormulaText>,
}

/// What an alert's KPIs are computed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlertWindow {
    /// The last so many minutes.
    Rolling(TimeDelta),
    /// A period of the calendar; one that is not over reaches to now.
    Calendar(PeriodName),
}

/// How much an alert matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertSeverity {
    /// Worth knowing.
    Warning,
    /// Someone must act.
    Critical,
}

impl AlertSeverity {
    /// Every severity, the mildest first.
    pub const ALL: [Self; 2] = [Self::Warning, Self::Critical];

    /// The severity in a word, in rules and in the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// What an alert does when its condition has no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDataPolicy {
    /// Keeps the last state.
    Keep,
    /// Counts as fine.
    Ok,
    /// Counts as firing.
    Alert,
}
