//! Values of PostgreSQL.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use sqlx::postgres::{PgArguments, PgRow, PgTypeKind};
use sqlx::{Arguments, Row, TypeInfo, ValueRef};

use super::UnknownType;
use crate::source::Value;

pub(in crate::source) fn decode(row: &PgRow, column: usize) -> Result<Value, UnknownType> {
    let value = row.try_get_raw(column).map_err(|error| UnknownType(error.to_string()))?;
    if value.is_null() {
        return Ok(Value::Null);
    }
    let kind = value.type_info().into_owned();
    let unknown = |_| UnknownType(kind.name().to_owned());
    let is_label = matches!(kind.kind(), PgTypeKind::Enum(_)) || kind.name().eq_ignore_ascii_case("citext");
    match kind.name() {
        "BOOL" => row.try_get(column).map(|truth: bool| Value::Integer(truth.into())).map_err(unknown),
        "INT2" => row.try_get(column).map(|number: i16| Value::Integer(number.into())).map_err(unknown),
        "INT4" => row.try_get(column).map(|number: i32| Value::Integer(number.into())).map_err(unknown),
        "INT8" => row.try_get(column).map(Value::Integer).map_err(unknown),
        "FLOAT4" => row.try_get(column).map(|number: f32| Value::Number(number.into())).map_err(unknown),
        "FLOAT8" => row.try_get(column).map(Value::Number).map_err(unknown),
        "NUMERIC" => {
            let number: Decimal = row.try_get(column).map_err(unknown)?;
            number.to_f64().map(Value::Number).ok_or_else(|| UnknownType("NUMERIC".to_owned()))
        }
        "TIMESTAMPTZ" => row.try_get(column).map(|at: DateTime<Utc>| Value::Instant(at)).map_err(unknown),
        "TIMESTAMP" => row.try_get(column).map(|at: NaiveDateTime| Value::Local(at)).map_err(unknown),
        "DATE" => row.try_get(column).map(|day: NaiveDate| Value::Local(day.and_time(NaiveTime::MIN))).map_err(unknown),
        "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "UNKNOWN" => {
            row.try_get_unchecked(column).map(Value::Text).map_err(unknown)
        }
        _ if is_label => row.try_get_unchecked(column).map(Value::Text).map_err(unknown),
        other => Err(UnknownType(other.to_owned())),
    }
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
