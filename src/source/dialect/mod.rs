//! What differs in SQL text between the databases. Every function takes SQL and gives SQL; values never become SQL
//! here, they travel as parameters.

mod mysql;
mod postgres;
mod sqlite;

use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::Value;
use crate::time::{Window, local_time, offset_pieces};
use crate::workspace::TimeStorage;

/// The SQL a source understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL and what speaks its protocol.
    Postgres,
    /// MySQL and MariaDB.
    MySql,
}

impl Dialect {
    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
        }
    }

    /// A column's or table's name, quoted so that it cannot be read as anything else.
    pub fn quote_identifier(self, name: &str) -> String {
        match self {
            // SQLite takes an unknown name in double quotes for a text; in backticks it says that it is unknown.
            Self::Sqlite | Self::MySql => format!("`{}`", name.replace('`', "``")),
            Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
        }
    }

    /// Seconds since 1970 as a whole number. For [`TimeStorage::Local`] the civil seconds: as if the date-time were UTC.
    pub fn epoch_seconds(self, column_sql: &str, storage: TimeStorage) -> String {
        match self {
            Self::Sqlite => sqlite::epoch_seconds(column_sql, storage),
            Self::Postgres => postgres::epoch_seconds(column_sql, storage),
            Self::MySql => mysql::epoch_seconds(column_sql, storage),
        }
    }

    /// True when the stored value is no instant: NULL, a zero date, a text that is none.
    pub fn is_no_instant(self, column_sql: &str, storage: TimeStorage) -> String {
        match self {
            Self::Sqlite => sqlite::is_no_instant(column_sql, storage),
            Self::Postgres => postgres::is_no_instant(column_sql, storage),
            Self::MySql => format!("({} IS NULL)", mysql::epoch_seconds(column_sql, storage)),
        }
    }

    /// The quotient of two whole numbers without its fraction.
    pub fn integer_division(self, dividend: &str, divisor: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("({dividend} / {divisor})"),
            Self::MySql => format!("({dividend} DIV {divisor})"),
        }
    }

    /// The number as a double, so that division and means keep their fractions.
    pub fn real(self, expression: &str) -> String {
        match self {
            Self::Sqlite => format!("CAST({expression} AS REAL)"),
            Self::Postgres => format!("CAST({expression} AS DOUBLE PRECISION)"),
            // `CAST … AS DOUBLE` is younger than the servers still found under telephony systems.
            Self::MySql => format!("({expression} + 0e0)"),
        }
    }

    /// How many rows fulfil the condition.
    pub fn count_where(self, condition: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("COUNT(*) FILTER (WHERE {condition})"),
            Self::MySql => format!("COUNT(CASE WHEN {condition} THEN 1 END)"),
        }
    }

    /// An aggregate function of the value in the rows that fulfil the condition. `FILTER` spares the value's computation
    /// in the others; MySQL does not know it.
    pub fn aggregate_where(self, function: &str, value: &str, condition: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("{function}({value}) FILTER (WHERE {condition})"),
            Self::MySql => format!("{function}(CASE WHEN {condition} THEN {value} END)"),
        }
    }

    /// True when a boolean is true or a number is not 0; NULL stays NULL.
    pub fn bool_test(self, column: &str) -> String {
        match self {
            Self::Sqlite | Self::MySql => format!("({column} <> 0)"),
            Self::Postgres => format!("(CAST({column} AS INT) <> 0)"),
        }
    }

    /// A text column that compares, groups and sorts exactly: by case, accents and trailing blanks, whatever collation
    /// the column was declared with. Rows carry it as [`Value::Text`].
    pub fn exact_text(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("CAST({column} AS TEXT) COLLATE BINARY"),
            Self::Postgres => format!("CAST({column} AS TEXT)"),
            Self::MySql => format!("CAST(CONVERT({column} USING utf8mb4) AS BINARY)"),
        }
    }

    /// The text in small letters. SQLite's own function, and PostgreSQL's in a database with the C locale, know only
    /// the letters of ASCII.
    pub fn lower(self, expression: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("LOWER({expression})"),
            Self::MySql => format!("LOWER(CONVERT({expression} USING utf8mb4))"),
        }
    }

    /// True when the text holds the parameter's text; by case, without wildcards.
    pub fn contains(self, column: &str, parameter: &str) -> String {
        match self {
            Self::Sqlite => sqlite::contains(column, parameter),
            Self::Postgres => postgres::contains(column, parameter),
            Self::MySql => mysql::contains(column, parameter),
        }
    }

    /// True when the text begins with the parameter's text; by case, without wildcards.
    pub fn starts_with(self, column: &str, parameter: &str) -> String {
        match self {
            Self::Sqlite => sqlite::starts_with(column, parameter),
            Self::Postgres => postgres::starts_with(column, parameter),
            Self::MySql => mysql::starts_with(column, parameter),
        }
    }

    /// True when the text ends with the parameter's text; by case, without wildcards.
    pub fn ends_with(self, column: &str, parameter: &str) -> String {
        match self {
            Self::Sqlite => sqlite::ends_with(column, parameter),
            Self::Postgres => postgres::ends_with(column, parameter),
            Self::MySql => mysql::ends_with(column, parameter),
        }
    }

    /// The value to compare a stored time column with, of the column's own kind so that an index can be used.
    pub fn time_parameter(self, instant: DateTime<Utc>, storage: TimeStorage) -> Value {
        match storage {
            TimeStorage::UtcText => Value::Text(instant.format(TEXT_FORMAT).to_string()),
            TimeStorage::UnixSeconds => Value::Integer(instant.timestamp()),
            TimeStorage::UnixMilliseconds => Value::Integer(instant.timestamp_millis()),
            TimeStorage::Timestamptz if self == Self::Sqlite => Value::Text(instant.format(TEXT_FORMAT).to_string()),
            TimeStorage::Timestamptz => Value::Instant(instant),
            TimeStorage::Local(zone) => {
                let border = civil_border(instant, zone);
                if self == Self::Sqlite {
                    Value::Text(border.format(TEXT_FORMAT).to_string())
                } else {
                    Value::Local(border)
                }
            }
        }
    }

    /// The value a time column holds for an instant.
    pub fn stored_time(self, instant: DateTime<Utc>, storage: TimeStorage) -> Value {
        match storage {
            TimeStorage::Local(zone) if self == Self::Sqlite => {
                Value::Text(local_time(instant, zone).format(TEXT_FORMAT).to_string())
            }
            TimeStorage::Local(zone) => Value::Local(local_time(instant, zone)),
            other => self.time_parameter(instant, other),
        }
    }

    /// How the n-th parameter (from 1) is written.
    pub(super) fn placeholder(self, number: usize) -> String {
        match self {
            Self::Sqlite => format!("?{number}"),
            Self::Postgres => format!("${number}"),
            Self::MySql => "?".to_owned(),
        }
    }
}

