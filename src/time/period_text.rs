//! Periods as text: the names users write and the canonical labels. Nothing here knows a zone or "now".

use chrono::{Datelike, NaiveDate, Weekday};

use super::period::{PeriodKind, PeriodName, months_of, week_of};

/// Years outside are taken for typing errors; they also keep every date far from the ends of the calendar.
const YEARS: std::ops::RangeInclusive<i32> = 1970..=2200;

/// The names that are relative to "now".
const NAMES: [(&str, PeriodName); 6] = [
    ("today", PeriodName::Today),
    ("yesterday", PeriodName::Yesterday),
    ("this_week", PeriodName::ThisWeek),
    ("previous_week", PeriodName::PreviousWeek),
    ("this_month", PeriodName::ThisMonth),
    ("previous_month", PeriodName::PreviousMonth),
];

/// Reads a period's name; capitals, and hyphens in place of underscores, make no difference.
pub(super) fn parse(text: &str) -> Result<PeriodName, String> {
    let lower = text.trim().to_ascii_lowercase();
    let underscored = lower.replace('-', "_");
    if let Some((_, name)) = NAMES.iter().find(|(name, _)| *name == underscored) {
        return Ok(name.clone());
    }
    let range = match lower.split_once("..") {
        Some((from, to)) => {
            let (first, last) = (day(from.trim()), day(to.trim()));
            match (first, last) {
                (Ok(first), Ok(last)) if first > last => Err(format!("it ends on {last}, before it begins")),
                (Ok(first), Ok(last)) => Ok((first, last)),
                (Err(reason), _) | (_, Err(reason)) => Err(reason),
            }
        }
        None => stretch(&lower.replace('_', "-")),
    };
    range.map(|(first, last)| PeriodName::Days { first, last }).map_err(|reason| {
        // One line whatever was written: line breaks and other control characters are shown escaped.
        let shown: String = text.trim().chars().take(40).flat_map(char::escape_debug).collect();
        format!(
            "`{shown}` is not a period: {reason}; allowed are {}, 2026-11-20 (day), 2026-W46 (ISO week), 2026-11 \
             (month), 2026-Q4, 2026, 2026-11-01..2026-11-15",
            NAMES.map(|(name, _)| name).join(", ")
        )
    })
}

/// The canonical name of a range of days.
pub(super) fn label(first: NaiveDate, last: NaiveDate) -> String {
    match PeriodKind::of(first, last) {
        PeriodKind::Day => first.to_string(),
        PeriodKind::Week => format!("{:04}-W{:02}", first.iso_week().year(), first.iso_week().week()),
        PeriodKind::Month => format!("{:04}-{:02}", first.year(), first.month()),
        PeriodKind::Quarter => format!("{:04}-Q{}", first.year(), first.quarter()),
        PeriodKind::Year => format!("{:04}", first.year()),
        PeriodKind::Range => format!("{first}..{last}"),
    }
}

/// The names that are relative to "now".
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

/// The name of a period that is relative to "now"; empty for days.
pub(super) fn name_of(name: &PeriodName) -> &'static str {
    NAMES.iter().find(|(_, known)| known == name).map_or("", |(text, _)| text)
}

/// A day, week, month, quarter or year, in lower case.
fn stretch(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        [year_text] => {
            let first = date(year(year_text)?, 1, 1)?;
            Ok(months_of(first, 12))
        }
        [year_text, part] => {
            let year = year(year_text)?;
            if let Some(week) = part.strip_prefix('w') {
                let number = digits(week, 2).ok_or_else(unreadable)?;
                NaiveDate::from_isoywd_opt(year, number, Weekday::Mon)
                    .map(week_of)
                    .ok_or_else(|| format!("{year} has no ISO week {number}"))
            } else if let Some(quarter) = part.strip_prefix('q') {
                let number = digits(quarter, 1).ok_or_else(unreadable)?;
                if !(1..=4).contains(&number) {
                    return Err(format!("there is no quarter {number}"));
                }
                Ok(months_of(date(year, number * 3, 1)?, 3))
            } else {
                let month = digits(part, 2).ok_or_else(unreadable)?;
                Ok(months_of(date(year, month, 1)?, 1))
            }
        }
        _ => day(text).map(|day| (day, day)),
    }
}

