//! Episodes: the incidents of alerts as history keeps them, from firing to their end. States say where an alert stands;
//! episodes say what it went through.

use chrono::{DateTime, Utc};

use super::labels::Labels;
use super::notice::Told;
use super::state::{AlertState, Extremes, Phase};
use crate::workspace::{AlertDefinition, AlertSeverity, Direction, KpiDefinition};

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
    /// The rule was changed so that there is no such alert any more.
    RuleChanged,
}

impl Episode {
    /// What an evaluation at `now` makes of an alert's episode, with the rule's first KPI; none for an alert that neither
    /// fires nor fired before.
    pub fn of(told: &Told, rule: &AlertDefinition, kpi: Option<&KpiDefinition>, now: DateTime<Utc>) -> Option<Self> {
        let incident = incident(&told.before, &told.after)?;
        let ended_at = (!told.after.is_firing()).then(|| cleared(incident, now));
        let range = |kpi: &KpiDefinition| incident.extremes.get(&kpi.id.value).copied();
        Some(Self {
            rule: rule.id.value.clone(),
            labels: told.labels.clone(),
            severity: rule.severity,
            began_at: incident.active_since.unwrap_or(incident.since),
            fired_at: incident.fired.unwrap_or(incident.since),
            ended_at,
            ending: ended_at.map(|_| Ending::Recovered),
            kpi: kpi.map(|kpi| kpi.id.value.clone()),
            value_at_fire: kpi.and_then(|kpi| incident.values.get(&kpi.id.value).copied()),
            worst: kpi.and_then(|kpi| Some(worst(kpi.better, range(kpi)?))),
        })
    }

    /// How long it lasted, up to now when it still fires.
    pub fn length(&self, now: DateTime<Utc>) -> chrono::TimeDelta {
        self.ended_at.unwrap_or(now) - self.began_at
    }
}

/// The state that holds an alert's incident: an alert that is over has lost it, so it stands in the state before.
pub(super) fn incident<'a>(before: &'a AlertState, after: &'a AlertState) -> Option<&'a AlertState> {
    [after, before].into_iter().find(|state| state.is_firing())
}

/// When an incident that is over now ended: when its condition cleared, not when `keep_firing_for` had passed.
pub(super) fn cleared(incident: &AlertState, now: DateTime<Utc>) -> DateTime<Utc> {
    if incident.phase == Phase::Recovering { incident.since } else { now }
}

/// The worst value of a range; the highest where neither way is good.
pub(super) fn worst(better: Direction, range: Extremes) -> f64 {
    match better {
        Direction::Higher => range.lowest,
        Direction::Lower | Direction::Neither => range.highest,
    }
}

impl Ending {
    /// Every ending.
    pub const ALL: [Self; 2] = [Self::Recovered, Self::RuleChanged];

    /// The ending in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::RuleChanged => "rule_changed",
        }
    }
}
