//! Whether a dataset's query works: sent with an empty window, its columns compared with the declared ones.

use chrono::DateTime;

use super::{column_type, time_column, time_storage, unsendable, windowed};
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Dialect, Source, SourceError, Statement};
use crate::time::Window;
use crate::workspace::{ColumnDefinition, DatasetDefinition, TimeStorage};

/// Asks the source about the dataset, reading one row at most. Mistakes of the query and of the columns are diagnostics;
/// a source that does not answer is an error.
pub async fn probe(source: &Source, definition: &DatasetDefinition) -> Result<Vec<Diagnostic>, SourceError> {
    let dialect = source.dialect();
    if dialect == Dialect::Sqlite && time_storage(definition) == TimeStorage::Timestamptz {
        let message = format!("`{}` is stored as `timestamptz`, which SQLite does not have", definition.time.value);
        let hint = "say how it is stored: `utc_text`, `unix_s`, `unix_ms`, or `local` with a `timezone`";
        return Ok(vec![Diagnostic::error(Code::BadValue, definition.time.span.clone(), message).hint(hint)]);
    }
    if let Some(message) = unsendable(definition, dialect) {
        return Ok(vec![Diagnostic::error(Code::QueryFailed, definition.query.span.clone(), message)]);
    }
    let nothing = Window { from: DateTime::UNIX_EPOCH, to: DateTime::UNIX_EPOCH };
    let rows = windowed(definition, dialect, nothing);
    // The time column is not yet known to exist, so the columns are asked of the query itself.
    let bare = crate::source::without_final_semicolon(&definition.query.value, dialect);
    let asked = Statement { sql: format!("SELECT * FROM ({bare}\n) AS probed WHERE 1 = 0"), ..rows.clone() };
    let columns = match source.columns(&asked).await {
        Ok(columns) => columns,
        Err(error) => return query_failed(definition, error),
    };
    let delivered = |declared: &str| {
        columns.iter().find(|column| match dialect {
            Dialect::Postgres => column.name == declared,
            Dialect::Sqlite | Dialect::MySql => column.name.eq_ignore_ascii_case(declared),
        })
    };
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    let missing: Vec<Diagnostic> = definition
        .columns
        .values()
        .filter(|column| delivered(&column.name.value).is_none())
        .map(|column| {
            let name = &column.name.value;
            let message = format!("the query of dataset `{}` delivers no column `{name}`", definition.id.value);
            Diagnostic::error(Code::ColumnNotDelivered, column.name.span.clone(), message)
                .did_you_mean(name, names.iter().copied())
                .related(definition.query.span.clone(), format!("it delivers {}", names.join(", ")))
        })
        .collect();
    if !missing.is_empty() {
        return Ok(missing);
    }
    let type_of = |name: &str| delivered(name).map_or("", |column| column.type_name.as_str());
    let mut mistakes: Vec<Diagnostic> =
        time_column::mismatch(definition, dialect, type_of(&definition.time.value)).into_iter().collect();
    if dialect == Dialect::Sqlite {
        match looked_at(source, definition).await {
            Ok(found) => mistakes.extend(found),
            Err(error) => return query_failed(definition, error),
        }
    } else {
        let mismatch = |column: &ColumnDefinition| column_type::mismatch(column, dialect, type_of(&column.name.value));
        mistakes.extend(definition.columns.values().filter_map(mismatch));
    }
    if !mistakes.is_empty() {
        return Ok(mistakes);
    }
    // Sent once with values: a comparison of the time column with a value of another type fails only here.
    let sent = Statement { sql: format!("SELECT * FROM ({}) AS probed WHERE 1 = 0", rows.sql), ..rows };
    match source.fetch(&sent).await {
        Ok(_) => Ok(Vec::new()),
        Err(error) => query_failed(definition, error),
    }
}

/// What only the values themselves show.
async fn looked_at(source: &Source, definition: &DatasetDefinition) -> Result<Vec<Diagnostic>, SourceError> {
    let mut mistakes: Vec<Diagnostic> = time_column::first_value(source, definition).await?.into_iter().collect();
    mistakes.extend(column_type::texts_among_numbers(source, definition).await?);
    Ok(mistakes)
}

