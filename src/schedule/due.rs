//! Cron patterns in a time zone: which instants are due. Pure functions of pattern, zone, cursor and now.
//!
//! A pattern that names hours (`30 2 * * *`, `0 8-18 * * MON`) names times on the wall clock, and each runs once on each
//! of its days: one that the clocks leave out runs right after the change, one they show twice runs at the first. A
//! pattern with `*` for the hour names no times but follows the clock as it goes: it runs whenever the clock shows a
//! minute that fits, so every hour of a 25-hour day has its run.

use std::collections::VecDeque;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

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

/// Why a cron pattern cannot be used; always the user's mistake, so a retry never helps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// Not five fields.
    #[error("the cron pattern `{pattern}` has {found} fields, not five")]
    FieldCount {
        /// The pattern as written.
        pattern: String,
        /// How many fields it has.
        found: usize,
    },
    /// A field that cannot be read.
    #[error("`{text}` is no {field} for a cron pattern")]
    Field {
        /// Which field.
        field: &'static str,
        /// What the user wrote there.
        text: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// A date that is in no calendar, such as 31 February.
    #[error("the cron pattern `{pattern}` never comes")]
    NeverComes {
        /// The pattern as written.
        pattern: String,
    },
}

/// The fields in their order, and what may stand in each.
const FIELDS: [(&str, &str); 5] = [
    ("minute", "a minute is 0 to 59, as in `0`, `0,30`, `*/15` or `*`"),
    ("hour", "an hour is 0 to 23, as in `8`, `8,20`, `8-18` or `*`"),
    (
        "day of the month",
        "a day of the month is 1 to 31, as in `1`, `1,15`, `15W` (nearest working day), `L` (last) or `*`",
    ),
    ("month", "a month is 1 to 12 or JAN to DEC, as in `1`, `JAN,JUL` or `*`"),
    (
        "day of the week",
        "a day of the week is 0 to 7 or SUN to SAT, as in `MON`, `MON-FRI`, `MON#1` (first), `FRI#L` or `*`",
    ),
];

impl CronSchedule {
    /// Reads a pattern of five fields: minute, hour, day of the month, month, day of the week. As in cron, a pattern
    /// that names both kinds of days runs on either.
    pub fn parse(pattern: &str, zone: Tz) -> Result<Self, CronError> {
        let fields: Vec<&str> = pattern.split_whitespace().collect();
        let &[_, hour, ..] = fields.as_slice() else { return Err(field_count(pattern, fields.len())) };
        if fields.len() != FIELDS.len() {
            return Err(field_count(pattern, fields.len()));
        }
        if let Some(index) = (0..FIELDS.len()).find(|index| has_foreign_name(*index, fields[*index])) {
            return Err(unreadable(index, fields[index]));
        }
        let cron = parser().parse(pattern).map_err(|_| first_unreadable(pattern, &fields))?;
        let schedule = Self { cron, zone, names_times: hour != "*" };
        // No field names a year, so a pattern that does not come from here on does not come at all.
        let start = DateTime::UNIX_EPOCH.naive_utc();
        schedule.next_on_calendar(start).ok_or_else(|| CronError::NeverComes { pattern: shown(pattern) })?;
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

impl CronError {
    /// What to do about it, for people.
    pub fn hint(&self) -> String {
        match self {
            Self::FieldCount { .. } => {
                "write minute, hour, day of the month, month, day of the week: `0 8 * * MON` is Monday at 08:00"
                    .to_owned()
            }
            Self::Field { allowed, .. } => (*allowed).to_owned(),
            Self::NeverComes { .. } => {
                "no month it names has the day it names; `L` is the last day of a month".to_owned()
            }
        }
    }
}

fn parser() -> CronParser {
    CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build()
}

fn field_count(pattern: &str, found: usize) -> CronError {
    CronError::FieldCount { pattern: shown(pattern), found }
}

/// Whether a field holds letters that belong to another one. The parser takes `MON` for 1 wherever it stands.
fn has_foreign_name(index: usize, field: &str) -> bool {
    const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    const WEEKDAYS: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "L"];
    let known: &[&str] = match index {
        2 => &["L", "W"],
        3 => &MONTHS,
        4 => &WEEKDAYS,
        _ => &[],
    };
    let upper = field.to_uppercase();
    let mut words = upper.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    // A last Friday may be written `FRIL` as well as `FRI#L`.
    words.any(|word| !known.contains(&word) && !known.contains(&word.trim_end_matches('L')))
}

/// The first field that cannot be read when all others are `*`.
fn first_unreadable(pattern: &str, fields: &[&str]) -> CronError {
    let alone = |index: usize| {
        let mut pattern = ["*"; FIELDS.len()];
        pattern[index] = fields[index];
        pattern.join(" ")
    };
    (0..FIELDS.len())
        .find(|index| parser().parse(&alone(*index)).is_err())
        .map_or_else(|| field_count(pattern, fields.len()), |index| unreadable(index, fields[index]))
}

fn unreadable(index: usize, text: &str) -> CronError {
    let (field, allowed) = FIELDS[index];
    CronError::Field { field, text: shown(text), allowed }
}

/// What the user wrote, fit for one line.
fn shown(text: &str) -> String {
    text.trim().chars().take(40).flat_map(char::escape_debug).collect()
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
    fn patterns_that_cannot_be_used() {
        for (pattern, message) in [
            ("", "the cron pattern `` has 0 fields, not five"),
            ("@daily", "the cron pattern `@daily` has 1 fields, not five"),
            ("0 0 8 * * MON", "the cron pattern `0 0 8 * * MON` has 6 fields, not five"),
            ("61 8 * * *", "`61` is no minute for a cron pattern"),
            ("0 25 * * *", "`25` is no hour for a cron pattern"),
            ("0 8 0 * *", "`0` is no day of the month for a cron pattern"),
            ("0 8 * 13 *", "`13` is no month for a cron pattern"),
            ("0 8 * * MONDAY", "`MONDAY` is no day of the week for a cron pattern"),
            ("0 8 * * пн", "`пн` is no day of the week for a cron pattern"),
            ("MON 8 * * *", "`MON` is no minute for a cron pattern"),
            ("0 8 * MON *", "`MON` is no month for a cron pattern"),
            ("0 8 * * JAN", "`JAN` is no day of the week for a cron pattern"),
            ("0 8 * * FRI-MON", "`FRI-MON` is no day of the week for a cron pattern"),
            ("0 18-8 * * *", "`18-8` is no hour for a cron pattern"),
            ("0 8 31 2 *", "the cron pattern `0 8 31 2 *` never comes"),
            ("* * 31 4,6,9,11 *", "the cron pattern `* * 31 4,6,9,11 *` never comes"),
        ] {
            let error = CronSchedule::parse(pattern, Tz::UTC).unwrap_err();
            assert_eq!(error.to_string(), message);
            assert!(!error.hint().is_empty());
        }
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
