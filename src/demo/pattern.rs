//! When calls come: the curve of a day, the days of a week, and the three things that happen in the demo's history
//! (an outage, a queue that gets worse, a surge in the last full week). Pure functions of the date.

use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};

use super::queues::{SURGING, WORSENING};

/// The first second of a day at which lines are open, since local midnight.
pub(super) const OPENING: i64 = 8 * 3_600;
/// The second of a day at which lines close, since local midnight.
pub(super) const CLOSING: i64 = 21 * 3_600;

/// Shares of a day's calls by hour, from the opening hour on; they need not add up to one.
const WORKDAY: [f64; 13] = [4.5, 9.2, 10.7, 10.8, 10.0, 9.0, 9.4, 9.6, 9.0, 7.2, 4.6, 3.0, 1.6];
const WEEKEND: [f64; 13] = [3.6, 7.0, 9.4, 10.4, 10.4, 9.8, 9.4, 9.0, 8.4, 6.6, 4.8, 3.3, 2.0];

/// What happens over the weeks of the demo.
pub(super) struct Story {
    last_full_week: NaiveDate,
    outage_day: NaiveDate,
}

impl Story {
    /// The story of a history that ends before this day.
    pub(super) fn before(until: NaiveDate) -> Self {
        let this_week = until - Days::new(u64::from(until.weekday().num_days_from_monday()));
        let last_full_week = this_week - Days::new(7);
        // A Thursday outside the last week and the week it is compared with: those tell of the surge.
        Self { last_full_week, outage_day: last_full_week - Days::new(18) }
    }

    /// How many times its ordinary Monday's calls a queue gets on this day.
    pub(super) fn demand(&self, day: NaiveDate, queue: usize) -> f64 {
        let surge = match (queue, (day - self.last_full_week).num_days()) {
            (SURGING, 1) => 2.5,
            (SURGING, 2) => 2.0,
            (SURGING, 3) => 1.4,
            _ => 1.0,
        };
        let worse = if queue == WORSENING { 1.0 + 0.22 * self.worsening(day) } else { 1.0 };
        weekday(day) * surge * worse
    }

    /// The same as the planners expect it: without the surge, and late to see that a queue gets worse.
    pub(super) fn expected_demand(&self, day: NaiveDate, queue: usize) -> f64 {
        let seen = if queue == WORSENING { 0.22 * self.worsening(day - Days::new(14)) } else { 0.0 };
        weekday(day) * (1.0 + seen)
    }

    /// How far the slowly worsening queue has got, from 0 to 1 over the last five weeks.
    pub(super) fn worsening(&self, day: NaiveDate) -> f64 {
        let start = self.last_full_week - Days::new(28);
        ((day - start).num_days() as f64 / 35.0).clamp(0.0, 1.0)
    }

    /// The seconds since local midnight during which telephony is down on this day.
    pub(super) fn outage(&self, day: NaiveDate) -> Option<Range<i64>> {
        (day == self.outage_day).then_some(10 * 3_600 + 2_400..14 * 3_600 + 600)
    }
}

/// A day's calls as a share of an ordinary Monday's.
fn weekday(day: NaiveDate) -> f64 {
    match day.weekday().num_days_from_monday() {
        0 => 0.98,
        1 => 0.97,
        2 => 0.95,
        3 => 0.96,
        4 => 0.95,
        5 => 0.44,
        _ => 0.26,
    }
}

/// The share of a day's calls that comes in each open hour, with the hour's first second since local midnight.
pub(super) fn hours(day: NaiveDate) -> impl Iterator<Item = (i64, f64)> {
    let curve = if day.weekday().num_days_from_monday() < 5 { &WORKDAY } else { &WEEKEND };
    let total: f64 = curve.iter().sum();
    (OPENING..).step_by(3_600).zip(curve.iter().map(move |share| share / total))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_story_hangs_on_the_last_full_week() {
        for until in ["2026-11-23", "2026-11-25", "2026-11-29"] {
            let story = Story::before(date(until));
            assert_eq!(story.last_full_week, date("2026-11-16"), "{until}");
            assert!(story.outage(date("2026-10-29")).is_some(), "{until}");
            assert!(story.demand(date("2026-11-17"), SURGING) > 1.6, "{until}");
            assert!(story.worsening(date("2026-10-19")) < 0.01 && story.worsening(date("2026-11-23")) > 0.99);
        }
    }

    #[test]
    fn a_days_hours_make_one_whole_day() {
        for day in ["2026-11-20", "2026-11-21"] {
            let hours: Vec<_> = hours(date(day)).collect();
            assert_eq!((hours[0].0, hours.last().unwrap().0 + 3_600), (OPENING, CLOSING));
            assert!((hours.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
