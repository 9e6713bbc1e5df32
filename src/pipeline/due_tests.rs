//! What is due beside a run that is not over, and what comes too late to start.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::TimeDelta;

use super::*;
use crate::journal::{Claim, ClaimRequest, Repetition, Trigger};
use crate::pipeline::{RunOutcome, RunRequest, Sources, prepare, run_report};

fn workspace(change: impl FnOnce(&mut crate::workspace::ScheduleDefinition)) -> Workspace {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workspaces/small");
    let mut workspace = prepare(&folder, &BTreeMap::new(), at(0)).workspace.unwrap();
    change(workspace.catalog.reports["daily"].schedule.as_mut().unwrap());
    workspace
}

/// Eight o'clock in Moscow on a day of November.
fn at(day: i64) -> DateTime<Utc> {
    "2026-11-22T05:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(day)
}

async fn claim(journal: &Journal, run: &DueRun<'_>, now: DateTime<Utc>) {
    let request = ClaimRequest {
        report: run.report.id.value.clone(),
        scheduled_for: run.scheduled_for,
        period: run.period.label.clone(),
        window: run.period.window,
        trigger: Trigger::Schedule,
        repetition: Repetition::of(&run.report.period),
        skips: run.skips.clone(),
        owner: "test".to_owned(),
        now,
    };
    assert!(matches!(journal.claim_run(&request).await.unwrap(), Claim::Mine(_)));
}

#[tokio::test]
async fn a_run_beside_one_that_is_not_over() {
    for (overlap, runs, skips) in [(Overlap::Wait, 0, 0), (Overlap::Skip, 0, 1), (Overlap::Allow, 1, 0)] {
        let workspace = workspace(|schedule| schedule.overlap = overlap);
        let journal = Journal::in_memory().await.unwrap();
        assert!(due_runs(&workspace, &journal, at(0)).await.unwrap().is_empty());
        let due = due_runs(&workspace, &journal, at(1)).await.unwrap();
        assert_eq!(due.len(), 1);
        claim(&journal, &due[0], at(1)).await;
        let later = due_runs(&workspace, &journal, at(2)).await.unwrap();
        let recorded = journal.recent_runs(10).await.unwrap();
        let reasons: Vec<_> = recorded.iter().filter_map(|run| run.error.as_deref()).collect();
        assert_eq!((later.len(), reasons.len()), (runs, skips), "{overlap:?}: {reasons:?}");
        assert!(reasons.iter().all(|reason| *reason == "overlap"), "{reasons:?}");
    }
}

#[tokio::test]
async fn a_run_that_comes_too_late_to_start_fails() {
    let workspace = workspace(|schedule| schedule.start_deadline = Some(TimeDelta::hours(2)));
    let journal = Journal::in_memory().await.unwrap();
    let sources = Sources::of(Vec::new());
    let request = |minutes: i64, trigger: Trigger| RunRequest {
        report: &workspace.catalog.reports["daily"],
        period: workspace.catalog.reports["daily"].period.clone(),
        scheduled_for: at(0),
        trigger,
        skips: Vec::new(),
        recipients: None,
        owner: "test".to_owned(),
        now: at(0) + TimeDelta::minutes(minutes),
    };
    let RunOutcome::Failed(error) =
        run_report(&workspace, &sources, &journal, request(121, Trigger::Schedule)).await.unwrap()
    else {
        panic!("it was started")
    };
    assert_eq!(error.to_string(), "it could not start by Sun 2026-11-22 10:00 MSK, as its start_deadline asks");
    // By hand a report can be asked for at any time; here it fails as its database is not there.
    let by_hand = run_report(&workspace, &sources, &journal, request(121, Trigger::Manual)).await.unwrap();
    assert!(matches!(by_hand, RunOutcome::Failed(error) if !error.to_string().contains("start_deadline")));
}
