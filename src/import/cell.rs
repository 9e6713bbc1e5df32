//! What a cell of a file can be, and how its text becomes a value. Which kind a column has is decided in `guess`.

use chrono::{LocalResult, NaiveDateTime, TimeZone};
use chrono_tz::Tz;

use super::moment::{date, date_time, instant, small, time, written, written_date, written_time};

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellKind {
    /// A whole number.
    Integer,
    /// A number with decimals.
    Number,
    /// Yes or no, stored as 1 and 0.
    Bool,
    /// A length of time, stored in seconds.
    Duration,
    /// A day, stored as `YYYY-MM-DD`.
    Date,
    /// A time of day, stored as `HH:MM:SS`.
    Time,
    /// A date and time without a zone, stored as `YYYY-MM-DD HH:MM:SS`.
    DateTime,
    /// A date and time with its offset from UTC, stored as `YYYY-MM-DD HH:MM:SS` in UTC.
    Instant,
    /// Anything else.
    Text,
}

impl CellKind {
    /// Every kind, the more particular before the more general.
    pub const ALL: [Self; 9] = [
        Self::Integer,
        Self::Number,
        Self::Bool,
        Self::Duration,
        Self::Date,
        Self::Time,
        Self::DateTime,
        Self::Instant,
        Self::Text,
    ];

    /// The name users give it by.
    pub fn name(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Duration => "duration",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "datetime",
            Self::Instant => "instant",
            Self::Text => "text",
        }
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What SQLite is told; it only matters for comparisons and sorting.
    pub(super) fn declared(self) -> &'static str {
        match self {
            Self::Integer | Self::Bool | Self::Duration => "INTEGER",
            Self::Number => "REAL",
            Self::Date | Self::Time | Self::DateTime | Self::Instant | Self::Text => "TEXT",
        }
    }

    /// What a cell that does not fit is not, with an article.
    fn noun(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Bool => "yes or no",
            Self::Duration => "a duration (hh:mm:ss, mm:ss or seconds)",
            Self::Date => "a date (YYYY-MM-DD or DD.MM.YYYY)",
            Self::Time => "a time of day (HH:MM or HH:MM:SS)",
            Self::DateTime => "a date and time (YYYY-MM-DD HH:MM:SS or DD.MM.YYYY HH:MM)",
            Self::Instant => "a date and time with an offset (such as 2026-11-23T09:12:58+03:00)",
            Self::Text => "text",
        }
    }
}

/// How texts are to be understood in this file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// `1,5` is one and a half: not so where the comma separates columns.
    pub decimal_comma: bool,
    /// Dates and times without a zone are local to this one and are stored in UTC.
    pub zone: Option<Tz>,
}

/// A value on its way into the table.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    /// Nothing: an empty cell.
    Empty,
    /// A whole number; yes is 1.
    Whole(i64),
    /// A number.
    Number(f64),
    /// Text, dates and times included.
    Text(String),
}

/// Reads a cell; the error is why it cannot be read, without the column's name.
pub(super) fn read(kind: CellKind, text: &str, reading: Reading) -> Result<Cell, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Cell::Empty);
    }
    let cell = match kind {
        CellKind::Text => Some(Cell::Text(text.to_owned())),
        CellKind::Integer => whole(text).map(Cell::Whole),
        CellKind::Number => number(text, reading.decimal_comma).map(Cell::Number),
        CellKind::Bool => yes_or_no(text).map(|yes| Cell::Whole(i64::from(yes))),
        CellKind::Duration => duration(text, reading.decimal_comma).map(seconds),
        CellKind::Date => date(text).map(|date| Cell::Text(written_date(date))),
        CellKind::Time => time(text).map(|time| Cell::Text(written_time(time))),
        CellKind::DateTime => match date_time(text) {
            Some(local) => Some(Cell::Text(stored(local, reading.zone)?)),
            None => None,
        },
        CellKind::Instant => instant(text).map(|instant| Cell::Text(written(instant.naive_utc()))),
    };
    cell.ok_or_else(|| format!("{} is not {}", shown(text), kind.noun()))
}

