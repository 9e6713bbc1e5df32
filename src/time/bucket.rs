//! Time buckets: how an instant is rounded to a quarter of an hour, an hour, a day, week or month of local time, which
//! buckets a window touches, and how much of it lies in each. The SQL that rounds stored instants the same way is
//! elsewhere.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::period::{months_of, week_of};
use super::zone::offset_at;
use super::{Window, offset_pieces};

/// A grouping of rows by their place in time, in the report's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// Each quarter of each hour, the interval most centres staff by.
    QuarterHour,
    /// Each half of each hour.
    HalfHour,
    /// Each hour of each day; the repeated hour of an autumn day is two buckets.
    Hour,
    /// Each local day.
    Day,
    /// Each ISO week, Monday to Sunday.
    Week,
    /// Each calendar month.
    Month,
    /// The hour of the day, 0 to 23, over all days together.
    HourOfDay,
    /// The day of the week, Monday = 1 to Sunday = 7, over all weeks together.
    Weekday,
}

/// The one name of a bucket, so that rows and empty places on an axis meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BucketStart {
    /// An hour, or a half or a quarter of one: local time rounded down to it, less the offset in force. Where a change
    /// of the clocks cuts one in two (Lord Howe's half hour cuts an hour), this lies before the change.
    Hour(DateTime<Utc>),
    /// A day, or the first day of a week or month.
    Date(NaiveDate),
    /// An hour of the day, 0 to 23, or a weekday, Monday = 1.
    Number(u32),
}

impl Bucket {
    /// The bucket of this name in `by:` lists.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.name() == name)
    }

    /// The name in `by:` lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::QuarterHour => "quarter_hour",
            Self::HalfHour => "half_hour",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::HourOfDay => "hour_of_day",
            Self::Weekday => "weekday",
        }
    }

    /// Every bucket, from short to long, then the cyclic ones.
    pub const ALL: [Self; 8] = [
        Self::QuarterHour,
        Self::HalfHour,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::HourOfDay,
        Self::Weekday,
    ];

    /// The bucket an instant falls into.
    pub fn start_of(self, instant: DateTime<Utc>, zone: Tz) -> BucketStart {
        self.at(instant.timestamp(), offset_at(zone, instant))
    }

    /// Every bucket that instants of the window can fall into, in order; for the cyclic ones all 24 or 7 of them. The
    /// first may begin before the window does.
    pub fn starts(self, window: Window, zone: Tz) -> Vec<BucketStart> {
        match self {
            Self::HourOfDay => (0..24).map(BucketStart::Number).collect(),
            Self::Weekday => (1..=7).map(BucketStart::Number).collect(),
            _ => {
                // A window that ends within a second still touches that second.
                let part = i64::from(window.to.timestamp_subsec_nanos() > 0);
                let to = window.to + TimeDelta::seconds(part);
                self.seconds(Window { to, ..window }, zone).into_keys().collect()
            }
        }
    }

    /// How many seconds of the window lie in each bucket it touches, in order; those of a cyclic bucket are summed over
    /// the window. The seconds the clocks leave out or show twice are counted as they pass. Fractions at the window's
    /// ends are rounded down, so that those of neighbouring windows add up.
    pub fn seconds(self, window: Window, zone: Tz) -> BTreeMap<BucketStart, i64> {
        let step = self.step_seconds();
        let pieces = offset_pieces(zone, window);
        let ends = pieces.iter().skip(1).map(|piece| piece.from).chain([window.to.timestamp()]);
        let mut seconds = BTreeMap::new();
        for (piece, end) in pieces.iter().zip(ends) {
            let mut at = piece.from;
            while at < end {
                let next = (at + step - (at + i64::from(piece.offset)).rem_euclid(step)).min(end);
                *seconds.entry(self.at(at, piece.offset)).or_default() += next - at;
                at = next;
            }
        }
        seconds
    }

    /// The length of local time within which the bucket cannot change.
    fn step_seconds(self) -> i64 {
        match self {
            Self::QuarterHour => 900,
            Self::HalfHour => 1_800,
            Self::Hour | Self::HourOfDay => 3_600,
            Self::Day | Self::Week | Self::Month | Self::Weekday => 86_400,
        }
    }

    /// The bucket of a second of UTC, by the offset in force then.
    fn at(self, second: i64, offset: i32) -> BucketStart {
        let local = second + i64::from(offset);
        let day = civil(local).date();
        match self {
            Self::QuarterHour | Self::HalfHour | Self::Hour => {
                let step = self.step_seconds();
                BucketStart::Hour(civil(local.div_euclid(step) * step - i64::from(offset)).and_utc())
            }
            Self::Day => BucketStart::Date(day),
            Self::Week => BucketStart::Date(week_of(day).0),
            Self::Month => BucketStart::Date(months_of(day, 1).0),
            Self::HourOfDay => BucketStart::Number(civil(local).hour()),
            Self::Weekday => BucketStart::Number(day.weekday().number_from_monday()),
        }
    }
}

