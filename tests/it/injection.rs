//! Nothing that stands in a name, in a formula's text or in the data becomes SQL, on any database and in any mode of
//! MySQL and MariaDB that changes where texts and names end.

use std::collections::BTreeSet;

use callbrief::kpi::{KeyPart, Reading};
use callbrief::source::{Dialect, Limits, Statement, Value};

use super::databases::{Engine, TestDatabase, database};
use super::measured::measured;

/// Texts that would be something else if they were pasted into SQL.
const TEXTS: [&str; 20] = [
    "'",
    "''",
    "\"",
    "`",
    "\\",
    "\\'",
    "\\\\",
    "'; DROP TABLE calls; --",
    "\\'; DROP TABLE calls; -- ",
    "' OR 1 = 1 -- ",
    "\" OR \"\" = \"",
    ":from",
    ":text0 ? ?1 $1 @p",
    "-- comment",
    "/* comment",
    "line\nbreak\r\nand\ttab",
    "100 %_",
    "$$ $t$",
    "Продажи «Юг» 'ё'",
    "ʼ ＇ 🚒",
];

async fn databases() -> Vec<TestDatabase> {
    let mut databases = Vec::new();
    for engine in [Engine::all(), Engine::in_unusual_modes()].concat() {
        let rows: Vec<String> =
            TEXTS.iter().map(|text| format!("({}, '2026-11-23 08:00:00')", spelled(engine, text))).collect();
        let table = "CREATE TABLE calls (queue VARCHAR(80), at VARCHAR(40))";
        let setup = format!("{table}; INSERT INTO calls VALUES {}", rows.join(", "));
        databases.push(database(engine, Limits::default(), &setup).await);
    }
    databases
}

/// The text by its bytes, which no mode changes.
fn spelled(engine: Engine, text: &str) -> String {
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    match engine.dialect() {
        Dialect::Sqlite => format!("CAST(x'{hex}' AS TEXT)"),
        Dialect::Postgres => format!("convert_from(decode('{hex}', 'hex'), 'UTF8')"),
        Dialect::MySql => format!("CONVERT(x'{hex}' USING utf8mb4)"),
    }
}

const COLUMNS: &str = "columns: { at: { type: time, stored_as: utc_text }, queue: text }\n";

#[tokio::test]
async fn texts_in_formulas_and_rows_stay_texts() {
    for database in databases().await {
        let dataset = format!("time: at\nquery: SELECT at, queue FROM calls\n{COLUMNS}");
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        let mut formulas = Vec::new();
        for text in TEXTS {
            let text = quoted(text);
            formulas.push(format!("count(queue == {text})"));
            formulas.push(format!("count(queue in [{text}, \"nobody's\"])"));
            formulas
                .push(format!("count(starts_with(queue, {text}) and ends_with(queue, {text}) and queue == {text})"));
            formulas.push(format!("count(if_null(queue, {text}) == {text})"));
        }
        let total = measured(&database, &dataset, &formulas, &[]).await;
        let readings = total.values().next().unwrap();
        for (formula, reading) in formulas.iter().zip(readings) {
            assert_eq!(*reading, Reading::Value(1.0), "{:?}: {formula}", database.engine);
        }
        let contained: Vec<String> =
            TEXTS.iter().map(|text| format!("count(contains(queue, {}))", quoted(text))).collect();
        let found = measured(&database, &dataset, &contained, &[]).await;
        for (text, reading) in TEXTS.iter().zip(found.values().next().unwrap()) {
            let expected = TEXTS.iter().filter(|other| other.contains(text)).count();
            assert_eq!(*reading, Reading::Value(expected as f64), "{:?}: {text}", database.engine);
        }
        let groups = measured(&database, &dataset, &["count()".to_owned()], &["queue"]).await;
        let names: BTreeSet<_> = groups.into_keys().map(|key| key[0].clone()).collect();
        let expected = TEXTS.iter().map(|text| KeyPart::Text((*text).to_owned())).collect();
        assert_eq!(names, expected, "{:?}", database.engine);
    }
}

#[tokio::test]
async fn a_nul_character_is_a_character_or_refused() {
    for database in databases().await {
        let dataset = format!("time: at\nquery: SELECT at, queue FROM calls\n{COLUMNS}");
        let formulas = ["count(queue == \"a\\x00' OR 1 = 1 -- \")".to_owned(), "count()".to_owned()];
        let total = measured(&database, &dataset, &formulas, &[]).await;
        let readings = total.values().next().unwrap();
        match &readings[0] {
            Reading::Value(count) => assert_eq!(*count, 0.0, "{:?}", database.engine),
            Reading::Failed(_) => assert_eq!(database.engine, Engine::Postgres),
            Reading::NoData => panic!("{:?}", database.engine),
        }
        assert_eq!(readings[1], Reading::Value(TEXTS.len() as f64), "{:?}", database.engine);
    }
}

#[tokio::test]
async fn names_stay_names() {
    for database in databases().await {
        let dialect = database.dialect();
        // A blank at a name's end is cut off or refused by MySQL, whoever asks.
        for name in TEXTS.map(|text| format!("{text}|")) {
            // MySQL's own names know no letters of four bytes.
            let is_known = name.chars().all(|letter| letter < '\u{10000}') || dialect != Dialect::MySql;
            if !is_known {
                continue;
            }
            let quoted = dialect.quote_identifier(&name);
            let sql = format!("SELECT x.{quoted} FROM (SELECT 7 AS {quoted} FROM calls) AS x LIMIT 1");
            let statement = Statement { sql, ..Statement::default() };
            let rows = database.source.fetch(&statement).await;
            let rows = rows.unwrap_or_else(|error| panic!("{:?}: {name:?}: {error}", database.engine));
            assert_eq!(rows.columns, [name.as_str()], "{:?}", database.engine);
            assert_eq!(rows.rows, [[Value::Integer(7)]], "{:?}: {name:?}", database.engine);
        }
        let with_nul =
            format!("SELECT {} FROM calls", dialect.quote_identifier("queue\0` FROM calls -- \" FROM calls -- "));
        let refused = database.source.fetch(&Statement { sql: with_nul, ..Statement::default() }).await;
        assert!(refused.is_err(), "{:?}: {refused:?}", database.engine);
    }
}

#[tokio::test]
async fn parameters_are_found_outside_of_texts_only() {
    for database in databases().await {
        let text = match database.dialect() {
            Dialect::MySql => "'it\\'s :from ? -- '' \\\\'",
            Dialect::Postgres => "E'it\\'s :from ? -- '' \\\\'",
            Dialect::Sqlite => "'it''s :from ? -- '' \\'",
        };
        let dataset = format!(
            "time: at\nquery: |\n  SELECT at, {text} AS queue /* :to ' */ FROM calls -- :from '\n  \
             WHERE at >= :from AND at < :to\n{COLUMNS}"
        );
        let formulas = [r#"count(queue == "it's :from ? -- ' \\")"#.to_owned()];
        let total = measured(&database, &dataset, &formulas, &[]).await;
        let expected = [Reading::Value(TEXTS.len() as f64)];
        assert_eq!(total.values().next().unwrap(), &expected, "{:?}", database.engine);
    }
}
