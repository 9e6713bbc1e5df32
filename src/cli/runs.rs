//! `callbrief runs`: what ran, what was sent to whom, what failed and why.

use clap::Args;
use serde_json::json;

use super::Verdict;
use super::session::{Session, print};
use crate::journal::{DeliveryRecord, Journal, RunRecord};

#[derive(Debug, Args)]
pub(super) struct RunsArguments {
    /// How many, the newest first
    #[arg(long, short = 'n', default_value_t = 20)]
    limit: u32,
    /// As JSON
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(session: &Session, arguments: &RunsArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let runs = journal.recent_runs(arguments.limit).await?;
    journal.close().await;
    if arguments.json {
        let runs: Vec<serde_json::Value> = runs.iter().map(run_json).collect();
        print(&serde_json::to_string_pretty(&runs)?)?;
        return Ok(Verdict::Fine);
    }
    if runs.is_empty() {
        print("nothing has run yet")?;
    }
    let zone = workspace.catalog.settings.timezone;
    for run in &runs {
        let at = run.scheduled_for.with_timezone(&zone).format("%a %Y-%m-%d %H:%M %Z");
        let again = if run.generation > 0 { format!(", generation {}", run.generation) } else { String::new() };
        print(&format!("{at}  {} {}  {} ({}{again})", run.report, run.period, run.state.word(), run.trigger.word()))?;
        if let Some(error) = &run.error {
            print(&format!("    {}", error.replace('\n', "\n    ")))?;
        }
        for delivery in &run.deliveries {
            print(&format!("    {}", delivery_line(delivery, zone)))?;
        }
    }
    Ok(Verdict::Fine)
}

fn delivery_line(delivery: &DeliveryRecord, zone: chrono_tz::Tz) -> String {
    let mut line = format!("{} {}", delivery.state.word(), delivery.recipient);
    if let Some(sent) = delivery.sent {
        line.push_str(&format!(" at {}", sent.with_timezone(&zone).format("%H:%M:%S")));
    }
    if delivery.attempts > 1 {
        line.push_str(&format!(", {} attempts", delivery.attempts));
    }
    if let Some(error) = &delivery.last_error {
        line.push_str(&format!(": {error}"));
        if delivery.sent.is_none() {
            line.push_str(&format!("; next try {}", delivery.next_attempt.with_timezone(&zone).format("%H:%M:%S")));
        }
    } else if let Some(reply) = &delivery.reply {
        line.push_str(&format!(": {reply}"));
    }
    line
}

fn run_json(run: &RunRecord) -> serde_json::Value {
    let deliveries: Vec<serde_json::Value> = run
        .deliveries
        .iter()
        .map(|delivery| {
            json!({
                "recipient": delivery.recipient, "state": delivery.state.word(), "attempts": delivery.attempts,
                "message_id": delivery.message_id, "reply": delivery.reply, "error": delivery.last_error,
                "sent": delivery.sent.map(|sent| sent.to_rfc3339()),
            })
        })
        .collect();
    json!({
        "report": run.report, "period": run.period, "state": run.state.word(), "trigger": run.trigger.word(),
        "scheduled_for": run.scheduled_for.to_rfc3339(), "generation": run.generation, "attempt": run.attempt,
        "window": { "from": run.window.from.to_rfc3339(), "to": run.window.to.to_rfc3339() },
        "error": run.error, "deliveries": deliveries,
    })
}
