//! What a source promises, on SQLite files; the same on servers is in `tests/it`.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use super::testing::{address, database};
use super::{Limits, Rows, Source, SourceError, Statement, Value};

async fn opened(folder: &Path, limits: Limits) -> Result<Source, SourceError> {
    Source::connect_with("pbx", &address("sqlite:calls.db"), folder, limits).await
}

fn statement(sql: &str) -> Statement {
    Statement { sql: sql.to_owned(), parameters: BTreeMap::new() }
}

async fn fetched(setup: &str, sql: &str, limits: Limits) -> Result<Rows, SourceError> {
    let folder = database(setup).await;
    let source = opened(folder.path(), limits).await?;
    let rows = source.fetch(&statement(sql)).await;
    source.close().await;
    rows
}

#[tokio::test]
async fn values_have_their_own_types_whatever_the_column_says() {
    let rows = fetched(
        "CREATE TABLE t (a DATETIME, b BOOLEAN, c NUMERIC, d DATE, e);
         INSERT INTO t VALUES ('2026-11-23 08:00:00', 1, 1.5, NULL, 'Очередь')",
        "SELECT *, SUM(c) AS s, COUNT(*) AS n FROM t",
        Limits::default(),
    )
    .await
    .unwrap();
    assert_eq!(rows.columns, ["a", "b", "c", "d", "e", "s", "n"]);
    let text = |text: &str| Value::Text(text.to_owned());
    assert_eq!(
        rows.rows,
        [[
            text("2026-11-23 08:00:00"),
            Value::Integer(1),
            Value::Number(1.5),
            Value::Null,
            text("Очередь"),
            Value::Number(1.5),
            Value::Integer(1)
        ]]
    );
}

#[tokio::test]
async fn nothing_can_be_written() {
    let folder = database("CREATE TABLE calls (id); INSERT INTO calls VALUES (1)").await;
    let source = opened(folder.path(), Limits::default()).await.unwrap();
    for sql in ["DELETE FROM calls", "DROP TABLE calls", "CREATE TABLE more (id)"] {
        let error = source.fetch(&statement(sql)).await.unwrap_err();
        assert_eq!(error.to_string(), "a query on source `pbx` fails: attempt to write a readonly database", "{sql}");
        assert!(!error.is_temporary());
    }
    // Not even when a query switches the second lock off.
    let _ = source.fetch(&statement("PRAGMA query_only = 0")).await;
    assert!(source.fetch(&statement("DELETE FROM calls")).await.is_err());
    assert_eq!(source.fetch(&statement("SELECT id FROM calls")).await.unwrap().rows, [[Value::Integer(1)]]);
}

#[tokio::test]
async fn limits_stop_a_statement_and_the_source_goes_on() {
    let folder = database("CREATE TABLE calls (id); INSERT INTO calls VALUES (1), (2), (3)").await;
    let limits = Limits { rows: 2, time: Duration::from_millis(50), connections: 1, ..Limits::default() };
    let source = opened(folder.path(), limits).await.unwrap();

    let error = source.fetch(&statement("SELECT id FROM calls")).await.unwrap_err();
    assert_eq!(error.to_string(), "a query on source `pbx` delivers more than 2 rows");

    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n";
    let error = source.fetch(&statement(endless)).await.unwrap_err();
    assert_eq!(error.to_string(), "a query on source `pbx` was stopped after 0.05 s");
    assert!(error.is_temporary());

    assert_eq!(source.fetch(&statement("SELECT MAX(id) FROM calls")).await.unwrap().rows, [[Value::Integer(3)]]);
}

#[tokio::test]
async fn what_cannot_be_opened_is_said() {
    let folder = database("CREATE TABLE calls (id)").await;
    std::fs::write(folder.path().join("note.txt"), "not a database, but long enough to look at".repeat(40)).unwrap();
    let check = async |url: &str, expected: &str| {
        let error = Source::connect("pbx", &address(url), folder.path()).await.unwrap_err().to_string();
        let error = error.replace(&folder.path().display().to_string(), "ROOT");
        assert_eq!(error, expected);
    };
    check("sqlite:cals.db", "the database file `ROOT/cals.db` of source `pbx` does not exist").await;
    assert!(!folder.path().join("cals.db").exists());
    check("sqlite:note.txt", "source `pbx` refuses the connection: file is not a database").await;
    check(
        "sqlite::memory:",
        "the address of source `pbx` cannot be read: a file is needed, as in `sqlite:var/calls.db`",
    )
    .await;
    check(
        "oracle://user:canary@host/db",
        "the address of source `pbx` cannot be read: it begins with none of `sqlite:`, `postgres:`, `mysql:`",
    )
    .await;
    let error = Source::connect("pbx", &address("postgres://user:canary@host:port/db"), folder.path()).await;
    let error = error.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
    let nobody = address("postgres://user:canary@127.0.0.1:1/db");
    let limits = Limits { connect: Duration::from_millis(500), ..Limits::default() };
    let error = Source::connect_with("pbx", &nobody, folder.path(), limits).await.unwrap_err();
    assert!(error.is_temporary(), "{error}");
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
}

#[tokio::test]
async fn an_unknown_quoted_column_is_no_text() {
    let dialect = super::Dialect::Sqlite;
    let sql = format!("SELECT {} FROM calls", dialect.quote_identifier("missing"));
    let error = fetched("CREATE TABLE calls (id)", &sql, Limits::default()).await.unwrap_err();
    assert_eq!(error.cause(), "no such column: missing");
}

#[tokio::test]
async fn a_file_that_is_being_written_is_read() {
    let folder = database("PRAGMA journal_mode = WAL; CREATE TABLE calls (id); INSERT INTO calls VALUES (1)").await;
    let count = statement("SELECT COUNT(*) FROM calls");
    let source = opened(folder.path(), Limits::default()).await.unwrap();
    assert_eq!(source.fetch(&count).await.unwrap().rows, [[Value::Integer(1)]]);

    let writer = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("calls.db"));
    let mut writer = sqlx::ConnectOptions::connect(&writer).await.unwrap();
    for write in ["BEGIN IMMEDIATE", "INSERT INTO calls VALUES (2)"] {
        sqlx::query(write).execute(&mut writer).await.unwrap();
    }
    assert_eq!(source.fetch(&count).await.unwrap().rows, [[Value::Integer(1)]]);
    sqlx::query("COMMIT").execute(&mut writer).await.unwrap();
    assert_eq!(source.fetch(&count).await.unwrap().rows, [[Value::Integer(2)]]);
}
