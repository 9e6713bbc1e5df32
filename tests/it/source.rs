//! What every source promises, on every kind of database: the same values, the same text functions, no password shown.

use callbrief::source::{Dialect, Limits, Source, SourceError, Value};
use chrono::{DateTime, NaiveDateTime, Utc};

use super::databases::{Engine, address, database, each, server};

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn local(text: &str) -> Value {
    Value::Local(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap())
}

fn instant(text: &str) -> Value {
    Value::Instant(text.parse::<DateTime<Utc>>().unwrap())
}

#[tokio::test]
async fn postgres_types_are_read() {
    let columns = "b BOOL, i2 SMALLINT, i4 INT, i8 BIGINT, f4 REAL, f8 DOUBLE PRECISION, n NUMERIC(12, 3), t TEXT, \
                   v VARCHAR(40), c CHAR(3), e mood, tz TIMESTAMPTZ, ts TIMESTAMP, d DATE";
    let database = database(
        Engine::Postgres,
        Limits::default(),
        &format!(
            "CREATE TYPE mood AS ENUM ('хорошо');
             CREATE TABLE t ({columns});
             INSERT INTO t VALUES (TRUE, -2, 4, 9007199254740993, 0.5, 0.1, 12345.678, 'Очередь', 'v', 'ab', 'хорошо',
                 '2026-11-23 08:00:00+03', '2026-11-23 08:00:00', '2026-11-23');
             INSERT INTO t DEFAULT VALUES"
        ),
    )
    .await;
    let rows = database.fetch("SELECT * FROM t ORDER BY b NULLS LAST", &[]).await;
    let expected = [
        Value::Integer(1),
        Value::Integer(-2),
        Value::Integer(4),
        Value::Integer(9_007_199_254_740_993),
        Value::Number(0.5),
        Value::Number(0.1),
        Value::Number(12_345.678),
        text("Очередь"),
        text("v"),
        text("ab "),
        text("хорошо"),
        instant("2026-11-23T05:00:00Z"),
        local("2026-11-23 08:00:00"),
        local("2026-11-23 00:00:00"),
    ];
    assert_eq!(rows, [expected.to_vec(), vec![Value::Null; 14]]);
    let sums = "SELECT COUNT(*), SUM(i4), SUM(i8), AVG(i4), AVG(n), SUM(n) / 3, 'literal' FROM t";
    let expected = [
        Value::Integer(2),
        Value::Integer(4),
        Value::Number(9_007_199_254_740_992.0),
        Value::Number(4.0),
        Value::Number(12_345.678),
        Value::Number(4_115.226),
        text("literal"),
    ];
    assert_eq!(database.fetch(sums, &[]).await, [expected]);
}

#[tokio::test]
async fn mysql_types_are_read() {
    let columns = "b BOOL, i1 TINYINT, u1 TINYINT UNSIGNED, i4 INT, u8 BIGINT UNSIGNED, f FLOAT, g DOUBLE, \
                   n DECIMAL(12, 3), v VARCHAR(40), x VARCHAR(40) COLLATE utf8mb4_bin, t TEXT, e ENUM('да', 'нет'), \
                   dt DATETIME, ts TIMESTAMP NULL, d DATE, y YEAR, bits BIT(1)";
    for engine in Engine::like_mysql() {
        let database = database(
        engine,
        Limits::default(),
        &format!(
            "SET NAMES utf8mb4; SET time_zone = '+00:00';
             CREATE TABLE t ({columns});
             INSERT INTO t VALUES (TRUE, -2, 200, 4, 18446744073709551615, 0.5, 0.1, 12345.678, 'Очередь', 'Agent', 'текст',
                 'нет', '2026-11-23 08:00:00', '2026-11-23 08:00:00', '2026-11-23', 2026, 1);
             INSERT INTO t VALUES ();
             CREATE TABLE zero (dt DATETIME, ts TIMESTAMP, d DATE);
             SET sql_mode = '';
             INSERT INTO zero VALUES ('0000-00-00 00:00:00', '0000-00-00 00:00:00', '0000-00-00')"
        ),
    )
    .await;
        let rows = database.fetch("SELECT * FROM t ORDER BY b DESC", &[]).await;
        let expected = [
            Value::Integer(1),
            Value::Integer(-2),
            Value::Integer(200),
            Value::Integer(4),
            Value::Number(18_446_744_073_709_551_615.0),
            Value::Number(0.5),
            Value::Number(0.1),
            Value::Number(12_345.678),
            text("Очередь"),
            text("Agent"),
            text("текст"),
            text("нет"),
            local("2026-11-23 08:00:00"),
            instant("2026-11-23T08:00:00Z"),
            local("2026-11-23 00:00:00"),
            Value::Integer(2026),
            Value::Integer(1),
        ];
        assert_eq!(rows, [expected.to_vec(), vec![Value::Null; 17]]);
        let sums = "SELECT COUNT(*), SUM(i4), AVG(i4), SUM(n), SUM(n) / 3, SUM(g), 'literal' FROM t";
        let expected = [
            Value::Integer(2),
            Value::Number(4.0),
            Value::Number(4.0),
            Value::Number(12_345.678),
            Value::Number(4_115.226),
            Value::Number(0.1),
            text("literal"),
        ];
        assert_eq!(database.fetch(sums, &[]).await, [expected]);
        assert_eq!(database.fetch("SELECT * FROM zero", &[]).await, [vec![Value::Null; 3]]);
    }
}

