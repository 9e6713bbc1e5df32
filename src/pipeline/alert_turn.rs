//! Whose turn it is to evaluate the alert rules: of several processes on one journal, one at a time.

use chrono::{DateTime, Utc};

use super::alert_tick::{AlertOutcome, due_alerts, evaluate_under};
use super::{Sources, Workspace};
use crate::journal::{Claimed, Journal, JournalError};

/// The lease of whoever evaluates the rules.
const TURN: &str = "alert rules";

/// What [`evaluate_due_alerts`] did.
#[derive(Debug)]
pub enum AlertTick {
    /// No rule is due.
    NothingDue,
    /// Another process is evaluating the rules that are due.
    Elsewhere,
    /// The rules that were due are evaluated.
    Done(Vec<AlertOutcome>),
}

/// Evaluates the rules that are due at `now`. Of several processes on one journal one does it, the others leave it to that
/// one; when it dies in the middle, one of them goes on after its lease has lapsed.
pub async fn evaluate_due_alerts(
    workspace: &Workspace,
    journal: &Journal,
    owner: &str,
    now: DateTime<Utc>,
) -> Result<AlertTick, JournalError> {
    if due_alerts(workspace, journal, now).await?.is_empty() {
        return Ok(AlertTick::NothingDue);
    }
    let Some(lease) = journal.take_lease(TURN, owner, now).await? else { return Ok(AlertTick::Elsewhere) };
    // Whoever had the lease before may have done all of it.
    let due = due_alerts(workspace, journal, now).await?;
    let outcomes = if due.is_empty() {
        Ok(Vec::new())
    } else {
        let sources = Sources::connect(&workspace.catalog).await;
        let work = evaluate_under(workspace, &sources, (journal, Some(&lease)), due, owner, now);
        let outcomes = journal.keeping(Claimed::Lease(lease.clone()), now, work).await;
        sources.close().await;
        outcomes
    };
    journal.give_back(&lease).await?;
    Ok(AlertTick::Done(outcomes?))
}
