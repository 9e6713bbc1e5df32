//! What is due, done once: alert rules are evaluated, runs are made, and what came of each is logged and counted. When
//! that happens is the loop's affair, in `serve`.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{error, info, warn};

use super::ServeOptions;
use super::metrics::Metrics;
use crate::alert;
use crate::delivery::without_mailboxes;
use crate::journal::{Journal, JournalError, RunClaim, RunRecord, Trigger};
use crate::pipeline::{
    AlertOutcome, AlertTick, Queued, RunOutcome, RunRequest, Sources, Workspace, begin_elsewhere, due_runs,
    end_removed_rules, evaluate_due_alerts, run_report, work_on,
};

/// How long reports are made before alert rules are looked at again; the report in hand is finished.
const AT_A_TIME: Duration = Duration::from_secs(2);

/// Evaluates the alert rules that are due, then makes every run that is due or waits for another try. A failure of one
/// is recorded and logged; the others go on.
pub(super) async fn do_due_work(
    workspace: &Workspace,
    journal: &Journal,
    options: &ServeOptions,
    metrics: &Metrics,
    troubles: &mut BTreeMap<String, String>,
) {
    let now = options.clock.now();
    // Alerts go first: they are late after minutes, reports are not.
    if let Err(failure) = alerts(workspace, journal, options, metrics, troubles, now).await {
        error!(error = failure.to_string(), "the journal cannot be used; no alert rule is evaluated until it can");
    }
    if let Err(failure) = due(workspace, journal, options, metrics, now).await {
        error!(error = format!("{failure:#}"), "the journal cannot be used; nothing is sent until it can");
    }
}

async fn alerts(
    workspace: &Workspace,
    journal: &Journal,
    options: &ServeOptions,
    metrics: &Metrics,
    troubles: &mut BTreeMap<String, String>,
    now: DateTime<Utc>,
) -> Result<(), JournalError> {
    for rule in end_removed_rules(workspace, journal, now).await? {
        info!(rule, "alert rule {rule} was removed; its alerts are forgotten");
    }
    let begun = Instant::now();
    let tick = evaluate_due_alerts(workspace, journal, &options.owner, now).await?;
    let AlertTick::Done(outcomes) = tick else { return Ok(()) };
    metrics.evaluated(begun.elapsed());
    for outcome in outcomes {
        let found = outcome.result.as_ref().ok();
        let answered = found.is_some_and(|found| found.trouble.is_none());
        metrics.evaluation(if answered { "evaluated" } else { "failed" }, found.map_or(0, |found| found.missed));
        tell_alert(&outcome, troubles);
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
    metrics: &Metrics,
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
        again(workspace, &sources, journal, (options, metrics), taken).await?;
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
        let begun = Instant::now();
        let outcome = run_report(workspace, &sources, journal, request).await?;
        count(metrics, &outcome, options.clock.now() - run.scheduled_for, begun.elapsed());
        tell(&run.report.id.value, &period, &outcome);
    }
    sources.close().await;
    Ok(())
}

/// Makes a run that was put off, or whose process ended in the middle.
async fn again(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    (options, metrics): (&ServeOptions, &Metrics),
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
            let begun = Instant::now();
            let outcome = work_on(workspace, sources, journal, request, claim).await?;
            count(metrics, &outcome, options.clock.now() - record.scheduled_for, begun.elapsed());
            tell(&record.report, &record.period, &outcome);
        }
        None => journal.fail_run(claim, "the workspace no longer has this report", now).await?,
    }
    Ok(())
}

fn count(metrics: &Metrics, outcome: &RunOutcome, lateness: TimeDelta, took: Duration) {
    metrics.run(match outcome {
        RunOutcome::Queued(_) => {
            metrics.made(lateness, took);
            "queued"
        }
        RunOutcome::Skipped(_) => "skipped",
        RunOutcome::Held { .. } => "held",
        RunOutcome::Taken => "taken",
        RunOutcome::Failed(_) => "failed",
    });
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
            let reason = without_mailboxes(&format!("{failure:#}"));
            error!(report.name = report, period, error = reason, "report {report} {period} failed");
        }
    }
}
