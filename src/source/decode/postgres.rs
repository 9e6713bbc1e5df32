//! Values of PostgreSQL.

use std::fmt::Write;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::PgInterval;
use sqlx::postgres::{PgArguments, PgRow, PgTypeKind};
use sqlx::{Arguments, Row, TypeInfo, ValueRef};

use super::{CONVERT, UnknownType};
use crate::source::Value;

pub(in crate::source) fn decode(row: &PgRow, column: usize) -> Result<Value, UnknownType> {
    let value = row.try_get_raw(column).map_err(|error| UnknownType::new(error.to_string(), CONVERT))?;
    if value.is_null() {
        return Ok(Value::Null);
    }
    let kind = value.type_info().into_owned();
    let unknown = |_| UnknownType::new(kind.name(), CONVERT);
    let is_label = matches!(kind.kind(), PgTypeKind::Enum(_)) || kind.name().eq_ignore_ascii_case("citext");
    match kind.name() {
        "BOOL" => row.try_get(column).map(|truth: bool| Value::Integer(truth.into())).map_err(unknown),
        "INT2" => row.try_get(column).map(|number: i16| Value::Integer(number.into())).map_err(unknown),
        "INT4" => row.try_get(column).map(|number: i32| Value::Integer(number.into())).map_err(unknown),
        "INT8" => row.try_get(column).map(Value::Integer).map_err(unknown),
        "FLOAT4" => row.try_get(column).map(|number: f32| Value::Number(number.into())).map_err(unknown),
        "FLOAT8" => row.try_get(column).map(Value::Number).map_err(unknown),
        "NUMERIC" => {
            let unknown = || UnknownType::new("NUMERIC", "convert it in the query, as in CAST(… AS DOUBLE PRECISION)");
            let number: Decimal = row.try_get(column).map_err(|_| unknown())?;
            // By way of the digits: the nearest double, as every database takes it.
            number.to_string().parse().map(Value::Number).map_err(|_| unknown())
        }
        "INTERVAL" => {
            let length: PgInterval = row.try_get(column).map_err(unknown)?;
            match length.months {
                0 => Ok(Value::Number(seconds(i64::from(length.days) * 86_400 * 1_000_000 + length.microseconds))),
                // A month has no number of seconds.
                _ => Err(UnknownType::new("INTERVAL with months", "write EXTRACT(EPOCH FROM …) in the query")),
            }
        }
        // Lengths of time are stored so, too: what it means is the seconds since midnight.
        "TIME" => {
            let time: NaiveTime = row.try_get(column).map_err(unknown)?;
            let micros = i64::from(time.num_seconds_from_midnight()) * 1_000_000 + i64::from(time.nanosecond() / 1_000);
            Ok(Value::Number(seconds(micros)))
        }
        "UUID" => value.as_bytes().map(|bytes| Value::Text(uuid(bytes))).map_err(|_| UnknownType::new("UUID", CONVERT)),
        "JSON" => row.try_get_unchecked(column).map(Value::Text).map_err(unknown),
        // Its first byte is the version of the format.
        "JSONB" => match value.as_bytes().ok().and_then(|bytes| std::str::from_utf8(bytes.get(1..)?).ok()) {
            Some(json) => Ok(Value::Text(json.to_owned())),
            None => Err(UnknownType::new("JSONB", CONVERT)),
        },
        "BYTEA" => Err(UnknownType::new("BYTEA", "convert it in the query, as in encode(…, 'hex')")),
        "MONEY" => Err(UnknownType::new("MONEY", "convert it in the query, as in CAST(… AS NUMERIC)")),
        "TIMESTAMPTZ" => row.try_get(column).map(|at: DateTime<Utc>| Value::Instant(at)).map_err(unknown),
        "TIMESTAMP" => row.try_get(column).map(|at: NaiveDateTime| Value::Local(at)).map_err(unknown),
        "DATE" => row.try_get(column).map(|day: NaiveDate| Value::Local(day.and_time(NaiveTime::MIN))).map_err(unknown),
        "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "UNKNOWN" => {
            row.try_get_unchecked(column).map(Value::Text).map_err(unknown)
        }
        _ if is_label => row.try_get_unchecked(column).map(Value::Text).map_err(unknown),
        list if list.ends_with("[]") => {
            Err(UnknownType::new(list, "take one of its values in the query, or write array_to_string(…, ', ')"))
        }
        other => Err(UnknownType::new(other, CONVERT)),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a length of time in microseconds is below 2^53 for 285 years")]
fn seconds(microseconds: i64) -> f64 {
    microseconds as f64 / 1e6
}

/// The usual form of a UUID's sixteen bytes.
fn uuid(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(36);
    for (place, byte) in bytes.iter().enumerate() {
        if matches!(place, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

pub(in crate::source) fn arguments(values: Vec<Value>) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    for value in values {
        match value {
            Value::Null => arguments.add(None::<String>),
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
