//! Days on which nobody works: dates, and days that come every year. Pure.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};

use super::parse_days;

/// A leap year, so that 29 February is a day of it.
const LEAP_YEAR: i32 = 2024;

/// Holidays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DaysOff {
    dates: BTreeSet<NaiveDate>,
    /// Month and day of those that come every year.
    yearly: BTreeSet<(u32, u32)>,
}

impl DaysOff {
    /// Reads a day or a stretch of days: `2026-12-25`, `2026-12-30..2027-01-08`, or of every year `12-25`,
    /// `12-30..01-08`.
    ///
    /// # Errors
    /// What is wrong with the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let Some((first, last)) = of_a_year(first).zip(of_a_year(last)) else {
            return Ok(Self { dates: parse_days(text)?.into_iter().collect(), yearly: BTreeSet::new() });
        };
        let mut yearly = BTreeSet::from([(first.month(), first.day())]);
        let mut day = first;
        while day != last {
            // Behind the last of December comes the first of January.
            day = day.succ_opt().and_then(|day| day.with_year(LEAP_YEAR)).unwrap_or(last);
            yearly.insert((day.month(), day.day()));
        }
        Ok(Self { dates: BTreeSet::new(), yearly })
    }

    /// Adds the days of another list.
    pub fn extend(&mut self, others: &Self) {
        self.dates.extend(&others.dates);
        self.yearly.extend(&others.yearly);
    }

    /// Whether a day is one of them.
    pub fn contains(&self, day: NaiveDate) -> bool {
        self.dates.contains(&day) || self.yearly.contains(&(day.month(), day.day()))
    }
}

/// `12-25` as a day of the leap year.
fn of_a_year(text: &str) -> Option<NaiveDate> {
    let (month, day) = text.trim().split_once('-')?;
    let number = |text: &str| text.parse().ok().filter(|_| text.len() == 2);
    NaiveDate::from_ymd_opt(LEAP_YEAR, number(month)?, number(day)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, inside: &[&str], outside: &[&str]) {
        let days = DaysOff::parse(written).unwrap();
        for (days_of, expected) in [(inside, true), (outside, false)] {
            for day in days_of {
                assert_eq!(days.contains(day.parse().unwrap()), expected, "{written}: {day}");
            }
        }
    }

    #[test]
    fn dates_and_days_of_every_year() {
        check("2026-12-25", &["2026-12-25"], &["2027-12-25", "2026-12-24"]);
        check("2026-12-31..2027-01-02", &["2026-12-31", "2027-01-02"], &["2027-01-03", "2027-12-31"]);
        check("02-23", &["2026-02-23", "2031-02-23"], &["2026-02-24"]);
        check("12-30..01-08", &["2026-12-30", "2027-01-01", "2028-01-08"], &["2026-12-29", "2027-01-09"]);
        check("02-28..03-01", &["2028-02-29", "2027-03-01"], &["2027-03-02"]);
        for wrong in ["25.12.", "13-01", "02-30", "1-1", "today", "12-25..", ""] {
            assert!(DaysOff::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn lists_add_up() {
        let mut days = DaysOff::parse("01-01").unwrap();
        days.extend(&DaysOff::parse("2026-11-23").unwrap());
        assert!(days.contains("2030-01-01".parse().unwrap()) && days.contains("2026-11-23".parse().unwrap()));
    }
}
