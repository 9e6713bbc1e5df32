//! Time buckets: how an instant is rounded to an hour, day, week or month of local time, and which buckets a window
//! touches. The SQL that rounds stored instants the same way is elsewhere.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

use super::period::{months_of, week_of};
use super::zone::offset_at;
use super::{Window, local_day, local_time, offset_pieces};

/// A grouping of rows by their place in time, in the report's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
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
    /// An hour: local time rounded down to the hour, less the offset in force. Where a change of half an hour cuts an
    /// hour in two (Lord Howe), this lies up to half an hour before the change.
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
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::HourOfDay => "hour_of_day",
            Self::Weekday => "weekday",
        }
    }

    /// Every bucket, from short to long, then the cyclic ones.
    pub const ALL: [Self; 6] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::HourOfDay, Self::Weekday];

    /// The bucket an instant falls into.
    pub fn start_of(self, instant: DateTime<Utc>, zone: Tz) -> BucketStart {
        let day = local_day(instant, zone);
        match self {
            Self::Hour => BucketStart::Hour(hour_start(instant.timestamp(), offset_at(zone, instant))),
            Self::HourOfDay => BucketStart::Number(local_time(instant, zone).hour()),
            Self::Weekday => BucketStart::Number(day.weekday().number_from_monday()),
            Self::Day | Self::Week | Self::Month => BucketStart::Date(self.first_day(day)),
        }
    }

    /// Every bucket that instants of the window can fall into, in order; for the cyclic ones all 24 or 7 of them. The
    /// first may begin before the window does.
    pub fn starts(self, window: Window, zone: Tz) -> Vec<BucketStart> {
        match self {
            Self::HourOfDay => (0..24).map(BucketStart::Number).collect(),
            Self::Weekday => (1..=7).map(BucketStart::Number).collect(),
            _ if window.from >= window.to => Vec::new(),
            Self::Hour => hour_starts(window, zone),
            Self::Day | Self::Week | Self::Month => self.first_days(window, zone),
        }
    }

    /// The first day of the bucket a day lies in.
    fn first_day(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Week => week_of(day).0,
            Self::Month => months_of(day, 1).0,
            Self::Hour | Self::Day | Self::HourOfDay | Self::Weekday => day,
        }
    }

    fn first_days(self, window: Window, zone: Tz) -> Vec<BucketStart> {
        let first = self.first_day(local_day(window.from, zone));
        // The window's end is outside: it falls into the bucket after the last one when it is a midnight.
        let last = local_day(window.to - TimeDelta::nanoseconds(1), zone);
        let next = |day: &NaiveDate| match self {
            Self::Week => day.checked_add_days(Days::new(7)),
            Self::Month => day.checked_add_months(Months::new(1)),
            Self::Hour | Self::Day | Self::HourOfDay | Self::Weekday => day.succ_opt(),
        };
        std::iter::successors(Some(first), next).take_while(|day| *day <= last).map(BucketStart::Date).collect()
    }
}

/// Every hour of local time the window touches; each piece between two changes of the offset is counted by itself.
fn hour_starts(window: Window, zone: Tz) -> Vec<BucketStart> {
    let pieces = offset_pieces(zone, window);
    // A window that ends within a second still touches that second.
    let end = window.to.timestamp() + i64::from(window.to.timestamp_subsec_nanos() > 0);
    let ends = pieces.iter().skip(1).map(|piece| piece.from).chain([end]);
    let mut starts = Vec::new();
    for (piece, end) in pieces.iter().zip(ends) {
        let mut start = hour_start(piece.from, piece.offset);
        while start.timestamp() < end {
            starts.push(BucketStart::Hour(start));
            start += TimeDelta::hours(1);
        }
    }
    // A change within an hour that moves the clock by whole hours gives the two parts the same start.
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// The start of the local hour a second lies in, for the offset in force there.
fn hour_start(second: i64, offset: i32) -> DateTime<Utc> {
    let offset = i64::from(offset);
    let start = (second + offset).div_euclid(3_600) * 3_600 - offset;
    DateTime::from_timestamp(start, 0).unwrap_or(DateTime::<Utc>::MIN_UTC)
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
        check(Bucket::Day, "2026-W46", moscow, 7, "2026-11-09", "2026-11-15");
        check(Bucket::Day, "2026-09-06", Tz::America__Santiago, 1, "2026-09-06", "2026-09-06");
        check(Bucket::Week, "2026-11", moscow, 6, "2026-10-26", "2026-11-30");
        check(Bucket::Month, "2026-Q4", berlin, 3, "2026-10-01", "2026-12-01");
        check(Bucket::Month, "2026-W40", berlin, 2, "2026-09-01", "2026-10-01");
        check(Bucket::HourOfDay, "2026-11-20", moscow, 24, "0", "23");
        check(Bucket::Weekday, "2026-11-20", moscow, 7, "1", "7");
    }

    #[test]
    fn an_empty_window_has_no_buckets() {
        let window = Window { from: DateTime::UNIX_EPOCH, to: DateTime::UNIX_EPOCH };
        for bucket in [Bucket::Hour, Bucket::Day, Bucket::Week, Bucket::Month] {
            assert_eq!(bucket.starts(window, Tz::UTC), []);
        }
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
            let mut met: Vec<_> = (0..minutes * 60).step_by(60).chain([minutes * 60 - 1])
                .map(|second| bucket.start_of(at(from + second), zone)).collect();
            met.sort_unstable();
            met.dedup();
            if matches!(bucket, Bucket::HourOfDay | Bucket::Weekday) {
                prop_assert!(met.iter().all(|start| starts.contains(start)));
            } else {
                prop_assert_eq!(met, starts);
            }
        }
    }
}
