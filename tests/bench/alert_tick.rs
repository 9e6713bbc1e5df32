//! What a tick of many alert rules costs: 200 rules over 50 queues, 10,000 alerts, on a day of 100,000 calls in SQLite; from
//! reading the states to having them and the notices in the journal.
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use callbrief::journal::Journal;
use callbrief::pipeline::{Sources, Workspace, due_alerts, evaluate_alerts, prepare};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

type Failure = Box<dyn Error>;

const RULES: usize = 200;
const QUEUES: usize = 50;
const CALLS: usize = 100_000;
const TICKS: i64 = 11;

const SETTINGS: &str = r#"
timezone: Europe/Moscow
locale: en
sources: { pbx: { url: "sqlite:calls.db" } }
journal: { url: "sqlite:journal.db" }
mail: { from: "Reports <reports@example.com>", transport: folder, folder: outbox }
"#;

const DATASET: &str = r"
dataset: calls
source: pbx
time: started_at
query: SELECT started_at, queue, answered, wait_s, talk_s FROM calls WHERE started_at >= :from AND started_at < :to
columns:
  started_at: { type: time, stored_as: utc_text }
  queue: text
  answered: bool
  wait_s: duration
  talk_s: duration
";

const KPIS: &str = r"
kpis:
  offered: { dataset: calls, formula: 'count()', unit: count }
  answered: { dataset: calls, formula: count(answered), unit: count }
  abandon_rate: { dataset: calls, formula: 'percent(count(not answered), count())', unit: percent, better: lower }
  service_level: { dataset: calls, formula: 'percent(count(answered and wait_s <= 20), count())', unit: percent }
  asa: { dataset: calls, formula: 'avg(wait_s, answered)', unit: duration }
  aht: { dataset: calls, formula: 'avg(talk_s, answered)', unit: duration }
  longest_wait: { dataset: calls, formula: max(wait_s), unit: duration }
  occupancy: { formula: offered * aht / 86400, unit: number }
";

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let workspace = workspace(folder.path())?;
    calls(folder.path()).await?;
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let sources = Sources::connect(&workspace.catalog).await;
    let mut times = Vec::new();
    for tick in 0..TICKS {
        let now = evening() + TimeDelta::minutes(tick);
        let start = Instant::now();
        let due = due_alerts(&workspace, &journal, now).await?;
        let outcomes = evaluate_alerts(&workspace, &sources, &journal, due, "bench", now).await?;
        let time = start.elapsed();
        let mut notices = 0;
        for outcome in outcomes {
            notices += outcome.result?.notices.len();
        }
        let states = journal.alert_states().await?.len();
        println!("tick {tick}: {states} states, {notices} notices, {:.0} ms", milliseconds(time));
        // The first tick has no states to read.
        if tick > 0 {
            times.push(time);
        }
    }
    times.sort();
    println!(
        "{RULES} rules × {QUEUES} queues over {CALLS} calls: {:.0} ms in the middle, {:.0} ms at most",
        milliseconds(times[times.len() / 2]),
        milliseconds(times[times.len() - 1])
    );
    Ok(())
}

/// A weekday's evening, when the day's calls have come.
fn evening() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_435_200, 0).unwrap_or_default() + TimeDelta::hours(8)
}

fn workspace(root: &Path) -> Result<Workspace, Failure> {
    let conditions = [
        "service_level < {} / 10 and offered >= 20",
        "abandon_rate > {}",
        "asa > {}",
        "aht > 10 * {}",
        "longest_wait > 10 * {} and answered > 5",
        "occupancy > {}",
    ];
    let mut rules = "alerts:\n".to_owned();
    for rule in 0..RULES {
        let condition = conditions[rule % conditions.len()].replace("{}", &(30 + rule / 4).to_string());
        writeln!(
            rules,
            "  rule_{rule}:\n    when: {condition}\n    window: today\n    by: [queue]\n    for: 5m\n    notify: [floor]"
        )?;
    }
    for (path, text) in [
        ("callbrief.yaml", SETTINGS),
        ("rules/datasets/calls.yaml", DATASET),
        ("rules/kpis/calls.yaml", KPIS),
        ("rules/alerts/many.yaml", &rules),
        ("rules/recipients.yaml", "recipients: { floor: [floor@example.com] }\n"),
    ] {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().ok_or("a file without a folder")?)?;
        std::fs::write(path, text)?;
    }
    let prepared = prepare(root, &BTreeMap::new(), evening());
    let told: Vec<&str> = prepared.diagnostics.iter().map(|told| told.message.as_str()).collect();
    if !told.is_empty() {
        return Err(told.join("; ").into());
    }
    Ok(prepared.workspace.ok_or("the workspace has mistakes")?)
}

/// The day's calls, in an order and of lengths that look like chance.
async fn calls(root: &Path) -> Result<(), Failure> {
    let options = SqliteConnectOptions::new().filename(root.join("calls.db")).create_if_missing(true);
    let mut connection = options.connect().await?;
    let sql = format!(
        "CREATE TABLE calls (started_at TEXT, queue TEXT, answered INTEGER, wait_s INTEGER, talk_s INTEGER);
         WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO calls SELECT datetime({}, 'unixepoch', '+' || (i * 72000 / {CALLS}) || ' seconds'),
             'Queue ' || (i * 7919 % {QUEUES}), i * 104729 % 10 > 0, i * 15485863 % 60, 60 + i * 32452843 % 400 FROM n;
         CREATE INDEX calls_by_start ON calls (started_at);",
        CALLS - 1,
        (evening() - TimeDelta::hours(22)).timestamp()
    );
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    connection.close().await?;
    Ok(())
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
