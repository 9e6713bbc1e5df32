//! Values of SQLite, where every value has its own type whatever the column says.

use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Arguments, Row, TypeInfo, ValueRef};

use super::{CONVERT, UnknownType};
use crate::source::Value;

pub(in crate::source) fn decode(row: &SqliteRow, column: usize) -> Result<Value, UnknownType> {
    let value = row.try_get_raw(column).map_err(|error| UnknownType::new(error.to_string(), CONVERT))?;
    if value.is_null() {
        return Ok(Value::Null);
    }
    let name = value.type_info().name().to_owned();
    let unknown = |_| UnknownType::new(name.as_str(), CONVERT);
    match name.as_str() {
        "REAL" => row.try_get_unchecked(column).map(Value::Number).map_err(unknown),
        "TEXT" => row.try_get_unchecked(column).map(Value::Text).map_err(unknown),
        "INTEGER" => row.try_get_unchecked(column).map(Value::Integer).map_err(unknown),
        other => Err(UnknownType::new(other, "convert it in the query, as in hex(…)")),
    }
}

pub(in crate::source) fn arguments(values: Vec<Value>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        match value {
            Value::Null => arguments.add(None::<i64>),
            Value::Integer(number) => arguments.add(number),
            Value::Number(number) => arguments.add(number),
            Value::Text(text) => arguments.add(text),
            Value::Instant(instant) => arguments.add(instant.format("%Y-%m-%d %H:%M:%S").to_string()),
            Value::Local(local) => arguments.add(local.format("%Y-%m-%d %H:%M:%S").to_string()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}