/// Puts a day and a time of day from two columns together.
pub(super) fn combine(date_text: &str, time_text: &str, reading: Reading) -> Result<Cell, String> {
    match (date(date_text.trim()), time(time_text.trim())) {
        (Some(date), Some(time)) => stored(date.and_time(time), reading.zone).map(Cell::Text),
        // Cells that cannot be read are reported by their own columns.
        _ => Ok(Cell::Empty),
    }
}

/// A cell's text as messages show it: short, on one line, in back quotes.
pub(super) fn shown(text: &str) -> String {
    const MOST: usize = 40;
    let short: String = text.chars().take(MOST).collect();
    let dots = if text.chars().nth(MOST).is_some() { "…" } else { "" };
    format!("`{}{dots}`", short.escape_debug())
}

fn stored(local: NaiveDateTime, zone: Option<Tz>) -> Result<String, String> {
    let Some(zone) = zone else { return Ok(written(local)) };
    match zone.from_local_datetime(&local) {
        // The hour that comes twice in autumn is taken for its first time: nothing in the file tells.
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Ok(written(instant.naive_utc())),
        LocalResult::None => Err(format!("`{local}` does not exist in {zone}: clocks were put forward over it")),
    }
}

fn seconds(value: f64) -> Cell {
    // Whole seconds stay whole in the table.
    if value.fract() == 0.0 && value.abs() < 9e15 { Cell::Whole(value as i64) } else { Cell::Number(value) }
}

/// Digits with a minus sign at most. Leading zeros and more than eighteen digits make it a code, not a number.
fn whole(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_code = digits.len() > 18 || (digits.len() > 1 && digits.starts_with('0'));
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain && !is_code { text.parse().ok() } else { None }
}

