//! The state machine of one alert, as a pure function. `for` and `keep_firing_for` mean what they mean in Prometheus;
//! `recovers_when` is a recovery threshold; no data and errors never end an alert. Each severity of a rule runs through
//! the phases by itself; the mildest decides whether the alert fires at all. What recipients are told is in `telling`.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::state::{AlertState, Cause, Extremes, Phase, Track, Trouble, TroubleKind};
use crate::workspace::{AlertDefinition, AlertSeverity, NoDataPolicy};

/// After a longer stretch without an answer a waiting time begins anew: nobody knows what happened meanwhile.
const OUTAGE_TOLERANCE: TimeDelta = TimeDelta::hours(1);

/// What one evaluation found for an alert.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// What the conditions gave.
    pub verdict: Verdict,
    /// The numbers of the condition's KPIs; those without data are left out.
    pub values: BTreeMap<String, f64>,
    /// The newest row of the rule's data, of any group; none when there are no rows.
    pub newest: Option<DateTime<Utc>>,
    /// Whether the alert's own group had rows.
    pub presence: Presence,
}

/// What the conditions gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// An answer for each severity of the rule, the mildest first.
    Judged(Vec<Judgement>),
    /// The rule's `minimum` is not reached, with the reason.
    TooFew(String),
    /// There is nothing to decide from, with the reason.
    NoData(String),
    /// The conditions could not be evaluated, with the reason.
    Error(String),
}

/// What a condition gave, from fine to bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Judgement {
    /// It is false, and nothing stands in the way of recovery.
    Clear,
    /// It is false, but `recovers_when` is not true yet.
    Between,
    /// It is true.
    Met,
}

/// Whether a group had rows in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It had.
    Rows,
    /// It had none; the alert is known from before.
    NoRows,
}

/// The parts of a rule that decide when something happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// Its severities, the mildest first.
    pub severities: Vec<AlertSeverity>,
    /// How often the rule is evaluated.
    pub every: TimeDelta,
    /// How long a condition must hold before it fires.
    pub hold: TimeDelta,
    /// How long it keeps firing after it cleared.
    pub keep_firing_for: TimeDelta,
    /// How long after a notice a firing alert is told again, the last length over and over.
    pub repeat_every: Vec<TimeDelta>,
    /// What no data means.
    pub no_data: NoDataPolicy,
}

/// Why a state is what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The condition does not hold.
    Quiet,
    /// The condition has begun to hold.
    Began,
    /// The condition holds, not yet long enough.
    Holds,
    /// The condition held long enough.
    HeldLongEnough,
    /// The condition cleared before it held long enough.
    Interrupted,
    /// It fires on, as the condition holds.
    StillMet,
    /// It fires on, as `recovers_when` is not true yet.
    NotRecovered,
    /// The condition has cleared; it keeps firing for a while.
    Cleared,
    /// The condition cleared a while ago; it keeps firing.
    KeepsFiring,
    /// The condition holds again, before the alert was over.
    CameBack,
    /// It is over.
    Recovered,
    /// Nothing was known for so long that the waiting time begins anew.
    BeganAnew,
    /// There was too little to judge by, so it stays as it was.
    TooFew,
    /// There was no data, so it stays as it was.
    NoData,
    /// The condition is false only because no new rows have come since it held; it stays as it was.
    FeedSilent,
    /// The condition could not be evaluated, so it stays as it was.
    Failed,
    /// The rule's hours are over, and with them an alert that fired.
    HoursEnded,
    /// It is outside of the rule's hours.
    OutsideHours,
}

/// The outcome of one evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The new state.
    pub state: AlertState,
    /// Why it is what it is.
    pub reason: Reason,
}

impl Timing {
    /// The timing of a rule.
    pub fn of(rule: &AlertDefinition) -> Self {
        Self {
            severities: rule.levels.iter().map(|level| level.severity).collect(),
            every: rule.every,
            hold: rule.hold,
            keep_firing_for: rule.keep_firing_for,
            repeat_every: rule.repeat_every.clone(),
            no_data: rule.no_data,
        }
    }
}

impl Reason {
    /// Whether the evaluation gave an answer; without one nothing changes and nothing is told.
    pub fn is_answer(self) -> bool {
        !matches!(self, Self::TooFew | Self::NoData | Self::FeedSilent | Self::Failed)
    }
}

