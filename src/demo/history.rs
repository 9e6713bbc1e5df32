//! The whole history: day after day, callers arrive, ring again and are recorded, and with them what other departments
//! keep of the day. Pure: the plan goes in, rows come out.

use std::collections::BTreeMap;

use chrono::{Days, LocalResult, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rand::{RngExt, SeedableRng};

use super::activity::Activity;
use super::agents::{Agent, hire};
use super::archive::{self, Month};
use super::calls::{Call, Form, Outcome};
use super::costs::{self, Cost};
use super::dialer::{Dial, dial};
use super::draw::{Dice, lognormal, poisson};
use super::floor::{Arrival, Day, TurnedAway, play};
use super::forecast::{self, Forecast};
use super::intervals::{self, Interval};
use super::pattern::{CLOSING, OPENING, Story, hours};
use super::quality::{Evaluation, evaluate};
use super::queues::{QUEUES, WORSENING};
use super::roster::{Duty, roster};
use super::staff::{self, StaffDay};
use super::staff_survey::{StaffAnswer, ask};
use super::{DemoPlan, Progress, Stage};

/// How many people might call; large enough that two strangers are rarely the same caller.
const CALLERS: u32 = 260_000;
/// Within how many seconds another call of the same caller is a repeat.
const REPEAT_WITHIN: i64 = 7 * 86_400;

/// Everything the demo writes; each list is in the order of its times.
#[derive(Default)]
pub(super) struct History {
    /// The agents.
    pub agents: Vec<Agent>,
    /// The calls that entered a queue.
    pub calls: Vec<Call>,
    /// The callers no queue let in.
    pub turned_away: Vec<TurnedAway>,
    /// The agents' stretches of time.
    pub activity: Vec<Activity>,
    /// The agents' half hours.
    pub intervals: Vec<Interval>,
    /// What was expected.
    pub forecasts: Vec<Forecast>,
    /// The outbound campaigns' dials.
    pub dials: Vec<Dial>,
    /// Evaluated calls.
    pub evaluations: Vec<Evaluation>,
    /// Answers of the staff.
    pub staff_answers: Vec<StaffAnswer>,
    /// The staff's days.
    pub staff_days: Vec<StaffDay>,
    /// What it cost.
    pub costs: Vec<Cost>,
    /// The archive of months; a month begins at the local midnight of its first day.
    pub months: Vec<(i64, Month)>,
}

/// Makes the history of a plan.
pub(super) fn make(plan: &DemoPlan, progress: &mut (dyn FnMut(Progress) + Send)) -> History {
    let mut dice = Dice::seed_from_u64(plan.seed);
    let days = u64::from(plan.weeks) * 7;
    let first = plan.until - Days::new(days);
    let story = Story::before(plan.until);
    let agents = hire(&mut dice, first, plan.until, plan.language);
    let mut history = History { agents, ..History::default() };
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
        let duties = roster(&mut dice, &history.agents, day, worsening);
        let plans = duties.iter().map(|duty| duty.as_ref()?.day_plan(&mut dice)).collect();
        let forms: Vec<Form> =
            history.agents.iter().map(|agent| Form { pace: agent.pace_on(day), skill: agent.skill_on(day) }).collect();
        let outage = story.outage(day);
        let floor = Day { date: day, midnight, agents: &history.agents, plans, forms: &forms, outage, slowness };
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
        evaluate(&mut dice, &forms, &record.calls, &mut history.evaluations);
        ask(&mut dice, &history.agents, day, midnight, worsening, &mut history.staff_answers);
        forecast::of_day(&mut dice, &story, day, midnight, &mut history.forecasts);
        dial(&mut dice, day, midnight, &mut history.dials);
        let answered = record.calls.iter().filter(|call| matches!(call.outcome, Outcome::Answered(_))).count();
        history.costs.extend(costs::of_day(midnight, paid_hours(&duties), answered, plan.language));
        history.staff_days.extend(staff::of_day(&history.agents, &duties, (day, midnight)));
        history.intervals.extend(intervals::of_day((day, midnight), &duties, &record.activity, &record.rings));
        history.turned_away.append(&mut record.turned_away);
        history.calls.append(&mut record.calls);
        history.activity.append(&mut record.activity);
    }
    progress(Progress { stage: Stage::Calling, done: days, total: days });
    mark_repeats(&mut history.calls);
    let months = archive::of(plan, &story, &history.calls);
    history.months = months.into_iter().map(|month| (midnight(plan.zone, month.first), month)).collect();
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

fn paid_hours(duties: &[Option<Duty>]) -> f64 {
    let seconds: i64 = duties.iter().flatten().flat_map(Duty::paid).map(|(from, to)| to - from).sum();
    seconds as f64 / 3_600.0
}

fn mark_repeats(calls: &mut [Call]) {
    let mut last: BTreeMap<u32, i64> = BTreeMap::new();
    for call in calls {
        let before = last.insert(call.caller, call.started);
        call.repeat = before.is_some_and(|before| call.started - before <= REPEAT_WITHIN);
    }
}
