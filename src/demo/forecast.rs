//! What the planners expected: calls and handle time of each queue in each half hour. They know the weeks' pattern, but
//! neither the surge nor the outage, and they are slow to believe that a queue gets worse.

use chrono::NaiveDate;

use super::draw::{Dice, lognormal, normal};
use super::pattern::{Story, hours};
use super::queues::QUEUES;

/// Of ten strangers about one calls a second time.
const REPEATS: f64 = 1.12;

/// The expectation for one queue and half hour.
#[derive(Clone, Debug)]
pub(super) struct Forecast {
    /// When the half hour begins, in Unix seconds.
    pub at: i64,
    /// The queue's index.
    pub queue: usize,
    /// Calls.
    pub calls: i64,
    /// Talk, hold and after-call work of a call, in seconds.
    pub handle_time: i64,
}

/// The expectations for a day, by time and queue.
pub(super) fn of_day(dice: &mut Dice, story: &Story, day: NaiveDate, midnight: i64, into: &mut Vec<Forecast>) {
    let mut expected = Vec::new();
    for (queue, kind) in QUEUES.iter().enumerate() {
        let calls = kind.daily_calls * story.expected_demand(day, queue) * REPEATS * lognormal(dice, 1.0, 0.04);
        let handle_time = ((kind.talk + kind.wrap + 9.0) * normal(dice, 1.02, 0.02)) as i64;
        for (hour, share) in hours(day) {
            for half in [0, 1_800] {
                let calls = (calls * share / 2.0 * normal(dice, 1.0, 0.05)).round() as i64;
                expected.push(Forecast { at: midnight + hour + half, queue, calls, handle_time });
            }
        }
    }
    expected.sort_by_key(|forecast| (forecast.at, forecast.queue));
    into.append(&mut expected);
}
