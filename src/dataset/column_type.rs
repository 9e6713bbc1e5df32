//! Whether a column's values are what the dataset declares: numbers that are texts would be read as 0 by some databases
//! and refused by others, and a TIME would be a number of another kind.

use std::collections::BTreeMap;

use chrono::{NaiveDateTime, NaiveTime};

use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Dialect, Source, SourceError, Statement, Value, without_final_semicolon};
use crate::workspace::{ColumnDefinition, ColumnKind, DatasetDefinition};

/// What a database's type holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Number,
    Truth,
    Instant,
    /// A date, or a date and time, without a zone.
    Civil,
    /// A length of time, or a time of day.
    Length,
    Text,
}

/// How many rows are looked at where types say nothing.
const SAMPLE: usize = 1_000;

/// What a database's type name stands for; none for names that say nothing, such as those of expressions.
pub(super) fn family(dialect: Dialect, type_name: &str) -> Option<Family> {
    match type_name.trim_end_matches(" UNSIGNED") {
        "INT2" | "INT4" | "INT8" | "FLOAT4" | "FLOAT8" | "NUMERIC" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT"
        | "BIGINT" | "FLOAT" | "DOUBLE" | "DECIMAL" => Some(Family::Number),
        // MySQL's is a number.
        "BOOL" => Some(Family::Truth),
        "TIMESTAMPTZ" => Some(Family::Instant),
        // The same word for two things: MySQL's is an instant, PostgreSQL's has no zone.
        "TIMESTAMP" if dialect == Dialect::MySql => Some(Family::Instant),
        "TIMESTAMP" | "DATETIME" | "DATE" => Some(Family::Civil),
        "INTERVAL" | "TIME" => Some(Family::Length),
        "TEXT" | "VARCHAR" | "CHAR" | "NAME" | "TINYTEXT" | "MEDIUMTEXT" | "LONGTEXT" | "ENUM" => Some(Family::Text),
        _ => None,
    }
}

/// The mistake, if the database's type of a number or yes/no column cannot be what was declared.
pub(super) fn mismatch(column: &ColumnDefinition, dialect: Dialect, type_name: &str) -> Option<Diagnostic> {
    let name = &column.name.value;
    let declared = declared(column.kind)?;
    let hint = match (column.kind, family(dialect, type_name)?) {
        (_, Family::Number) | (ColumnKind::Bool, Family::Truth) => return None,
        (ColumnKind::Bool, Family::Text) => as_truth(name),
        (ColumnKind::Bool, _) => format!("write a condition in the query, as in ({name} IS NOT NULL) AS {name}"),
        (_, Family::Truth) => format!("declare it as `bool`, or convert it in the query: CAST({name} AS INT)"),
        (_, Family::Text) => as_number(name, dialect),
        (_, Family::Length) if dialect == Dialect::Postgres => {
            format!("give its seconds in the query: EXTRACT(EPOCH FROM {name}) AS {name}")
        }
        (_, Family::Length) => format!("give its seconds in the query: TIME_TO_SEC({name}) AS {name}"),
        (_, Family::Instant | Family::Civil) if dialect == Dialect::Postgres => {
            format!("a length of time is a difference: EXTRACT(EPOCH FROM {name} - started_at)")
        }
        (_, Family::Instant | Family::Civil) => {
            format!("a length of time is a difference: TIMESTAMPDIFF(SECOND, started_at, {name})")
        }
    };
    let message = format!("`{name}` is declared as `{declared}`, but the database says {type_name}");
    Some(Diagnostic::error(Code::WrongType, column.name.span.clone(), message).hint(hint))
}

/// The mistakes that SQLite's types cannot show, because they bind no column: texts among numbers. The first rows are
/// looked at.
pub(super) async fn texts_among_numbers(
    source: &Source,
    definition: &DatasetDefinition,
) -> Result<Vec<Diagnostic>, SourceError> {
    let dialect = source.dialect();
    let columns: Vec<&ColumnDefinition> =
        definition.columns.values().filter(|column| declared(column.kind).is_some()).collect();
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = columns.iter().map(|column| dialect.quote_identifier(&column.name.value)).collect();
    let query = without_final_semicolon(&definition.query.value, dialect);
    let sql = format!("SELECT {} FROM ({query}\n) AS sampled LIMIT {SAMPLE}", names.join(", "));
    let rows = match source.fetch(&Statement { sql, parameters: everything() }).await {
        Ok(rows) => rows.rows,
        // A query that has to work through everything before its first row: not worth the wait.
        Err(SourceError::Timeout { .. }) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mistake = |(place, column): (usize, &&ColumnDefinition)| {
        let text = rows.iter().find_map(|row| match row.get(place) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        })?;
        let name = &column.name.value;
        let declared = declared(column.kind)?;
        let shown = if text.is_empty() { "an empty text".to_owned() } else { format!("the text `{text:.40}`") };
        let message = format!("`{name}` is declared as `{declared}`, but one of its values is {shown}");
        let hint = match column.kind {
            ColumnKind::Bool => as_truth(name),
            _ if NaiveTime::parse_from_str(text, "%H:%M:%S").is_ok() => {
                format!("give its seconds in the query: unixepoch('1970-01-01 ' || {name}) AS {name}")
            }
            _ if NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").is_ok() => {
                format!("a length of time is a difference: unixepoch({name}) - unixepoch(started_at)")
            }
            _ => as_number(name, dialect),
        };
        Some(Diagnostic::error(Code::WrongType, column.name.span.clone(), message).hint(hint))
    };
    Ok(columns.iter().enumerate().filter_map(mistake).collect())
}

/// Values of `:from` and `:to` between which all times lie: SQLite sorts every number before every text.
pub(super) fn everything() -> BTreeMap<String, Value> {
    [("from", Value::Integer(i64::MIN)), ("to", Value::Text(char::MAX.to_string()))]
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// The word for a column of numbers or truths.
fn declared(kind: ColumnKind) -> Option<&'static str> {
    match kind {
        ColumnKind::Number => Some("number"),
        ColumnKind::Duration => Some("duration"),
        ColumnKind::Bool => Some("bool"),
        ColumnKind::Text | ColumnKind::Time(_) => None,
    }
}

fn as_truth(name: &str) -> String {
    format!("compare it in the query, as in ({name} = 'Y') AS {name}")
}

/// An empty text stands for a missing number.
fn as_number(name: &str, dialect: Dialect) -> String {
    let number = match dialect {
        Dialect::Sqlite => "REAL",
        Dialect::Postgres => "NUMERIC",
        Dialect::MySql => "DECIMAL(12, 3)",
    };
    format!("convert it in the query, as in CAST(NULLIF({name}, '') AS {number}) AS {name}")
}
