//! One tick of the alert rules: those that are due are measured together, each alert's state is advanced, and states
//! and notices go into the journal in one transaction per rule. A failure of one rule leaves the others alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::{IndexMap, IndexSet};

use super::run::{inline, recipients_in};
use super::{Measured, Sources, Workspace, measure};
use crate::alert::{
    self, AlertState, CompiledRule, Episode, Labels, Notice, NoticeRequest, Observation, Phase, Presence, RuleRecord,
    Slot, Timing, Told, Trouble, TroubleKind, advance,
};
use crate::delivery::{Contact, EXPIRES_AFTER, Mail, Origin, build};
use crate::formula::Reference;
use crate::journal::{AlertEvaluation, AlertNotices, AlertRow, Journal, JournalError, NewDelivery, Recorded};
use crate::kpi::{Detail, Question, Reading};
use crate::report::export::{email, text};
use crate::time::{Frame, Window};
use crate::workspace::{AlertDefinition, Grouping};

/// An alert that is inactive is forgotten when its group had no rows for so long: agents and queues come and go.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(7);

/// A rule that is due.
pub struct DueAlert<'a> {
    definition: &'a AlertDefinition,
    compiled: &'a CompiledRule,
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
    /// The ids of the messages in the outbox.
    pub messages: Vec<String>,
    /// How many evaluations were missed since the one before.
    pub missed: u64,
    /// Why the condition has no answer for some alert or for the whole rule; the first reason.
    pub error: Option<String>,
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
    let due = workspace.alerts.iter().filter_map(|(id, compiled)| {
        let definition = workspace.catalog.alerts.get(id)?;
        let stored = records.remove(id);
        // One that cannot be read is written anew; all it holds is when the rule was evaluated.
        let record: RuleRecord = stored.as_deref().and_then(|json| alert::read_state(json).ok()).unwrap_or_default();
        let slot = alert::due(definition.every, record.evaluated, now)?;
        Some(DueAlert { definition, compiled, slot, record, stored })
    });
    Ok(due.collect())
}

/// Evaluates the rules at `now`. Rules with the same window share one measurement. The error is the journal's; what goes
/// wrong with a single rule is in its outcome.
pub async fn evaluate_alerts(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    due: Vec<DueAlert<'_>>,
    owner: &str,
    now: DateTime<Utc>,
) -> Result<Vec<AlertOutcome>, JournalError> {
    let mut stored: BTreeMap<String, Vec<AlertRow>> = BTreeMap::new();
    for row in journal.alert_states().await? {
        stored.entry(row.rule.clone()).or_default().push(row);
    }
    let mut by_window: BTreeMap<TimeDelta, Vec<DueAlert<'_>>> = BTreeMap::new();
    for due in due {
        by_window.entry(due.definition.window).or_default().push(due);
    }
    let zone = workspace.catalog.settings.timezone;
    let mut outcomes = Vec::new();
    for (length, rules) in by_window {
        let frame = Frame::Rolling { window: Window { from: now - length, to: now }, zone };
        let questions = questions(&rules);
        let measured = measure(&workspace.kpis, &workspace.catalog, sources, frame, questions.clone()).await;
        for due in rules {
            let rule = due.definition.id.value.clone();
            let states = stored.remove(&rule).unwrap_or_default();
            let tick = Tick { workspace, due, questions: &questions, measured: &measured, now };
            let result = tick.evaluate(journal, &states, owner).await;
            outcomes.push(AlertOutcome { rule, result });
        }
    }
    Ok(outcomes)
}

/// The questions of rules with one window, one for each grouping.
fn questions(rules: &[DueAlert<'_>]) -> Vec<Question> {
    let mut merged: IndexMap<Vec<Grouping>, (IndexSet<String>, IndexSet<Reference>)> = IndexMap::new();
    for due in rules {
        let (kpis, references) = merged.entry(groupings(due.definition)).or_default();
        kpis.extend(due.compiled.kpis().iter().cloned());
        references.extend(due.compiled.references().iter().cloned());
    }
    let question = |(by, (kpis, references)): (Vec<Grouping>, (IndexSet<String>, IndexSet<Reference>))| Question {
        by,
        kpis: kpis.into_iter().collect(),
        references: references.into_iter().collect(),
        detail: Detail::Values,
    };
    merged.into_iter().map(question).collect()
}

fn groupings(definition: &AlertDefinition) -> Vec<Grouping> {
    definition.by.iter().map(|grouping| grouping.value.clone()).collect()
}

/// The evaluation of one rule.
struct Tick<'a> {
    workspace: &'a Workspace,
    due: DueAlert<'a>,
    questions: &'a [Question],
    measured: &'a Measured,
    now: DateTime<Utc>,
}

