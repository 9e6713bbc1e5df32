//! Named stretches of civil time and how they are placed in a zone. Reading names and writing labels is in
//! `period_text`; instants of local midnights are in `zone`.

use std::fmt;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;

use super::period_text;
use super::{Window, local_day, local_day_start};

/// A period as users name it, before it is placed in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PeriodName {
    /// The local day that contains "now".
    Today,
    /// The local day before it.
    Yesterday,
    /// The ISO week that contains "now", up to its end.
    ThisWeek,
    /// The last ISO week that is over.
    PreviousWeek,
    /// The calendar month that contains "now".
    ThisMonth,
    /// The last calendar month that is over.
    PreviousMonth,
    /// Whole local days, the first and the last included: `2026-11-20`, `2026-W46`, `2026-11`, `2026-Q4`, `2026`,
    /// `2026-11-01..2026-11-15`.
    Days {
        /// The first day.
        first: NaiveDate,
        /// The last day, included.
        last: NaiveDate,
    },
}

/// A period placed in a zone: whole local days and their window in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The canonical name: `2026-W46`, `2026-11`, `2026-Q4`, `2026`, `2026-11-20`, or `2026-11-01..2026-11-15`.
    pub label: String,
    /// The first local day.
    pub first: NaiveDate,
    /// The last local day, included.
    pub last: NaiveDate,
    /// The zone the days are days of.
    pub zone: Tz,
    /// The instants the period covers.
    pub window: Window,
}

/// What stretch of the calendar a range of days is; decides the label, the words for it and the period before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeriodKind {
    /// One day.
    Day,
    /// An ISO week, Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A quarter of a calendar year.
    Quarter,
    /// A calendar year.
    Year,
    /// Any other range of days.
    Range,
}

impl PeriodName {
    /// Reads a period's name; the error is one line that lists what is allowed.
    pub fn parse(text: &str) -> Result<Self, String> {
        period_text::parse(text)
    }

    /// The names that are relative to "now".
    pub fn relative_names() -> impl Iterator<Item = &'static str> {
        period_text::names()
    }

    /// Places the period in time.
    pub fn at(&self, now: DateTime<Utc>, zone: Tz) -> Period {
        let today = local_day(now, zone);
        let (first, last) = match self {
            Self::Today => (today, today),
            Self::Yesterday => {
                let day = back_days(today, 1);
                (day, day)
            }
            Self::ThisWeek => week_of(today),
            Self::PreviousWeek => week_of(back_days(week_of(today).0, 1)),
            Self::ThisMonth => months_of(today, 1),
            Self::PreviousMonth => months_of(back_days(months_of(today, 1).0, 1), 1),
            Self::Days { first, last } => (*first, *last),
        };
        Period::of_days(first, last, zone)
    }
}

impl fmt::Display for PeriodName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Days { first, last } => formatter.write_str(&period_text::label(*first, *last)),
            named => formatter.write_str(period_text::name_of(named)),
        }
    }
}

impl Period {
    /// The whole local days from the first to the last, both included.
    pub fn of_days(first: NaiveDate, last: NaiveDate, zone: Tz) -> Self {
        let window = Window { from: local_day_start(first, zone), to: local_day_start(forward_days(last, 1), zone) };
        Self { label: period_text::label(first, last), first, last, zone, window }
    }

    /// The period of the same kind just before: the week before a week, the month before a month, else as many days.
    #[must_use]
    pub fn previous(&self) -> Self {
        let last = back_days(self.first, 1);
        let first = match self.kind() {
            PeriodKind::Month => months_of(last, 1).0,
            PeriodKind::Quarter => months_of(last, 3).0,
            PeriodKind::Year => months_of(last, 12).0,
            PeriodKind::Day | PeriodKind::Week | PeriodKind::Range => {
                back_days(self.first, (self.last - self.first).num_days().unsigned_abs() + 1)
            }
        };
        Self::of_days(first, last, self.zone)
    }

    /// The same days of the week before.
    #[must_use]
    pub fn week_before(&self) -> Self {
        Self::of_days(back_days(self.first, 7), back_days(self.last, 7), self.zone)
    }

    /// The same month, quarter or year of the year before; for any other range of days the same weekdays 52 weeks earlier.
    #[must_use]
    pub fn year_before(&self) -> Self {
        let length = match self.kind() {
            PeriodKind::Month => 1,
            PeriodKind::Quarter => 3,
            PeriodKind::Year => 12,
            PeriodKind::Day | PeriodKind::Week | PeriodKind::Range => {
                return Self::of_days(back_days(self.first, 364), back_days(self.last, 364), self.zone);
            }
        };
        let (first, last) = months_of(self.first.checked_sub_months(Months::new(12)).unwrap_or(self.first), length);
        Self::of_days(first, last, self.zone)
    }

