//! Days, hours and instants as people of a language write them. Periods and buckets, made from these, are in `period`.
//!
//! English dates are British, 16 November 2026: the day stands first in both languages, and 06/09 never means two days.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::{OffsetName, Tz};
use icu_datetime::fieldsets::enums::{
    CalendarPeriodFieldSet, CompositeDateTimeFieldSet, DateAndTimeFieldSet, DateFieldSet,
};
use icu_datetime::fieldsets::{E, MD, YM, YMD, YMDE, YMDT};
use icu_datetime::input::{Date, DateTime as IcuDateTime, Time};
use icu_datetime::options::TimePrecision;
use icu_datetime::{DateTimeFormatter, DateTimeFormatterPreferences};
use icu_locale_core::locale;

use super::Language;
use super::number::{MINUS, NO_BREAK_SPACE};
use crate::time::local_time;

/// A date in full: "16 November 2026", "16 ноября 2026 г.".
pub fn format_date(day: NaiveDate, language: Language) -> String {
    write(CompositeDateTimeFieldSet::Date(DateFieldSet::YMD(YMD::long())), day, Time::start_of_day(), language)
}

/// A day on the axis of a chart: "Mon 16", "пн 16".
pub fn format_day_short(day: NaiveDate, language: Language) -> String {
    format!("{} {}", weekday(day.weekday(), E::short(), language), day.day())
}

/// An hour of the day, 0 to 23: "09:00" in every language.
pub fn format_hour(hour: u32) -> String {
    format!("{hour:02}:00")
}

/// A weekday's name, Monday = 1 to Sunday = 7: "Monday", "понедельник"; any other number is written as it is.
pub fn format_weekday(number: u32, language: Language) -> String {
    match number.checked_sub(1).and_then(|index| u8::try_from(index).ok()).map(Weekday::try_from) {
        Some(Ok(name)) => weekday(name, E::long(), language),
        _ => number.to_string(),
    }
}

/// An instant on the clocks of a zone: "23 Nov 2026, 08:00 MSK", "23 нояб. 2026 г., 08:00 MSK".
pub fn format_instant(instant: DateTime<Utc>, zone: Tz, language: Language) -> String {
    let local = local_time(instant, zone);
    let offset = zone.offset_from_utc_datetime(&instant.naive_utc());
    let name = match offset.abbreviation() {
        Some(letters) if letters.starts_with(|first: char| first.is_ascii_alphabetic()) => letters.to_owned(),
        // The database has no letters for this zone, only digits.
        _ => utc_offset(offset.fix().local_minus_utc()),
    };
    let fields = DateAndTimeFieldSet::YMDT(YMDT::medium().with_time_precision(TimePrecision::Minute));
    let time = Time::try_new(local.hour() as u8, local.minute() as u8, 0, 0).unwrap_or(Time::start_of_day());
    let written = write(CompositeDateTimeFieldSet::DateTime(fields), local.date(), time, language);
    format!("{written}{NO_BREAK_SPACE}{name}")
}

/// A date in full with its weekday: "Friday, 20 November 2026".
pub(super) fn date_with_weekday(day: NaiveDate, language: Language) -> String {
    write(CompositeDateTimeFieldSet::Date(DateFieldSet::YMDE(YMDE::long())), day, Time::start_of_day(), language)
}

/// A day and its month: "16 November".
pub(super) fn day_and_month(day: NaiveDate, language: Language) -> String {
    write(CompositeDateTimeFieldSet::Date(DateFieldSet::MD(MD::long())), day, Time::start_of_day(), language)
}

/// A month in full: "November 2026", "ноябрь 2026 г.".
pub(super) fn month(day: NaiveDate, language: Language) -> String {
    let fields = CalendarPeriodFieldSet::YM(YM::long());
    write(CompositeDateTimeFieldSet::CalendarPeriod(fields), day, Time::start_of_day(), language)
}

/// A month on the axis of a chart: "Nov 2026", "нояб. 2026", without the "г." there is no room for.
pub(super) fn month_short(day: NaiveDate, language: Language) -> String {
    let fields = CalendarPeriodFieldSet::YM(YM::medium());
    let written = write(CompositeDateTimeFieldSet::CalendarPeriod(fields), day, Time::start_of_day(), language);
    written.trim_end_matches("г.").trim_end().to_owned()
}

