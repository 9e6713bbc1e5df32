//! `callbrief runs`: what ran, what was sent to whom, what failed and why; one run in full, sent again, or written out.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use serde_json::json;

use super::Verdict;
use super::session::{Session, print};
use super::{runs_export, runs_resend};
use crate::journal::{DeliveryRecord, Journal, RunId, RunRecord};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct RunsArguments {
    /// How many, the newest first
    #[arg(long, short = 'n', default_value_t = 20)]
    limit: u32,
    /// As JSON
    #[arg(long)]
    json: bool,
    #[command(subcommand)]
    command: Option<RunsCommand>,
}

#[derive(Debug, Subcommand)]
enum RunsCommand {
    /// Show one run and each of its messages
    Show {
        /// The run's number
        run: i64,
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Send the messages of a run again, as they were
    Resend {
        /// The run's number
        run: i64,
        /// Only what this recipient got
        #[arg(long, value_name = "ADDRESS")]
        recipient: Option<String>,
        /// Send it to this address instead
        #[arg(long, value_name = "ADDRESS")]
        to: Option<String>,
    },
    /// Write the messages of a run, their files, and the numbers they were made from into a folder
    Export {
        /// The run's number
        run: i64,
        /// The folder
        folder: PathBuf,
    },
}

pub(super) async fn run(session: &Session, arguments: &RunsArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let zone = workspace.catalog.settings.timezone;
    let verdict = match &arguments.command {
        None => list(&journal, arguments, zone).await,
        Some(RunsCommand::Show { run, json }) => {
            let run = find(&journal, *run).await?;
            match json {
                true => print(&serde_json::to_string_pretty(&run_json(&run))?)?,
                false => show(&run, zone)?,
            }
            Ok(Verdict::Fine)
        }
        Some(RunsCommand::Resend { run, recipient, to }) => {
            let run = find(&journal, *run).await?;
            let choice = runs_resend::Choice { recipient: recipient.as_deref(), to: to.as_deref() };
            runs_resend::run(session, &workspace, &journal, &run, &choice).await
        }
        Some(RunsCommand::Export { run, folder }) => {
            let run = find(&journal, *run).await?;
            runs_export::run(&journal, &run, folder).await
        }
    };
    journal.close().await;
    verdict
}

async fn find(journal: &Journal, number: i64) -> anyhow::Result<RunRecord> {
    let run = journal.run(RunId::of(number)).await?;
    run.with_context(|| format!("there is no run {number}\nhelp: `callbrief runs` lists them with their numbers"))
}

async fn list(journal: &Journal, arguments: &RunsArguments, zone: chrono_tz::Tz) -> anyhow::Result<Verdict> {
    let runs = journal.recent_runs(arguments.limit).await?;
    if arguments.json {
        let runs: Vec<serde_json::Value> = runs.iter().map(run_json).collect();
        print(&serde_json::to_string_pretty(&runs)?)?;
        return Ok(Verdict::Fine);
    }
    if runs.is_empty() {
        print("nothing has run yet")?;
    }
    for run in &runs {
        show(run, zone)?;
    }
    Ok(Verdict::Fine)
}

fn show(run: &RunRecord, zone: chrono_tz::Tz) -> anyhow::Result<()> {
    let at = run.scheduled_for.with_timezone(&zone).format("%a %Y-%m-%d %H:%M %Z");
    let again = if run.generation > 0 { format!(", generation {}", run.generation) } else { String::new() };
    let (id, report, period) = (run.id, &run.report, &run.period);
    print(&format!("run {id}  {at}  {report} {period}  {} ({}{again})", run.state.word(), run.trigger.word()))?;
    if let Some(error) = &run.error {
        print(&format!("    {}", error.replace('\n', "\n    ")))?;
    }
    for delivery in &run.deliveries {
        print(&format!("    {}", delivery_line(run, delivery, zone)))?;
    }
    Ok(())
}

fn delivery_line(run: &RunRecord, delivery: &DeliveryRecord, zone: chrono_tz::Tz) -> String {
    let mut line = format!("{} {}", delivery.state.word(), delivery.recipient);
    if delivery.generation != run.generation {
        line.push_str(&format!(" again, generation {}", delivery.generation));
    }
    if let Some(sent) = delivery.sent {
        line.push_str(&format!(" at {}", sent.with_timezone(&zone).format("%H:%M:%S")));
    }
    if delivery.attempts > 1 {
        line.push_str(&format!(", {} attempts", delivery.attempts));
    }
    if let Some(error) = &delivery.last_error {
        line.push_str(&format!(": {error}"));
        if delivery.state.is_open() {
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
                "recipient": delivery.recipient, "channel": delivery.channel.word(), "generation": delivery.generation,
                "state": delivery.state.word(),
                "attempts": delivery.attempts, "message_id": delivery.message_id, "reply": delivery.reply,
                "uncertain": delivery.uncertain,
                "error": delivery.last_error, "sent": delivery.sent.map(|sent| sent.to_rfc3339()),
            })
        })
        .collect();
    json!({
        "run": run.id.number(), "report": run.report, "period": run.period, "state": run.state.word(),
        "trigger": run.trigger.word(), "scheduled_for": run.scheduled_for.to_rfc3339(), "generation": run.generation,
        "attempt": run.attempt,
        "window": { "from": run.window.from.to_rfc3339(), "to": run.window.to.to_rfc3339() },
        "error": run.error, "deliveries": deliveries,
    })
}

/// A run's messages that were made, of its own generation.
pub(super) fn made(run: &RunRecord) -> anyhow::Result<Vec<&DeliveryRecord>> {
    let made: Vec<_> = run
        .deliveries
        .iter()
        .filter(|delivery| delivery.generation == run.generation && !delivery.message_id.is_empty())
        .collect();
    if made.is_empty() {
        bail!("run {} has no messages: it is {}", run.id, run.state.word());
    }
    Ok(made)
}

/// Why a message is not there.
pub(super) fn let_go(run: &RunRecord, delivery: &DeliveryRecord) -> String {
    format!("the message of run {} to {} is no longer kept; see `journal: keep`", run.id, delivery.recipient)
}