    /// The last so many periods of its kind as one, itself included.
    #[must_use]
    pub fn looking_back(&self, periods: u32) -> Self {
        let earliest = (1..periods).fold(self.clone(), |period, _| period.previous());
        Self::of_days(earliest.first, self.last, self.zone)
    }

    /// What stretch of the calendar it is.
    pub fn kind(&self) -> PeriodKind {
        PeriodKind::of(self.first, self.last)
    }

    /// Its local days, in order.
    pub fn days(&self) -> Vec<NaiveDate> {
        self.first.iter_days().take_while(|day| *day <= self.last).collect()
    }
}

impl PeriodKind {
    /// The kind of the range from the first to the last day, both included.
    pub fn of(first: NaiveDate, last: NaiveDate) -> Self {
        let range = (first, last);
        if first == last {
            Self::Day
        } else if range == week_of(first) {
            Self::Week
        } else if range == months_of(first, 1) {
            Self::Month
        } else if range == months_of(first, 3) {
            Self::Quarter
        } else if range == months_of(first, 12) {
            Self::Year
        } else {
            Self::Range
        }
    }
}

/// The ISO week a day lies in.
pub(super) fn week_of(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let week = day.week(Weekday::Mon);
    // Only the first and last days of chrono's calendar have no whole week; they stand for themselves.
    (week.checked_first_day().unwrap_or(day), week.checked_last_day().unwrap_or(day))
}

/// The month (1), quarter (3) or year (12) a day lies in.
pub(super) fn months_of(day: NaiveDate, length: u32) -> (NaiveDate, NaiveDate) {
    let first = NaiveDate::from_ymd_opt(day.year(), day.month0() / length * length + 1, 1).unwrap_or(day);
    let last = first.checked_add_months(Months::new(length)).and_then(|next| next.pred_opt()).unwrap_or(day);
    (first, last)
}

/// So many days earlier; at the end of chrono's calendar the day itself.
fn back_days(day: NaiveDate, count: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(count)).unwrap_or(day)
}

