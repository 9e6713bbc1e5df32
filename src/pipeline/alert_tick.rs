//! One tick of the alert rules: those that are due are measured together, each alert's state is advanced, what is told is
//! decided over all of them, and states and notices go into the journal in one transaction. A failure of one rule leaves
//! the others alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

use super::alert_mail::{News, SentNotice, messages, period, run_name};
use super::alert_measure::{OfRule, groupings, measure_rules, trends};
use super::alert_trouble::{self, lasting};
use super::unsubscribing::Unsubscribing;
use super::{Sources, Workspace};
use crate::alert::{
    self, AlertState, Episode, Found, Labels, Muting, Notice, Rule, RuleRecord, Silence, Slot, Told, TroubleKind,
};
use crate::journal::{AlertEvaluation, AlertNotices, AlertRow, Journal, JournalError, Lease, Recorded};
use crate::time::Window;

/// A rule that is due.
pub struct DueAlert<'a> {
    rule: Rule<'a>,
    slot: Slot,
    /// What is remembered of the rule, and as it stands in the journal.
    record: RuleRecord,
    stored: Option<String>,
}

/// What came of a rule's evaluation.
#[derive(Debug)]
pub struct AlertOutcome {
    /// The rule's id.
    pub rule: String,
    /// What was found and told, or why the rule could not be evaluated.
    pub result: anyhow::Result<Evaluated>,
}

/// What an evaluation found.
#[derive(Debug, Default)]
pub struct Evaluated {
    /// What recipients are told, by alert.
    pub notices: Vec<(Labels, Notice)>,
    /// The messages in the outbox, as their recipients read them.
    pub sent: Vec<SentNotice>,
    /// How many evaluations were missed since the one before.
    pub missed: u64,
    /// Why the rule has no answer.
    pub trouble: Option<String>,
    /// Alerts that fired and were forgotten, because the rule's `by` changed or their state could not be read.
    pub lost: Vec<String>,
}

/// The rules that are due now; those with mistakes in their conditions never are.
pub async fn due_alerts<'a>(
    workspace: &'a Workspace,
    journal: &Journal,
    now: DateTime<Utc>,
) -> Result<Vec<DueAlert<'a>>, JournalError> {
    if workspace.alerts.is_empty() {
        return Ok(Vec::new());
    }
    let mut records: BTreeMap<String, String> =
        journal.alert_rules().await?.into_iter().map(|row| (row.rule, row.state)).collect();
    let due = workspace.alerts.keys().filter_map(|id| {
        let rule = workspace.alert_rule(id)?;
        let stored = records.remove(id);
        // One that cannot be read is written anew; all it holds is when the rule was evaluated.
        let record: RuleRecord = stored.as_deref().and_then(|json| alert::read_state(json).ok()).unwrap_or_default();
        let slot = alert::due(rule.definition.every, record.evaluated, now)?;
        Some(DueAlert { rule, slot, record, stored })
    });
    Ok(due.collect())
}

/// Evaluates the rules at `now`. The error is the journal's; what goes wrong with a single rule is in its outcome.
pub async fn evaluate_alerts(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    due: Vec<DueAlert<'_>>,
    owner: &str,
    now: DateTime<Utc>,
) -> Result<Vec<AlertOutcome>, JournalError> {
    evaluate_under(workspace, sources, (journal, None), due, owner, now).await
}