/// The date and time this many seconds after 1970 began; the calendar's first one where it does not reach.
fn civil(seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MIN_UTC).naive_utc()
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;
    use crate::time::PeriodName;

    /// The number of buckets of a period, and the first and last of them.
    fn check(bucket: Bucket, period: &str, zone: Tz, count: usize, first: &str, last: &str) {
        let period = PeriodName::parse(period).unwrap().at(DateTime::UNIX_EPOCH, zone);
        let starts: Vec<String> = bucket
            .starts(period.window, zone)
            .into_iter()
            .map(|start| match start {
                BucketStart::Hour(instant) => instant.format("%Y-%m-%dT%H:%M").to_string(),
                BucketStart::Date(day) => day.to_string(),
                BucketStart::Number(number) => number.to_string(),
            })
            .collect();
        assert_eq!(starts.len(), count, "{bucket:?} of {} in {zone}", period.label);
        assert_eq!((starts[0].as_str(), starts[count - 1].as_str()), (first, last), "{bucket:?} in {zone}");
    }

    #[test]
    fn buckets_of_periods() {
        let (berlin, moscow) = (Tz::Europe__Berlin, Tz::Europe__Moscow);
        check(Bucket::Hour, "2026-11-20", moscow, 24, "2026-11-19T21:00", "2026-11-20T20:00");
        check(Bucket::Hour, "2026-03-29", berlin, 23, "2026-03-28T23:00", "2026-03-29T21:00");
        check(Bucket::Hour, "2026-10-25", berlin, 25, "2026-10-24T22:00", "2026-10-25T22:00");
        check(Bucket::Hour, "2026-11-20", Tz::Asia__Kolkata, 24, "2026-11-19T18:30", "2026-11-20T17:30");
        // The repeated half hour is a bucket of its own; the left-out half hour shortens one.
        check(Bucket::Hour, "2026-04-05", Tz::Australia__Lord_Howe, 25, "2026-04-04T13:00", "2026-04-05T12:30");
        check(Bucket::Hour, "2026-10-04", Tz::Australia__Lord_Howe, 24, "2026-10-03T13:30", "2026-10-04T12:00");
        // A change one minute into an hour, to one minute into the next: both parts have the same start.
        check(Bucket::Hour, "2010-03-14", Tz::America__St_Johns, 23, "2010-03-14T03:30", "2010-03-15T01:30");
        check(Bucket::HalfHour, "2026-10-25", berlin, 50, "2026-10-24T22:00", "2026-10-25T22:30");
        check(Bucket::QuarterHour, "2026-03-29", berlin, 92, "2026-03-28T23:00", "2026-03-29T21:45");
        check(Bucket::HalfHour, "2026-04-05", Tz::Australia__Lord_Howe, 49, "2026-04-04T13:00", "2026-04-05T13:00");
        check(Bucket::QuarterHour, "2026-10-04", Tz::Australia__Lord_Howe, 94, "2026-10-03T13:30", "2026-10-04T12:45");
        check(Bucket::HalfHour, "2026-11-20", Tz::Asia__Kathmandu, 48, "2026-11-19T18:15", "2026-11-20T17:45");
        check(Bucket::Day, "2026-W46", moscow, 7, "2026-11-09", "2026-11-15");
        check(Bucket::Day, "2026-09-06", Tz::America__Santiago, 1, "2026-09-06", "2026-09-06");
        // Samoa left a whole day out.
        check(Bucket::Day, "2011-12-29..2011-12-31", Tz::Pacific__Apia, 2, "2011-12-29", "2011-12-31");
        check(Bucket::Week, "2026-11", moscow, 6, "2026-10-26", "2026-11-30");
        check(Bucket::Month, "2026-Q4", berlin, 3, "2026-10-01", "2026-12-01");
        check(Bucket::Month, "2026-W40", berlin, 2, "2026-09-01", "2026-10-01");
        check(Bucket::HourOfDay, "2026-11-20", moscow, 24, "0", "23");
        check(Bucket::Weekday, "2026-11-20", moscow, 7, "1", "7");
    }

    #[test]
    fn an_empty_window_has_no_buckets() {
        let window = Window { from: DateTime::UNIX_EPOCH, to: DateTime::UNIX_EPOCH };
        for bucket in [Bucket::QuarterHour, Bucket::Hour, Bucket::Day, Bucket::Week, Bucket::Month] {
            assert_eq!(bucket.starts(window, Tz::UTC), []);
        }
        assert_eq!(Bucket::Weekday.seconds(window, Tz::UTC), BTreeMap::new());
    }

    #[test]
    fn a_window_that_ends_within_a_second_touches_it() {
        let (from, half) = (DateTime::UNIX_EPOCH, TimeDelta::milliseconds(3_600_500));
        let window = Window { from, to: from + half };
        assert_eq!(Bucket::Hour.starts(window, Tz::UTC).len(), 2);
        assert_eq!(Bucket::Hour.seconds(window, Tz::UTC), BTreeMap::from([(BucketStart::Hour(from), 3_600)]));
    }

    #[test]
    fn seconds_of_a_week_by_weekday_follow_the_clocks() {
        let seconds = |period: &str, bucket: Bucket, number: u32| {
            let period = PeriodName::parse(period).unwrap().at(DateTime::UNIX_EPOCH, Tz::Europe__Berlin);
            bucket.seconds(period.window, Tz::Europe__Berlin)[&BucketStart::Number(number)]
        };
        assert_eq!(seconds("2026-W43", Bucket::Weekday, 6), 24 * 3_600);
        assert_eq!(seconds("2026-W43", Bucket::Weekday, 7), 25 * 3_600);
        assert_eq!(seconds("2026-W43", Bucket::HourOfDay, 2), 8 * 3_600);
        assert_eq!(seconds("2026-W13", Bucket::HourOfDay, 2), 6 * 3_600);
    }

    proptest! {
        #[test]
        fn each_instant_falls_into_a_bucket_of_its_window_and_no_bucket_is_too_many(
            zone in prop::sample::select(TZ_VARIANTS.to_vec()),
            bucket in prop::sample::select(Bucket::ALL.to_vec()),
            from in 0_i64..4_000_000_000,
            minutes in 1_i64..4_000,
        ) {
            let at = |second| DateTime::from_timestamp(second, 0).unwrap();
            let window = Window { from: at(from), to: at(from + minutes * 60) };
            let starts = bucket.starts(window, zone);
            prop_assert!(starts.is_sorted_by(|left, right| left < right));
            let mut met: BTreeMap<BucketStart, i64> = BTreeMap::new();
            // Offsets of some years have odd seconds: buckets are looked at second by second where the clocks change.
            let changes: Vec<i64> = offset_pieces(zone, window).iter().skip(1).map(|piece| piece.from).collect();
            let mut second = from;
            while second < from + minutes * 60 {
                let near = changes.iter().any(|change| (second - change).abs() <= 3_600);
                let step = if near { 1 } else { 60 - (second % 60) };
                let step = step.min(from + minutes * 60 - second);
                *met.entry(bucket.start_of(at(second), zone)).or_default() += step;
                second += step;
            }
            prop_assert_eq!(bucket.seconds(window, zone), met.clone());
            if matches!(bucket, Bucket::HourOfDay | Bucket::Weekday) {
                prop_assert!(met.keys().all(|start| starts.contains(start)));
            } else {
                prop_assert_eq!(met.into_keys().collect::<Vec<_>>(), starts);
            }
        }

        #[test]
        fn seconds_of_neighbouring_windows_add_up(
            zone in prop::sample::select(TZ_VARIANTS.to_vec()),
            bucket in prop::sample::select(Bucket::ALL.to_vec()),
            from in 0_i64..4_000_000_000_000,
            first in 0_i64..5_000_000_000,
            second in 0_i64..5_000_000_000,
        ) {
            let at = |milliseconds| DateTime::from_timestamp_millis(milliseconds).unwrap();
            let whole = Window { from: at(from), to: at(from + first + second) };
            let middle = at(from + first);
            let mut added = bucket.seconds(Window { to: middle, ..whole }, zone);
            for (start, seconds) in bucket.seconds(Window { from: middle, ..whole }, zone) {
                *added.entry(start).or_default() += seconds;
            }
            prop_assert_eq!(added.values().sum::<i64>(), whole.to.timestamp() - whole.from.timestamp());
            prop_assert_eq!(bucket.seconds(whole, zone), added);
        }
    }
}
