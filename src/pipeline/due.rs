//! What is due: every report's schedule asked once, its missed instants sorted into runs and skips.

use chrono::{DateTime, Utc};

use super::Workspace;
use crate::journal::{Journal, Skip};
use crate::schedule::{Plan, SkipReason, Timetable};
use crate::time::Period;
use crate::workspace::{Overlap, ReportDefinition};

/// A run that is due.
pub struct DueRun<'a> {
    /// The report.
    pub report: &'a ReportDefinition,
    /// The instant it stands for.
    pub scheduled_for: DateTime<Utc>,
    /// The period it is about, as seen from that instant.
    pub period: Period,
    /// Missed instants that are recorded with it.
    pub skips: Vec<Skip>,
}

/// The runs that are due now. A report seen for the first time starts now: nothing is made up for from before. Skips
/// without a run are recorded here.
pub async fn due_runs<'a>(
    workspace: &'a Workspace,
    journal: &Journal,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<DueRun<'a>>> {
    let mut due = Vec::new();
    // All at once: a centre can have a thousand reports, and they are looked at every second.
    let cursors = journal.cursors().await?;
    for report in workspace.catalog.reports.values() {
        let Some(definition) = &report.schedule else { continue };
        let id = &report.id.value;
        let Ok(timetable) = Timetable::of(id, definition) else { continue };
        let Some(cursor) = cursors.get(id).copied() else {
            journal.set_cursor(id, now).await?;
            continue;
        };
        let mut plan = timetable.due(cursor, now);
        if !plan.runs.is_empty() && definition.overlap != Overlap::Allow && journal.has_open_run(id).await? {
            if definition.overlap == Overlap::Wait {
                continue;
            }
            plan.skipped.extend(plan.runs.drain(..).map(|instant| (instant, SkipReason::Overlap)));
        }
        if plan == Plan::default() {
            continue;
        }
        let period = |instant: DateTime<Utc>| report.period.at(instant, definition.timezone);
        let mut skips: Vec<Skip> = plan
            .skipped
            .iter()
            .map(|(instant, reason)| {
                let period = period(*instant);
                Skip {
                    scheduled_for: *instant,
                    period: period.label,
                    window: period.window,
                    reason: reason.name().to_owned(),
                }
            })
            .collect();
        if plan.runs.is_empty() {
            journal.record_skips(id, &skips, now).await?;
        }
        for instant in plan.runs {
            due.push(DueRun {
                report,
                scheduled_for: instant,
                period: period(instant),
                skips: std::mem::take(&mut skips),
            });
        }
    }
    Ok(due)
}

/// Puts the runs of later reports first, those of one report in their order: processes that begin at different places get
/// less into each other's way.
pub fn begin_elsewhere(due: &mut [DueRun<'_>], place: u32) {
    if due.is_empty() {
        return;
    }
    let wanted = usize::try_from(place).unwrap_or(0) % due.len();
    let begins = |at: &usize| *at == 0 || due[*at].report.id.value != due[*at - 1].report.id.value;
    let start = (wanted..due.len()).find(begins).unwrap_or(0);
    due.rotate_left(start);
}

#[cfg(test)]
#[path = "due_tests.rs"]
mod tests;
