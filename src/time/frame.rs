//! What KPIs are computed over, with the frames it is compared with: the one just before and those of earlier weeks.

use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;

use super::{Period, Window, first_instant, local_time};

/// A stretch of time that knows its neighbours.
#[derive(Clone, Debug)]
pub enum Frame {
    /// A named period; the one before it is the calendar's.
    Period(Period),
    /// The last so many minutes; before them lie as many.
    Rolling {
        /// The stretch.
        window: Window,
        /// The zone of its local times.
        zone: Tz,
    },
    /// A named period up to an instant in it; before it lies the calendar's previous one, up to the same local time.
    SoFar {
        /// The period.
        period: Period,
        /// Where it ends for now.
        until: DateTime<Utc>,
    },
}

impl Frame {
    /// The interval of instants.
    pub fn window(&self) -> Window {
        match self {
            Self::Period(period) => period.window,
            Self::Rolling { window, .. } => *window,
            Self::SoFar { period: Period { window, .. }, until } => {
                Window { from: window.from, to: window.to.min(*until).max(window.from) }
            }
        }
    }

    /// The zone of its local times.
    pub fn zone(&self) -> Tz {
        match self {
            Self::Period(period) | Self::SoFar { period, .. } => period.zone,
            Self::Rolling { zone, .. } => *zone,
        }
    }

    /// The frame just before.
    pub fn previous(&self) -> Self {
        match self {
            Self::Period(period) => Self::Period(period.previous()),
            Self::Rolling { window, zone } => {
                let length = window.to - window.from;
                Self::Rolling { window: Window { from: window.from - length, to: window.from }, zone: *zone }
            }
            Self::SoFar { period, until } => {
                let previous = period.previous();
                let days = (period.first - previous.first).num_days().unsigned_abs();
                let until = days_before(*until, Days::new(days), period.zone).min(previous.window.to);
                Self::SoFar { period: previous, until }
            }
        }
    }

    /// The same local times so many weeks earlier.
    pub fn weeks_ago(&self, weeks: u32) -> Self {
        let days = Days::new(u64::from(weeks) * 7);
        let earlier = |period: &Period| {
            let earlier = |day: chrono::NaiveDate| day.checked_sub_days(days).unwrap_or(day);
            Period::of_days(earlier(period.first), earlier(period.last), period.zone)
        };
        match self {
            Self::Period(period) => Self::Period(earlier(period)),
            Self::SoFar { period, until } => {
                Self::SoFar { period: earlier(period), until: days_before(*until, days, period.zone) }
            }
            Self::Rolling { window, zone } => {
                let from = days_before(window.from, days, *zone);
                let to = days_before(window.to, days, *zone);
                // A change of the clocks then may have left out all of it: nothing is in it, but it is no negative length.
                Self::Rolling { window: Window { from, to: to.max(from) }, zone: *zone }
            }
        }
    }
}

/// The instant whose local time is the same so many days earlier: the first one where it came twice, the first after the
/// gap where it was left out.
pub fn days_before(instant: DateTime<Utc>, days: Days, zone: Tz) -> DateTime<Utc> {
    match local_time(instant, zone).checked_sub_days(days) {
        Some(local) => first_instant(local, zone),
        None => instant,
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Berlin;

    use super::*;

    #[track_caller]
    fn check(frame: &Frame, from: &str, to: &str) {
        let window = frame.window();
        assert_eq!((window.from.to_rfc3339(), window.to.to_rfc3339()), (from.to_owned(), to.to_owned()));
    }

    #[test]
    fn frames_before() {
        let week = Frame::Period(Period::of_days("2026-10-26".parse().unwrap(), "2026-11-01".parse().unwrap(), Berlin));
        check(&week.previous(), "2026-10-18T22:00:00+00:00", "2026-10-25T23:00:00+00:00");
        check(&week.weeks_ago(1), "2026-10-18T22:00:00+00:00", "2026-10-25T23:00:00+00:00");
        check(&week.weeks_ago(52), "2025-10-26T23:00:00+00:00", "2025-11-02T23:00:00+00:00");
        let month =
            Frame::Period(Period::of_days("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap(), Berlin));
        check(&month.previous(), "2026-01-31T23:00:00+00:00", "2026-02-28T23:00:00+00:00");
        check(&month.weeks_ago(4), "2026-01-31T23:00:00+00:00", "2026-03-03T23:00:00+00:00");
        let window =
            Window { from: "2026-10-26T08:00:00Z".parse().unwrap(), to: "2026-10-26T08:30:00Z".parse().unwrap() };
        let half_hour = Frame::Rolling { window, zone: Berlin };
        check(&half_hour.previous(), "2026-10-26T07:30:00+00:00", "2026-10-26T08:00:00+00:00");
        // Nine in the morning is an hour earlier in UTC while summer time lasts.
        check(&half_hour.weeks_ago(1), "2026-10-19T07:00:00+00:00", "2026-10-19T07:30:00+00:00");
        let so_far = |first: &str, last: &str, until: &str| Frame::SoFar {
            period: Period::of_days(first.parse().unwrap(), last.parse().unwrap(), Berlin),
            until: until.parse().unwrap(),
        };
        let today = so_far("2026-10-26", "2026-10-26", "2026-10-26T08:00:00Z");
        check(&today, "2026-10-25T23:00:00+00:00", "2026-10-26T08:00:00+00:00");
        check(&today.previous(), "2026-10-24T22:00:00+00:00", "2026-10-25T08:00:00+00:00");
        check(&today.weeks_ago(1), "2026-10-18T22:00:00+00:00", "2026-10-19T07:00:00+00:00");
        let march = so_far("2026-03-01", "2026-03-31", "2026-03-30T10:00:00Z");
        check(&march.previous(), "2026-01-31T23:00:00+00:00", "2026-02-28T23:00:00+00:00");
    }
}
