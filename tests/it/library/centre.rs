//! A call centre with the shipped rules over rows of a test's own, and what its KPIs are compared with.

use std::fmt::Write;
use std::path::Path;

use serde_json::Value;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

use crate::program::{kpi_groups, kpi_total, succeeded};

/// A Monday in Moscow; rows without a time of their own lie in its noon.
pub(super) const DAY: &str = "2026-11-16";
pub(super) const NOON: &str = "2026-11-16 09:00:00";

/// The shipped workspace over a database with these rows.
pub(super) struct Centre {
    folder: TempDir,
    zone: &'static str,
}

/// The tables the shipped datasets read, without types, and what else a dataset's query needs of them.
pub(super) fn tables(rules: &Path) -> String {
    let mut sql = String::new();
    for file in std::fs::read_dir(rules.join("datasets")).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let (_, query) = text.split_once("SELECT ").unwrap();
        let (columns, rest) = query.split_once("FROM ").unwrap();
        let table = rest.split_whitespace().next().unwrap();
        let state = if table == "agent_activity" { ", state" } else { "" };
        writeln!(sql, "CREATE TABLE {table} ({}{state});", columns.trim()).unwrap();
    }
    sql
}

impl Centre {
    pub(super) async fn new(rows: &str) -> Self {
        Self::in_zone("Europe/Moscow", rows).await
    }

    pub(super) async fn in_zone(zone: &'static str, rows: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        succeeded(folder.path(), &["init", folder.path().to_str().unwrap()]);
        let settings = format!(
            "timezone: {zone}\nlocale: en\nsources: {{ pbx: {{ url: \"sqlite:calls.db\" }} }}\n\
             journal: {{ url: \"sqlite:journal.db\" }}\n\
             mail: {{ from: \"Reports <reports@example.com>\", transport: folder, folder: outbox }}\n"
        );
        std::fs::write(folder.path().join("callbrief.yaml"), settings).unwrap();
        let sql = format!("{}{rows}", tables(&folder.path().join("rules")));
        let database = SqliteConnectOptions::new().filename(folder.path().join("calls.db")).create_if_missing(true);
        let mut connection = database.connect().await.unwrap();
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await.unwrap();
        connection.close().await.unwrap();
        Self { folder, zone }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Compares KPIs of the day; `None` is "no data". Numbers are compared at the precision they are written with.
    #[track_caller]
    pub(super) fn check(&self, arguments: &[&str], expected: &[(&str, Option<&str>)]) {
        let kpis: Vec<&str> = expected.iter().map(|(kpi, _)| *kpi).collect();
        let period: &[&str] = if arguments.contains(&"--period") { &[] } else { &["--period", DAY] };
        let values = kpi_total(self.path(), &[period, arguments, &kpis].concat());
        for (kpi, expected) in expected {
            assert_eq!(shown(&values[kpi], *expected), expected.map(str::to_owned), "{kpi} in {}: {values}", self.zone);
        }
    }

    /// Compares one KPI by group, as `group: value`.
    #[track_caller]
    pub(super) fn check_groups(&self, period: &str, by: &str, kpi: &str, expected: &[&str]) {
        let groups = kpi_groups(self.path(), &["--period", period, "--by", by, kpi]);
        let found: Vec<String> = groups
            .iter()
            .map(|(group, values)| {
                let key = group[by].as_str().map_or_else(|| group[by].to_string(), str::to_owned);
                format!("{key}: {}", values[kpi]["value"])
            })
            .collect();
        assert_eq!(found, expected, "{kpi} by {by}");
    }
}

/// The value as far as the expected one is written.
pub(super) fn shown(value: &Value, expected: Option<&str>) -> Option<String> {
    let decimals = expected.and_then(|text| text.split_once('.')).map_or(0, |(_, decimals)| decimals.len());
    assert!(value.get("error").is_none(), "{value}");
    value["value"].as_f64().map(|value| format!("{value:.decimals$}"))
}

/// How many calls of one kind: how they ended and how long they waited.
pub(super) struct Calls(pub(super) usize, pub(super) End, pub(super) u32);

#[derive(Clone, Copy)]
pub(super) enum End {
    Answered,
    Abandoned,
    FlowedOut,
}

/// The statement that makes these calls.
pub(super) fn calls(kinds: &[Calls]) -> String {
    let mut sql = String::new();
    for Calls(count, end, wait) in kinds {
        let (answered, abandoned) = match end {
            End::Answered => (1, 0),
            End::Abandoned => (0, 1),
            End::FlowedOut => (0, 0),
        };
        writeln!(
            sql,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO calls (started_at, offered, answered, abandoned, wait_s)
             SELECT '{NOON}', 1, {answered}, {abandoned}, {wait} FROM n;"
        )
        .unwrap();
    }
    sql
}
