//! The loop of `callbrief serve`: on each tick the due alert rules are evaluated and the due runs are made; beside it the
//! outbox is emptied. Told to stop, it finishes what it has in hand, starts nothing new, and leaves the rest in the
//! journal for the next start.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};
use tokio::signal::unix::{SignalKind, signal};
use tracing::{error, info, warn};

use super::presence::Presence;
use crate::alert;
use crate::delivery::{Transport, deliver_while};
use crate::journal::{Journal, JournalError, RunClaim, RunRecord, Trigger};
use crate::pipeline::{
    AlertOutcome, AlertTick, Queued, RunOutcome, RunRequest, Sources, Workspace, begin_elsewhere, due_runs,
    end_removed_rules, evaluate_due_alerts, run_report, tell_undelivered, work_on,
};
use crate::schedule::{Heartbeat, Tick};
use crate::time::Clock;

/// How often old messages are looked for.
const TIDY_EVERY: TimeDelta = TimeDelta::hours(1);

/// How long reports are made before alert rules are looked at again; the report in hand is finished.
const AT_A_TIME: Duration = Duration::from_secs(2);

/// How `serve` runs.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Where "now" comes from.
    pub clock: Clock,
    /// The machine's name. With a number it is the name of this process in the journal.
    pub owner: String,
}

