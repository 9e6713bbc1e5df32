//! The past of alert rules as if they had been watched all the time: each runs through a stretch of the past, and what it
//! went through stands in the journal afterwards. Nobody is told anything.

use anyhow::Context;
use tokio::runtime::Handle;

use super::parallel::in_parallel;
use super::{BacktestRequest, Sources, Workspace};
use crate::alert::{self, BacktestOutcome, RuleRecord};
use crate::journal::{AlertEvaluation, Journal};
use crate::kpi::History;
use crate::time::Window;

/// Lets the journal remember a stretch of the past of every rule in place of what it knew of it; how many alerts fired.
///
/// # Errors
/// When a rule cannot be evaluated, or the journal cannot be written.
pub async fn remember_past(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    stretch: Window,
) -> anyhow::Result<usize> {
    let runtime = Handle::current();
    let rules: Vec<&String> = workspace.alerts.keys().collect();
    let backtest = |rule: &&String| {
        let request = BacktestRequest { workspace, sources, rule, stretch, progress: &|_| {} };
        runtime
            .block_on(request.run(&mut History::default()))
            .with_context(|| format!("the past of alert rule `{rule}`"))
    };
    let outcomes: Vec<BacktestOutcome> = in_parallel(&rules, backtest)
        .into_iter()
        .map(|result| result.map(|(outcome, _)| outcome))
        .collect::<anyhow::Result<_>>()?;
    let fired = outcomes.iter().map(|outcome| outcome.episodes.len()).sum();

    journal.forget_episodes(stretch).await?;
    let known = journal.alert_states().await?;
    let evaluations = rules.into_iter().zip(outcomes).map(|(rule, outcome)| {
        let of_rule = || known.iter().filter(|row| row.rule == *rule);
        AlertEvaluation {
            rule: rule.clone(),
            rule_before: of_rule().find(|row| row.labels.is_none()).map(|row| row.state.clone()),
            rule_after: alert::write(&RuleRecord { evaluated: Some(stretch.to), ..RuleRecord::default() }),
            states: outcome
                .standing
                .iter()
                .map(|(labels, state)| (alert::write(labels), alert::write(state)))
                .collect(),
            forgotten: of_rule().filter_map(|row| row.labels.clone()).collect(),
            episodes: outcome.episodes,
            notices: None,
            now: stretch.to,
        }
    });
    for recorded in journal.record_alerts(evaluations.collect()).await? {
        recorded?;
    }
    Ok(fired)
}
