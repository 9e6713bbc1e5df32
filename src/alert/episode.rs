//! Episodes: the incidents of alerts as history keeps them, from firing to their end. States say where an alert stands;
//! episodes say what it went through.

use chrono::{DateTime, TimeDelta, Utc};

use super::evaluation::{Rule, Told};
use super::labels::Labels;
use super::machine::Reason;
use super::rule::Threshold;
use super::state::{AlertState, Extremes, Phase};
use crate::workspace::{AlertSeverity, Direction};

/// One incident of an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// The rule's id.
    pub rule: String,
    /// Which alert of the rule.
    pub labels: Labels,
    /// The worst it came to.
    pub severity: AlertSeverity,
    /// When the condition became true.
    pub began_at: DateTime<Utc>,
    /// When it fired.
    pub fired_at: DateTime<Utc>,
    /// When the condition cleared; none while it fires.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended; none while it fires.
    pub ending: Option<Ending>,
    /// The KPI the two values are of: the condition's first.
    pub kpi: Option<String>,
    /// Its value when the alert fired; none when there was no data. The journal keeps the first it is given.
    pub value_at_fire: Option<f64>,
    /// Its worst value.
    pub worst: Option<f64>,
}

/// How an episode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The condition cleared.
    Recovered,
    /// The rule's hours were over while it fired.
    HoursEnded,
    /// The rule was changed so that there is no such alert any more.
    RuleChanged,
    /// The rule was taken out of the workspace.
    RuleRemoved,
}

/// The incident an alert is in, or has just ended.
pub(super) struct Incident<'a> {
    /// The state that holds it: an alert that is over has lost it, so it is the state before.
    pub(super) state: &'a AlertState,
    /// When its condition became true.
    pub(super) since: DateTime<Utc>,
    is_over: bool,
}

impl Episode {
    /// What an evaluation at `now` makes of an alert's episode; none for an alert that neither fires nor fired before.
    pub fn of(rule: &Rule<'_>, told: &Told, now: DateTime<Utc>) -> Option<Self> {
        let Incident { state, since, is_over } = told.incident();
        if !state.is_firing() {
            return None;
        }
        let kpi = rule.compiled.kpis_of_when().first();
        let worst = kpi.and_then(|kpi| {
            let range = *state.extremes.get(kpi)?;
            Some(worst(rule.compiled.good_direction(kpi, rule.catalog), range))
        });
        let ending = if told.reason == Reason::HoursEnded { Ending::HoursEnded } else { Ending::Recovered };
        Some(Self {
            rule: rule.definition.id.value.clone(),
            labels: told.labels.clone(),
            severity: state.worst.or_else(|| Some(rule.definition.levels.first()?.severity))?,
            began_at: since,
            fired_at: state.fired.unwrap_or(since),
            ended_at: is_over.then(|| told.incident().end(now)),
            ending: is_over.then_some(ending),
            value_at_fire: kpi.and_then(|kpi| state.values.get(kpi).copied()),
            worst,
            kpi: kpi.cloned(),
        })
    }

    /// How long it lasted, up to now when it still fires.
    pub fn length(&self, now: DateTime<Utc>) -> TimeDelta {
        self.ended_at.unwrap_or(now) - self.began_at
    }
}

impl Told {
    pub(super) fn incident(&self) -> Incident<'_> {
        let is_over = self.before.is_firing() && !self.after.is_firing();
        let state = if is_over { &self.before } else { &self.after };
        Incident { state, since: state.active_since.unwrap_or_else(|| state.since()), is_over }
    }

    /// The threshold of the rule's first KPI that matters now, or mattered until now.
    pub(super) fn threshold(&self, rule: &Rule<'_>) -> Option<Threshold> {
        let severity = self.after.told.or(self.before.told).or_else(|| Some(rule.definition.levels.first()?.severity));
        rule.compiled.threshold(severity?, rule.compiled.kpis_of_when().first()?, rule.catalog)
    }
}

impl Incident<'_> {
    /// When it ended: when its condition cleared, not when `keep_firing_for` had passed; now when it goes on.
    pub(super) fn end(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        if self.is_over && self.state.phase() == Phase::Recovering { self.state.since() } else { now }
    }
}

/// The worst value of a range; the highest where neither way is good.
pub(super) fn worst(good: Direction, range: Extremes) -> f64 {
    match good {
        Direction::Higher => range.lowest,
        Direction::Lower | Direction::Neither => range.highest,
    }
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 4] = [Self::Recovered, Self::HoursEnded, Self::RuleChanged, Self::RuleRemoved];

    /// The ending in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::HoursEnded => "hours_ended",
            Self::RuleChanged => "rule_changed",
            Self::RuleRemoved => "rule_removed",
        }
    }
}
