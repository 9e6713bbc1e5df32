//! The SQL that puts a row into its time bucket: integer arithmetic on seconds and the zone's offsets in the window.
//! The database's own time zones are never asked: they differ, and MySQL often has none.

use std::fmt::Write;

use chrono::{DateTime, Datelike, NaiveDate};
use chrono_tz::Tz;

use crate::source::Dialect;
use crate::time::{Bucket, OffsetPiece, Window, offset_pieces};
use crate::workspace::TimeStorage;

/// The key of a row's bucket as a whole-number SQL expression; [`Bucket::start`] reads it back.
///
/// `epoch_sql` is the time column as [`Dialect::epoch_seconds`] gives it for this storage. The key is the UTC second in
/// which the local hour (its half, its quarter) begins, the day since 1970 of the local day, Monday or month's first
/// day, the hour of the day or the weekday. It is exact on the days the clock changes, for rows inside the window.
pub fn bucket_key(
    bucket: Bucket,
    epoch_sql: &str,
    dialect: Dialect,
    storage: TimeStorage,
    zone: Tz,
    window: Window,
) -> String {
    let divided = |dividend: &str, divisor: i64| dialect.integer_division(dividend, &divisor.to_string());
    let instant = match storage {
        TimeStorage::Local(stored_in) => utc_from_civil(epoch_sql, &offset_pieces(stored_in, window)),
        _ => epoch_sql.to_owned(),
    };
    let pieces = offset_pieces(zone, window);
    let offset = offset_at(&instant, &pieces);
    let local = match storage {
        TimeStorage::Local(stored_in) if stored_in == zone => epoch_sql.to_owned(),
        _ => format!("({instant} + {offset})"),
    };
    let part_of_day = |seconds: i64| match pieces.as_slice() {
        [only] => {
            let local = format!("({instant} + {})", only.offset);
            format!("({} * {seconds} - {})", divided(&local, seconds), only.offset)
        }
        _ => format!("({instant} - ({instant} + {offset}) % {seconds})"),
    };
    match bucket {
        Bucket::QuarterHour => part_of_day(900),
        Bucket::HalfHour => part_of_day(1_800),
        Bucket::Hour => part_of_day(3_600),
        Bucket::Day => divided(&local, 86_400),
        // 1970 began on a Thursday, three days after a Monday.
        Bucket::Week => {
            let since_monday = format!("({} + 3)", divided(&local, 86_400));
            format!("({} * 7 - 3)", divided(&since_monday, 7))
        }
        Bucket::Month => month(&local, zone, window),
        Bucket::HourOfDay => divided(&format!("({local} % 86400)"), 3_600),
        Bucket::Weekday => format!("(({} + 3) % 7 + 1)", divided(&local, 86_400)),
    }
}

/// The offset that holds at an instant.
fn offset_at(instant: &str, pieces: &[OffsetPiece]) -> String {
    let borders = pieces.iter().skip(1).map(|piece| piece.from);
    cases(instant, pieces.iter().map(|piece| i64::from(piece.offset)), borders)
}

/// The instant of a civil time: a time that comes twice is its first pass, one that does not exist is as much later.
fn utc_from_civil(civil: &str, pieces: &[OffsetPiece]) -> String {
    let borders = pieces.windows(2).map(|pair| pair[1].from + i64::from(pair[0].offset.max(pair[1].offset)));
    let offset = cases(civil, pieces.iter().map(|piece| i64::from(piece.offset)), borders);
    format!("({civil} - {offset})")
}

/// The day since 1970 on which the local month begins, by the months of the window.
fn month(local: &str, zone: Tz, window: Window) -> String {
    let first_of_month = |instant: DateTime<chrono::Utc>| {
        let day = instant.with_timezone(&zone).date_naive();
        day.with_day(1).unwrap_or(day)
    };
    // A day on each side: a clock that goes back at midnight shows the old month once more.
    let day = chrono::TimeDelta::days(1);
    let last = first_of_month(window.to + day);
    let mut starts = vec![first_of_month(window.from - day)];
    while let Some(next) = starts.last().copied().filter(|month| *month < last).and_then(next_month) {
        starts.push(next);
    }
    let days = |date: &NaiveDate| date.signed_duration_since(NaiveDate::default()).num_days();
    if let [only] = starts.as_slice() {
        // Not the bare number, which GROUP BY takes for the place of a column.
        return format!("({local} * 0 + {})", days(only));
    }
    cases(local, starts.iter().map(days), starts.iter().skip(1).map(|start| days(start) * 86_400))
}

fn next_month(first: NaiveDate) -> Option<NaiveDate> {
    first.checked_add_months(chrono::Months::new(1))
}

/// A step function: the first value before the first border, the next one from there on.
fn cases(of: &str, values: impl Iterator<Item = i64>, borders: impl Iterator<Item = i64>) -> String {
    let values: Vec<i64> = values.collect();
    let Some((last, earlier)) = values.split_last() else { return "0".to_owned() };
    if earlier.is_empty() {
        return last.to_string();
    }
    let mut sql = "CASE".to_owned();
    for (value, border) in earlier.iter().zip(borders) {
        // Writing into a String cannot fail.
        let _ = write!(sql, " WHEN {of} < {border} THEN {value}");
    }
    format!("({sql} ELSE {last} END)")
}

#[cfg(test)]
mod tests {
    use super::*;

    // That the keys are right is shown on real databases in `tests/it`; this shows what is sent to them.
    fn check(bucket: Bucket, storage: TimeStorage, zone: Tz, expected: &str) {
        let window =
            Window { from: "2026-10-19T00:00:00Z".parse().unwrap(), to: "2026-10-26T00:00:00Z".parse().unwrap() };
        assert_eq!(bucket_key(bucket, "t", Dialect::MySql, storage, zone, window), expected);
    }

    #[test]
    fn a_window_without_a_change_costs_no_case() {
        let (utc, moscow) = (TimeStorage::UnixSeconds, chrono_tz::Europe::Moscow);
        check(Bucket::Hour, utc, moscow, "(((t + 10800) DIV 3600) * 3600 - 10800)");
        check(Bucket::QuarterHour, utc, moscow, "(((t + 10800) DIV 900) * 900 - 10800)");
        check(Bucket::Day, utc, moscow, "((t + 10800) DIV 86400)");
        check(Bucket::Week, utc, moscow, "(((((t + 10800) DIV 86400) + 3) DIV 7) * 7 - 3)");
        check(Bucket::Month, utc, moscow, "((t + 10800) * 0 + 20727)");
        check(Bucket::HourOfDay, utc, moscow, "(((t + 10800) % 86400) DIV 3600)");
        check(Bucket::Weekday, utc, moscow, "((((t + 10800) DIV 86400) + 3) % 7 + 1)");
    }

    #[test]
    fn a_change_of_the_clock_is_one_case() {
        let berlin = chrono_tz::Europe::Berlin;
        let day = "((t + (CASE WHEN t < 1792890000 THEN 7200 ELSE 3600 END)) DIV 86400)";
        check(Bucket::Day, TimeStorage::UnixSeconds, berlin, day);
        check(Bucket::Day, TimeStorage::Local(berlin), berlin, "(t DIV 86400)");
    }
}
