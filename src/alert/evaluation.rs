//! One evaluation of one rule, as a pure function: what is known of its alerts and what was measured, in; every alert's
//! next state, out. Measuring, telling and remembering are done elsewhere, the same way for the service, for tests of
//! rules and for looking at the past.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::labels::Labels;
use super::machine::{Observation, Presence, Reason, Timing, Verdict, advance, close};
use super::rule::{CompiledRule, Readings};
use super::silence::Muting;
use super::state::{AlertState, Phase};
use super::telling::{Notice, tell};
use crate::kpi::{KpiSet, Reading};
use crate::workspace::{AlertDefinition, Catalog};

/// An alert that is inactive is forgotten when its group had no rows for so long: agents and queues come and go.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::days(7);

/// What was measured for a rule.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The readings of each group that has rows.
    pub groups: BTreeMap<Labels, Readings>,
    /// The readings of a group without rows.
    pub without_rows: Readings,
    /// The newest row of the rule's data, of any group: of the dataset that is furthest behind.
    pub newest: Option<DateTime<Utc>>,
}

/// What a rule's conditions gave on what was measured.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Of each group that has rows.
    pub groups: BTreeMap<Labels, Arc<OfGroup>>,
    /// Of a group without rows.
    pub without_rows: Arc<OfGroup>,
    /// The newest row of the rule's data, of any group.
    pub newest: Option<DateTime<Utc>>,
}

/// What the conditions gave in one group.
#[derive(Clone, Debug, PartialEq)]
pub struct OfGroup {
    /// What they gave.
    pub verdict: Verdict,
    /// The numbers of their KPIs; those without data are left out.
    pub values: BTreeMap<String, f64>,
}

/// An alert before and after an evaluation, and what is to be told of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Which alert it is.
    pub labels: Labels,
    /// Why its state is what it is.
    pub reason: Reason,
    /// What is to be told; none while nothing is, or until [`Rule::tell_all`] has decided.
    pub notice: Option<Notice>,
    /// The state before this evaluation: of an alert that is over, the incident.
    pub before: AlertState,
    /// The state after it.
    pub after: AlertState,
}

/// A rule and what is needed to evaluate it.
#[derive(Clone, Copy)]
pub struct Rule<'a> {
    /// The rule.
    pub definition: &'a AlertDefinition,
    /// Its conditions.
    pub compiled: &'a CompiledRule,
    /// The KPIs they are about.
    pub kpis: &'a KpiSet,
    /// The workspace, for names, units and parameters.
    pub catalog: &'a Catalog,
}

impl Rule<'_> {
    /// Whether the rule is evaluated at this instant at all.
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.definition.active.as_ref().is_none_or(|hours| hours.is_open(now))
    }

    /// The next state of every alert that is known or was found, by labels. The error says that there are more alerts than
    /// the rule may have; then none of them counts.
    pub fn evaluate(
        &self,
        known: &BTreeMap<Labels, AlertState>,
        found: &Found,
        now: DateTime<Utc>,
    ) -> Result<Vec<Told>, String> {
        self.evaluate_judged(known, &self.judge_all(found), now)
    }

    /// What the rule's conditions give in every group.
    pub fn judge_all(&self, found: &Found) -> Judged {
        let of_group = |readings: &Readings| Arc::new(self.judge(readings));
        Judged {
            groups: found.groups.iter().map(|(labels, readings)| (labels.clone(), of_group(readings))).collect(),
            without_rows: of_group(&found.without_rows),
            newest: found.newest,
        }
    }

    /// What they give on the readings of one group.
    pub fn judge(&self, readings: &Readings) -> OfGroup {
        OfGroup {
            verdict: self.compiled.judge(self.kpis, readings),
            values: readings.iter().filter_map(|(id, reading)| Some((id.clone(), reading.number()?))).collect(),
        }
    }

    /// As [`Rule::evaluate`], from what the conditions gave: who meets the same readings again and again judges them once.
    pub fn evaluate_judged(
        &self,
        known: &BTreeMap<Labels, AlertState>,
        judged: &Judged,
        now: DateTime<Utc>,
    ) -> Result<Vec<Told>, String> {
        let timing = Timing::of(self.definition);
        let all: BTreeSet<&Labels> = known.keys().chain(judged.groups.keys()).collect();
        let alerts = all.into_iter().map(|labels| {
            let group = judged.groups.get(labels);
            let OfGroup { verdict, values } = &**group.unwrap_or(&judged.without_rows);
            let observation = Observation {
                verdict: verdict.clone(),
                values: values.clone(),
                newest: judged.newest,
                presence: if group.is_some() { Presence::Rows } else { Presence::NoRows },
            };
            let before = known.get(labels).cloned().unwrap_or_else(|| AlertState::new(now));
            let step = advance(Some(&before), observation, &timing, now);
            Told { labels: labels.clone(), reason: step.reason, notice: None, before, after: step.state }
        });
        let alerts: Vec<Told> = alerts.collect();
        let active = alerts.iter().filter(|told| told.after.phase() != Phase::Inactive).count();
        let limit = self.definition.limit;
        if active > limit {
            return Err(format!(
                "{active} alerts at a time, but its limit is {limit}: the condition or `by` is too wide"
            ));
        }
        Ok(alerts)
    }

    /// The state of every known alert outside of the rule's hours, where nothing is measured.
    pub fn close(&self, known: &BTreeMap<Labels, AlertState>, now: DateTime<Utc>) -> Vec<Told> {
        let alerts = known.iter().map(|(labels, before)| {
            let step = close(before, now);
            Told {
                labels: labels.clone(),
                reason: step.reason,
                notice: None,
                before: before.clone(),
                after: step.state,
            }
        });
        alerts.collect()
    }

    /// Decides what is told of the alerts, and remembers it in their states.
    pub fn tell_all(&self, alerts: &mut [Told], muting: &Muting<'_>, now: DateTime<Utc>) {
        let timing = Timing::of(self.definition);
        for told in alerts.iter_mut() {
            let matters = told.after.is_firing() || told.after.told.is_some();
            let mute = if matters { muting.of(&self.definition.id.value, &told.labels) } else { None };
            told.notice = tell(&mut told.after, told.reason, mute, &timing, now);
        }
        if alerts.iter().any(|told| told.notice.is_some()) {
            // The mail lists every alert that fires, so all of them are told: their reminders come together.
            for state in alerts.iter_mut().map(|told| &mut told.after).filter(|state| state.told.is_some()) {
                state.notified = Some(now);
            }
        }
    }
}

impl Told {
    /// Whether the alert need not be remembered any longer.
    pub fn is_forgotten(&self, now: DateTime<Utc>) -> bool {
        self.after.phase() == Phase::Inactive && now - self.after.seen > FORGOTTEN_AFTER
    }
}

impl Found {
    /// Why the rule's data could not be read, if they could not.
    pub fn failure(&self) -> Option<&str> {
        self.without_rows.values().find_map(|reading| match reading {
            Reading::Failed(reason) => Some(reason.as_str()),
            Reading::Value(_) | Reading::NoData => None,
        })
    }
}
