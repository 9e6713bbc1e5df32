//! The user's query, cut to a window. What is computed over its rows is not known here.

use crate::source::{Dialect, Statement, not_one_query, not_only_bounded, used_parameters, without_final_semicolon};
use crate::time::Window;
use crate::workspace::{ColumnKind, DatasetDefinition, TimeStorage};

/// The dataset's rows inside the window, as a query that can stand in parentheses: `SELECT … FROM (…) AS rows`. Its
/// parameters are `:from` and `:to`. A query that leaves the window to us is cut from outside, by its time column.
pub fn windowed(definition: &DatasetDefinition, dialect: Dialect, window: Window) -> Statement {
    let query = without_final_semicolon(&definition.query.value, dialect);
    let storage = time_storage(definition);
    let parameters = [("from", window.from), ("to", window.to)]
        .map(|(name, instant)| (name.to_owned(), dialect.time_parameter(instant, storage)));
    let used = used_parameters(query, dialect);
    let time = dialect.quote_identifier(&definition.time.value);
    let missing: Vec<String> = [("from", ">="), ("to", "<")]
        .into_iter()
        .filter(|(name, _)| !used.iter().any(|known| known == name))
        .map(|(name, comparison)| format!("{time} {comparison} :{name}"))
        .collect();
    // The line break ends a comment in the query's last line.
    let sql = if missing.is_empty() {
        format!("{query}\n")
    } else {
        format!("SELECT * FROM ({query}\n) AS unbounded WHERE {}", missing.join(" AND "))
    };
    Statement { sql, parameters: parameters.into_iter().collect() }
}

/// Why the dataset's query must not be sent: it would not stay inside the parentheses it is put into.
pub fn unsendable(definition: &DatasetDefinition, dialect: Dialect) -> Option<String> {
    let query = without_final_semicolon(&definition.query.value, dialect);
    not_one_query(query, dialect).map(|words| format!("the query of dataset `{}` {words}", definition.id.value))
}

/// Why the rows of a long window may not be those of its parts; in words.
pub fn not_divisible(definition: &DatasetDefinition, dialect: Dialect) -> Option<String> {
    let words = not_only_bounded(&definition.query.value, dialect, &definition.time.value)?;
    Some(format!("the query of dataset `{}` {words}", definition.id.value))
}

/// How many rows have no instant that can be read (NULL, a zero date, a text that is none) and so are in no period. A
/// query that cuts the window itself hides most of them: of its rows only those inside are counted.
pub fn without_time(definition: &DatasetDefinition, dialect: Dialect, window: Window) -> Statement {
    let query = without_final_semicolon(&definition.query.value, dialect);
    let time = format!("undated.{}", dialect.quote_identifier(&definition.time.value));
    let condition = dialect.is_no_instant(&time, time_storage(definition));
    let parameters = windowed(definition, dialect, window).parameters;
    Statement { sql: format!("SELECT COUNT(*) FROM ({query}\n) AS undated WHERE {condition}"), parameters }
}

/// How the dataset's time column is stored.
pub fn time_storage(definition: &DatasetDefinition) -> TimeStorage {
    match definition.columns.get(&definition.time.value).map(|column| column.kind) {
        Some(ColumnKind::Time(storage)) => storage,
        // Reading the workspace makes sure that the time column is one; text in UTC is the documented default.
        _ => TimeStorage::UtcText,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::example::definition;

    fn check(query: &str, expected: &str) {
        let definition = definition(query, TimeStorage::UtcText, &[]);
        let window =
            Window { from: "2026-11-01T00:00:00Z".parse().unwrap(), to: "2026-11-02T00:00:00Z".parse().unwrap() };
        let statement = windowed(&definition, Dialect::Sqlite, window);
        assert_eq!(statement.sql, expected);
        assert_eq!(statement.parameters.keys().collect::<Vec<_>>(), ["from", "to"]);
    }

    #[test]
    fn the_window_is_added_where_the_query_has_none() {
        check(
            "SELECT * FROM calls WHERE t >= :from AND t < :to;",
            "SELECT * FROM calls WHERE t >= :from AND t < :to\n",
        );
        check(
            "SELECT * FROM calls -- all of them",
            "SELECT * FROM (SELECT * FROM calls -- all of them\n) AS unbounded \
             WHERE `started_at` >= :from AND `started_at` < :to",
        );
        check(
            "SELECT * FROM calls WHERE t >= :from",
            "SELECT * FROM (SELECT * FROM calls WHERE t >= :from\n) AS unbounded WHERE `started_at` < :to",
        );
    }
}
