//! Periods in words, and time buckets as the labels of table rows and chart axes.

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use super::date::{date_with_weekday, day_and_month, month, month_short};
use super::{Language, format_date, format_day_short, format_hour, format_weekday, text};
use crate::time::{Bucket, BucketStart, Period, PeriodKind, local_time};

/// A period in words: "week 47, 16–22 November 2026", "ноябрь 2026 г.", "28 September – 4 October 2026".
pub fn format_period(period: &Period, language: Language) -> String {
    let year = || period.first.year().to_string();
    match period.kind() {
        PeriodKind::Day => date_with_weekday(period.first, language),
        PeriodKind::Week => {
            format!("{}, {}", week(period.first, language), range(period.first, period.last, language))
        }
        PeriodKind::Month => month(period.first, language),
        PeriodKind::Quarter => {
            let number = period.first.quarter().to_string();
            text(language, "quarter", &[("number", number.into()), ("year", year().into())])
        }
        PeriodKind::Year => text(language, "year", &[("year", year().into())]),
        PeriodKind::Range => range(period.first, period.last, language),
    }
}

/// A bucket's label, short enough for the axis of a chart: "Mon 16, 09:00", "Mon 16", "week 47", "Nov 2026", "09:00",
/// "Monday". The zone is the one the bucket was made in.
pub fn format_bucket(bucket: Bucket, start: BucketStart, zone: Tz, language: Language) -> String {
    match (bucket, start) {
        (_, BucketStart::Hour(instant)) => {
            let local = local_time(instant, zone);
            format!("{}, {}", format_day_short(local.date(), language), local.format("%H:%M"))
        }
        (Bucket::Week, BucketStart::Date(day)) => week(day, language),
        (Bucket::Month, BucketStart::Date(day)) => month_short(day, language),
        (_, BucketStart::Date(day)) => format_day_short(day, language),
        (Bucket::Weekday, BucketStart::Number(number)) => format_weekday(number, language),
        (_, BucketStart::Number(number)) => format_hour(number),
    }
}

fn week(day: NaiveDate, language: Language) -> String {
    text(language, "week", &[("number", day.iso_week().week().into())])
}

/// A range of days; what the two ends share is said once. Both languages put the day first.
fn range(first: NaiveDate, last: NaiveDate, language: Language) -> String {
    let end = format_date(last, language);
    if first.year() != last.year() {
        format!("{} – {end}", format_date(first, language))
    } else if first.month() != last.month() {
        format!("{} – {end}", day_and_month(first, language))
    } else {
        format!("{}–{end}", first.day())
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::time::PeriodName;

    fn check(name: &str, english: &str, russian: &str) {
        let period = PeriodName::parse(name).unwrap().at(DateTime::UNIX_EPOCH, Tz::Europe__Moscow);
        assert_eq!(format_period(&period, Language::English), english);
        assert_eq!(format_period(&period, Language::Russian), russian);
    }

    #[test]
    fn periods_in_words() {
        check("2026-W47", "week 47, 16–22 November 2026", "неделя 47, 16–22 ноября 2026\u{a0}г.");
        check("2026-W40", "week 40, 28 September – 4 October 2026", "неделя 40, 28 сентября – 4 октября 2026\u{a0}г.");
        check(
            "2026-W53",
            "week 53, 28 December 2026 – 3 January 2027",
            "неделя 53, 28 декабря 2026\u{a0}г. – 3 января 2027\u{a0}г.",
        );
        check("2026-11", "November 2026", "ноябрь 2026\u{a0}г.");
        check("2026-Q4", "Q4 2026", "4-й квартал 2026\u{a0}г.");
        check("2026", "2026", "2026\u{a0}г.");
        check("2026-11-20", "Friday, 20 November 2026", "пятница, 20 ноября 2026\u{a0}г.");
        check("2026-11-01..2026-11-15", "1–15 November 2026", "1–15 ноября 2026\u{a0}г.");
    }

    #[test]
    fn buckets_as_labels() {
        let period = PeriodName::parse("2026-W47").unwrap().at(DateTime::UNIX_EPOCH, Tz::Asia__Kolkata);
        for (bucket, english, russian) in [
            (Bucket::QuarterHour, "Mon 16, 00:15", "пн 16, 00:15"),
            (Bucket::HalfHour, "Mon 16, 00:30", "пн 16, 00:30"),
            (Bucket::Hour, "Mon 16, 01:00", "пн 16, 01:00"),
            (Bucket::Day, "Tue 17", "вт 17"),
            (Bucket::HourOfDay, "01:00", "01:00"),
            (Bucket::Weekday, "Tuesday", "вторник"),
        ] {
            let start = bucket.starts(period.window, period.zone)[1];
            assert_eq!(format_bucket(bucket, start, period.zone, Language::English), english);
            assert_eq!(format_bucket(bucket, start, period.zone, Language::Russian), russian);
        }
        let first = BucketStart::Date(period.first);
        for (bucket, english, russian) in
            [(Bucket::Week, "week 47", "неделя 47"), (Bucket::Month, "Nov 2026", "нояб. 2026")]
        {
            assert_eq!(format_bucket(bucket, first, period.zone, Language::English), english);
            assert_eq!(format_bucket(bucket, first, period.zone, Language::Russian), russian);
        }
    }
}
