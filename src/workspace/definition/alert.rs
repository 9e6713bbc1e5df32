//! Alert rules as data, their conditions still text.

use chrono::TimeDelta;

use super::{FormulaText, Grouping, Localized};
use crate::diagnostics::Spanned;

/// An alert rule.
#[derive(Debug)]
pub struct AlertDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name for people.
    pub title: Localized,
    /// Fires while this is true.
    pub when: FormulaText,
    /// Recovers only when this is true; when none is given, as soon as `when` is false.
    pub recovers_when: Option<FormulaText>,
    /// The length of the rolling window the KPIs are computed over.
    pub window: TimeDelta,
    /// How often it is evaluated.
    pub every: TimeDelta,
    /// One instance for each group.
    pub by: Vec<Spanned<Grouping>>,
    /// How long `when` must hold before it fires.
    pub hold: TimeDelta,
    /// How long it keeps firing after it cleared.
    pub keep_firing_for: TimeDelta,
    /// How much it matters.
    pub severity: AlertSeverity,
    /// What no data means.
    pub no_data: NoDataPolicy,
    /// How often a firing alert is told again; never when none.
    pub repeat_every: Option<TimeDelta>,
    /// Groups of recipients, known to exist.
    pub notify: Vec<Spanned<String>>,
}

/// How much an alert matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