#[tokio::test]
async fn texts_compare_the_same_everywhere() {
    let setup = |engine: Engine| {
        let dialect = engine.dialect();
        let collation = if dialect == Dialect::Sqlite { "COLLATE NOCASE" } else { "" };
        format!(
            "CREATE TABLE calls (queue VARCHAR(40) {collation});
             INSERT INTO calls VALUES ('Sales'), ('sales'), ('SALES '), ('Продажи'), ('продажи'), ('50%_off'), (NULL)"
        )
    };
    for database in each(Limits::default(), setup).await {
        let dialect = database.dialect();
        let groups = {
            let key = dialect.exact_text("queue");
            let sql = format!("SELECT k, COUNT(*) FROM (SELECT {key} AS k FROM calls) AS x GROUP BY k");
            let mut rows = database.fetch(&sql, &[]).await;
            rows.sort_by_key(|row| format!("{row:?}"));
            rows
        };
        let one = |name: &str| vec![text(name), Value::Integer(1)];
        let mut expected: Vec<Vec<Value>> =
            ["Sales", "sales", "SALES ", "Продажи", "продажи", "50%_off"].iter().map(|name| one(name)).collect();
        expected.push(vec![Value::Null, Value::Integer(1)]);
        expected.sort_by_key(|row| format!("{row:?}"));
        assert_eq!(groups, expected, "{}", dialect.name());

        let count = async |test: String, wanted: &str| {
            let sql = format!("SELECT COUNT(*) FROM calls WHERE {test}");
            database.value(&sql, &[("p", text(wanted))]).await
        };
        for (wanted, equal, containing, starting, ending) in [
            ("Sales", 1, 1, 1, 1),
            ("ale", 0, 2, 0, 0),
            ("sales", 1, 1, 1, 1),
            ("Прод", 0, 1, 1, 0),
            ("дажи", 0, 2, 0, 2),
            ("%", 0, 1, 0, 0),
            ("0%_o", 0, 1, 0, 0),
            ("_off", 0, 1, 0, 1),
            ("", 0, 6, 6, 6),
            ("longer than every text in it", 0, 0, 0, 0),
        ] {
            let at = format!("{} {wanted:?}", dialect.name());
            let equals = format!("{} = :p", dialect.exact_text("queue"));
            assert_eq!(count(equals, wanted).await, Value::Integer(equal), "equal: {at}");
            let test = dialect.contains("queue", ":p");
            assert_eq!(count(test, wanted).await, Value::Integer(containing), "contains: {at}");
            let test = dialect.starts_with("queue", ":p");
            assert_eq!(count(test, wanted).await, Value::Integer(starting), "starts: {at}");
            let test = dialect.ends_with("queue", ":p");
            assert_eq!(count(test, wanted).await, Value::Integer(ending), "ends: {at}");
        }
        assert_eq!(count(format!("{} = :p", dialect.lower("queue")), "50%_off").await, Value::Integer(1));
    }
}

#[tokio::test]
async fn numbers_and_truths_compute_the_same_everywhere() {
    let setup = |engine: Engine| {
        let dialect = engine.dialect();
        let kind = if dialect == Dialect::MySql { "TINYINT(1)" } else { "BOOLEAN" };
        let decimal = if dialect == Dialect::Sqlite { "NUMERIC" } else { "DECIMAL(10, 2)" };
        format!(
            "CREATE TABLE calls (answered {kind}, resolved SMALLINT, wait_s INT, price {decimal});
             INSERT INTO calls VALUES (TRUE, 1, 7, 2.50), (FALSE, 0, 8, 0.25), (NULL, NULL, NULL, NULL)"
        )
    };
    for database in each(Limits::default(), setup).await {
        let dialect = database.dialect();
        let columns = [
            format!("SUM(CASE WHEN {} THEN 1 ELSE 0 END)", dialect.bool_test("answered")),
            format!("SUM(CASE WHEN {} THEN 1 ELSE 0 END)", dialect.bool_test("resolved")),
            format!("SUM({})", dialect.real("wait_s")),
            format!("AVG({})", dialect.real("price")),
            format!("MAX({} / {})", dialect.real("wait_s"), dialect.real("2")),
            format!("MAX({})", dialect.integer_division("wait_s", "5")),
            "MAX(:seven) + MAX(wait_s * :half)".to_owned(),
        ];
        let sql = format!("SELECT {} FROM calls", columns.join(", "));
        let rows = database.fetch(&sql, &[("seven", Value::Integer(7)), ("half", Value::Number(0.5))]).await;
        let numbers: Vec<f64> = rows[0]
            .iter()
            .map(|value| match value {
                Value::Number(number) => *number,
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                Value::Integer(number) => *number as f64,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(numbers, [1.0, 1.0, 15.0, 1.375, 4.0, 1.0, 11.0], "{}", dialect.name());
    }
}

#[tokio::test]
async fn a_wrong_password_is_refused_and_never_shown() {
    for variable in ["CALLBRIEF_TEST_POSTGRES", "CALLBRIEF_TEST_MARIADB", "CALLBRIEF_TEST_MYSQL"] {
        let right = server(variable);
        if right == "none" {
            continue;
        }
        for (wrong, shown) in [
            (right.replace(":secret@", ":canary@"), "refuses the connection"),
            (format!("{}/canary_is_no_database", right.rsplit_once('/').unwrap().0), "refuses the connection"),
        ] {
            let error = Source::connect("pbx", &address(&wrong), std::path::Path::new(".")).await.unwrap_err();
            assert!(matches!(error, SourceError::Refused { .. }), "{error}");
            assert!(error.to_string().contains(shown), "{error}");
            assert!(!error.is_temporary());
            for secret in [":canary@", ":secret@", "secret"] {
                assert!(!format!("{error} {error:?}").contains(secret), "{error}");
            }
        }
    }
}
