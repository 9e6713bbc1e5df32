//! Alert rules of a test: the production's tick from the test's start to the last instant it speaks of, at every instant
//! at which a rule is due, with a journal in memory. What is remembered of it is compared in `states` and `notices`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use crate::alert::{self, AlertState, Labels, read_state};
use crate::journal::{Journal, JournalError};
use crate::pipeline::{SentNotice, Sources, Workspace, due_alerts, evaluate_alerts};
use crate::workspace::{AlertExpectation, RuleTest};

/// Who evaluates, in the journal's words.
const OWNER: &str = "test";

/// What a rule went through.
#[derive(Default)]
pub(super) struct Course {
    /// Its alerts at each instant that was asked for.
    pub(super) states: BTreeMap<DateTime<Utc>, BTreeMap<Labels, AlertState>>,
    /// What was sent, evaluation by evaluation.
    pub(super) notices: BTreeMap<DateTime<Utc>, Vec<SentNotice>>,
    /// Why an evaluation failed or had no answer, each reason once.
    pub(super) troubles: Vec<String>,
}

/// Tries the rules of a test; what became of each, by its id.
pub(super) async fn play(
    workspace: &Workspace,
    sources: &Sources,
    test: &RuleTest,
) -> Result<BTreeMap<String, Course>, JournalError> {
    let mut courses: BTreeMap<String, Course> = test.alerts.keys().map(|id| (id.clone(), Course::default())).collect();
    let journal = Journal::in_memory().await?;
    let mut now = Some(test.start);
    let asked: BTreeSet<DateTime<Utc>> = test.alerts.values().flat_map(instants).collect();
    for instant in asked {
        while let Some(tick) = now.filter(|tick| *tick <= instant) {
            evaluate(workspace, sources, &journal, tick, &mut courses).await?;
            let rules = workspace.alerts.keys().filter_map(|id| workspace.catalog.alerts.get(id));
            now = rules.filter_map(|rule| alert::next(rule.every, tick)).min();
        }
        for row in journal.alert_states().await? {
            let Some(labels) = row.labels.and_then(|labels| read_state::<Labels>(&labels).ok()) else { continue };
            if let (Some(course), Ok(state)) = (courses.get_mut(&row.rule), read_state::<AlertState>(&row.state)) {
                course.states.entry(instant).or_default().insert(labels, state);
            }
        }
    }
    journal.close().await;
    Ok(courses)
}

async fn evaluate(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    now: DateTime<Utc>,
    courses: &mut BTreeMap<String, Course>,
) -> Result<(), JournalError> {
    let due = due_alerts(workspace, journal, now).await?;
    for outcome in evaluate_alerts(workspace, sources, journal, due, OWNER, now).await? {
        let Some(course) = courses.get_mut(&outcome.rule) else { continue };
        let trouble = match outcome.result {
            Ok(found) => {
                if !found.sent.is_empty() {
                    course.notices.insert(now, found.sent);
                }
                found.trouble
            }
            Err(failure) => Some(format!("{failure:#}")),
        };
        if let Some(trouble) = trouble.filter(|trouble| !course.troubles.contains(trouble)) {
            course.troubles.push(trouble);
        }
    }
    Ok(())
}

/// Every instant at which something is expected of a rule.
fn instants(expectation: &AlertExpectation) -> impl Iterator<Item = DateTime<Utc>> {
    let notices = expectation.notices.iter().flatten().map(|notice| notice.at.value);
    let states = expectation.states.iter().map(|state| state.at);
    states.chain(notices).chain(expectation.quiet.iter().map(|quiet| quiet.value.1))
}
