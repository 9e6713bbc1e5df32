//! What is remembered of one alert: a rule's instance for one set of labels. Plain data that the journal keeps as JSON;
//! how it changes is in `machine`, what recipients are told of it in `telling`.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::stored_instant::{optional, required};
use crate::workspace::AlertSeverity;

/// Where a severity of an alert stands. Trouble with the data does not change it; that is told beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The condition does not hold.
    Inactive,
    /// The condition holds, not yet for as long as `for` asks.
    Pending,
    /// It fires.
    Firing,
    /// The condition has cleared; it keeps firing for `keep_firing_for`.
    Recovering,
}

/// A phase and when it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Track {
    /// The phase.
    pub phase: Phase,
    /// When it began.
    #[serde(with = "required")]
    pub since: DateTime<Utc>,
}

/// Why an alert became active.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Its condition holds.
    Condition,
    /// There is no data, which its rule counts as firing.
    NoData,
}

/// Why the last evaluation gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// What kind of trouble it is.
    pub kind: TroubleKind,
    /// The reason in words.
    pub reason: String,
    /// When this kind of trouble began.
    #[serde(with = "required")]
    pub since: DateTime<Utc>,
}

/// The kinds of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// There is too little to judge by: the rule's `minimum` is not reached.
    TooFew,
    /// The condition was evaluated, but there was nothing to decide it from.
    NoData,
    /// The condition could not be evaluated.
    Error,
}

/// The lowest and the highest value of a KPI while an alert was active.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extremes {
    /// The lowest.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
}

/// What is remembered of an alert.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AlertState {
    /// Where each severity of the rule stands, the mildest first; it decides whether the alert fires at all. Never empty.
    pub tracks: Vec<Track>,
    /// When the condition became true; none while inactive.
    #[serde(with = "optional", default)]
    pub active_since: Option<DateTime<Utc>>,
    /// When it fired, in this incident; none until it does.
    #[serde(with = "optional", default)]
    pub fired: Option<DateTime<Utc>>,
    /// The worst severity of this incident.
    #[serde(default)]
    pub worst: Option<AlertSeverity>,
    /// Why it became active.
    pub cause: Cause,
    /// Why the last evaluation gave no answer; none when it gave one.
    #[serde(default)]
    pub trouble: Option<Trouble>,
    /// The numbers of the condition's KPIs at the last evaluation; those without data are left out.
    #[serde(default)]
    pub values: BTreeMap<String, f64>,
    /// Their range since the alert became active.
    #[serde(default)]
    pub extremes: BTreeMap<String, Extremes>,
    /// The last evaluation that gave an answer.
    #[serde(with = "optional", default)]
    pub answered: Option<DateTime<Utc>>,
    /// The newest row there was when the condition held last, or when it cleared. Only newer rows can end the alert.
    #[serde(with = "optional", default)]
    pub newest: Option<DateTime<Utc>>,
    /// The severity that recipients believe it fires with; none when they believe that all is well.
    #[serde(default)]
    pub told: Option<AlertSeverity>,
    /// The first notice of what they believe; later ones belong to it.
    #[serde(with = "optional", default)]
    pub told_first: Option<DateTime<Utc>>,
    /// When they were told last.
    #[serde(with = "optional", default)]
    pub notified: Option<DateTime<Utc>>,
    /// How often they were reminded since something new was told.
    #[serde(default)]
    pub reminders: u32,
    /// Why nothing is told although it fires: a silence, or another alert that matters more.
    #[serde(default)]
    pub muted: Option<String>,
    /// When the group had rows last.
    #[serde(with = "required")]
    pub seen: DateTime<Utc>,
}

impl AlertState {
    /// The state of an alert that was never evaluated.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self {
            tracks: vec![Track::new(now)],
            active_since: None,
            fired: None,
            worst: None,
            cause: Cause::Condition,
            trouble: None,
            values: BTreeMap::new(),
            extremes: BTreeMap::new(),
            answered: None,
            newest: None,
            told: None,
            told_first: None,
            notified: None,
            reminders: 0,
            muted: None,
            seen: now,
        }
    }

    /// The phase of the alert as a whole.
    pub fn phase(&self) -> Phase {
        self.tracks.first().map_or(Phase::Inactive, |track| track.phase)
    }

    /// When it began.
    pub fn since(&self) -> DateTime<Utc> {
        self.tracks.first().map_or(self.seen, |track| track.since)
    }

    /// Whether it fires, or recovers and is not over yet.
    pub fn is_firing(&self) -> bool {
        self.tracks.first().is_some_and(Track::is_firing)
    }

    /// The severity it fires with, of those its rule has.
    pub fn severity(&self, severities: &[AlertSeverity]) -> Option<AlertSeverity> {
        let firing = self.tracks.iter().zip(severities).filter(|(track, _)| track.is_firing());
        firing.map(|(_, severity)| *severity).next_back()
    }

    /// The state in a word: trouble first, then the phase.
    pub fn word(&self) -> &'static str {
        self.trouble.as_ref().map_or_else(|| self.phase().word(), |trouble| trouble.kind.word())
    }
}

impl Track {
    /// The track of a condition that does not hold.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self { phase: Phase::Inactive, since: now }
    }

    /// Whether recipients may believe that it fires: it does, or it recovers and was not reported as over.
    pub fn is_firing(&self) -> bool {
        matches!(self.phase, Phase::Firing | Phase::Recovering)
    }
}

impl Phase {
    /// The phase in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Inactive => "inactive",
            Self::Pending => "pending",
            Self::Firing => "firing",
            Self::Recovering => "recovering",
        }
    }
}

impl TroubleKind {
    /// The trouble in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::NoData => "no_data",
            Self::Error => "error",
        }
    }
}

impl Extremes {
    /// The range with this value in it.
    pub(super) fn with(before: Option<Self>, value: f64) -> Self {
        before.map_or(Self { lowest: value, highest: value }, |range| Self {
            lowest: range.lowest.min(value),
            highest: range.highest.max(value),
        })
    }
}