fn query_failed(definition: &DatasetDefinition, error: SourceError) -> Result<Vec<Diagnostic>, SourceError> {
    match error {
        SourceError::Query { .. } | SourceError::Parameter { .. } | SourceError::Undecodable { .. } => {
            let message = format!("the query of dataset `{}` fails: {}", definition.id.value, error.cause());
            Ok(vec![Diagnostic::error(Code::QueryFailed, definition.query.span.clone(), message)])
        }
        other => Err(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::example::definition;
    use crate::source::testing::{address, database};

    async fn check(query: &str, storage: TimeStorage, texts: &[&str], expected: &[&str]) {
        let folder = database("CREATE TABLE calls (started_at TEXT, queue TEXT, Agent TEXT)").await;
        let source = Source::connect("pbx", &address("sqlite:calls.db"), folder.path()).await.unwrap();
        let found = probe(&source, &definition(query, storage, texts)).await.unwrap();
        let found: Vec<String> = found
            .iter()
            .map(|found| {
                let place = found.span.as_ref().unwrap().text();
                format!("{} at `{place}`: {} {}", found.code, found.message, found.hints.join(" "))
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn mistakes_are_found_at_their_places() {
        let utc = TimeStorage::UtcText;
        check("SELECT * FROM calls WHERE started_at >= :from -- all", utc, &["queue", "agent"], &[]).await;
        check(
            "SELECT * FROM calls",
            utc,
            &["queue", "quue", "started"],
            &[
                "CB604 at `quue`: the query of dataset `calls` delivers no column `quue` did you mean `queue`?",
                "CB604 at `started`: the query of dataset `calls` delivers no column `started` did you mean `started_at`?",
            ],
        )
        .await;
        for (query, words) in [
            ("SELECT * FROM cals", "no such table: cals"),
            ("SELECT * FROM calls WHERE started_at > :form", "unknown parameter `:form`, known are `:from`, `:to`"),
        ] {
            let expected = format!("CB603 at `{query}`: the query of dataset `calls` fails: {words} ");
            check(query, utc, &[], &[&expected]).await;
        }
        let escaping = "SELECT 1) AS x; DELETE FROM calls; --";
        let words = "the query of dataset `calls` closes a parenthesis that it did not open";
        check(escaping, utc, &[], &[&format!("CB603 at `{escaping}`: {words} ")]).await;
        check(
            "SELECT * FROM calls",
            TimeStorage::Timestamptz,
            &[],
            &["CB106 at `started_at`: `started_at` is stored as `timestamptz`, which SQLite does not have \
               say how it is stored: `utc_text`, `unix_s`, `unix_ms`, or `local` with a `timezone`"],
        )
        .await;
    }
    #[tokio::test]
    async fn a_time_of_another_kind_or_form_is_found() {
        let check = async |value: &str, storage: TimeStorage, expected: &str| {
            let table = format!("CREATE TABLE calls (started_at); INSERT INTO calls VALUES (NULL), ({value})");
            let folder = database(&table).await;
            let source = Source::connect("pbx", &address("sqlite:calls.db"), folder.path()).await.unwrap();
            for query in ["SELECT * FROM calls", "SELECT * FROM calls WHERE started_at >= :from AND started_at < :to"] {
                let found = probe(&source, &definition(query, storage, &[])).await.unwrap();
                let found: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
                assert_eq!(found.join(" "), expected, "{query}");
            }
        };
        let (text, seconds) = (TimeStorage::UtcText, TimeStorage::UnixSeconds);
        check("'2026-11-23 08:00:00'", text, "").await;
        check("'2026-11-23 08:00:00.25'", text, "").await;
        check("1795420800", seconds, "").await;
        let declared = "`started_at` is declared as";
        check("1795420800", text, &format!("{declared} `utc_text`, but its first value is 1795420800")).await;
        let other = "but its first value is the text `2026-11-23 08:00:00`";
        check("'2026-11-23 08:00:00'", seconds, &format!("{declared} `unix_s`, {other}")).await;
        for form in ["2026-11-23T08:00:00", "2026-11-23 08:00", "23.11.2026 08:00:00", "2026-11-23 8:00:00"] {
            let expected = format!("{declared} `utc_text`, but its first value is `{form}`");
            check(&format!("'{form}'"), text, &expected).await;
        }
    }
}