fn weekday(weekday: Weekday, fields: E, language: Language) -> String {
    // Any day of that name will do; 2026-11-16 is a Monday.
    let day = NaiveDate::from_isoywd_opt(2026, 47, weekday).expect("every ISO week has seven days");
    write(CompositeDateTimeFieldSet::Date(DateFieldSet::E(fields)), day, Time::start_of_day(), language)
}

fn write(fields: CompositeDateTimeFieldSet, day: NaiveDate, time: Time, language: Language) -> String {
    let preferences: DateTimeFormatterPreferences = match language {
        Language::English => (&locale!("en-GB")).into(),
        Language::Russian => (&locale!("ru")).into(),
    };
    let formatter =
        DateTimeFormatter::try_new(preferences, fields).expect("the compiled data holds every language of `Language`");
    // The formatter ends thousands of years before chrono's calendar does.
    let (month, day_of_month) = (day.month() as u8, day.day() as u8);
    let Ok(date) = Date::try_new_gregorian(day.year(), month, day_of_month) else { return day.to_string() };
    // Fonts often lack the narrow form of the space that does not break.
    formatter.format(&IcuDateTime { date, time }).to_string().replace('\u{202f}', NO_BREAK_SPACE)
}

fn utc_offset(seconds: i32) -> String {
    let sign = if seconds < 0 { MINUS } else { "+" };
    let minutes = seconds.unsigned_abs() / 60;
    match (minutes / 60, minutes % 60) {
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(write: impl Fn(Language) -> String, english: &str, russian: &str) {
        assert_eq!(write(Language::English), english);
        assert_eq!(write(Language::Russian), russian);
    }

    #[test]
    fn days_and_hours() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 16).unwrap();
        check(|language| format_date(day, language), "16 November 2026", "16 ноября 2026\u{a0}г.");
        check(|language| format_day_short(day, language), "Mon 16", "пн 16");
        check(|language| format_weekday(7, language), "Sunday", "воскресенье");
        check(|language| format_weekday(0, language), "0", "0");
        check(|_| format_hour(9), "09:00", "09:00");
    }

    #[test]
    fn instants_show_their_zone() {
        let instant: DateTime<Utc> = "2026-11-23T05:00:59Z".parse().unwrap();
        let check = |zone: Tz, english: &str, russian: &str| {
            check(|language| format_instant(instant, zone, language), english, russian);
        };
        check(Tz::Europe__Moscow, "23 Nov 2026, 08:00\u{a0}MSK", "23 нояб. 2026\u{a0}г., 08:00\u{a0}MSK");
        check(Tz::UTC, "23 Nov 2026, 05:00\u{a0}UTC", "23 нояб. 2026\u{a0}г., 05:00\u{a0}UTC");
        check(Tz::America__Santiago, "23 Nov 2026, 02:00\u{a0}UTC−3", "23 нояб. 2026\u{a0}г., 02:00\u{a0}UTC−3");
        check(Tz::Asia__Kathmandu, "23 Nov 2026, 10:45\u{a0}UTC+5:45", "23 нояб. 2026\u{a0}г., 10:45\u{a0}UTC+5:45");
        check(Tz::America__Los_Angeles, "22 Nov 2026, 21:00\u{a0}PST", "22 нояб. 2026\u{a0}г., 21:00\u{a0}PST");
    }

    proptest! {
        #[test]
        fn every_date_and_instant_can_be_written(second in any::<i64>(), near in 0_i64..7_000_000_000) {
            for second in [second % 8_000_000_000_000, near] {
                let instant = DateTime::from_timestamp(second, 0).unwrap();
                for language in Language::ALL {
                    let date = format_date(instant.date_naive(), language);
                    // Before our era the years are counted backwards.
                    prop_assert!(second < 0 || date.contains(&instant.year().to_string()), "{}", date);
                    prop_assert!(format_instant(instant, Tz::UTC, language).ends_with("UTC"));
                }
            }
        }
    }
}
