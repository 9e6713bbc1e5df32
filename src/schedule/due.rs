//! Cron patterns in a time zone: which instants are due. Pure functions of pattern, zone, cursor
//! and now. What may stand in a pattern is in `pattern`.
//!
//! A pattern that names hours (`30 2 * * *`, `0 8-18 * * MON`) names times on the wall clock, and each runs once on each
//! of its days: one that the clocks leave out runs right after the change, one they show twice runs at the first. A
//! pattern with `*` for the hour names no times but follows the clock as it goes: it runs whenever the clock shows a
//! minute that fits, so every hour of a 25-hour day has its run.

use std::collections::VecDeque;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::Cron;

use super::pattern::{self, CronError};
use crate::time::{first_instant, local_time};

/// How many due instants are told at most; after a longer pause the oldest are left out.
pub const MAX_DUE: usize = 1_000;

/// A cron pattern of five fields in a zone.
#[derive(Clone, Debug)]
pub struct CronSchedule {
    cron: Cron,
    zone: Tz,
    /// Whether each time on the wall clock that fits runs once, however often the clocks show it.
    names_times: bool,
}

impl CronSchedule {
    /// Reads a pattern of five fields: minute, hour, day of the month, month, day of the week. As in cron, a pattern
    /// that names both kinds of days runs on either.
    pub fn parse(pattern: &str, zone: Tz) -> Result<Self, CronError> {
        let cron = pattern::read(pattern)?;
        let names_times = pattern.split_whitespace().nth(1) != Some("*");
        let schedule = Self { cron, zone, names_times };
        // No field names a year, so a pattern that does not come from here on does not come at all.
        let start = DateTime::UNIX_EPOCH.naive_utc();
        schedule.next_on_calendar(start).ok_or_else(|| CronError::NeverComes { pattern: pattern::shown(pattern) })?;
        Ok(schedule)
    }

    /// The zone whose clocks the pattern speaks of.
    pub fn zone(&self) -> Tz {
        self.zone
    }

    /// The first run later than an instant; none only at the end of the calendar.
    pub fn next_after(&self, instant: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if !self.names_times {
            let next = self.cron.find_next_occurrence(&instant.with_timezone(&self.zone), false).ok()?.to_utc();
            return (next > instant).then_some(next);
        }
        // Times on the wall clock up to now are over: the first instant that shows one of them lies behind.
        let mut local = local_time(instant, self.zone);
        loop {
            local = self.next_on_calendar(local)?;
            let next = first_instant(local, self.zone);
            // While the clocks show an hour for the second time, its runs are over too.
            if next > instant {
                return Some(next);
            }
        }
    }

    /// The runs later than the cursor, up to and including now, in order. After a pause only the newest [`MAX_DUE`] are
    /// given, and none that are older than a year; a cursor that lies ahead of now gives none.
    pub fn due(&self, cursor: DateTime<Utc>, now: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let year_ago = now.checked_sub_signed(TimeDelta::days(366)).unwrap_or(cursor);
        let mut newest = VecDeque::new();
        let mut after = cursor.max(year_ago);
        while let Some(next) = self.next_after(after).filter(|next| *next <= now) {
            if newest.len() == MAX_DUE {
                newest.pop_front();
            }
            newest.push_back(next);
            after = next;
        }
        newest.into()
    }

