//! The archive of months: what is kept of calls when they are too old to be kept one by one, so that a year can be looked
//! back on. Months the demo has calls of are added up from them; those before are drawn from the queues' own pattern.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, Months, NaiveDate};
use rand::SeedableRng;

use super::DemoPlan;
use super::calls::{Call, Outcome};
use super::draw::{Dice, normal};
use super::pattern::Story;
use super::queues::QUEUES;

/// So many months are kept besides the running one.
const KEPT: u32 = 14;
/// Calls answered within so many seconds were answered in time.
const IN_TIME: i64 = 20;
/// Of ten strangers about one calls a second time.
const REPEATS: f64 = 1.12;
/// How busy the months are beside an ordinary one, January first: holidays empty the summer and fill December.
const SEASONS: [f64; 12] = [0.94, 0.97, 1.0, 1.0, 0.96, 0.95, 0.92, 0.94, 1.0, 1.0, 1.02, 1.1];

/// A queue's month.
#[derive(Clone, Debug)]
pub(super) struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// The queue's index.
    pub queue: usize,
    /// Calls that entered the queue.
    pub offered: i64,
    /// Those that were answered.
    pub answered: i64,
    /// Those that were answered in time.
    pub in_time: i64,
    /// Those whose caller hung up while waiting.
    pub abandoned: i64,
    /// Talk, hold and after-call work of the answered ones, in seconds.
    pub handle_s: i64,
}

/// The archive up to the plan's end, by month and queue.
pub(super) fn of(plan: &DemoPlan, story: &Story, calls: &[Call]) -> Vec<Month> {
    let first_call = plan.until - Days::new(u64::from(plan.weeks) * 7);
    let mut months: BTreeMap<(NaiveDate, usize), Month> = BTreeMap::new();
    let mut add = |day: NaiveDate, part: Month| {
        let first = day.with_day(1).unwrap_or(day);
        let month = months.entry((first, part.queue)).or_insert(Month { first, ..Month::empty(part.queue) });
        month.add(&part);
    };
    // A stream of its own: the calls must not depend on how long the archive is.
    let mut dice = Dice::seed_from_u64(plan.seed);
    dice.set_stream(1);
    let begin = plan.until - Days::new(1);
    let begin = begin.with_day(1).unwrap_or(begin) - Months::new(KEPT);
    for day in begin.iter_days().take_while(|day| *day < first_call) {
        // Calls grew by some eight in a hundred over the year, and the service with them got a little worse.
        let age = (first_call - day).num_days() as f64 / 365.0;
        for (queue, kind) in QUEUES.iter().enumerate() {
            let season = SEASONS[day.month0() as usize] * (1.0 - 0.08 * age);
            let offered = kind.daily_calls * story.demand(day, queue) * REPEATS * season * normal(&mut dice, 1.0, 0.05);
            let level = 0.825 + 0.035 * age - 0.3 * (season - 0.97) + normal(&mut dice, 0.0, 0.03);
            let answered = offered * (0.962 - 0.4 * (0.825 - level).max(0.0));
            let handle = kind.talk + kind.wrap + 9.0 - 6.0 * age;
            let whole = |value: f64| value.round() as i64;
            add(
                day,
                Month {
                    offered: whole(offered),
                    answered: whole(answered),
                    in_time: whole((offered * level).min(answered)),
                    abandoned: whole(offered - answered),
                    handle_s: whole(answered * handle),
                    ..Month::empty(queue)
                },
            );
        }
    }
    for call in calls {
        add(call.day, Month::of(call));
    }
    months.into_values().collect()
}

impl Month {
    fn empty(queue: usize) -> Self {
        Self { first: NaiveDate::MIN, queue, offered: 0, answered: 0, in_time: 0, abandoned: 0, handle_s: 0 }
    }

    /// A single call.
    fn of(call: &Call) -> Self {
        let one = Self { offered: 1, ..Self::empty(call.queue) };
        match &call.outcome {
            Outcome::Answered(talk) => Self {
                answered: 1,
                in_time: i64::from(call.wait <= IN_TIME),
                handle_s: talk.talk + talk.hold + talk.wrap,
                ..one
            },
            Outcome::Abandoned => Self { abandoned: 1, ..one },
            Outcome::FlowedOut => one,
        }
    }

    fn add(&mut self, other: &Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.in_time += other.in_time;
        self.abandoned += other.abandoned;
        self.handle_s += other.handle_s;
    }
}
