//! Whether the time column is stored as declared. A wrong declaration often does not fail: it silently moves rows by
//! hours, or compares dates with numbers.

use crate::diagnostics::{Code, Diagnostic};
use crate::source::Dialect;
use crate::workspace::{DatasetDefinition, TimeStorage};

/// The mistake, if the database's type of the column cannot be what was declared.
pub(super) fn mismatch(definition: &DatasetDefinition, dialect: Dialect, type_name: &str) -> Option<Diagnostic> {
    let storage = super::time_storage(definition);
    let column = definition.columns.get(&definition.time.value)?;
    let hint = match (dialect, family(dialect, type_name)?) {
        (Dialect::Sqlite, _) => return None,
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

#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Number,
    Instant,
    Civil,
    Text,
}

/// What a database's type name stands for; none for names that say nothing, such as those of expressions.
fn family(dialect: Dialect, type_name: &str) -> Option<Family> {
    match type_name.trim_end_matches(" UNSIGNED") {
        "INT2" | "INT4" | "INT8" | "FLOAT4" | "FLOAT8" | "NUMERIC" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT"
        | "BIGINT" | "FLOAT" | "DOUBLE" | "DECIMAL" => Some(Family::Number),
        "TIMESTAMPTZ" => Some(Family::Instant),
        // The same word for two things: MySQL's is an instant, PostgreSQL's has no zone.
        "TIMESTAMP" if dialect == Dialect::MySql => Some(Family::Instant),
        "TIMESTAMP" | "DATETIME" | "DATE" => Some(Family::Civil),
        "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "TINYTEXT" | "MEDIUMTEXT" | "LONGTEXT" => Some(Family::Text),
        _ => None,
    }
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