fn number(text: &str, decimal_comma: bool) -> Option<f64> {
    let mut plain: String = text.chars().filter(|character| !matches!(character, '\u{a0}' | '\u{202f}')).collect();
    if decimal_comma && !plain.contains('.') {
        plain = plain.replacen(',', ".", 1);
    }
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let (integer, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let (fraction, exponent) = fraction.split_once(['e', 'E']).unwrap_or((fraction, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = integer.len() > 15 || (integer.len() > 1 && integer.starts_with('0'));
    let plain_number = all_digits(integer) && all_digits(fraction) && all_digits(exponent) && !is_code;
    if plain_number { plain.parse().ok().filter(|value: &f64| value.is_finite()) } else { None }
}

fn yes_or_no(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "y" | "yes" | "true" | "t" | "1" | "да" | "д" | "истина" => Some(true),
        "n" | "no" | "false" | "f" | "0" | "нет" | "н" | "ложь" => Some(false),
        _ => None,
    }
}

fn duration(text: &str, decimal_comma: bool) -> Option<f64> {
    let Some((rest, last)) = text.rsplit_once(':') else {
        return number(text, decimal_comma).filter(|value| *value >= 0.0);
    };
    let parts: Vec<&str> = rest.split(':').collect();
    let seconds = clock_seconds(last)?;
    let mut total = 0.0;
    match parts.as_slice() {
        [minutes] => total += f64::from(small(minutes)?) * 60.0,
        [hours, minutes] => {
            let minutes = small(minutes).filter(|minutes| *minutes < 60)?;
            total += f64::from(small(hours)?) * 3_600.0 + f64::from(minutes) * 60.0;
        }
        _ => return None,
    }
    Some(total + seconds)
}

fn clock_seconds(text: &str) -> Option<f64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, "0"));
    let whole = small(whole).filter(|seconds| *seconds < 60 && text.len() >= 2)?;
    let digits = !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit());
    let fraction: f64 = if digits { format!("0.{fraction}").parse().ok()? } else { return None };
    Some(f64::from(whole) + fraction)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Reading = Reading { decimal_comma: false, zone: None };

    fn text(value: &str) -> Cell {
        Cell::Text(value.to_owned())
    }

    fn check(kind: CellKind, cases: &[(&str, Option<Cell>)]) {
        for (written, expected) in cases {
            assert_eq!(read(kind, written, PLAIN).ok(), *expected, "{written:?} as {}", kind.name());
        }
    }

    #[test]
    fn numbers() {
        check(
            CellKind::Integer,
            &[
                ("12", Some(Cell::Whole(12))),
                (" -3 ", Some(Cell::Whole(-3))),
                ("", Some(Cell::Empty)),
                ("007", None),
                ("1.0", None),
                ("+7", None),
                ("1234567890123456789", None),
            ],
        );
        check(
            CellKind::Number,
            &[
                ("1.5", Some(Cell::Number(1.5))),
                ("-0.25", Some(Cell::Number(-0.25))),
                ("2e3", None),
                ("2.0e3", Some(Cell::Number(2000.0))),
                ("1,5", None),
                ("inf", None),
                ("NaN", None),
                ("1.2.3", None),
                (".5", None),
                ("00.5", None),
            ],
        );
        let comma = Reading { decimal_comma: true, zone: None };
        assert_eq!(read(CellKind::Number, "1\u{a0}234,5", comma), Ok(Cell::Number(1234.5)));
    }

    #[test]
    fn durations_are_seconds() {
        check(
            CellKind::Duration,
            &[
                ("00:02:23", Some(Cell::Whole(143))),
                ("26:00:00", Some(Cell::Whole(93_600))),
                ("75:10", Some(Cell::Whole(4_510))),
                ("1:05", Some(Cell::Whole(65))),
                ("109", Some(Cell::Whole(109))),
                ("0:00:01.5", Some(Cell::Number(1.5))),
                ("00:61:00", None),
                ("00:00:60", None),
                ("-5", None),
                ("1:2:3:04", None),
                ("1:5", None),
            ],
        );
    }

    #[test]
    fn yes_and_no() {
        let cases = [("Y", 1), ("no", 0), ("Да", 1), ("НЕТ", 0), ("TRUE", 1), ("0", 0)];
        for (written, expected) in cases {
            assert_eq!(read(CellKind::Bool, written, PLAIN), Ok(Cell::Whole(expected)), "{written}");
        }
        check(CellKind::Bool, &[("2", None), ("maybe", None)]);
    }

    #[test]
    fn dates_and_times() {
        check(
            CellKind::DateTime,
            &[
                ("2026-11-23 09:12:58", Some(text("2026-11-23 09:12:58"))),
                ("2026-11-23T09:12", Some(text("2026-11-23 09:12:00"))),
                ("23.11.2026 9:05", Some(text("2026-11-23 09:05:00"))),
                ("2026-11-23 09:12:58.731", Some(text("2026-11-23 09:12:58"))),
                ("2026-02-30 09:00", None),
                ("0000-00-00 00:00:00", None),
                ("11/23/2026 09:00", None),
                ("2026-11-23", None),
            ],
        );
        check(
            CellKind::Instant,
            &[
                ("2026-11-23T09:12:58Z", Some(text("2026-11-23 09:12:58"))),
                ("2026-11-23T01:30:00+03:00", Some(text("2026-11-22 22:30:00"))),
                ("2026-11-23 09:00:00-0530", Some(text("2026-11-23 14:30:00"))),
                ("2026-11-23 09:00:00", None),
            ],
        );
        check(CellKind::Date, &[("23.11.2026", Some(text("2026-11-23"))), ("2026/1/5", Some(text("2026-01-05")))]);
        check(CellKind::Time, &[("9:05", Some(text("09:05:00"))), ("24:00", None)]);
    }

    #[test]
    fn a_zone_turns_local_times_into_utc() {
        let berlin = Reading { decimal_comma: false, zone: Some(chrono_tz::Europe::Berlin) };
        let cases = [("2026-07-01 12:00", "2026-07-01 10:00:00"), ("2026-10-25 02:30", "2026-10-25 00:30:00")];
        for (written, expected) in cases {
            assert_eq!(read(CellKind::DateTime, written, berlin), Ok(text(expected)));
        }
        let gap = read(CellKind::DateTime, "2026-03-29 02:30", berlin).unwrap_err();
        assert_eq!(gap, "`2026-03-29 02:30:00` does not exist in Europe/Berlin: clocks were put forward over it");
        assert_eq!(combine("2026-07-01", "12:00:05", berlin), Ok(text("2026-07-01 10:00:05")));
    }

    #[test]
    fn a_cell_in_a_message_stays_short_and_on_one_line() {
        assert_eq!(shown("a\nb\u{1b}[31m"), "`a\\nb\\u{1b}[31m`");
        assert_eq!(shown(&"x".repeat(10_000)).chars().count(), 43);
    }
}
