//! How long it takes to run an alert rule through ninety days of a million calls at one-minute steps, 129,600 evaluations in
//! eight queues, on SQLite: what the past is fetched with included. Beside it, what asking the source at every instant
//! would take, from a sample. `cargo bench --bench backtest`. What was measured is printed, nothing is asserted but that
//! both ways say the same, which the backtest itself makes sure of.
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use callbrief::kpi::History;
use callbrief::pipeline::{BacktestRequest, Sources, Way, Workspace, prepare};
use callbrief::time::Window;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

type Failure = Box<dyn std::error::Error>;

const CALLS: u32 = 1_000_000;

const SETTINGS: &str = r#"
timezone: Europe/Berlin
locale: en
sources: { pbx: { url: "sqlite:calls.db" } }
journal: { url: "sqlite:callbrief.db" }
mail: { from: "Reports <reports@example.com>", transport: folder, folder: outbox }
"#;

const DATASET: &str = "
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

const KPIS: &str = "
kpis:
  offered: { title: { en: O }, dataset: calls, formula: count(), unit: count, better: neither }
  level:
    title: { en: L }
    dataset: calls
    formula: percent(count(answered and wait_s <= 20), count())
    unit: percent
    better: higher
  handling: { title: { en: H }, dataset: calls, formula: avg(talk_s), unit: duration, better: lower }
  slow: { title: { en: S }, dataset: calls, formula: 'percentile(wait_s, 90)', unit: duration, better: lower }
";

const ALERTS: &str = "
alerts:
  counts:
    when: level < 60 and offered >= 5
    recovers_when: level >= 70
    window: 30m
    by: [queue]
    for: 5m
    keep_firing_for: 5m
    notify: [floor]
  sums:
    when: handling > 200 and offered >= 5
    window: 30m
    by: [queue]
    for: 5m
    notify: [floor]
  percentiles:
    when: slow > 100 and offered >= 5
    window: 1h
    by: [queue]
    for: 5m
    notify: [floor]
  weeks:
    when: offered > 2 * baseline(offered, 3)
    window: 30m
    by: [queue]
    for: 5m
    notify: [floor]
";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    fill(folder.path()).await?;
    for (name, text) in [
        ("callbrief.yaml", SETTINGS),
        ("rules/datasets/calls.yaml", DATASET),
        ("rules/kpis/calls.yaml", KPIS),
        ("rules/alerts/calls.yaml", ALERTS),
        ("rules/recipients.yaml", "recipients: { floor: [floor@example.com] }"),
    ] {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().ok_or("a folder")?)?;
        std::fs::write(path, text)?;
    }
    let to: DateTime<Utc> = "2026-11-23T00:00:00Z".parse()?;
    let stretch = Window { from: to - TimeDelta::days(90), to };
    let workspace = prepare(folder.path(), &BTreeMap::new(), to).workspace.ok_or("a workspace")?;
    let sources = Sources::connect(&workspace.catalog).await;
    for rule in ["counts", "sums", "percentiles", "weeks"] {
        let mut history = History::default();
        let first = timed(&workspace, &sources, (rule, stretch), &mut history).await?;
        let again = timed(&workspace, &sources, (rule, stretch), &mut history).await?;
        println!("{rule:12} {first}; again, as for another number: {again}");
    }
    println!("memory at its peak: {} MB", peak_memory()? / 1_024);
    let short = Window { from: to - TimeDelta::hours(5), to };
    let start = Instant::now();
    let request =
        BacktestRequest { workspace: &workspace, sources: &sources, rule: "counts", stretch: short, progress: &|_| {} };
    let (outcome, _) = request.run_by_asking().await?;
    let each = start.elapsed() / u32::try_from(outcome.evaluations)?;
    println!("asking the source at each of 129,600 instants would take {:.0} s", each.as_secs_f64() * 129_600.0);
    Ok(())
}

async fn timed(
    workspace: &Workspace,
    sources: &Sources,
    (rule, stretch): (&str, Window),
    history: &mut History,
) -> Result<String, Failure> {
    let start = Instant::now();
    let request = BacktestRequest { workspace, sources, rule, stretch, progress: &|_| {} };
    let (outcome, way) = request.run(history).await?;
    let took = start.elapsed().as_secs_f64();
    let Way::Replayed(compared) = way else { return Err("the past was asked for each time".into()) };
    let (evaluations, fired) = (outcome.evaluations, outcome.episodes.len());
    Ok(format!("{evaluations} evaluations in {took:.1} s, fired {fired} times, {compared} instants compared"))
}

/// A million calls of ninety days and the three weeks before, by day more than by night, in eight queues.
async fn fill(folder: &Path) -> Result<(), Failure> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("calls.db")).create_if_missing(true);
    let mut connection = options.connect().await?;
    let calls = u64::from(CALLS) * 111 / 90;
    let sql = format!(
        "CREATE TABLE calls (started_at TEXT, queue TEXT, answered INTEGER, wait_s INTEGER, talk_s INTEGER);
         WITH RECURSIVE n(i, a) AS (SELECT 0, 4711 UNION ALL SELECT i + 1, (a * 1103515245 + 12345) % 2147483648 FROM n \
         WHERE i < {calls})
         INSERT INTO calls
         SELECT datetime('2026-08-04', (a / 65536 % 111) || ' days', (21600 + (i * 7919 % 32768) + a / 32768 % 21600) || ' seconds'),
                'queue ' || (a / 1024 % 8), a / 256 % 5 > 0, a / 512 % 120 * (a / 2048 % 2), CASE WHEN a / 256 % 5 > 0 THEN 60 + a / 128 % 300 END
         FROM n;
         CREATE INDEX calls_by_time ON calls (started_at);"
    );
    connection.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
    connection.close().await?;
    Ok(())
}

/// The most memory this process had at a time, in kB.
fn peak_memory() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse()?)
}
