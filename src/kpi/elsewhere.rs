//! KPIs from elsewhere: which group of another frame, or of a coarser grouping, stands for a group of this one; and how
//! long the intervals of time buckets are.

use std::collections::BTreeMap;

use chrono::Days;

use super::slice::{Shift, Slice};
use super::snapshot::{GroupKey, KeyPart};
use crate::formula::Elsewhere;
use crate::time::{Bucket, BucketStart, Frame, days_before, local_day, local_time};
use crate::workspace::Grouping;

/// The way from a slice to another one.
#[derive(Debug)]
pub(super) struct Link {
    /// The other slice.
    pub(super) target: usize,
    /// For each part of the target's key: which part of our key it is, and for times what they are called there.
    parts: Vec<(usize, Option<BTreeMap<KeyPart, KeyPart>>)>,
}

/// The shift and the grouping at which a slice finds what it needs from elsewhere.
pub(super) fn address(slice: &Slice, elsewhere: &Elsewhere) -> (Shift, Vec<Grouping>) {
    let Shift { frames, weeks } = slice.shift;
    match elsewhere {
        Elsewhere::Previous => (Shift { frames: frames + 1, weeks }, slice.by.clone()),
        Elsewhere::WeeksAgo(more) => (Shift { frames, weeks: weeks + more }, slice.by.clone()),
        Elsewhere::Across(dimension) => {
            let (apart, asked) = slice.by.split_at(slice.apart);
            let other = |by: &&Grouping| !matches!(by, Grouping::Dimension(name) if **name == **dimension);
            (slice.shift, apart.iter().chain(asked.iter().filter(other)).cloned().collect())
        }
    }
}

impl Link {
    /// The way from one slice to another.
    pub(super) fn between(from: &Slice, to: &Slice, target: usize) -> Self {
        let parts = to.by.iter().map(|grouping| {
            // Invariant: the target's groupings are some of ours.
            let place = from.by.iter().position(|own| own == grouping).unwrap_or_default();
            match grouping {
                Grouping::Time(bucket) if from.shift != to.shift => {
                    (place, counterparts(*bucket, &from.frame, &to.frame))
                }
                _ => (place, None),
            }
        });
        Self { target, parts: parts.collect() }
    }

    /// The target's group; none when there is none, as on the 31st for a month of 30 days.
    pub(super) fn key(&self, key: &GroupKey) -> Option<GroupKey> {
        let part = |(place, names): &(usize, Option<BTreeMap<KeyPart, KeyPart>>)| {
            let own = key.get(*place)?;
            match names {
                Some(names) => names.get(own).cloned(),
                None => Some(own.clone()),
            }
        };
        self.parts.iter().map(part).collect()
    }
}

/// What the buckets of one frame are called in another; none when they are called the same, as Monday is everywhere.
/// Days, weeks and months are counted from the frame's beginning, hours have the same local time.
fn counterparts(bucket: Bucket, from: &Frame, to: &Frame) -> Option<BTreeMap<KeyPart, KeyPart>> {
    let (zone, window, other) = (from.zone(), from.window(), to.window());
    let counted = |own: Vec<BucketStart>, theirs: Vec<BucketStart>| {
        own.into_iter().map(KeyPart::from).zip(theirs.into_iter().map(KeyPart::from)).collect()
    };
    match bucket {
        Bucket::HourOfDay | Bucket::Weekday => None,
        Bucket::Day | Bucket::Week | Bucket::Month => {
            Some(counted(bucket.starts(window, zone), bucket.starts(other, zone)))
        }
        Bucket::QuarterHour | Bucket::HalfHour | Bucket::Hour => {
            let is_same_time = local_time(window.from, zone).time() == local_time(other.from, zone).time();
            let days = (local_day(window.from, zone) - local_day(other.from, zone)).num_days();
            let (Ok(days), true) = (u64::try_from(days), is_same_time) else {
                return Some(counted(bucket.starts(window, zone), bucket.starts(other, zone)));
            };
            let pair = |start: BucketStart| match start {
                BucketStart::Hour(instant) => {
                    let earlier = bucket.start_of(days_before(instant, Days::new(days), zone), zone);
                    Some((start.into(), earlier.into()))
                }
                BucketStart::Date(_) | BucketStart::Number(_) => None,
            };
            Some(bucket.starts(window, zone).into_iter().filter_map(pair).collect())
        }
    }
}

