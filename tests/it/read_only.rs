//! Whatever a dataset's query says, it cannot change a database, nor lift the limits of the queries after it.

use std::time::Duration;

use callbrief::kpi::Reading;
use callbrief::source::{Limits, SourceError, Statement, Value};

use super::databases::{Engine, TestDatabase, database, each};
use super::measured::measured;

fn statement(sql: &str) -> Statement {
    Statement { sql: sql.to_owned(), ..Statement::default() }
}

/// A table with one call, and a function that empties it.
fn setup(engine: Engine) -> String {
    let table = "CREATE TABLE calls (id INT, at VARCHAR(40)); INSERT INTO calls VALUES (1, '2026-11-23 08:00:00');";
    let function = match engine.dialect() {
        callbrief::source::Dialect::Sqlite => "",
        callbrief::source::Dialect::Postgres => {
            "CREATE SEQUENCE numbers;
             CREATE FUNCTION erase() RETURNS INT LANGUAGE sql AS 'DELETE FROM calls; SELECT 1'"
        }
        callbrief::source::Dialect::MySql => {
            "CREATE FUNCTION erase() RETURNS INT MODIFIES SQL DATA BEGIN DELETE FROM calls; RETURN 1; END"
        }
    };
    format!("{table}{function}")
}

/// Queries that would write if they could.
fn attempts(engine: Engine, outfile: &str) -> Vec<String> {
    let mut attempts: Vec<String> = [
        "DELETE FROM calls",
        "UPDATE calls SET id = 2",
        "INSERT INTO calls (id, at) VALUES (2, '2026-11-23 08:00:00')",
        "CREATE TABLE more (id INT, at VARCHAR(40))",
        "DROP TABLE calls",
        "SELECT id, at FROM calls; DELETE FROM calls",
        "SELECT id, at FROM calls) AS d; DELETE FROM calls; --",
        "SELECT id, at FROM calls) AS d; DELETE FROM calls WHERE id IN (SELECT 1",
        "WITH gone AS (DELETE FROM calls RETURNING id, at) SELECT id, at FROM gone",
        "BEGIN",
        "COMMIT",
    ]
    .map(str::to_owned)
    .to_vec();
    let own: &[&str] = match engine {
        Engine::Sqlite => &[
            "PRAGMA query_only = 0",
            "ATTACH DATABASE 'OUTFILE' AS other",
            "VACUUM INTO 'OUTFILE'",
            "SELECT load_extension('OUTFILE') AS id, at FROM calls",
        ],
        Engine::Postgres => &[
            "SELECT id, at INTO more FROM calls",
            "COPY calls TO 'OUTFILE'",
            "SET default_transaction_read_only = off",
            "SELECT id, at, set_config('transaction_read_only', 'off', false) FROM calls",
            "SELECT id, at, nextval('numbers') FROM calls",
            "SELECT erase() AS id, '2026-11-23 08:00:00' AS at",
            "SELECT id, at, query_to_xml('DELETE FROM calls', true, true, '') FROM calls",
        ],
        _ => &[
            "SELECT id, at FROM calls INTO OUTFILE 'OUTFILE'",
            "SELECT id, at FROM calls) AS d INTO OUTFILE 'OUTFILE' -- ",
            "SELECT 1) AS a UNION SELECT 2 INTO OUTFILE 'OUTFILE' FROM (SELECT 1",
            "SELECT id, at FROM calls /*!) AS d INTO OUTFILE 'OUTFILE' -- */",
            "SELECT id, \"\\\") AS d INTO OUTFILE 'OUTFILE' FROM (SELECT \" AS at FROM calls",
            "SET SESSION TRANSACTION READ WRITE",
            "SELECT erase() AS id, '2026-11-23 08:00:00' AS at",
        ],
    };
    attempts.extend(own.iter().map(|sql| sql.replace("OUTFILE'", &format!("{outfile}'"))));
    attempts
}