    /// The next date and time that fits, on a calendar without clock changes.
    fn next_on_calendar(&self, local: NaiveDateTime) -> Option<NaiveDateTime> {
        let next = self.cron.find_next_occurrence(&local.and_utc(), false).ok()?.naive_utc();
        (next > local).then_some(next)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{Datelike, NaiveDate, Timelike};
    use proptest::prelude::*;

    use super::*;
    use crate::time::{local_day, local_day_start};

    const ZONES: [Tz; 9] = [
        Tz::Europe__Moscow,
        Tz::Europe__Berlin,
        Tz::America__New_York,
        Tz::America__Santiago,
        Tz::Australia__Lord_Howe,
        Tz::Asia__Kolkata,
        Tz::Africa__Cairo,
        Tz::America__Nuuk,
        Tz::UTC,
    ];

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    /// The runs of a pattern in a stretch of time, in local time.
    fn check(pattern: &str, zone: Tz, from: &str, to: &str, expected: &[&str]) {
        let schedule = CronSchedule::parse(pattern, zone).unwrap();
        let runs: Vec<String> = schedule
            .due(instant(from), instant(to))
            .into_iter()
            .map(|run| run.with_timezone(&zone).format("%m-%d %H:%M %Z").to_string())
            .collect();
        assert_eq!(runs, expected, "{pattern} in {zone}");
    }

    #[test]
    fn times_that_the_clocks_leave_out_or_show_twice() {
        let (berlin, lord_howe) = (Tz::Europe__Berlin, Tz::Australia__Lord_Howe);
        let (from, to) = ("2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z");
        check("30 2 * * *", berlin, from, to, &["03-29 03:00 CEST", "03-30 02:30 CEST"]);
        check("0,30 2 * * *", berlin, from, to, &["03-29 03:00 CEST", "03-30 02:00 CEST", "03-30 02:30 CEST"]);
        check("0 2-4 29 3 *", berlin, from, to, &["03-29 03:00 CEST", "03-29 04:00 CEST"]);
        let (from, to) = ("2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z");
        check("30 2 * * *", berlin, from, to, &["10-25 02:30 CEST", "10-26 02:30 CET"]);
        check("30 2,14 25 10 *", berlin, from, to, &["10-25 02:30 CEST", "10-25 14:30 CET"]);
        check("30 2 * * *", berlin, "2026-10-25T01:10:00Z", to, &["10-26 02:30 CET"]);
        check(
            "*/30 * * * *",
            berlin,
            "2026-10-24T23:30:00Z",
            "2026-10-25T02:00:00Z",
            &["10-25 02:00 CEST", "10-25 02:30 CEST", "10-25 02:00 CET", "10-25 02:30 CET", "10-25 03:00 CET"],
        );
        check(
            "0 * * * *",
            berlin,
            "2026-03-28T23:30:00Z",
            "2026-03-29T02:00:00Z",
            &["03-29 01:00 CET", "03-29 03:00 CEST", "03-29 04:00 CEST"],
        );
        check("15 2 * * *", lord_howe, "2026-10-03T00:00:00Z", "2026-10-04T00:00:00Z", &["10-04 02:30 +11"]);
        check("0 0 * * *", Tz::America__Santiago, "2026-09-05T12:00:00Z", "2026-09-06T12:00:00Z", &["09-06 01:00 -03"]);
        check("0 0 * * *", Tz::Africa__Cairo, "2026-04-23T12:00:00Z", "2026-04-24T12:00:00Z", &["04-24 01:00 EEST"]);
        // The change leaves out the last hour of a Saturday.
        check("30 23 * * SAT", Tz::America__Nuuk, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", &["03-29 00:00 -01"]);
    }

    #[test]
    fn patterns_of_days() {
        let (from, to) = ("2026-10-31T12:00:00Z", "2026-12-01T12:00:00Z");
        let moscow = Tz::Europe__Moscow;
        check(
            "0 8 * * mon",
            moscow,
            "2026-11-15T12:00:00Z",
            "2026-11-30T05:00:00Z",
            &["11-16 08:00 MSK", "11-23 08:00 MSK", "11-30 08:00 MSK"],
        );
        check("0 8 1 * *", moscow, from, to, &["11-01 08:00 MSK", "12-01 08:00 MSK"]);
        check("0 8 L * *", moscow, from, to, &["11-30 08:00 MSK"]);
        check("0 8 * * MON#1", moscow, from, to, &["11-02 08:00 MSK"]);
        check("0 8 * * FRI#L", moscow, from, to, &["11-27 08:00 MSK"]);
        check("0 8 * JAN-NOV FRIL", moscow, from, to, &["11-27 08:00 MSK"]);
        check("0 8 15W * *", moscow, from, to, &["11-16 08:00 MSK"]);
        check(
            "0 8 13 * 7",
            moscow,
            from,
            "2026-11-14T00:00:00Z",
            &["11-01 08:00 MSK", "11-08 08:00 MSK", "11-13 08:00 MSK"],
        );
        check("0 8 29 2 *", moscow, "2026-01-01T00:00:00Z", "2026-12-31T00:00:00Z", &[]);
    }

    #[test]
    fn a_long_pause_is_told_in_part() {
        let schedule = CronSchedule::parse("* * * * *", Tz::UTC).unwrap();
        let now = instant("2026-11-23T08:00:00Z");
        let due = schedule.due(now - TimeDelta::days(30), now);
        assert_eq!((due.len(), due.last()), (MAX_DUE, Some(&now)));
        assert_eq!(due[0], now - TimeDelta::minutes(MAX_DUE as i64 - 1));
        assert!(schedule.due(now, now).is_empty());
        assert!(schedule.due(now + TimeDelta::days(1), now).is_empty());
        assert!(CronSchedule::parse("0 8 * * *", Tz::UTC).unwrap().due(DateTime::UNIX_EPOCH, now).len() <= 366);
    }

    #[test]
    fn daily_schedules_run_once_on_each_day_of_two_years() {
        let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        for zone in ZONES {
            let (from, to) = (local_day_start(first, zone), local_day_start(first + TimeDelta::days(730), zone));
            for time in ["0 0", "30 0", "0 1", "30 1", "45 1", "0 2", "15 2", "30 2", "0 3", "0 8", "30 23", "59 23"] {
                let schedule = CronSchedule::parse(&format!("{time} * * *"), zone).unwrap();
                let mut after = from - TimeDelta::seconds(1);
                let runs: Vec<DateTime<Utc>> = std::iter::from_fn(|| {
                    after = schedule.next_after(after).filter(|next| *next < to)?;
                    Some(after)
                })
                .collect();
                assert!(runs.is_sorted_by(|left, right| left < right), "{time} in {zone}");
                let days: BTreeSet<NaiveDate> = runs.iter().map(|run| local_day(*run, zone)).collect();
                // In Nuuk a time late on Saturday, left out by the clocks, comes right after midnight; so two runs
                // fall on that Sunday.
                let moved = if zone == Tz::America__Nuuk && time.ends_with("23") { 2 } else { 0 };
                assert_eq!((runs.len(), days.len()), (730, 730 - moved), "{time} in {zone}");
            }
        }
    }

    /// A pattern with its minutes, hours and weekdays (Monday = 1).
    fn any_pattern() -> impl Strategy<Value = (String, Vec<u32>, Option<Vec<u32>>, Vec<u32>)> {
        let list = |from: u32, to: u32| prop::collection::btree_set(from..=to, 1..4).prop_map(Vec::from_iter);
        (list(0, 59), prop::option::weighted(0.7, list(0, 23)), list(1, 7)).prop_map(|(minutes, hours, days)| {
            let join = |list: &[u32]| list.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
            let hour_text = hours.as_deref().map_or("*".to_owned(), join);
            (format!("{} {hour_text} * * {}", join(&minutes), join(&days)), minutes, hours, days)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn runs_are_those_that_counting_minutes_finds(
            zone in prop::sample::select(ZONES.to_vec()),
            (pattern, minutes, hours, weekdays) in any_pattern(),
            day in 0_i64..730,
            change in prop::option::of(prop::sample::select(vec!["2026-03-29", "2026-10-25", "2026-04-05", "2026-09-06"])),
        ) {
            let day = change.map_or(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + TimeDelta::days(day), |text| text.parse().unwrap());
            let (from, to) = (day.and_time(Default::default()).and_utc(), (day + TimeDelta::days(3)).and_time(Default::default()).and_utc());
            let fits = |local: NaiveDateTime| {
                minutes.contains(&local.minute())
                    && hours.as_ref().is_none_or(|hours| hours.contains(&local.hour()))
                    && weekdays.contains(&local.weekday().number_from_monday())
            };
            let span = 3 * 24 * 60;
            let expected: BTreeSet<DateTime<Utc>> = if hours.is_some() {
                // Every time on the wall clock, a day more at both ends.
                let start = from.naive_utc() - TimeDelta::days(1);
                (0..span + 2 * 24 * 60).map(|minute| start + TimeDelta::minutes(minute)).filter(|local| fits(*local))
                    .map(|local| first_instant(local, zone)).filter(|run| *run > from && *run <= to).collect()
            } else {
                (1..=span).map(|minute| from + TimeDelta::minutes(minute))
                    .filter(|run| fits(run.with_timezone(&zone).naive_local())).collect()
            };
            let schedule = CronSchedule::parse(&pattern, zone).unwrap();
            let due = schedule.due(from, to);
            prop_assert_eq!(&due, &expected.into_iter().collect::<Vec<_>>(), "{} {}", pattern, zone);
            // Wherever the cursor stands, the runs after it are the same ones.
            for cursor in due.iter().flat_map(|run| [*run, *run - TimeDelta::seconds(1)]) {
                let later: Vec<_> = due.iter().copied().filter(|run| *run > cursor).collect();
                prop_assert_eq!(schedule.due(cursor, to), later);
            }
        }

        #[test]
        fn nothing_written_breaks_it(pattern in "[-*/0-9,LW#+?A-Zа-я ]{0,20}", fields in prop::collection::vec("[-*/0-9,LW#+?]{1,4}", 5)) {
            for pattern in [pattern, fields.join(" ")] {
                if let Ok(schedule) = CronSchedule::parse(&pattern, Tz::Europe__Berlin) {
                    let now = instant("2026-10-25T00:30:00Z");
                    prop_assert!(schedule.next_after(now).unwrap() > now);
                }
            }
        }
    }
}
