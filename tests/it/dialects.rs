//! Every shipped KPI gives the same answers from SQLite, PostgreSQL, MySQL and MariaDB with the same rows.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Row};

use super::databases::Engine;
use super::program::{Ran, run, succeeded};

/// Two days in Moscow, one of them with the staff's survey, and their first and last instants as stored.
const PERIOD: &str = "2026-11-17..2026-11-18";
const INSTANTS: &str = "BETWEEN '2026-11-16 21:00:00' AND '2026-11-18 20:59:59'";
const TABLES: [(&str, &str); 11] = [
    ("calls", "started_at"),
    ("turned_away", "turned_at"),
    ("agent_activity", "started_at"),
    ("agent_intervals", "interval_at"),
    ("forecast", "interval_at"),
    ("dials", "dialed_at"),
    ("evaluations", "evaluated_at"),
    ("staff_survey", "answered_at"),
    ("staff_days", "day_at"),
    ("costs", "day_at"),
    ("calls_by_month", "month_at"),
];
const BOOLEANS: [&str; 16] = [
    "offered",
    "answered",
    "abandoned",
    "transferred",
    "resolved",
    "repeat_within_7d",
    "sale",
    "complaint",
    "survey_invited",
    "human",
    "dropped",
    "contact",
    "critical_error",
    "scheduled",
    "absent",
    "last_day",
];

/// Statements that make a table with the rows of the two days, understood by the other databases alike.
async fn copied(connection: &mut SqliteConnection, table: &str, time: &str) -> String {
    let create: String = sqlx::query_scalar("SELECT sql FROM sqlite_master WHERE name = ?")
        .bind(table)
        .fetch_one(&mut *connection)
        .await
        .unwrap();
    // In a summary these are numbers of calls.
    let booleans = if time == "month_at" { &[][..] } else { &BOOLEANS };
    let create =
        booleans.iter().fold(create, |sql, name| sql.replace(&format!("{name} INTEGER"), &format!("{name} BOOLEAN")));
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
        .bind(table)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
    let literals: Vec<String> = columns
        .iter()
        .map(|column| match booleans.contains(&column.as_str()) {
            true => format!("CASE {column} WHEN 1 THEN 'TRUE' WHEN 0 THEN 'FALSE' ELSE 'NULL' END"),
            false => format!("quote({column})"),
        })
        .collect();
    // A month begins before the two days: such tables are small and copied whole.
    let within = if time == "month_at" { String::new() } else { format!(" WHERE {time} {INSTANTS}") };
    let select = format!("SELECT {} FROM {table}{within}", literals.join(" || ',' || "));
    let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(connection).await.unwrap();
    assert!(!rows.is_empty(), "{table} has no rows in these days");
    let rows: Vec<String> = rows.iter().map(|row| format!("({})", row.get::<String, _>(0))).collect();
    format!("{create};\nINSERT INTO {table} VALUES {};\n", rows.join(","))
}

/// Makes a workspace of the shipped rules over this database.
fn workspace(folder: &Path, url: &str) {
    succeeded(folder, &["init", folder.to_str().unwrap()]);
    let settings = format!(
        "timezone: Europe/Moscow\nlocale: en\nsources: {{ pbx: {{ url: \"${{DATABASE:-{url}}}\" }} }}\n\
         journal: {{ url: \"sqlite:journal.db\" }}\n\
         mail: {{ from: \"Reports <reports@example.com>\", transport: folder, folder: outbox }}\n"
    );
    std::fs::write(folder.join("callbrief.yaml"), settings).unwrap();
    assert!(succeeded(folder, &["check"]).starts_with("no mistakes:"));
}

fn answers(folder: &Path, by: &[&str]) -> Ran {
    run(folder, &[&["kpi", "--json", "--period", PERIOD], by].concat())
}

#[tokio::test]
async fn every_database_gives_the_same_answers() {
    let demo = tempfile::tempdir().unwrap();
    let target = demo.path().to_str().unwrap();
    succeeded(demo.path(), &["demo", target, "--until", "2026-11-23", "--weeks", "3", "--language", "en"]);
    let calls = demo.path().join("calls.db");
    let mut connection = SqliteConnectOptions::new().filename(&calls).read_only(true).connect().await.unwrap();
    let mut setup = String::new();
    for (table, time) in TABLES {
        setup.push_str(&copied(&mut connection, table, time).await);
    }
    let folders: Vec<_> = Engine::all().into_iter().map(|engine| (engine, tempfile::tempdir().unwrap())).collect();
    for (engine, folder) in &folders {
        let url = match engine {
            Engine::Sqlite => format!("sqlite:{}", calls.display()),
            server => server.fresh(folder.path(), &setup).await,
        };
        workspace(folder.path(), &url);
    }
    // How many of the answers are numbers, so that equal emptiness is not taken for equality.
    let groupings: [(&[&str], usize); 9] = [
        (&[], 88),
        (&["--by=queue"], 300),
        (&["--by=day"], 170),
        (&["--by=half_hour"], 4_000),
        (&["--by=hour_of_day,queue"], 3_500),
        (&["--by=agent"], 2_000),
        (&["--by=tenure"], 280),
        (&["--by=reason"], 10),
        (&["--by=team,agent"], 500),
    ];
    let (_, sqlite) = &folders[0];
    for (by, numbers) in groupings {
        let expected = answers(sqlite.path(), by);
        let found = expected.out.lines().filter(|line| line.contains("\"value\": ") && !line.contains("null")).count();
        assert!(found >= numbers, "{by:?}: only {found} numbers\n{}", expected.err);
        for (engine, folder) in &folders[1..] {
            let ran = answers(folder.path(), by);
            assert_eq!(ran.code, expected.code, "{engine:?} {by:?}: {}", ran.err);
            let differing =
                ran.out.lines().zip(expected.out.lines()).enumerate().find(|(_, (one, other))| one != other);
            assert_eq!(differing, None, "{engine:?} {by:?}: the first line that differs");
            assert_eq!(ran.out.lines().count(), expected.out.lines().count(), "{engine:?} {by:?}");
        }
    }
}