/// A day `2026-11-20`.
fn day(text: &str) -> Result<NaiveDate, String> {
    let normal = text.replace('_', "-");
    let parts: Vec<&str> = normal.split('-').collect();
    let [year_text, month, day] = parts.as_slice() else { return Err(unreadable()) };
    let (month, day) = digits(month, 2).zip(digits(day, 2)).ok_or_else(unreadable)?;
    date(year(year_text)?, month, day)
}

fn date(year: i32, month: u32, day: u32) -> Result<NaiveDate, String> {
    if !(1..=12).contains(&month) {
        return Err(format!("there is no month {month}"));
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or_else(|| format!("{year:04}-{month:02} has no day {day}"))
}

fn year(text: &str) -> Result<i32, String> {
    let year = digits(text, 4).and_then(|year| i32::try_from(year).ok()).ok_or_else(unreadable)?;
    if YEARS.contains(&year) {
        Ok(year)
    } else {
        Err(format!("the year {year} is outside {}–{}", YEARS.start(), YEARS.end()))
    }
}

/// A number of exactly so many digits, so that 2026-1 cannot be mistaken for a month, a quarter or a week.
fn digits(text: &str, count: usize) -> Option<u32> {
    let readable = text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    readable.then(|| text.parse().ok()).flatten()
}

fn unreadable() -> String {
    "it cannot be read".to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_in_all_their_spellings() {
        for (written, canonical) in [
            ("today", "today"),
            ("  Previous-Week ", "previous_week"),
            ("THIS_MONTH", "this_month"),
            ("2026-w46", "2026-W46"),
            ("2026_W46", "2026-W46"),
            ("2026-11-09..2026-11-15", "2026-W46"),
            ("2026-11-01 .. 2026-11-15", "2026-11-01..2026-11-15"),
            ("2026-11-01..2026-11-30", "2026-11"),
            ("2024-02-29", "2024-02-29"),
            ("2026-W53", "2026-W53"),
            ("2026-q4", "2026-Q4"),
            ("2200", "2200"),
            ("1970-01-01", "1970-01-01"),
        ] {
            let name = parse(written).unwrap();
            assert_eq!(name.to_string(), canonical, "{written}");
            assert_eq!(parse(canonical).unwrap(), name, "{canonical}");
        }
    }

    #[test]
    fn impossible_periods_say_why_and_what_is_allowed() {
        for (written, reason) in [
            ("2026-W54", "2026 has no ISO week 54"),
            ("2025-W53", "2025 has no ISO week 53"),
            ("2026-W00", "2026 has no ISO week 0"),
            ("2026-13", "there is no month 13"),
            ("2026-00", "there is no month 0"),
            ("2026-02-30", "2026-02 has no day 30"),
            ("2026-Q5", "there is no quarter 5"),
            ("2026-11-15..2026-11-01", "it ends on 2026-11-01, before it begins"),
            ("2026-11-15..", "it cannot be read"),
            ("2026-11..2026-12", "it cannot be read"),
            ("1969-12-31", "the year 1969 is outside 1970–2200"),
            ("9999", "the year 9999 is outside 1970–2200"),
            ("last_week", "it cannot be read"),
            ("", "it cannot be read"),
            ("20\n26", "it cannot be read"),
            ("2026-+1-01", "it cannot be read"),
        ] {
            let error = parse(written).unwrap_err();
            assert!(error.contains(reason), "{written}: {error}");
            assert!(error.contains("previous_week") && error.contains("2026-W46 (ISO week)"), "{error}");
            assert!(!error.contains('\n'), "{error}");
        }
    }

    proptest! {
        #[test]
        fn nothing_written_breaks_it(text in ".{0,30}") {
            if let Err(error) = parse(&text) {
                prop_assert!(!error.contains('\n'));
            }
        }

        #[test]
        fn labels_are_read_back(first in 0_i64..80_000, length in 0_i64..500) {
            let first = NaiveDate::from_epoch_days(first as i32).unwrap();
            let last = first + chrono::Duration::days(length);
            prop_assert_eq!(parse(&label(first, last)), Ok(PeriodName::Days { first, last }));
        }
    }
}