/// The seconds that [`Dialect::epoch_seconds`] gives for rows from this instant on.
pub fn stored_seconds(instant: DateTime<Utc>, storage: TimeStorage) -> i64 {
    match storage {
        TimeStorage::Local(zone) => civil_border(instant, zone).and_utc().timestamp(),
        _ => instant.timestamp(),
    }
}

/// The one text form of a date-time: it sorts like the instants do.
const TEXT_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// The first civil time that counts as this instant or later. A civil time that comes twice counts as its first pass,
/// so an instant in the second pass has its border after the repeated stretch: neighbouring windows neither share
/// a row nor lose one.
fn civil_border(instant: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    let local = instant.with_timezone(&zone).naive_local();
    let first_pass = zone.from_local_datetime(&local).earliest();
    if first_pass.is_none_or(|first| first >= instant) {
        return local;
    }
    // The old offset is the one of the first pass; the repeated stretch ends where the old clock stood at the change.
    let from = first_pass.map_or(instant, |first| first.with_timezone(&Utc));
    let pieces = offset_pieces(zone, Window { from, to: instant + chrono::TimeDelta::seconds(1) });
    match pieces.as_slice() {
        [old, new, ..] => {
            DateTime::from_timestamp(new.from + i64::from(old.offset), 0).map_or(local, |end| end.naive_utc())
        }
        _ => local,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_civil_hour_belongs_to_its_first_pass() {
        let berlin = chrono_tz::Europe::Berlin;
        for (instant, border) in [
            ("2026-10-24T22:00:00Z", "2026-10-25 00:00:00"),
            ("2026-10-25T00:00:00Z", "2026-10-25 02:00:00"),
            ("2026-10-25T00:30:00Z", "2026-10-25 02:30:00"),
            ("2026-10-25T01:00:00Z", "2026-10-25 03:00:00"),
            ("2026-10-25T01:30:00Z", "2026-10-25 03:00:00"),
            ("2026-10-25T02:00:00Z", "2026-10-25 03:00:00"),
            ("2026-03-29T01:00:00Z", "2026-03-29 03:00:00"),
        ] {
            let instant: DateTime<Utc> = instant.parse().unwrap();
            assert_eq!(
                Dialect::Sqlite.time_parameter(instant, TimeStorage::Local(berlin)),
                Value::Text(border.to_owned()),
                "{instant}"
            );
        }
    }

    #[test]
    fn names_are_quoted() {
        assert_eq!(Dialect::Sqlite.quote_identifier("a`b"), "`a``b`");
        assert_eq!(Dialect::MySql.quote_identifier("a\"b"), "`a\"b`");
        assert_eq!(Dialect::Postgres.quote_identifier("a\"b"), "\"a\"\"b\"");
    }
}
