//! The whole history: day after day, callers arrive, ring again and are recorded; then quality and staff surveys.
//! Pure: the plan goes in, rows come out.

use std::collections::BTreeMap;

use chrono::{Days, LocalResult, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rand::{RngExt, SeedableRng};

use super::activity::Activity;
use super::agents::{Agent, hire, roster};
use super::calls::Call;
use super::draw::{Dice, lognormal, poisson};
use super::floor::{Arrival, Day, play};
use super::pattern::{CLOSING, OPENING, Story, hours};
use super::quality::{Evaluation, evaluate};
use super::queues::{QUEUES, WORSENING};
use super::staff_survey::{StaffAnswer, ask};
use super::{DemoPlan, Progress, Stage};

/// How many people might call; large enough that two strangers are rarely the same caller.
const CALLERS: u32 = 260_000;
/// Within how many seconds another call of the same caller is a repeat.
const REPEAT_WITHIN: i64 = 7 * 86_400;

/// Everything the demo writes.
pub(super) struct History {
    /// The agents.
    pub agents: Vec<Agent>,
    /// The calls, by start.
    pub calls: Vec<Call>,
    /// The agents' stretches of time, by start.
    pub activity: Vec<Activity>,
    /// Evaluated calls, by time.
    pub evaluations: Vec<Evaluation>,
    /// Answers of the staff, by time.
    pub staff_answers: Vec<StaffAnswer>,
}

/// Makes the history of a plan.
pub(super) fn make(plan: &DemoPlan, progress: &mut (dyn FnMut(Progress) + Send)) -> History {
    let mut dice = Dice::seed_from_u64(plan.seed);
    let days = u64::from(plan.weeks) * 7;
    let first = plan.until - Days::new(days);
    let story = Story::before(plan.until);
    let agents = hire(&mut dice, first, plan.until, plan.language);
    let mut history =
        History { agents, calls: Vec::new(), activity: Vec::new(), evaluations: Vec::new(), staff_answers: Vec::new() };
    let mut returning: BTreeMap<NaiveDate, Vec<Arrival>> = BTreeMap::new();
    for (number, day) in first.iter_days().take(days as usize).enumerate() {
        progress(Progress { stage: Stage::Calling, done: number as u64, total: days });
        let midnight = midnight(plan.zone, day);
        let worsening = story.worsening(day);
        let mut slowness = [1.0; QUEUES.len()];
        slowness[WORSENING] += 0.12 * worsening;
        let mut arrivals = arrivals(&mut dice, &story, day);
        arrivals.extend(returning.remove(&day).into_iter().flatten());
        arrivals.sort_unstable();
        let plans = roster(&mut dice, &history.agents, day, worsening);
        let paces = history.agents.iter().map(|agent| agent.pace_on(day)).collect();
        let floor = Day { midnight, agents: &history.agents, plans, paces, outage: story.outage(day), slowness };
        let mut record = play(&mut dice, floor, &arrivals);
        for again in record.returning {
            let later = day + Days::new(again.at.div_euclid(86_400) as u64);
            let at = again.at.rem_euclid(86_400);
            if (OPENING..CLOSING).contains(&at) {
                returning.entry(later).or_default().push(Arrival { at, ..again });
            }
        }
        record.calls.sort_by_key(|call| (call.started, call.queue, call.caller));
        record.activity.sort_by_key(|stretch| (stretch.from, stretch.agent, stretch.to));
        evaluate(&mut dice, &history.agents, &record.calls, &mut history.evaluations);
        ask(&mut dice, &history.agents, day, midnight, worsening, &mut history.staff_answers);
        history.calls.append(&mut record.calls);
        history.activity.append(&mut record.activity);
    }
    progress(Progress { stage: Stage::Calling, done: days, total: days });
    mark_repeats(&mut history.calls);
    history
}

/// The day's strangers: how many come in each hour is a Poisson draw, when exactly is uniform.
fn arrivals(dice: &mut Dice, story: &Story, day: NaiveDate) -> Vec<Arrival> {
    let mut arrivals = Vec::new();
    for (queue, kind) in QUEUES.iter().enumerate() {
        let expected = kind.daily_calls * story.demand(day, queue) * lognormal(dice, 1.0, 0.05);
        for (hour, share) in hours(day) {
            for _ in 0..poisson(dice, expected * share) {
                let at = hour + dice.random_range(0..3_600);
                arrivals.push(Arrival { at, queue, caller: dice.random_range(0..CALLERS) });
            }
        }
    }
    arrivals
}

/// Local midnight in Unix seconds, counted back from noon: zones change their clocks at night, and a day's calls
/// all come by daylight, so noon is the side to be right on.
fn midnight(zone: Tz, day: NaiveDate) -> i64 {
    let noon = day.and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(12);
    match zone.from_local_datetime(&noon) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => instant.timestamp() - 43_200,
        LocalResult::None => Utc.from_utc_datetime(&noon).timestamp() - 43_200,
    }
}

fn mark_repeats(calls: &mut [Call]) {
    let mut last: BTreeMap<u32, i64> = BTreeMap::new();
    for call in calls {
        let before = last.insert(call.caller, call.started);
        call.repeat = before.is_some_and(|before| call.started - before <= REPEAT_WITHIN);
    }
}
