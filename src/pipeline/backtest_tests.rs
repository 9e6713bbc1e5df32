//! A rule looked at from what was fetched once comes to what it comes to when the sources are asked at every instant.

use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

use super::*;
use crate::pipeline::prepare;

const SETTINGS: &str = r#"
timezone: Europe/Berlin
locale: en
sources: { pbx: { url: "sqlite:calls.db" } }
journal: { url: "sqlite:callbrief.db" }
mail: { from: "Reports <reports@example.com>", transport: folder, folder: outbox }
"#;

const DATASETS: &str = "
dataset: calls
source: pbx
time: started_at
query: SELECT * FROM calls WHERE started_at >= :from AND started_at < :to
columns: { started_at: { type: time, stored_as: utc_text }, queue: text, answered: bool, wait_s: duration }
";

/// The calls that wait at the end of the window: not to be had from parts of it.
const WAITING: &str = "
dataset: waiting
source: pbx
time: started_at
query: SELECT started_at, queue FROM calls WHERE started_at < :to AND datetime(started_at, wait_s || ' seconds') >= :to AND :from <> ''
columns: { started_at: { type: time, stored_as: utc_text }, queue: text }
";

const KPIS: &str = "
kpis:
  offered: { title: { en: O }, dataset: calls, formula: count(), unit: count, better: neither }
  level: { title: { en: L }, dataset: calls, formula: 'percent(count(answered and wait_s <= 20), count())', unit: percent, better: higher }
  slow: { title: { en: S }, dataset: calls, formula: 'percentile(wait_s, 90)', unit: duration, better: lower }
  waiting_now: { title: { en: W }, dataset: waiting, formula: count(), unit: count, better: lower }
";

const ALERTS: &str = "
alerts:
  low:
    warning: level < 60
    critical: level < 30
    recovers_when: level >= 70
    minimum: offered >= 2
    window: 15m
    by: [queue]
    for: 2m
    keep_firing_for: 3m
    repeat_every: [10m, 30m]
    notify: [floor]
  at_work:
    when: slow > 70 and offered > previous(offered)
    window: 30m
    every: 2m
    by: [queue]
    active: { hours: \"22:00-01:30\" }
    no_data: ok
    notify: [floor]
  today:
    when: offered > 40 and level < 55
    window: today
    every: 5m
    notify: [floor]
  unusual:
    when: offered > 1.5 * same_time(offered, 1)
    window: 20m
    every: 5m
    notify: [floor]
  quiet:
    when: offered == 0
    window: 10m
    by: [queue]
    no_data: alert
    limit: 2
    notify: [floor]
  queueing:
    when: waiting_now > 1
    window: 10m
    every: 30m
    notify: [floor]
";

/// Calls of the night in which the clocks change, and of the same night a week before.
const ROWS: &str = "
CREATE TABLE calls (started_at TEXT, queue TEXT, answered INTEGER, wait_s INTEGER);
WITH RECURSIVE n(i, a) AS (SELECT 0, 4711 UNION ALL SELECT i + 1, (a * 1103515245 + 12345) % 2147483648 FROM n WHERE i < 599)
INSERT INTO calls
SELECT datetime('2026-10-24 20:00:00', (a / 65536 % 21000) || ' seconds', CASE WHEN i % 3 THEN '0 days' ELSE '-7 days' END),
       CASE a / 1024 % 4 WHEN 0 THEN NULL WHEN 1 THEN 'Sales' ELSE 'Support' END, a / 256 % 3 > 0, a / 128 % 120
FROM n;";

async fn world() -> (TempDir, Workspace, Sources) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        ("callbrief.yaml", SETTINGS),
        ("rules/datasets/calls.yaml", DATASETS),
        ("rules/datasets/waiting.yaml", WAITING),
        ("rules/kpis/calls.yaml", KPIS),
        ("rules/alerts/calls.yaml", ALERTS),
        ("rules/recipients.yaml", "recipients: { floor: [floor@example.com] }"),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("calls.db"));
    let mut connection = options.create_if_missing(true).connect().await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(ROWS.to_owned()))).await.unwrap();
    connection.close().await.unwrap();
    let prepared = prepare(folder.path(), &BTreeMap::new(), DateTime::UNIX_EPOCH);
    assert!(!prepared.has_errors(), "{:?}", prepared.diagnostics);
    let workspace = prepared.workspace.unwrap();
    let sources = Sources::connect(&workspace.catalog).await;
    (folder, workspace, sources)
}

#[tokio::test]
async fn both_ways_come_to_the_same() {
    let (_folder, workspace, sources) = world().await;
    let stretch = Window { from: "2026-10-24T20:00:00Z".parse().unwrap(), to: "2026-10-25T02:30:00Z".parse().unwrap() };
    let mut fired = Vec::new();
    for rule in ["low", "at_work", "today", "unusual", "quiet"] {
        let request = BacktestRequest { workspace: &workspace, sources: &sources, rule, stretch, progress: &|_| {} };
        let (outcome, way) = request.run(&mut History::default()).await.unwrap();
        assert!(matches!(way, Way::Replayed(compared) if compared > 3), "{rule}: {way:?}");
        let of_rule = workspace.alert_rule(rule).unwrap();
        let (expected, _) = request.measured(&of_rule, String::new()).await.unwrap();
        assert_eq!(outcome, expected, "{rule}");
        fired.push((rule, outcome.episodes.len() > 1, outcome.closed > 0, outcome.failed.0 > 0));
    }
    assert_eq!(
        fired,
        [
            ("low", true, false, false),
            ("at_work", true, true, false),
            ("today", true, false, false),
            ("unusual", true, false, false),
            ("quiet", true, false, true)
        ]
    );
}

#[tokio::test]
async fn what_cannot_be_put_together_from_parts_is_asked_for_each_time() {
    let (_folder, workspace, sources) = world().await;
    let stretch = Window { from: "2026-10-24T22:00:00Z".parse().unwrap(), to: "2026-10-25T00:00:00Z".parse().unwrap() };
    let told = std::cell::RefCell::new(Vec::new());
    let progress = |progress| told.borrow_mut().push(progress);
    let request =
        BacktestRequest { workspace: &workspace, sources: &sources, rule: "queueing", stretch, progress: &progress };
    let (outcome, way) = request.run(&mut History::default()).await.unwrap();
    let reason = "the query of dataset `waiting` uses `:to` for more than keeping the rows whose `started_at` lies in the window";
    assert_eq!((outcome.evaluations, way), (4, Way::Measured(reason.to_owned())));
    let told = told.into_inner();
    assert_eq!(told.first(), Some(&Progress::Measuring(reason.to_owned())));
    assert_eq!(told.len(), 5);
}