/// The state after an evaluation at `now`; `before` is none for an alert that was not known.
pub fn advance(before: Option<&AlertState>, observation: Observation, timing: &Timing, now: DateTime<Utc>) -> Step {
    let mut state = before.cloned().unwrap_or_else(|| AlertState::new(now));
    // A rule may have got or lost a severity since.
    state.tracks.resize(timing.severities.len().max(1), Track::new(now));
    let Observation { verdict, values, newest, presence } = observation;
    state.values = values;
    if presence == Presence::Rows {
        state.seen = now;
    }
    let (judgements, cause) = match (verdict, timing.no_data) {
        (Verdict::Judged(judgements), _) => (judgements, Cause::Condition),
        (Verdict::NoData(reason), NoDataPolicy::Alert) => {
            state.note(TroubleKind::NoData, reason, now);
            // It fires with the mildest severity; what fires with a worse one does so still.
            let worse = vec![Judgement::Between; state.tracks.len() - 1];
            ([vec![Judgement::Met], worse].concat(), Cause::NoData)
        }
        (Verdict::NoData(reason), NoDataPolicy::Ok) => {
            state.note(TroubleKind::NoData, reason, now);
            (vec![Judgement::Clear; state.tracks.len()], Cause::NoData)
        }
        (Verdict::NoData(reason), NoDataPolicy::Keep) => return state.kept(Reason::NoData, reason, now),
        (Verdict::TooFew(reason), _) => return state.kept(Reason::TooFew, reason, now),
        (Verdict::Error(reason), _) => return state.kept(Reason::Failed, reason, now),
    };
    let judgements = state.settled(judgements);
    let ends =
        |(track, judgement): (&Track, &Judgement)| *judgement == Judgement::Clear && track.would_end(timing, now);
    if state.tracks.iter().zip(&judgements).any(ends) && !state.has_newer_rows(newest) {
        let reason = match state.newest {
            Some(seen) => format!("no rows newer than {}", seen.format("%Y-%m-%d %H:%M:%S UTC")),
            None => "no rows".to_owned(),
        };
        return state.kept(Reason::FeedSilent, reason, now);
    }
    if cause == Cause::Condition {
        state.trouble = None;
    }
    let tolerance = OUTAGE_TOLERANCE.max(timing.every + timing.every);
    let moment = Moment { now, after_outage: state.answered.is_some_and(|answered| now - answered > tolerance) };
    state.answered = Some(now);
    let clear = judgements.first().is_none_or(|judgement| *judgement == Judgement::Clear);
    if !clear {
        match state.phase() {
            Phase::Inactive => state.begin(cause, now),
            Phase::Pending if moment.after_outage => state.begin(cause, now),
            _ if cause == Cause::Condition => state.cause = cause,
            _ => {}
        }
        state.newest = newest.max(state.newest);
    }
    let reasons: Vec<Reason> = state
        .tracks
        .iter_mut()
        .zip(&judgements)
        .map(|(track, judgement)| track.advance(*judgement, timing, &moment))
        .collect();
    let reason = reasons.first().copied().unwrap_or(Reason::Quiet);
    match reason {
        Reason::HeldLongEnough => (state.fired, state.cause) = (Some(now), cause),
        // From here on only rows count that are newer than the clearing.
        Reason::Cleared | Reason::BeganAnew if state.phase() == Phase::Recovering => state.newest = newest,
        Reason::Recovered | Reason::Interrupted => state.end(),
        _ => {}
    }
    state.worst = state.worst.max(state.severity(&timing.severities));
    if state.phase() != Phase::Inactive && !clear {
        for (kpi, value) in &state.values {
            let range = Extremes::with(state.extremes.get(kpi).copied(), *value);
            state.extremes.insert(kpi.clone(), range);
        }
    }
    Step { state, reason }
}

/// The state outside of the rule's hours: nothing fires there, and what fired ends with the hours.
pub fn close(before: &AlertState, now: DateTime<Utc>) -> Step {
    let mut state = before.clone();
    let reason = if state.is_firing() { Reason::HoursEnded } else { Reason::OutsideHours };
    if state.phase() != Phase::Inactive {
        state.tracks.fill(Track::new(now));
        state.end();
    }
    state.trouble = None;
    Step { state, reason }
}

/// When an evaluation takes place.
struct Moment {
    now: DateTime<Utc>,
    /// Whether nothing was known for too long before it.
    after_outage: bool,
}

