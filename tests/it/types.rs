//! Values of every type, one by one: decoded exactly, or refused with the type's name and the way out.

use callbrief::source::{Limits, Statement, Value};

use super::databases::{Engine, TestDatabase, database};

enum Expected {
    Number(f64),
    Text(&'static str),
    /// Words of the message.
    Refused(&'static str, &'static str),
}
use Expected::{Number, Refused, Text};

async fn check(database: &TestDatabase, expression: &str, expected: &Expected) {
    let statement = Statement { sql: format!("SELECT {expression} AS x"), ..Statement::default() };
    let found = database.source.fetch(&statement).await;
    let at = format!("{:?}: {expression}: {found:?}", database.engine);
    match (expected, &found) {
        (Number(number), Ok(rows)) => assert_eq!(rows.rows, [[Value::Number(*number)]], "{at}"),
        (Text(text), Ok(rows)) => assert_eq!(rows.rows, [[Value::Text((*text).to_owned())]], "{at}"),
        (Refused(type_name, way_out), Err(error)) => {
            let words = format!("column `x` of source `pbx` has a value of type {type_name} that cannot be read; ");
            let message = error.to_string();
            assert!(message.starts_with(&words) && message.contains(way_out) && !error.is_temporary(), "{message}");
        }
        _ => panic!("{at}"),
    }
}

#[tokio::test]
async fn lengths_of_time_are_seconds() {
    let postgres = database(Engine::Postgres, Limits::default(), "SELECT 1").await;
    check(&postgres, "INTERVAL '1 day 02:00:01.5'", &Number(93_601.5)).await;
    check(&postgres, "INTERVAL '-00:05:00'", &Number(-300.0)).await;
    check(&postgres, "TIME '08:00:00.25'", &Number(28_800.25)).await;
    check(&postgres, "INTERVAL '1 month 2 days'", &Refused("INTERVAL with months", "EXTRACT(EPOCH FROM …)")).await;
    for engine in Engine::like_mysql() {
        let database = database(engine, Limits::default(), "SELECT 1").await;
        check(&database, "CAST('01:00:00.5' AS TIME(1))", &Number(3_600.5)).await;
        check(&database, "CAST('-838:59:59' AS TIME)", &Number(-3_020_399.0)).await;
        check(&database, "CAST('00:00:00' AS TIME)", &Number(0.0)).await;
    }
}

#[tokio::test]
async fn decimals_are_the_nearest_doubles() {
    let postgres = database(Engine::Postgres, Limits::default(), "SELECT 1").await;
    let digits = ["0.1", "2.675", "12345678901234567890.5", "0.30000000000000004", "-99999999.99"];
    for engine in [vec![Engine::Postgres], Engine::like_mysql()].concat() {
        let database = database(engine, Limits::default(), "SELECT 1").await;
        for digits in digits {
            check(&database, &format!("CAST({digits} AS DECIMAL(40, 18))"), &Number(digits.parse().unwrap())).await;
        }
    }
    check(&postgres, "CAST('NaN' AS NUMERIC)", &Refused("NUMERIC", "CAST(… AS DOUBLE PRECISION)")).await;
}

#[tokio::test]
async fn names_and_documents_are_texts() {
    let uuid = "123e4567-e89b-12d3-a456-426655440000";
    let postgres = database(Engine::Postgres, Limits::default(), "CREATE TYPE mood AS ENUM ('хорошо')").await;
    check(&postgres, &format!("CAST('{uuid}' AS UUID)"), &Text(uuid)).await;
    check(&postgres, "CAST('хорошо' AS mood)", &Text("хорошо")).await;
    check(&postgres, "CAST('{\"a\": \"я\"}' AS JSON)", &Text("{\"a\": \"я\"}")).await;
    check(&postgres, "CAST('{\"a\":\"я\"}' AS JSONB)", &Text("{\"a\": \"я\"}")).await;
    check(&postgres, "CAST('a' AS VARCHAR(5))", &Text("a")).await;
    let document = "JSON_OBJECT('a', 'я')";
    for engine in Engine::like_mysql() {
        let database = database(engine, Limits::default(), "SELECT 1").await;
        check(&database, document, &Text("{\"a\": \"я\"}")).await;
        if engine == Engine::MariaDb {
            check(&database, &format!("CAST('{uuid}' AS UUID)"), &Text(uuid)).await;
        }
    }
    let sqlite = database(Engine::Sqlite, Limits::default(), "SELECT 1").await;
    check(&sqlite, "json_object('a', 'я')", &Text("{\"a\":\"я\"}")).await;
}

#[tokio::test]
async fn what_has_no_meaning_is_refused_with_the_way_out() {
    let postgres = database(Engine::Postgres, Limits::default(), "SELECT 1").await;
    let convert = "convert it in the query to a number, a text or a time";
    check(&postgres, "CAST('ff' AS BYTEA)", &Refused("BYTEA", "encode(…, 'hex')")).await;
    check(&postgres, "ARRAY[1, 2]", &Refused("INT4[]", "array_to_string(…, ', ')")).await;
    check(&postgres, "CAST('1' AS MONEY)", &Refused("MONEY", "CAST(… AS NUMERIC)")).await;
    check(&postgres, "CAST('08:00+03' AS TIMETZ)", &Refused("TIMETZ", convert)).await;
    check(&postgres, "POINT(1, 2)", &Refused("POINT", convert)).await;
    for engine in Engine::like_mysql() {
        let database = database(engine, Limits::default(), "SELECT 1").await;
        check(&database, "x'ff00'", &Refused("VARBINARY", "HEX(…)")).await;
        check(&database, "POINT(1, 2)", &Refused("GEOMETRY", convert)).await;
    }
    let sqlite = database(Engine::Sqlite, Limits::default(), "SELECT 1").await;
    check(&sqlite, "x'ff00'", &Refused("BLOB", "hex(…)")).await;
}