impl Tick<'_> {
    async fn evaluate(&self, journal: &Journal, stored: &[AlertRow], owner: &str) -> anyhow::Result<Evaluated> {
        let rule = &self.due.definition.id.value;
        let by = groupings(self.due.definition);
        let mut found = Evaluated { missed: self.due.slot.missed, ..Evaluated::default() };
        let mut forgotten = Vec::new();
        let mut known: BTreeMap<Labels, AlertState> = BTreeMap::new();
        for row in stored {
            let Some(labels) = &row.labels else { continue };
            let read = alert::read_state::<Labels>(labels).ok().zip(alert::read_state::<AlertState>(&row.state).ok());
            match read {
                Some((key, state)) if key.fit(&by) => {
                    known.insert(key, state);
                }
                other => {
                    forgotten.push(labels.clone());
                    if other.is_none_or(|(_, state)| state.is_firing()) {
                        found.lost.push(labels.clone());
                    }
                }
            }
        }

        let (groups, without_rows) = self.readings(&by);
        let trouble = without_rows.values().find_map(|reading| match reading {
            Reading::Failed(reason) => Some(reason.clone()),
            Reading::Value(_) | Reading::NoData => None,
        });
        let newest = self.newest();
        let timing = Timing::of(self.due.definition);
        let mut told = Vec::new();
        let all: BTreeSet<&Labels> = known.keys().chain(groups.keys()).collect();
        for labels in all {
            let group = groups.get(labels);
            let readings = group.unwrap_or(&without_rows);
            let observation = Observation {
                verdict: self.due.compiled.judge(&self.workspace.kpis, readings),
                values: readings.iter().filter_map(|(id, reading)| Some((id.clone(), reading.number()?))).collect(),
                newest,
                presence: if group.is_some() { Presence::Rows } else { Presence::NoRows },
            };
            let before = known.get(labels).cloned().unwrap_or_else(|| AlertState::new(self.now));
            let step = advance(Some(&before), observation, &timing, self.now);
            if let Some(Trouble { kind: TroubleKind::Error, reason, .. }) = &step.state.trouble {
                found.error.get_or_insert_with(|| reason.clone());
            }
            told.push(Told { labels: labels.clone(), notice: step.notice, before, after: step.state });
        }
        let tells = told.iter().any(|told| told.notice.is_some());
        if tells {
            // The mail lists every alert that fires, so all of them are told: their reminders come together.
            for state in told.iter_mut().map(|told| &mut told.after).filter(|state| state.is_firing()) {
                state.notified = Some(self.now);
            }
        }
        found.error = found.error.or_else(|| trouble.clone());
        found.notices = told.iter().filter_map(|told| Some((told.labels.clone(), told.notice?))).collect();

        let deliveries = if tells { self.messages(&told) } else { Ok(Vec::new()) };
        let (deliveries, failure) = match deliveries {
            Ok(deliveries) => (deliveries, None),
            Err(failure) => (Vec::new(), Some(failure)),
        };
        let mut evaluation = AlertEvaluation {
            rule: rule.clone(),
            rule_before: self.due.stored.clone(),
            rule_after: alert::write(&self.record(found.error.clone())),
            states: Vec::new(),
            forgotten,
            episodes: Vec::new(),
            notices: None,
            now: self.now,
        };
        // States whose notice could not be made stay as they were: the next evaluation tries again.
        if failure.is_none() {
            for told in &told {
                let labels = alert::write(&told.labels);
                if told.after.phase == Phase::Inactive && self.now - told.after.seen > FORGOTTEN_AFTER {
                    evaluation.forgotten.push(labels);
                } else {
                    evaluation.states.push((labels, alert::write(&told.after)));
                }
            }
            let kpi = self.due.compiled.kpis_of_when().first().and_then(|id| self.workspace.catalog.kpis.get(id));
            let episode = |told: &Told| Episode::of(told, self.due.definition, kpi, self.now);
            evaluation.episodes = told.iter().filter_map(episode).collect();
            found.messages = deliveries.iter().map(|delivery| delivery.message_id.clone()).collect();
            evaluation.notices = tells.then(|| AlertNotices {
                report: run_name(rule),
                scheduled_for: self.due.slot.at,
                period: self.period(),
                window: self.measured.snapshot.window,
                owner: owner.to_owned(),
                deliveries,
            });
        }
        let recorded = journal.record_alerts(evaluation).await?;
        match (failure, recorded) {
            (Some(failure), _) => Err(failure.context("the notice cannot be made")),
            (None, Recorded::Written) => Ok(found),
            (None, Recorded::Overtaken) => Ok(Evaluated::default()),
        }
    }

    /// The readings of the rule's KPIs in each group, and in a group without rows.
    fn readings(&self, by: &[Grouping]) -> (BTreeMap<Labels, BTreeMap<String, Reading>>, BTreeMap<String, Reading>) {
        // Invariant: the questions hold one for each rule's grouping; results are in their order.
        let Some(index) = self.questions.iter().position(|question| question.by == by) else {
            return (BTreeMap::new(), BTreeMap::new());
        };
        let result = &self.measured.snapshot.results[index];
        let compiled = self.due.compiled;
        let is_own = |id: &String| {
            compiled.kpis().contains(id) || compiled.references().iter().any(|reference| reference.to_string() == *id)
        };
        let own = |readings: &[Reading]| -> BTreeMap<String, Reading> {
            let all = result.kpis.iter().zip(readings).filter(|(id, _)| is_own(id));
            all.map(|(id, reading)| (id.clone(), reading.clone())).collect()
        };
        let groups = &result.groups;
        let groups = groups.iter().map(|(key, readings)| (Labels::of(by, key), own(readings))).collect();
        (groups, own(&self.measured.without_rows[index]))
    }

    /// The newest row of the rule's data: of the dataset that is furthest behind.
    fn newest(&self) -> Option<DateTime<Utc>> {
        let datasets = self.workspace.kpis.datasets_of(&self.workspace.catalog, self.due.compiled.kpis());
        let freshness = &self.measured.snapshot.freshness;
        // None is less than any instant, so a dataset without rows decides.
        datasets.iter().map(|dataset| freshness.get(dataset).and_then(|freshness| freshness.newest)).min().flatten()
    }

    fn record(&self, error: Option<String>) -> RuleRecord {
        let before = self.due.record.trouble.as_ref();
        let trouble = error.map(|reason| Trouble {
            kind: TroubleKind::Error,
            reason,
            since: before.map_or(self.now, |trouble| trouble.since),
        });
        let missed = self.due.record.missed + self.due.slot.missed;
        RuleRecord { evaluated: Some(self.due.slot.at), missed, trouble }
    }

    fn period(&self) -> String {
        self.due.slot.at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// The notice for each recipient, in their language.
    fn messages(&self, told: &[Told]) -> anyhow::Result<Vec<NewDelivery>> {
        let Self { workspace, due, now, .. } = self;
        let settings = &workspace.catalog.settings;
        let from = Contact::parse(&settings.mail.from.value)?;
        let mut deliveries = Vec::new();
        for recipient in recipients_in(workspace, &due.definition.notify) {
            let request = NoticeRequest {
                rule: due.definition,
                compiled: due.compiled,
                catalog: &workspace.catalog,
                told,
                language: recipient.language.unwrap_or(settings.locale),
                zone: settings.timezone,
                now: *now,
            };
            let document = alert::document(&request);
            let body = email::render(&document, &workspace.theme);
            let message = build(&Mail {
                from: from.clone(),
                to: Contact { name: recipient.name.clone(), address: recipient.address.value.clone() },
                subject: alert::subject(&request),
                text: text::render(&document),
                html: Some(body.html),
                images: body.images.iter().map(inline).collect(),
                attachments: Vec::new(),
                origin: Origin { report: run_name(&due.definition.id.value), period: self.period(), generation: 0 },
                date: *now,
            })?;
            deliveries.push(NewDelivery {
                recipient: recipient.address.value.clone(),
                message_id: message.message_id,
                envelope_from: message.envelope_from,
                bytes: message.bytes,
                expires_at: *now + EXPIRES_AFTER,
            });
        }
        Ok(deliveries)
    }
}

/// What an alert rule's notices are called among the runs; no report can have this name.
fn run_name(rule: &str) -> String {
    format!("alert:{rule}")
}

#[cfg(test)]
#[path = "alert_tick_tests.rs"]
mod tests;