/// Serves a workspace until SIGTERM or SIGINT.
pub async fn serve(workspace: Workspace, mut options: ServeOptions) -> anyhow::Result<()> {
    // First of all, so that from here on a signal is a wish to stop and not an end in the middle of something.
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for SIGINT")?;
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let mut presence = Presence::begin(&journal, &options.owner, options.clock.now()).await?;
    options.owner = presence.name().to_owned();
    let transport = Transport::from_settings(&workspace.catalog.settings.mail, &workspace.catalog.root)?;
    let webhooks = Transport::webhooks(&workspace.catalog.settings, &workspace.catalog.root)?;
    let stopping = Arc::new(AtomicBool::new(false));
    let mut heartbeat = Heartbeat::start().await?;
    info!(
        reports = workspace.catalog.reports.len(),
        kpis = workspace.catalog.kpis.len(),
        alerts = workspace.alerts.len(),
        "serving"
    );

    let mut troubles = BTreeMap::new();
    let mut tidied = None;
    // A way out each: a mail server that stands still must not keep programs waiting, nor the other way round.
    let outboxes: Vec<_> = std::iter::once(transport)
        .chain(webhooks)
        .map(|transport| tokio::spawn(empty_outbox(journal.clone(), transport, options.clone(), Arc::clone(&stopping))))
        .collect();
    loop {
        tokio::select! {
            tick = heartbeat.tick() => {
                if tick == Tick::Silence {
                    warn!("no heartbeat for half a minute: the clock was set back or the scheduler died");
                }
                // Not cancelled half-way: a signal that comes meanwhile waits for the end.
                presence.go_on(&journal).await?;
                tick_once(&workspace, &journal, &options, &mut troubles).await;
                failed_deliveries(&workspace, &journal, &options).await;
                let_go(&workspace, &journal, options.clock.now(), &mut tidied).await;
            }
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    info!("stopping");
    stopping.store(true, Ordering::Relaxed);
    heartbeat.stop().await?;
    for outbox in outboxes {
        outbox.await.context("the outbox loop ended by itself")?;
    }
    journal.close().await;
    info!("stopped");
    Ok(())
}

/// Evaluates the alert rules that are due, then makes every run that is due or waits for another try. A failure of one
/// is recorded and logged; the others go on.
async fn tick_once(
    workspace: &Workspace,
    journal: &Journal,
    options: &ServeOptions,
    troubles: &mut BTreeMap<String, String>,
) {
    let now = options.clock.now();
    // Alerts go first: they are late after minutes, reports are not.
    if let Err(failure) = alerts(workspace, journal, options, troubles, now).await {
        error!(error = failure.to_string(), "the journal cannot be used; no alert rule is evaluated until it can");
    }
    if let Err(failure) = due(workspace, journal, options, now).await {
        error!(error = format!("{failure:#}"), "the journal cannot be used; nothing is sent until it can");
    }
}

/// Tells whoever looks after reports and rules what did not arrive.
async fn failed_deliveries(workspace: &Workspace, journal: &Journal, options: &ServeOptions) {
    match tell_undelivered(workspace, journal, &options.owner, options.clock.now()).await {
        Ok(0) => {}
        Ok(count) => warn!(count, "messages did not arrive; those who look after them are told"),
        Err(failure) => error!(error = format!("{failure:#}"), "failed deliveries cannot be told"),
    }
}

/// Lets go of messages that have been kept long enough: looks once an hour, and goes on at each tick while there are
/// some. `tidied` is when there were none.
async fn let_go(workspace: &Workspace, journal: &Journal, now: DateTime<Utc>, tidied: &mut Option<DateTime<Utc>>) {
    if tidied.is_some_and(|last| now - last < TIDY_EVERY) {
        return;
    }
    match journal.let_go(now - workspace.catalog.settings.keep).await {
        Ok(0) => *tidied = Some(now),
        Ok(count) => info!(count, "old messages are let go of"),
        Err(failure) => {
            *tidied = Some(now);
            error!(error = failure.to_string(), "old messages cannot be let go of");
        }
    }
}

async fn alerts(
    workspace: &Workspace,
    journal: &Journal,
    options: &ServeOptions,
    troubles: &mut BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Result<(), JournalError> {
    for rule in end_removed_rules(workspace, journal, now).await? {
        info!(rule, "alert rule {rule} was removed; its alerts are forgotten");
    }
    if let AlertTick::Done(outcomes) = evaluate_due_alerts(workspace, journal, &options.owner, now).await? {
        for outcome in outcomes {
            tell_alert(&outcome, troubles);
        }
    }
    Ok(())
}

/// Logs what a rule told its recipients. The reason why it has no answer is logged once, not every minute, until it
/// changes or is gone.
fn tell_alert(outcome: &AlertOutcome, troubles: &mut BTreeMap<String, String>) {
    let rule = outcome.rule.as_str();
    let trouble = match &outcome.result {
        Ok(found) => {
            for (labels, notice) in &found.notices {
                let labels = alert::write(labels);
                info!(rule, labels, messages = found.sent.len(), "alert {rule} {labels}: {}", notice.word());
            }
            for labels in &found.lost {
                warn!(
                    rule,
                    labels, "alert {rule} {labels} fired and is forgotten: its rule groups by something else now"
                );
            }
            if found.missed > 0 {
                warn!(rule, missed = found.missed, "alert rule {rule}: {} evaluations were missed", found.missed);
            }
            found.trouble.clone()
        }
        Err(failure) => Some(format!("{failure:#}")),
    };
    match trouble {
        Some(reason) if troubles.get(rule) != Some(&reason) => {
            error!(rule, error = reason, "alert rule {rule} cannot be evaluated");
            troubles.insert(rule.to_owned(), reason);
        }
        Some(_) => {}
        None => {
            if troubles.remove(rule).is_some() {
                info!(rule, "alert rule {rule} is evaluated again");
            }
        }
    }
}

/// Makes the runs that wait for another try, then those that are due; what is not begun in time is left to the next tick or
/// to another process.
async fn due(
    workspace: &Workspace,
    journal: &Journal,
    options: &ServeOptions,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    let started = Instant::now();
    let mut due = due_runs(workspace, journal, now).await?;
    begin_elsewhere(&mut due, std::process::id());
    let mut waiting = journal.reclaim_run(now, &options.owner).await?;
    if due.is_empty() && waiting.is_none() {
        return Ok(());
    }
    let sources = Sources::connect(&workspace.catalog).await;
    while let Some(taken) = waiting {
        again(workspace, &sources, journal, options, taken).await?;
        let in_time = started.elapsed() < AT_A_TIME;
        waiting = if in_time { journal.reclaim_run(options.clock.now(), &options.owner).await? } else { None };
    }
    for run in due {
        if started.elapsed() >= AT_A_TIME {
            break;
        }
        let period = run.period.label.clone();
        let request = RunRequest {
            report: run.report,
            period: run.report.period.clone(),
            scheduled_for: run.scheduled_for,
            trigger: Trigger::Schedule,
            skips: run.skips,
            recipients: None,
            owner: options.owner.clone(),
            now: options.clock.now(),
        };
        tell(&run.report.id.value, &period, &run_report(workspace, &sources, journal, request).await?);
    }
    sources.close().await;
    Ok(())
}

/// Makes a run that was put off, or whose process ended in the middle.
async fn again(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    options: &ServeOptions,
    (claim, record): (RunClaim, RunRecord),
) -> anyhow::Result<()> {
    let now = options.clock.now();
    match workspace.catalog.reports.get(&record.report) {
        // It was for whom that command named, about the period it named; whoever asked has seen it fail.
        _ if record.trigger == Trigger::Manual => {
            journal.fail_run(claim, "the command ended while working on it; give it again", now).await?;
        }
        Some(report) => {
            let request = RunRequest {
                report,
                period: report.period.clone(),
                scheduled_for: record.scheduled_for,
                trigger: record.trigger,
                skips: Vec::new(),
                recipients: None,
                owner: options.owner.clone(),
                now,
            };
            tell(&record.report, &record.period, &work_on(workspace, sources, journal, request, claim).await?);
        }
        None => journal.fail_run(claim, "the workspace no longer has this report", now).await?,
    }
    Ok(())
}

fn tell(report: &str, period: &str, outcome: &RunOutcome) {
    match outcome {
        RunOutcome::Queued(Queued { messages, left_out, .. }) => {
            let (messages, left_out) = (messages.len(), left_out.len());
            info!(report.name = report, period, messages, left_out, "report {report} {period} is made");
        }
        RunOutcome::Skipped(reason) => {
            info!(report.name = report, period, reason, "report {report} {period} is not sent: {reason}");
        }
        RunOutcome::Held { reason, until } => {
            info!(report.name = report, period, reason, until = until.to_rfc3339(), "report {report} {period} waits");
        }
        RunOutcome::Taken => info!(report.name = report, period, "report {report} {period} was already made"),
        RunOutcome::Failed(failure) => {
            error!(report.name = report, period, error = format!("{failure:#}"), "report {report} {period} failed");
        }
    }
}

/// Empties the outbox once a second until told to stop; the message in hand is finished.
async fn empty_outbox(journal: Journal, transport: Transport, options: ServeOptions, stopping: Arc<AtomicBool>) {
    let mut pause = tokio::time::interval(Duration::from_secs(1));
    pause.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let go_on = || !stopping.load(Ordering::Relaxed);
    let mut last = None;
    while go_on() {
        pause.tick().await;
        match deliver_while(&journal, &transport, &options.clock, &options.owner, go_on).await {
            Ok(round) => {
                if round.sent + round.failed + round.retried > 0 {
                    info!(sent = round.sent, failed = round.failed, retried = round.retried, "outbox");
                }
                // Told once, not every second, until the reason changes.
                let halted = round.halted.map(|failure| failure.to_string());
                if halted != last
                    && let Some(reason) = &halted
                {
                    warn!(reason, "messages cannot leave; they stay in the outbox");
                }
                last = halted;
            }
            Err(failure) => error!(error = failure.to_string(), "the outbox cannot be read"),
        }
    }
}
