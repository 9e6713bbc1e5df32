//! How long it takes to send the demo's weekly report to 500 heads of 500 queues, each with a PDF and a mail of their own
//! rows. `cargo bench --bench burst`; what was measured is printed, nothing is asserted.
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use callbrief::delivery::{Transport, deliver_due};
use callbrief::demo::{DemoPlan, generate};
use callbrief::diagnostics::{Style, render_text};
use callbrief::journal::{Journal, Trigger};
use callbrief::locale::Language;
use callbrief::pipeline::{Queued, RunOutcome, RunRequest, Sources, prepare, run_report};
use callbrief::time::Clock;
use callbrief::workspace::embedded::{Existing, write_to};
use chrono::{DateTime, Utc};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Monday morning in Moscow.
const MONDAY: &str = "2026-11-23T05:00:00Z";

/// The demo's queues, each split into many, and someone for each of the first 500.
const SPLIT: &str = "
UPDATE calls SET queue = queue || ' ' || (call_id % 100);
UPDATE evaluations SET queue = queue || ' ' || (abs(random()) % 100);
CREATE TABLE heads AS SELECT 'head' || row_number() OVER (ORDER BY queue) || '@example.com' AS address, queue
    FROM (SELECT DISTINCT queue FROM calls ORDER BY queue LIMIT 500);
";

const RECIPIENTS: &str = "recipients:
  directors: [director@example.com]
  floor_managers: [floor@example.com]
  heads:
    source: pbx
    query: SELECT address, queue FROM heads
    scope: [queue]
";

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let calls = centre(folder.path()).await?;
    let now: DateTime<Utc> = MONDAY.parse()?;
    let prepared = prepare(folder.path(), &BTreeMap::new(), now);
    let workspace = prepared.workspace.ok_or_else(|| render_text(&prepared.diagnostics, Style::Plain))?;
    let sources = Sources::connect(&workspace.catalog).await;
    let journal = Journal::open(&folder.path().join("callbrief.db")).await?;
    let report = &workspace.catalog.reports["weekly"];
    let request = RunRequest {
        report,
        period: report.period.clone(),
        scheduled_for: now,
        trigger: Trigger::Schedule,
        skips: Vec::new(),
        recipients: None,
        owner: "bench".to_owned(),
        now,
    };
    let start = Instant::now();
    let outcome = run_report(&workspace, &sources, &journal, request).await?;
    let made = start.elapsed();
    let messages = match outcome {
        RunOutcome::Queued(Queued { messages, .. }) => messages,
        RunOutcome::Failed(error) => return Err(format!("{error:#}").into()),
        _ => return Err("the report was not made".into()),
    };
    let transport = Transport::from_settings(&workspace.catalog.settings.mail, &workspace.catalog.root)?;
    let start = Instant::now();
    let round = deliver_due(&journal, &transport, &Clock::Fixed(now), "bench").await?;
    println!(
        "burst: {calls} calls; {} editions with PDF and mail in the outbox in {:.1} s; {} written to the folder in {:.1} s",
        messages.len(),
        made.as_secs_f64(),
        round.sent,
        start.elapsed().as_secs_f64(),
    );
    let kilobytes = std::fs::metadata(folder.path().join("callbrief.db"))?.len() / 1_000;
    println!("burst: {kilobytes} kB in the journal; {}", memory()?);
    Ok(())
}

/// The demo with many more queues, whose heads get the weekly report; how many calls it has.
async fn centre(folder: &Path) -> Result<u64, Failure> {
    write_to(folder, Existing::Keep)?;
    let edit = |path: &str, edit: &dyn Fn(String) -> String| {
        let path = folder.join(path);
        std::fs::write(&path, edit(std::fs::read_to_string(&path)?))
    };
    edit("callbrief.yaml", &|text| text.replace("var/demo/", ""))?;
    edit("rules/recipients.yaml", &|_| RECIPIENTS.to_owned())?;
    edit("rules/reports/weekly.yaml", &|text| text.replace("[directors]", "[heads]"))?;
    let plan = DemoPlan {
        seed: 1,
        until: "2026-11-23".parse()?,
        zone: chrono_tz::Europe::Moscow,
        weeks: 13,
        language: Language::Russian,
    };
    let file = folder.join("calls.db");
    let summary = generate(&plan, &file, &mut |_| ()).await?;
    let mut connection = SqliteConnectOptions::new().filename(&file).connect().await?;
    connection.execute(sqlx::raw_sql(SPLIT)).await?;
    connection.close().await?;
    Ok(summary.calls)
}

/// The most memory this process has held.
fn memory() -> Result<String, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no peak")?;
    Ok(format!("peak memory {}", peak.trim_start_matches("VmHWM:").trim()))
}