#[tokio::test]
async fn no_dataset_can_write() {
    for database in each(Limits::default(), setup).await {
        let (engine, outfile) = (database.engine, format!("/tmp/{}.out", database.name()));
        for attempt in attempts(engine, &outfile) {
            let query = serde_json::to_string(&attempt).unwrap();
            let columns = "columns: { at: { type: time, stored_as: utc_text }, id: number }";
            let dataset = format!("time: at\nquery: {query}\n{columns}\n");
            let groups = measured(&database, &dataset, &["sum(id)".to_owned()], &[]).await;
            let reading = &groups.values().next().unwrap()[0];
            assert!(matches!(reading, Reading::Failed(_)), "{engine:?}: {attempt}: {reading:?}");
            assert!(!std::path::Path::new(&outfile).exists(), "{engine:?}: {attempt}");
            unchanged(&database, &attempt).await;
        }
    }
}

async fn unchanged(database: &TestDatabase, attempt: &str) {
    let rows = database.fetch("SELECT id, at FROM calls", &[]).await;
    let expected = [[Value::Integer(1), Value::Text("2026-11-23 08:00:00".to_owned())]];
    assert_eq!(rows, expected, "{:?}: {attempt}", database.engine);
    let more = database.source.fetch(&statement("SELECT * FROM more")).await;
    assert!(more.is_err(), "{:?}: {attempt}", database.engine);
}

#[tokio::test]
async fn statements_that_write_are_refused() {
    for database in each(Limits::default(), setup).await {
        for sql in ["DELETE FROM calls", "UPDATE calls SET id = 2", "CREATE TABLE more (id INT)", "DROP TABLE calls"] {
            let error = database.source.fetch(&statement(sql)).await.unwrap_err();
            assert!(matches!(error, SourceError::Query { .. }), "{:?}: {sql}: {error}", database.engine);
            let words = error.cause().to_lowercase().replace('-', "");
            assert!(words.contains("readonly") || words.contains("read only"), "{error}");
            unchanged(&database, sql).await;
        }
    }
}

#[tokio::test]
async fn what_a_query_does_to_its_session_does_not_last() {
    let limits = Limits { time: Duration::from_millis(300), connections: 1, ..Limits::default() };
    let database = database(Engine::Postgres, limits, &setup(Engine::Postgres)).await;
    let lifted = "SELECT set_config('default_transaction_read_only', 'off', false), \
                  set_config('statement_timeout', '0', false), set_config('TimeZone', 'Asia/Kolkata', false)";
    database.fetch(lifted, &[]).await;
    let error = database.source.fetch(&statement("SELECT erase()")).await.unwrap_err();
    assert!(error.to_string().contains("read-only"), "{error}");
    database.fetch(lifted, &[]).await;
    let error = database.source.fetch(&statement("SELECT pg_sleep(20)")).await.unwrap_err();
    assert!(matches!(error, SourceError::Timeout { .. }), "{error}");
    database.fetch(lifted, &[]).await;
    let hour = "SELECT CAST(CAST(TIMESTAMPTZ '2026-11-23 08:00:00+00' AS TIMESTAMP) AS TEXT)";
    assert_eq!(database.value(hour, &[]).await, Value::Text("2026-11-23 08:00:00".to_owned()));
}

#[tokio::test]
async fn a_slow_query_is_stopped_where_it_runs() {
    let limits = Limits { time: Duration::from_millis(300), connections: 1, ..Limits::default() };
    let counting = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) \
                    SELECT COUNT(*) FROM n AS a JOIN n AS b ON a.i <> b.i JOIN n AS c ON a.i <> c.i";
    for database in each(limits, setup).await {
        let started = std::time::Instant::now();
        let error = database.source.fetch(&statement(counting)).await.unwrap_err();
        assert!(matches!(error, SourceError::Timeout { .. }), "{:?}: {error}", database.engine);
        // Our own limit is two seconds later: it was the database's.
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}: {:?}", database.engine, started.elapsed());
        assert_eq!(database.value("SELECT 1", &[]).await, Value::Integer(1));
    }
}