/// The same under a lease: when someone else has taken that over, nothing is recorded.
pub(super) async fn evaluate_under(
    workspace: &Workspace,
    sources: &Sources,
    (journal, lease): (&Journal, Option<&Lease>),
    due: Vec<DueAlert<'_>>,
    owner: &str,
    now: DateTime<Utc>,
) -> Result<Vec<AlertOutcome>, JournalError> {
    let mut stored: BTreeMap<String, Vec<AlertRow>> = BTreeMap::new();
    for row in journal.alert_states().await? {
        stored.entry(row.rule.clone()).or_default().push(row);
    }
    let silences = journal.silences_at(now).await?;
    let unsubscribing = Unsubscribing::of(workspace, journal).await?;

    let open: Vec<Rule<'_>> = due.iter().map(|due| due.rule).filter(|rule| rule.is_open(now)).collect();
    let mut measured = measure_rules(workspace, sources, &open, now).await.into_iter();
    let mut works: Vec<Work<'_>> = Vec::with_capacity(due.len());
    for due in due {
        let rows = stored.get(&due.rule.definition.id.value).map_or(&[][..], Vec::as_slice);
        // Invariant: there is a measurement for each rule that is open, in their order.
        let measured = if due.rule.is_open(now) { measured.next() } else { None };
        works.push(Work::new(due, rows, measured, now));
    }

    tell(workspace, &mut works, &stored, &silences, now);
    let told: Vec<(Rule<'_>, &[Told])> = works.iter().map(|work| (work.due.rule, work.alerts.as_slice())).collect();
    let trends = trends(workspace, sources, &told, now).await;
    let mut evaluations = Vec::new();
    let mut results = Vec::new();
    for (work, trends) in works.iter().zip(&trends) {
        let news = News { rule: work.due.rule, told: &work.alerts, trends, unsubscribing: &unsubscribing, now };
        let (evaluation, result) = work.evaluation(workspace, &news, owner);
        evaluations.push(evaluation);
        results.push(result);
    }
    let records = records(&works, &stored);
    let told = stored.get(alert_trouble::RECORD).and_then(|rows| rows.first()).map(|row| row.state.as_str());
    match alert_trouble::report(workspace, &records, told, owner, now) {
        Ok(trouble) => evaluations.extend(trouble),
        Err(failure) => tracing::error!(error = format!("{failure:#}"), "trouble with alert rules cannot be told"),
    }
    let recorded = match lease {
        Some(lease) => journal.record_alerts_under(lease, evaluations).await?,
        None => journal.record_alerts(evaluations).await?,
    };
    let outcomes = works.iter().zip(results).zip(recorded).map(|((work, result), recorded)| AlertOutcome {
        rule: work.due.rule.definition.id.value.clone(),
        result: match (result, recorded) {
            (Ok(found), Ok(Recorded::Written)) => Ok(found),
            (Ok(_), Ok(Recorded::Overtaken)) => Ok(Evaluated::default()),
            (Ok(_), Err(failure)) => Err(failure.into()),
            (Err(failure), _) => Err(failure.context("the notice cannot be made")),
        },
    });
    Ok(outcomes.collect())
}

/// The evaluation of one rule.
struct Work<'a> {
    due: DueAlert<'a>,
    alerts: Vec<Told>,
    /// What is remembered of the rule from now on.
    record: RuleRecord,
    /// Labels whose states are forgotten, and which of them fired.
    forgotten: Vec<String>,
    lost: Vec<String>,
    window: Window,
}

impl<'a> Work<'a> {
    fn new(due: DueAlert<'a>, rows: &[AlertRow], measured: Option<OfRule>, now: DateTime<Utc>) -> Self {
        let by = groupings(due.rule.definition);
        let (mut forgotten, mut lost) = (Vec::new(), Vec::new());
        let mut known: BTreeMap<Labels, AlertState> = BTreeMap::new();
        for row in rows {
            let Some(labels) = &row.labels else { continue };
            let read = alert::read_state::<Labels>(labels).ok().zip(alert::read_state::<AlertState>(&row.state).ok());
            match read {
                Some((key, state)) if key.fit(&by) => {
                    known.insert(key, state);
                }
                other => {
                    forgotten.push(labels.clone());
                    if other.is_none_or(|(_, state)| state.is_firing()) {
                        lost.push(labels.clone());
                    }
                }
            }
        }
        let window = measured.as_ref().map_or(Window { from: now, to: now }, |measured| measured.window);
        let (alerts, trouble) = match measured {
            None => (due.rule.close(&known, now), None),
            Some(OfRule { found, .. }) => evaluate(&due.rule, &known, &found, now),
        };
        let record = RuleRecord {
            evaluated: Some(due.slot.at),
            missed: due.record.missed + due.slot.missed,
            trouble: lasting(due.record.trouble.as_ref(), trouble, now),
        };
        Self { due, alerts, record, forgotten, lost, window }
    }

