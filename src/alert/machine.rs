//! The state machine of one alert, as a pure function. `for` and `keep_firing_for` mean what they mean in Prometheus;
//! `recovers_when` is a recovery threshold; no data and errors never end an alert.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::state::{AlertState, Cause, Extremes, Phase, Trouble, TroubleKind};
use crate::workspace::{AlertDefinition, NoDataPolicy};

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
    /// `when` is true.
    Met,
    /// `when` is false, and nothing stands in the way of recovery.
    Clear,
    /// `when` is false, but `recovers_when` is not true yet.
    Between,
    /// There is nothing to decide from, with the reason.
    NoData(String),
    /// The conditions could not be evaluated, with the reason.
    Error(String),
}

/// Whether a group had rows in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It had.
    Rows,
    /// It had none; the alert is known from before.
    NoRows,
}

/// The parts of a rule the machine goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How often the rule is evaluated.
    pub every: TimeDelta,
    /// How long the condition must hold before it fires.
    pub hold: TimeDelta,
    /// How long it keeps firing after it cleared.
    pub keep_firing_for: TimeDelta,
    /// How often a firing alert is told again.
    pub repeat_every: Option<TimeDelta>,
    /// What no data means.
    pub no_data: NoDataPolicy,
}

/// What recipients are to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It fires.
    Fired,
    /// It still fires.
    Repeated,
    /// It is over.
    Resolved,
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
    /// There was no data, so it stays as it was.
    NoData,
    /// The condition is false only because no new rows have come since it held; it stays as it was.
    FeedSilent,
    /// The condition could not be evaluated, so it stays as it was.
    Failed,
}

/// The outcome of one evaluation.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The new state.
    pub state: AlertState,
    /// What recipients are to be told.
    pub notice: Option<Notice>,
    /// Why.
    pub reason: Reason,
}

impl Notice {
    /// The notice in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Repeated => "still fires",
            Self::Resolved => "is over",
        }
    }
}

impl Timing {
    /// The timing of a rule.
    pub fn of(rule: &AlertDefinition) -> Self {
        Self {
            every: rule.every,
            hold: rule.hold,
            keep_firing_for: rule.keep_firing_for,
            repeat_every: rule.repeat_every,
            no_data: rule.no_data,
        }
    }
}

/// The state after an evaluation at `now`; `before` is none for an alert that was not known.
pub fn advance(before: Option<&AlertState>, observation: Observation, timing: &Timing, now: DateTime<Utc>) -> Step {
    let mut state = before.cloned().unwrap_or_else(|| AlertState::new(now));
    let Observation { verdict, values, newest, presence } = observation;
    state.values = values;
    if presence == Presence::Rows {
        state.seen = now;
    }
    let (verdict, cause) = match (verdict, timing.no_data) {
        (Verdict::NoData(reason), NoDataPolicy::Alert) => {
            state.note(TroubleKind::NoData, reason, now);
            (Verdict::Met, Cause::NoData)
        }
        (Verdict::NoData(reason), NoDataPolicy::Ok) => {
            state.note(TroubleKind::NoData, reason, now);
            (Verdict::Clear, Cause::NoData)
        }
        (verdict, _) => (verdict, Cause::Condition),
    };
    let verdict = match verdict {
        // What was told as "no data" has no recovery threshold: data came back.
        Verdict::Between if !state.is_firing() || state.cause == Cause::NoData => Verdict::Clear,
        verdict => verdict,
    };
    match verdict {
        Verdict::NoData(reason) => {
            state.note(TroubleKind::NoData, reason, now);
            return Step { state, notice: None, reason: Reason::NoData };
        }
        Verdict::Error(reason) => {
            state.note(TroubleKind::Error, reason, now);
            return Step { state, notice: None, reason: Reason::Failed };
        }
        Verdict::Clear if state.would_end(timing, now) && !state.has_newer_rows(newest) => {
            let reason = match state.newest {
                Some(seen) => format!("no rows newer than {}", seen.format("%Y-%m-%d %H:%M:%S UTC")),
                None => "no rows".to_owned(),
            };
            state.note(TroubleKind::NoData, reason, now);
            return Step { state, notice: None, reason: Reason::FeedSilent };
        }
        Verdict::Met | Verdict::Clear | Verdict::Between => {}
    }
    if cause == Cause::Condition {
        state.trouble = None;
    }
    let tolerance = OUTAGE_TOLERANCE.max(timing.every + timing.every);
    let outage = state.answered.is_some_and(|answered| now - answered > tolerance);
    state.answered = Some(now);
    let clear = verdict == Verdict::Clear;
    if !clear {
        if cause == Cause::Condition {
            state.cause = cause;
        }
        state.newest = newest.max(state.newest);
    }
    let reason = match (state.phase, clear) {
        (Phase::Inactive, true) => Reason::Quiet,
        (Phase::Inactive, false) => {
            state.begin(cause, now);
            state.fire_when_held(cause, timing, now, Reason::Began)
        }
        (Phase::Pending, true) => {
            state.end(now);
            Reason::Interrupted
        }
        (Phase::Pending, false) if outage => {
            state.begin(cause, now);
            state.fire_when_held(cause, timing, now, Reason::BeganAnew)
        }
        (Phase::Pending, false) => state.fire_when_held(cause, timing, now, Reason::Holds),
        (Phase::Firing, false) if verdict == Verdict::Between => Reason::NotRecovered,
        (Phase::Firing, false) => Reason::StillMet,
        (Phase::Recovering, false) => {
            state.enter(Phase::Firing, now);
            Reason::CameBack
        }
        (Phase::Firing, true) if timing.keep_firing_for <= TimeDelta::zero() => Reason::Recovered,
        (Phase::Firing, true) => {
            state.enter(Phase::Recovering, now);
            state.newest = newest;
            Reason::Cleared
        }
        (Phase::Recovering, true) if outage => {
            state.enter(Phase::Recovering, now);
            state.newest = newest;
            Reason::BeganAnew
        }
        (Phase::Recovering, true) if now - state.since >= timing.keep_firing_for => Reason::Recovered,
        (Phase::Recovering, true) => Reason::KeepsFiring,
    };
    if reason == Reason::Recovered {
        state.end(now);
    } else if state.phase != Phase::Inactive && !clear {
        for (kpi, value) in &state.values {
            let range = Extremes::with(state.extremes.get(kpi).copied(), *value);
            state.extremes.insert(kpi.clone(), range);
        }
    }
    let notice = notice(&state, reason, timing, now);
    if matches!(notice, Some(Notice::Fired | Notice::Repeated)) {
        state.notified = Some(now);
    }
    Step { state, notice, reason }
}