/// So many days later; at the end of chrono's calendar the day itself.
fn forward_days(day: NaiveDate, count: u64) -> NaiveDate {
    day.checked_add_days(Days::new(count)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use chrono::Duration;
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn zone(name: &str) -> Tz {
        name.parse().unwrap()
    }

    /// `now` and zone, the period's name, and its label, window and the label of the period before it.
    fn check(now: &str, zone_name: &str, name: &str, label: &str, from: &str, to: &str, previous: &str) {
        let period = PeriodName::parse(name).unwrap().at(instant(now), zone(zone_name));
        assert_eq!(period.label, label, "{name} in {zone_name}");
        assert_eq!(period.window, Window { from: instant(from), to: instant(to) }, "{name} in {zone_name}");
        assert_eq!(period.previous().label, previous, "before {name}");
    }

    #[test]
    fn periods_to_compare_with() {
        let check = |name: &str, week: &str, year: &str, back: &str| {
            let period = PeriodName::parse(name).unwrap().at(DateTime::UNIX_EPOCH, zone("Europe/Berlin"));
            let found = [period.week_before(), period.year_before(), period.looking_back(3)].map(|period| period.label);
            assert_eq!(found, [week, year, back], "{name}");
        };
        check("2026-11-20", "2026-11-13", "2025-11-21", "2026-11-18..2026-11-20");
        check("2026-W01", "2025-W52", "2025-W01", "2025-12-15..2026-01-04");
        check("2024-02", "2024-01-25..2024-02-22", "2023-02", "2023-12-01..2024-02-29");
        check("2026-Q1", "2025-12-25..2026-03-24", "2025-Q1", "2025-07-01..2026-03-31");
        check("2024", "2023-12-25..2024-12-24", "2023", "2022-01-01..2024-12-31");
    }

    #[test]
    fn periods_are_placed_in_their_zone() {
        // Monday 01:30 in Moscow is still Sunday in UTC.
        let now = "2026-11-22T22:30:00Z";
        let moscow = "Europe/Moscow";
        check(now, moscow, "today", "2026-11-23", "2026-11-22T21:00:00Z", "2026-11-23T21:00:00Z", "2026-11-22");
        check(now, "UTC", "today", "2026-11-22", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-21");
        check(now, moscow, "yesterday", "2026-11-22", "2026-11-21T21:00:00Z", "2026-11-22T21:00:00Z", "2026-11-21");
        check(now, moscow, "this_week", "2026-W48", "2026-11-22T21:00:00Z", "2026-11-29T21:00:00Z", "2026-W47");
        check(now, moscow, "previous_week", "2026-W47", "2026-11-15T21:00:00Z", "2026-11-22T21:00:00Z", "2026-W46");
        check(now, "UTC", "previous_week", "2026-W46", "2026-11-09T00:00:00Z", "2026-11-16T00:00:00Z", "2026-W45");
        check(now, moscow, "this_month", "2026-11", "2026-10-31T21:00:00Z", "2026-11-30T21:00:00Z", "2026-10");
        check(now, moscow, "previous_month", "2026-10", "2026-09-30T21:00:00Z", "2026-10-31T21:00:00Z", "2026-09");
        check(now, moscow, "2026-Q1", "2026-Q1", "2025-12-31T21:00:00Z", "2026-03-31T21:00:00Z", "2025-Q4");
        check(now, moscow, "2026", "2026", "2025-12-31T21:00:00Z", "2026-12-31T21:00:00Z", "2025");
        check(
            now,
            "UTC",
            "2026-11-01..2026-11-15",
            "2026-11-01..2026-11-15",
            "2026-11-01T00:00:00Z",
            "2026-11-16T00:00:00Z",
            "2026-10-17..2026-10-31",
        );
        // A half-hour zone, and a year that begins in the middle of an ISO week.
        check(
            now,
            "Asia/Kolkata",
            "2026-11-20",
            "2026-11-20",
            "2026-11-19T18:30:00Z",
            "2026-11-20T18:30:00Z",
            "2026-11-19",
        );
        check(now, "UTC", "2027-W01", "2027-W01", "2027-01-04T00:00:00Z", "2027-01-11T00:00:00Z", "2026-W53");
    }

    #[test]
    fn days_with_clock_changes_have_their_own_length() {
        let now = "2026-01-01T00:00:00Z";
        for (zone_name, day, hours) in [
            ("Europe/Berlin", "2026-03-29", 23.0),
            ("Europe/Berlin", "2026-10-25", 25.0),
            ("America/New_York", "2026-03-08", 23.0),
            ("America/New_York", "2026-11-01", 25.0),
            ("Australia/Lord_Howe", "2026-10-04", 23.5),
            ("Australia/Lord_Howe", "2026-04-05", 24.5),
            ("America/Santiago", "2026-09-06", 23.0),
            ("America/Santiago", "2026-04-04", 25.0),
            ("Africa/Cairo", "2026-04-24", 23.0),
            ("Europe/Moscow", "2026-03-29", 24.0),
        ] {
            let period = PeriodName::parse(day).unwrap().at(instant(now), zone(zone_name));
            let length = (period.window.to - period.window.from).as_seconds_f64() / 3600.0;
            assert_eq!(length, hours, "{day} in {zone_name}");
        }
        // Midnight does not exist: the day begins at 01:00.
        check(
            now,
            "America/Santiago",
            "2026-09-06",
            "2026-09-06",
            "2026-09-06T04:00:00Z",
            "2026-09-07T03:00:00Z",
            "2026-09-05",
        );
        check(
            now,
            "Africa/Cairo",
            "2026-04-24",
            "2026-04-24",
            "2026-04-23T22:00:00Z",
            "2026-04-24T21:00:00Z",
            "2026-04-23",
        );
    }

    fn any_zone() -> impl Strategy<Value = Tz> {
        prop::sample::select(TZ_VARIANTS.to_vec())
    }

    fn any_name() -> impl Strategy<Value = PeriodName> {
        prop::sample::select(vec![
            PeriodName::Today,
            PeriodName::Yesterday,
            PeriodName::ThisWeek,
            PeriodName::PreviousWeek,
            PeriodName::ThisMonth,
            PeriodName::PreviousMonth,
        ])
    }

    proptest! {
        #[test]
        fn named_periods_lie_around_or_before_now(
            zone in any_zone(),
            name in any_name(),
            // From 1971 on: labels begin with 1970.
            at in 40_000_000_i64..4_000_000_000,
        ) {
            let now = DateTime::from_timestamp(at, 0).unwrap();
            let period = name.at(now, zone);
            let today = local_day(now, zone);
            match name {
                PeriodName::Today | PeriodName::ThisWeek | PeriodName::ThisMonth => {
                    prop_assert!(period.first <= today && today <= period.last);
                }
                _ => prop_assert!(period.last < today),
            }
            prop_assert_eq!(PeriodName::parse(&period.label).unwrap().at(now, zone), period);
        }

        #[test]
        fn periods_join_without_gap(zone in any_zone(), start in 0_i64..45_000, length in 0_i64..800) {
            let first = NaiveDate::from_epoch_days(start as i32 + 400).unwrap();
            let period = Period::of_days(first, first + Duration::days(length), zone);
            let previous = period.previous();
            prop_assert_eq!(previous.window.to, period.window.from);
            // The 31 days before 1 September to 1 October happen to be August; they are still as many days.
            match period.kind() {
                PeriodKind::Range => prop_assert_eq!(previous.days().len(), period.days().len()),
                kind => prop_assert_eq!(previous.kind(), kind),
            }
            prop_assert_eq!(period.days().len() as i64, length + 1);
        }
    }
}
