//! Alert rules that were taken out of the workspace: what they left in the journal comes to an end. Nobody is told that
//! anything is over, as nobody knows whether it is.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Workspace, alert_trouble};
use crate::alert::{self, Ending, Episode, RuleRecord};
use crate::journal::{AlertEvaluation, AlertRow, Journal, JournalError};

/// Ends the episodes and forgets the states of rules that the workspace has no longer; their ids.
///
/// # Errors
/// When the journal cannot be read or written.
pub async fn end_removed_rules(
    workspace: &Workspace,
    journal: &Journal,
    now: DateTime<Utc>,
) -> Result<Vec<String>, JournalError> {
    // All that is left of a rule that was ended before.
    let nothing = alert::write(&RuleRecord::default());
    let is_removed = |row: &AlertRow| {
        row.rule != alert_trouble::RECORD && row.state != nothing && !workspace.catalog.alerts.contains_key(&row.rule)
    };
    let mut removed = journal.alert_rules().await?;
    removed.retain(is_removed);
    if removed.is_empty() {
        return Ok(Vec::new());
    }
    let states = journal.alert_states().await?;
    let open = journal.episodes_between(now, now + TimeDelta::seconds(1)).await?;
    let evaluations = removed.iter().map(|row| {
        let of_rule = states.iter().filter(|state| state.rule == row.rule);
        let open = open.iter().filter(|episode| episode.rule == row.rule && episode.ended_at.is_none());
        let end = |open: &Episode| Episode { ended_at: Some(now), ending: Some(Ending::RuleRemoved), ..open.clone() };
        AlertEvaluation {
            rule: row.rule.clone(),
            rule_before: Some(row.state.clone()),
            rule_after: nothing.clone(),
            states: Vec::new(),
            forgotten: of_rule.filter_map(|state| state.labels.clone()).collect(),
            episodes: open.map(end).collect(),
            notices: None,
            now,
        }
    });
    let recorded = journal.record_alerts(evaluations.collect()).await?;
    let ids = removed.into_iter().zip(recorded).map(|(row, recorded)| recorded.map(|_| row.rule));
    ids.collect()
}