    /// What is to be recorded, and what it comes to. States whose notice could not be made stay as they were: the next
    /// evaluation tries again.
    fn evaluation(
        &self,
        workspace: &Workspace,
        news: &News<'_>,
        owner: &str,
    ) -> (AlertEvaluation, anyhow::Result<Evaluated>) {
        let Self { due, alerts, record, .. } = self;
        let (rule, now) = (&due.rule.definition.id.value, news.now);
        let mut evaluation = AlertEvaluation {
            rule: rule.clone(),
            rule_before: due.stored.clone(),
            rule_after: alert::write(record),
            states: Vec::new(),
            forgotten: self.forgotten.clone(),
            episodes: Vec::new(),
            notices: None,
            now,
        };
        let notices: Vec<(Labels, Notice)> =
            alerts.iter().filter_map(|told| Some((told.labels.clone(), told.notice?))).collect();
        let sent = if notices.is_empty() { Ok(Default::default()) } else { messages(workspace, news) };
        let (sent, deliveries) = match sent {
            Ok(sent) => sent,
            Err(failure) => return (evaluation, Err(failure)),
        };
        for told in alerts {
            let labels = alert::write(&told.labels);
            if told.is_forgotten(now) {
                evaluation.forgotten.push(labels);
            } else {
                evaluation.states.push((labels, alert::write(&told.after)));
            }
        }
        evaluation.episodes = alerts.iter().filter_map(|told| Episode::of(&due.rule, told, now)).collect();
        let found = Evaluated {
            sent,
            missed: due.slot.missed,
            trouble: record.trouble.as_ref().map(|trouble| trouble.reason.clone()),
            lost: self.lost.clone(),
            notices,
        };
        evaluation.notices = (!found.notices.is_empty()).then(|| AlertNotices {
            report: run_name(rule),
            scheduled_for: due.slot.at,
            period: period(due.slot.at),
            window: self.window,
            owner: owner.to_owned(),
            deliveries,
        });
        (evaluation, Ok(found))
    }
}

/// The rule's alerts, or as they were when there are too many of them; and the rule's trouble.
fn evaluate(
    rule: &Rule<'_>,
    known: &BTreeMap<Labels, AlertState>,
    found: &Found,
    now: DateTime<Utc>,
) -> (Vec<Told>, Option<(TroubleKind, String)>) {
    match rule.evaluate(known, found, now) {
        Ok(alerts) => {
            let trouble = alert_trouble::of_rule(rule, found, &alerts);
            (alerts, trouble)
        }
        Err(reason) => (Vec::new(), Some((TroubleKind::Error, reason))),
    }
}

/// Decides what is told. Rules that are not due count as well: their alerts can hold back those of others.
fn tell(
    workspace: &Workspace,
    works: &mut [Work<'_>],
    stored: &BTreeMap<String, Vec<AlertRow>>,
    silences: &[Silence],
    now: DateTime<Utc>,
) {
    let mut firing: BTreeMap<String, BTreeSet<Labels>> = BTreeMap::new();
    let inhibiting = workspace.catalog.alerts.values().filter(|rule| !rule.inhibits.is_empty());
    for id in inhibiting.map(|rule| &rule.id.value) {
        let work = works.iter().find(|work| work.due.rule.definition.id.value == *id);
        let labels = match work {
            // One that could not be evaluated stays as it was.
            Some(work) if !work.alerts.is_empty() => {
                let firing = work.alerts.iter().filter(|told| told.after.is_firing());
                firing.map(|told| told.labels.clone()).collect()
            }
            _ => stored.get(id).map_or_else(BTreeSet::new, |rows| rows.iter().filter_map(fires).collect()),
        };
        firing.insert(id.clone(), labels);
    }
    let muting = Muting::new(&workspace.catalog, silences, &firing, now);
    for work in works {
        let rule = work.due.rule;
        rule.tell_all(&mut work.alerts, &muting, now);
    }
}

/// The labels of a stored alert that fires.
fn fires(row: &AlertRow) -> Option<Labels> {
    let state: AlertState = alert::read_state(&row.state).ok()?;
    let labels = alert::read_state(row.labels.as_ref()?).ok()?;
    state.is_firing().then_some(labels)
}

/// What is remembered of every rule, those that were just evaluated included.
fn records(works: &[Work<'_>], stored: &BTreeMap<String, Vec<AlertRow>>) -> BTreeMap<String, RuleRecord> {
    let of_rule = |row: &AlertRow| {
        let record = alert::read_state(&row.state).ok()?;
        row.labels.is_none().then(|| (row.rule.clone(), record))
    };
    let mut records: BTreeMap<String, RuleRecord> = stored.values().flatten().filter_map(of_rule).collect();
    records.extend(works.iter().map(|work| (work.due.rule.definition.id.value.clone(), work.record.clone())));
    records
}

#[cfg(test)]
#[path = "alert_tick_tests.rs"]
mod tests;