/// How many seconds of the frame lie in each place of the time buckets among `by`; all of them when there are none.
pub(super) fn seconds(frame: &Frame, by: &[Grouping]) -> BTreeMap<GroupKey, i64> {
    let (window, zone) = (frame.window(), frame.zone());
    let buckets: Vec<Bucket> = by
        .iter()
        .filter_map(|grouping| match grouping {
            Grouping::Time(bucket) => Some(*bucket),
            Grouping::Dimension(_) => None,
        })
        .collect();
    match buckets.as_slice() {
        [] => BTreeMap::from([(GroupKey::new(), (window.to - window.from).num_seconds())]),
        [bucket] => {
            let all = bucket.seconds(window, zone).into_iter();
            all.map(|(start, seconds)| (vec![start.into()], seconds)).collect()
        }
        // Every bucket begins with a quarter of an hour, so each quarter lies in one place of all of them.
        several => {
            let mut places: BTreeMap<GroupKey, i64> = BTreeMap::new();
            for (start, seconds) in Bucket::QuarterHour.seconds(window, zone) {
                let BucketStart::Hour(instant) = start else { continue };
                let inside = instant.max(window.from);
                let place = several.iter().map(|bucket| bucket.start_of(inside, zone).into()).collect();
                *places.entry(place).or_default() += seconds;
            }
            places
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Berlin;

    use super::*;
    use crate::time::Period;

    fn week(first: &str) -> Frame {
        let first = first.parse().unwrap();
        Frame::Period(Period::of_days(first, first + Days::new(6), Berlin))
    }

    #[test]
    fn hours_are_found_at_the_same_local_time() {
        // The week of the autumn's change: its last day has an hour twice, the week before has not.
        let (this, before) = (week("2026-10-19"), week("2026-10-12"));
        let names = counterparts(Bucket::Hour, &this, &before).unwrap();
        assert_eq!(names.len(), 7 * 24 + 1);
        let at = |text: &str| KeyPart::Hour(text.parse().unwrap());
        assert_eq!(names[&at("2026-10-24T22:00:00Z")], at("2026-10-17T22:00:00Z"));
        assert_eq!(names[&at("2026-10-25T00:00:00Z")], at("2026-10-18T00:00:00Z"));
        assert_eq!(names[&at("2026-10-25T01:00:00Z")], at("2026-10-18T00:00:00Z"));
        assert_eq!(names[&at("2026-10-25T08:00:00Z")], at("2026-10-18T07:00:00Z"));
    }

    #[test]
    fn days_are_counted_from_the_beginning() {
        let names = counterparts(Bucket::Day, &week("2026-10-19"), &week("2026-10-12")).unwrap();
        let day = |text: &str| KeyPart::Date(text.parse().unwrap());
        assert_eq!((names.len(), &names[&day("2026-10-25")]), (7, &day("2026-10-18")));
        let march =
            Frame::Period(Period::of_days("2026-03-01".parse().unwrap(), "2026-03-31".parse().unwrap(), Berlin));
        let names = counterparts(Bucket::Day, &march, &march.previous()).unwrap();
        assert_eq!(names.get(&day("2026-03-28")), Some(&day("2026-02-28")));
        assert_eq!(names.get(&day("2026-03-29")), None);
    }

    #[test]
    fn intervals_add_up_to_the_frame() {
        let frame = week("2026-10-19");
        let whole = 7 * 86_400 + 3_600;
        for by in [&[][..], &["day"], &["hour"], &["weekday"], &["day", "hour_of_day"], &["hour", "weekday"]] {
            let by: Vec<Grouping> = by.iter().map(|name| Grouping::parse(name)).collect();
            assert_eq!(seconds(&frame, &by).values().sum::<i64>(), whole, "{by:?}");
        }
        let by = [Grouping::Time(Bucket::Day), Grouping::Time(Bucket::HourOfDay)];
        let twice = vec![KeyPart::Date("2026-10-25".parse().unwrap()), KeyPart::Number(2)];
        assert_eq!(seconds(&frame, &by)[&twice], 7_200);
    }
}
