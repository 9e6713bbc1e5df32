//! Values of MySQL and MariaDB.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use sqlx::error::UnexpectedNullError;
use sqlx::mysql::types::MySqlTime;
use sqlx::mysql::{MySqlArguments, MySqlRow};
use sqlx::{Arguments, Row, TypeInfo, ValueRef};

use super::{CONVERT, UnknownType};
use crate::source::Value;

pub(in crate::source) fn decode(row: &MySqlRow, column: usize) -> Result<Value, UnknownType> {
    let value = row.try_get_raw(column).map_err(|error| UnknownType::new(error.to_string(), CONVERT))?;
    if value.is_null() {
        return Ok(Value::Null);
    }
    let name = value.type_info().name().to_owned();
    let unknown = |_| UnknownType::new(name.as_str(), CONVERT);
    let or_zero_date = |read: Result<Value, sqlx::Error>| match read {
        // '0000-00-00' stands for "no date" in many telephony databases; it has no other meaning.
        Err(error) if is_zero_date(&error) => Ok(Value::Null),
        other => other.map_err(unknown),
    };
    match name.as_str() {
        "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
            row.try_get_unchecked(column).map(Value::Integer).map_err(unknown)
        }
        "BIT" | "YEAR" => row.try_get_unchecked(column).map(|number: u64| whole(number)).map_err(unknown),
        unsigned if unsigned.ends_with(" UNSIGNED") => {
            row.try_get_unchecked(column).map(|number: u64| whole(number)).map_err(unknown)
        }
        "FLOAT" => row.try_get(column).map(|number: f32| Value::Number(number.into())).map_err(unknown),
        "DOUBLE" => row.try_get(column).map(Value::Number).map_err(unknown),
        // Its digits arrive as text: the nearest double, as every database takes it.
        "DECIMAL" => {
            let digits: Vec<u8> = row.try_get_unchecked(column).map_err(unknown)?;
            let number = std::str::from_utf8(&digits).ok().and_then(|digits| digits.parse().ok());
            number.map(Value::Number).ok_or_else(|| UnknownType::new("DECIMAL", CONVERT))
        }
        "TIME" => row.try_get(column).map(|length: MySqlTime| Value::Number(seconds(&length))).map_err(unknown),
        "TIMESTAMP" => or_zero_date(row.try_get(column).map(|at: DateTime<Utc>| Value::Instant(at))),
        "DATETIME" => or_zero_date(row.try_get(column).map(|at: NaiveDateTime| Value::Local(at))),
        "DATE" => or_zero_date(row.try_get(column).map(|day: NaiveDate| Value::Local(day.and_time(NaiveTime::MIN)))),
        // Texts with a binary collation, and texts made comparable byte by byte, call themselves binary.
        "CHAR" | "VARCHAR" | "TINYTEXT" | "TEXT" | "MEDIUMTEXT" | "LONGTEXT" | "ENUM" | "SET" | "BINARY"
        | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" => {
            let bytes: Vec<u8> = row.try_get_unchecked(column).map_err(unknown)?;
            let hex = "its bytes are no text: convert it in the query, as in HEX(…)";
            String::from_utf8(bytes).map(Value::Text).map_err(|_| UnknownType::new(name.as_str(), hex))
        }
        "JSON" => row.try_get_unchecked(column).map(Value::Text).map_err(unknown),
        other => Err(UnknownType::new(other, CONVERT)),
    }
}

/// A TIME is a length of time, of up to 838 hours and either sign.
fn seconds(length: &MySqlTime) -> f64 {
    let whole = f64::from(length.hours() * 3_600 + u32::from(length.minutes()) * 60 + u32::from(length.seconds()));
    let seconds = whole + f64::from(length.microseconds()) / 1e6;
    // By the sign itself: `is_negative` of this version says the opposite.
    if length.sign().is_positive() { seconds } else { -seconds }
}

pub(in crate::source) fn arguments(values: Vec<Value>) -> Result<MySqlArguments, sqlx::Error> {
    let mut arguments = MySqlArguments::default();
    for value in values {
        match value {
            Value::Null => arguments.add(None::<i64>),
            Value::Integer(number) => arguments.add(number),
            Value::Number(number) => arguments.add(number),
            Value::Text(text) => arguments.add(text),
            Value::Instant(instant) => arguments.add(instant),
            Value::Local(local) => arguments.add(local),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn whole(number: u64) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "beyond i64 a number of this size is a measurement, not a key")]
    i64::try_from(number).map_or(Value::Number(number as f64), Value::Integer)
}

fn is_zero_date(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::ColumnDecode { source, .. } => source.is::<UnexpectedNullError>(),
        _ => false,
    }
}