impl Track {
    fn advance(&mut self, judgement: Judgement, timing: &Timing, moment: &Moment) -> Reason {
        let now = moment.now;
        match (self.phase, judgement) {
            (Phase::Inactive, Judgement::Clear) => Reason::Quiet,
            (Phase::Inactive, _) => {
                self.enter(Phase::Pending, now);
                self.fire_when_held(timing, now, Reason::Began)
            }
            (Phase::Pending, Judgement::Clear) => {
                self.enter(Phase::Inactive, now);
                Reason::Interrupted
            }
            (Phase::Pending, _) if moment.after_outage => {
                self.enter(Phase::Pending, now);
                self.fire_when_held(timing, now, Reason::BeganAnew)
            }
            (Phase::Pending, _) => self.fire_when_held(timing, now, Reason::Holds),
            (Phase::Firing, Judgement::Met) => Reason::StillMet,
            (Phase::Firing, Judgement::Between) => Reason::NotRecovered,
            (Phase::Recovering, Judgement::Met | Judgement::Between) => {
                self.enter(Phase::Firing, now);
                Reason::CameBack
            }
            (Phase::Recovering, Judgement::Clear) if moment.after_outage => {
                self.enter(Phase::Recovering, now);
                Reason::BeganAnew
            }
            (Phase::Firing | Phase::Recovering, Judgement::Clear) if self.would_end_now(timing, now) => {
                self.enter(Phase::Inactive, now);
                Reason::Recovered
            }
            (Phase::Firing, Judgement::Clear) => {
                self.enter(Phase::Recovering, now);
                Reason::Cleared
            }
            (Phase::Recovering, Judgement::Clear) => Reason::KeepsFiring,
        }
    }

    fn enter(&mut self, phase: Phase, now: DateTime<Utc>) {
        (self.phase, self.since) = (phase, now);
    }

    fn fire_when_held(&mut self, timing: &Timing, now: DateTime<Utc>, otherwise: Reason) -> Reason {
        if now - self.since < timing.hold {
            return otherwise;
        }
        self.enter(Phase::Firing, now);
        Reason::HeldLongEnough
    }

    /// Whether a cleared condition would change what recipients believe, now or after `keep_firing_for`.
    fn would_end(&self, timing: &Timing, now: DateTime<Utc>) -> bool {
        self.phase == Phase::Firing || self.would_end_now(timing, now)
    }

    fn would_end_now(&self, timing: &Timing, now: DateTime<Utc>) -> bool {
        match self.phase {
            Phase::Inactive | Phase::Pending => false,
            Phase::Firing => timing.keep_firing_for <= TimeDelta::zero(),
            Phase::Recovering => now - self.since >= timing.keep_firing_for,
        }
    }
}

impl AlertState {
    /// The judgements as they count: a recovery threshold is only for what fires, and what is bad enough for one severity
    /// is so for every milder one.
    fn settled(&self, mut judgements: Vec<Judgement>) -> Vec<Judgement> {
        let mut worse = Judgement::Clear;
        for (judgement, track) in judgements.iter_mut().zip(&self.tracks).rev() {
            // What was told as "no data" has no recovery threshold: data came back.
            if *judgement == Judgement::Between && (!track.is_firing() || self.cause == Cause::NoData) {
                *judgement = Judgement::Clear;
            }
            *judgement = worse.max(*judgement);
            worse = *judgement;
        }
        judgements
    }

    /// The same state, with the reason why nothing is known.
    fn kept(mut self, reason: Reason, words: String, now: DateTime<Utc>) -> Step {
        let kind = match reason {
            Reason::TooFew => TroubleKind::TooFew,
            Reason::Failed => TroubleKind::Error,
            _ => TroubleKind::NoData,
        };
        self.note(kind, words, now);
        Step { state: self, reason }
    }

    fn begin(&mut self, cause: Cause, now: DateTime<Utc>) {
        self.cause = cause;
        self.active_since = Some(now);
        self.fired = None;
        self.worst = None;
        self.extremes = BTreeMap::new();
    }

    fn end(&mut self) {
        self.active_since = None;
        self.fired = None;
        self.worst = None;
        self.cause = Cause::Condition;
        self.extremes = BTreeMap::new();
        self.newest = None;
    }

    fn note(&mut self, kind: TroubleKind, reason: String, now: DateTime<Utc>) {
        let since = self.trouble.as_ref().filter(|trouble| trouble.kind == kind).map_or(now, |trouble| trouble.since);
        self.trouble = Some(Trouble { kind, reason, since });
    }

    /// Whether rows came since the condition held or cleared. Old rows leaving the window are no sign of recovery.
    fn has_newer_rows(&self, newest: Option<DateTime<Utc>>) -> bool {
        newest.is_some_and(|newest| self.newest.is_none_or(|seen| newest > seen))
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