fn notice(state: &AlertState, reason: Reason, timing: &Timing, now: DateTime<Utc>) -> Option<Notice> {
    let fired_now = state.phase == Phase::Firing && state.notified.is_none();
    match (reason, state.phase) {
        (Reason::Recovered, _) => Some(Notice::Resolved),
        _ if fired_now => Some(Notice::Fired),
        // One that recovers says nothing more until it is over, or back.
        (_, Phase::Firing) => {
            let (every, last) = (timing.repeat_every?, state.notified?);
            (now - last >= every).then_some(Notice::Repeated)
        }
        _ => None,
    }
}

impl AlertState {
    fn enter(&mut self, phase: Phase, now: DateTime<Utc>) {
        (self.phase, self.since) = (phase, now);
    }

    fn begin(&mut self, cause: Cause, now: DateTime<Utc>) {
        self.enter(Phase::Pending, now);
        self.cause = cause;
        self.active_since = Some(now);
        self.fired = None;
        self.extremes = BTreeMap::new();
        self.notified = None;
    }

    fn end(&mut self, now: DateTime<Utc>) {
        self.enter(Phase::Inactive, now);
        self.active_since = None;
        self.fired = None;
        self.cause = Cause::Condition;
        self.extremes = BTreeMap::new();
        self.newest = None;
        self.notified = None;
    }

    fn fire_when_held(&mut self, cause: Cause, timing: &Timing, now: DateTime<Utc>, otherwise: Reason) -> Reason {
        if now - self.since < timing.hold {
            return otherwise;
        }
        self.enter(Phase::Firing, now);
        self.fired = Some(now);
        self.cause = cause;
        Reason::HeldLongEnough
    }

    fn note(&mut self, kind: TroubleKind, reason: String, now: DateTime<Utc>) {
        let since = self.trouble.as_ref().filter(|trouble| trouble.kind == kind).map_or(now, |trouble| trouble.since);
        self.trouble = Some(Trouble { kind, reason, since });
    }

    /// Whether a cleared condition would change what recipients believe, now or after `keep_firing_for`.
    fn would_end(&self, timing: &Timing, now: DateTime<Utc>) -> bool {
        match self.phase {
            Phase::Inactive | Phase::Pending => false,
            Phase::Firing => true,
            Phase::Recovering => now - self.since >= timing.keep_firing_for,
        }
    }

    /// Whether rows came since the condition held or cleared. Old rows leaving the window are no sign of recovery.
    fn has_newer_rows(&self, newest: Option<DateTime<Utc>>) -> bool {
        newest.is_some_and(|newest| self.newest.is_none_or(|seen| newest > seen))
    }
}

#[cfg(test)]
#[path = "machine_tests.rs"]
mod tests;
