//! Columns of types that are not what a dataset declares: found by `check`, and the hints give the right numbers.

use callbrief::dataset::probe;
use callbrief::diagnostics::Spanned;
use callbrief::kpi::Reading;
use callbrief::source::{Dialect, Limits};
use callbrief::workspace::{ColumnDefinition, ColumnKind, Localized, TimeStorage};

use super::databases::{Engine, TestDatabase, each};
use super::dataset::definition;
use super::measured::measured;

/// A column of a database's own type, declared as this; what `check` says of it.
async fn told(database: &TestDatabase, column: &str, kind: ColumnKind) -> Vec<String> {
    let mut definition = definition("SELECT * FROM calls", "at", TimeStorage::UtcText);
    let name = Spanned::new(column.to_owned(), definition.time.span.clone());
    let declared = ColumnDefinition { name, kind, title: Localized::default() };
    definition.columns.insert(column.to_owned(), declared);
    let found = probe(&database.source, &definition).await.unwrap();
    found.into_iter().map(|found| format!("{} {}; {}", found.code, found.message, found.hints.join("; "))).collect()
}

#[tokio::test]
async fn a_column_declared_wrongly_is_found() {
    let setup = |engine: Engine| {
        let length = if engine == Engine::Postgres { "INTERVAL" } else { "TIME" };
        let columns =
            format!("flag VARCHAR(3), wait VARCHAR(9), talk {length}, hold INT, ended TIMESTAMP NULL, yes BOOLEAN");
        let values = "'Y', '', '00:05:00', 5, '2026-11-23 08:00:00', TRUE";
        format!(
            "CREATE TABLE calls (at VARCHAR(40), {columns});
             INSERT INTO calls VALUES ('2026-11-23 08:00:00', {values}), ('2026-11-23 08:00:01', NULL, NULL, NULL, NULL, NULL, NULL)"
        )
    };
    let (number, duration, truth) = (ColumnKind::Number, ColumnKind::Duration, ColumnKind::Bool);
    for database in each(Limits::default(), setup).await {
        for (column, kind) in
            [("hold", number), ("hold", duration), ("hold", truth), ("yes", truth), ("flag", ColumnKind::Text)]
        {
            assert_eq!(told(&database, column, kind).await, Vec::<String>::new(), "{:?} {column}", database.engine);
        }
        let mut refused = Vec::new();
        for (column, kind) in [
            ("flag", truth),
            ("wait", duration),
            ("wait", number),
            ("talk", duration),
            ("talk", truth),
            ("ended", duration),
        ] {
            let told = told(&database, column, kind).await;
            assert_eq!(told.len(), 1, "{:?} {column} {kind:?}", database.engine);
            refused.extend(told);
        }
        insta::assert_snapshot!(database.dialect().name(), refused.join("\n"));
    }
}

#[tokio::test]
async fn what_the_hints_say_gives_the_right_numbers() {
    let setup = |engine: Engine| {
        let length = if engine == Engine::Postgres { "INTERVAL" } else { "TIME" };
        format!(
            "CREATE TABLE calls (at VARCHAR(40), answered VARCHAR(3), wait VARCHAR(9), talk {length});
             INSERT INTO calls VALUES ('2026-11-23 08:00:00', 'Y', '7.5', '00:05:00'),
                 ('2026-11-23 09:00:00', 'N', '', NULL), ('2026-11-23 10:00:00', NULL, NULL, '01:00:01')"
        )
    };
    for database in each(Limits::default(), setup).await {
        let (number, seconds) = match database.dialect() {
            Dialect::Sqlite => ("REAL", "unixepoch('1970-01-01 ' || talk)"),
            Dialect::Postgres => ("NUMERIC", "EXTRACT(EPOCH FROM talk)"),
            Dialect::MySql => ("DECIMAL(12, 3)", "TIME_TO_SEC(talk)"),
        };
        let dataset = format!(
            "time: at\nquery: |\n  SELECT at, (answered = 'Y') AS answered, CAST(NULLIF(wait, '') AS {number}) AS wait,\n    \
             {seconds} AS talk\n  FROM calls\n\
             columns: {{ at: {{ type: time, stored_as: utc_text }}, answered: bool, wait: duration, talk: duration }}\n"
        );
        let formulas = ["count(answered)", "count(not answered)", "sum(wait)", "count(wait)", "sum(talk)", "max(talk)"];
        let found = measured(&database, &dataset, &formulas.map(str::to_owned), &[]).await;
        let expected = [1.0, 1.0, 7.5, 1.0, 3_901.0, 3_601.0].map(Reading::Value);
        assert_eq!(found.values().next().unwrap(), &expected, "{:?}", database.engine);
    }
}
