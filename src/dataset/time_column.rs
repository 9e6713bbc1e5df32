//! Whether the time column is stored as declared. A wrong declaration often does not fail: it silently moves rows by
//! hours, or compares dates with numbers.

use chrono::NaiveDateTime;

use super::column_type::{Family, everything, family};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Dialect, Source, SourceError, Statement, Value, without_final_semicolon};
use crate::workspace::{DatasetDefinition, TimeStorage};

/// The mistake, if the database's type of the column cannot be what was declared.
pub(super) fn mismatch(definition: &DatasetDefinition, dialect: Dialect, type_name: &str) -> Option<Diagnostic> {
    let storage = super::time_storage(definition);
    let column = definition.columns.get(&definition.time.value)?;
    let hint = match (dialect, family(dialect, type_name)?) {
        (Dialect::Sqlite, _) => return None,
        (_, Family::Truth | Family::Length) => "a time has a date: add it in the query",
        (_, Family::Number) => {
            if matches!(storage, TimeStorage::UnixSeconds | TimeStorage::UnixMilliseconds) {
                return None;
            }
            "seconds or milliseconds since 1970 are stored as `unix_s` or `unix_ms`"
        }
        (Dialect::Postgres, Family::Instant) if storage == TimeStorage::Timestamptz => return None,
        (Dialect::Postgres, Family::Instant) => "this type is stored as `timestamptz`",
        (Dialect::Postgres, Family::Civil) if matches!(storage, TimeStorage::Local(_)) => return None,
        (Dialect::Postgres, Family::Civil) => "this type has no zone: it is stored as `local`, with the zone it is in",
        (Dialect::Postgres, Family::Text) if storage == TimeStorage::UtcText => return None,
        (Dialect::Postgres, Family::Text) => "text is stored as `utc_text`, or converted in the query",
        // MySQL compares texts and date-times as one wants; its TIMESTAMP is an instant and arrives in UTC.
        (Dialect::MySql, family) => match storage {
            TimeStorage::UnixSeconds | TimeStorage::UnixMilliseconds => "this type does not count since 1970",
            TimeStorage::Local(zone) if family == Family::Instant && zone != chrono_tz::UTC => {
                "this type is an instant, whatever zone the server shows: it is stored as `timestamptz`"
            }
            _ => return None,
        },
    };
    let message =
        format!("`{}` is declared as {}, but the database says {type_name}", column.name.value, words(storage));
    Some(Diagnostic::error(Code::WrongType, column.name.span.clone(), message).hint(hint))
}

/// The mistake that SQLite's types cannot show: it binds no column to a type, so the first value is looked at. Times of
/// another kind would all lie outside every window, and times in another form partly.
pub(super) async fn first_value(
    source: &Source,
    definition: &DatasetDefinition,
) -> Result<Option<Diagnostic>, SourceError> {
    let storage = super::time_storage(definition);
    let time = source.dialect().quote_identifier(&definition.time.value);
    let query = without_final_semicolon(&definition.query.value, source.dialect());
    let sql = format!("SELECT {time} FROM ({query}\n) AS sampled WHERE {time} IS NOT NULL LIMIT 1");
    let rows = match source.fetch(&Statement { sql, parameters: everything() }).await {
        Ok(rows) => rows.rows,
        // A query that has to work through everything before its first row: not worth the wait.
        Err(SourceError::Timeout { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(value) = rows.first().and_then(|row| row.first()) else { return Ok(None) };
    let counts = matches!(storage, TimeStorage::UnixSeconds | TimeStorage::UnixMilliseconds);
    let (shown, hint) = match value {
        Value::Integer(_) | Value::Number(_) if counts => return Ok(None),
        Value::Integer(number) => (number.to_string(), "seconds or milliseconds since 1970 are `unix_s` or `unix_ms`"),
        Value::Text(text) if !counts && is_sortable(text) => return Ok(None),
        Value::Text(text) if counts => (format!("the text `{text:.40}`"), "texts are stored as `utc_text` or `local`"),
        Value::Text(text) => (
            format!("`{text:.40}`"),
            "a time must read like `2026-11-23 08:00:00`: convert it in the query, as in \
             strftime('%Y-%m-%d %H:%M:%S', started)",
        ),
        other => (format!("{other:?}"), "convert it in the query to a text like `2026-11-23 08:00:00`"),
    };
    let message =
        format!("`{}` is declared as {}, but its first value is {shown}", definition.time.value, words(storage));
    let place = definition.columns.get(&definition.time.value).map_or(&definition.time, |column| &column.name);
    Ok(Some(Diagnostic::error(Code::WrongType, place.span.clone(), message).hint(hint)))
}

/// Whether the text sorts among others of its form as the instants do: down to the second, with a blank in between.
fn is_sortable(text: &str) -> bool {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").is_ok()
        && text.get(..19).is_some_and(|head| head.bytes().all(|byte| byte.is_ascii_digit() || b"-: ".contains(&byte)))
}

fn words(storage: TimeStorage) -> String {
    match storage {
        TimeStorage::UtcText => "`utc_text`".to_owned(),
        TimeStorage::UnixSeconds => "`unix_s`".to_owned(),
        TimeStorage::UnixMilliseconds => "`unix_ms`".to_owned(),
        TimeStorage::Timestamptz => "`timestamptz`".to_owned(),
        TimeStorage::Local(zone) => format!("`local` in {zone}"),
    }
}
