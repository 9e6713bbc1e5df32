//! What alert rules need measured: rules with one window share one measurement, and each takes its part of it; and what
//! KPIs were in the last hours, for the charts of notices.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use indexmap::{IndexMap, IndexSet};

use super::{Measured, Sources, Workspace, measure};
use crate::alert::{Found, Labels, MOST_CHARTS, Readings, Rule, Told, Trend};
use crate::formula::Reference;
use crate::kpi::{Detail, GroupKey, KeyPart, Question};
use crate::time::{Bucket, BucketStart, Frame, PeriodName, Window};
use crate::workspace::{AlertDefinition, AlertWindow, Grouping};

/// How far back the charts of notices go.
const TREND: TimeDelta = TimeDelta::hours(4);

/// What was measured for one rule, and over what.
pub(super) struct OfRule {
    pub(super) found: Found,
    pub(super) window: Window,
}

/// Measures what the rules need, in their order.
pub(super) async fn measure_rules(
    workspace: &Workspace,
    sources: &Sources,
    rules: &[Rule<'_>],
    now: DateTime<Utc>,
) -> Vec<OfRule> {
    let zone = workspace.catalog.settings.timezone;
    let mut windows: Vec<(&AlertWindow, Vec<usize>)> = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        let window = &rule.definition.window;
        match windows.iter_mut().find(|(known, _)| *known == window) {
            Some((_, members)) => members.push(index),
            None => windows.push((window, vec![index])),
        }
    }
    let mut measured: BTreeMap<usize, OfRule> = BTreeMap::new();
    for (window, members) in windows {
        let questions = questions(members.iter().map(|index| rules[*index]));
        let frame = frame(window, now, zone);
        let snapshot = measure(&workspace.kpis, &workspace.catalog, sources, frame, questions.clone()).await;
        measured.extend(members.into_iter().map(|index| (index, of_rule(&rules[index], &questions, &snapshot))));
    }
    measured.into_values().collect()
}

/// What a rule's KPIs are computed over at an instant.
pub fn frame(window: &AlertWindow, now: DateTime<Utc>, zone: Tz) -> Frame {
    match window {
        AlertWindow::Rolling(length) => Frame::Rolling { window: Window { from: now - *length, to: now }, zone },
        AlertWindow::Calendar(name) => {
            let period = name.at(now, zone);
            match name {
                PeriodName::Today | PeriodName::ThisWeek | PeriodName::ThisMonth => Frame::SoFar { period, until: now },
                _ => Frame::Period(period),
            }
        }
    }
}

/// The questions of rules with one window, one for each grouping.
pub(super) fn questions<'a>(rules: impl Iterator<Item = Rule<'a>>) -> Vec<Question> {
    let mut merged: IndexMap<Vec<Grouping>, (IndexSet<String>, IndexSet<Reference>)> = IndexMap::new();
    for rule in rules {
        let (kpis, references) = merged.entry(groupings(rule.definition)).or_default();
        kpis.extend(rule.compiled.kpis().iter().cloned());
        references.extend(rule.compiled.references().iter().cloned());
    }
    let question = |(by, (kpis, references)): (Vec<Grouping>, (IndexSet<String>, IndexSet<Reference>))| Question {
        by,
        kpis: kpis.into_iter().collect(),
        references: references.into_iter().collect(),
        detail: Detail::Values,
    };
    merged.into_iter().map(question).collect()
}

/// A rule's groupings.
pub(super) fn groupings(definition: &AlertDefinition) -> Vec<Grouping> {
    definition.by.iter().map(|grouping| grouping.value.clone()).collect()
}

/// A rule's part of a measurement.
fn of_rule(rule: &Rule<'_>, questions: &[Question], measured: &Measured) -> OfRule {
    let (by, window) = (groupings(rule.definition), measured.snapshot.window);
    // Invariant: the questions hold one for each rule's grouping; results are in their order.
    let Some(index) = questions.iter().position(|question| question.by == by) else {
        return OfRule { found: Found::default(), window };
    };
    let result = &measured.snapshot.results[index];
    let references: Vec<String> = rule.compiled.references().iter().map(ToString::to_string).collect();
    let is_own = |id: &String| rule.compiled.kpis().contains(id) || references.contains(id);
    let own: Vec<(usize, &String)> = result.kpis.iter().enumerate().filter(|(_, id)| is_own(id)).collect();
    let readings = |all: &[crate::kpi::Reading]| -> Readings {
        own.iter().filter_map(|(place, id)| Some(((*id).clone(), all.get(*place)?.clone()))).collect()
    };
    let groups = result.groups.iter().map(|(key, all)| (Labels::of(&by, key), readings(all))).collect();
    let without_rows = readings(&measured.without_rows[index]);
    let datasets = rule.kpis.datasets_of(rule.catalog, rule.compiled.kpis());
    let newest = |dataset: &String| measured.snapshot.freshness.get(dataset).and_then(|freshness| freshness.newest);
    // None is less than any instant, so a dataset without rows decides.
    let newest = datasets.iter().map(newest).min().flatten();
    OfRule { found: Found { groups, without_rows, newest }, window }
}

/// What the first KPI of each rule was lately, for the first alerts that have something to tell.
pub(super) async fn trends(
    workspace: &Workspace,
    sources: &Sources,
    rules: &[(Rule<'_>, &[Told])],
    now: DateTime<Utc>,
) -> Vec<BTreeMap<Labels, Trend>> {
    let zone = workspace.catalog.settings.timezone;
    let quarters = Bucket::QuarterHour;
    let from = match quarters.start_of(now - TREND, zone) {
        BucketStart::Hour(start) => start,
        BucketStart::Date(_) | BucketStart::Number(_) => now - TREND,
    };
    let window = Window { from, to: now };
    let starts: Vec<DateTime<Utc>> = quarters.starts(window, zone).into_iter().filter_map(instant).collect();
    let wanted: Vec<Option<(Vec<Grouping>, &String)>> = rules.iter().map(|(rule, told)| wanted(rule, told)).collect();
    let mut merged: IndexMap<Vec<Grouping>, IndexSet<String>> = IndexMap::new();
    for (by, kpi) in wanted.iter().flatten() {
        merged.entry(by.clone()).or_default().insert((*kpi).clone());
    }
    if merged.is_empty() {
        return vec![BTreeMap::new(); rules.len()];
    }
    let questions: Vec<Question> = merged
        .into_iter()
        .map(|(by, kpis)| Question { by, kpis: kpis.into_iter().collect(), ..Question::default() })
        .collect();
    let frame = Frame::Rolling { window, zone };
    let measured = measure(&workspace.kpis, &workspace.catalog, sources, frame, questions.clone()).await;
    let trends = wanted.iter().zip(rules).map(|(wanted, (_, told))| {
        let Some((by, kpi)) = wanted else { return BTreeMap::new() };
        // Invariant: every wish is among the questions.
        let Some(index) = questions.iter().position(|question| question.by == *by) else { return BTreeMap::new() };
        let result = &measured.snapshot.results[index];
        let Some(place) = result.kpis.iter().position(|id| id == *kpi) else { return BTreeMap::new() };
        let own = by.len() - 1;
        let mut found: BTreeMap<Labels, BTreeMap<DateTime<Utc>, f64>> = BTreeMap::new();
        for (key, readings) in &result.groups {
            if let (Some(at), Some(value)) = (quarter(key), readings.get(place).and_then(crate::kpi::Reading::number)) {
                found.entry(Labels::of(&by[..own], &key[..own])).or_default().insert(at, value);
            }
        }
        let news = told.iter().filter(|told| told.notice.is_some()).take(MOST_CHARTS);
        news.filter_map(|told| {
            let values = found.get(&told.labels)?;
            let points = starts.iter().map(|start| (*start, values.get(start).copied())).collect();
            Some((told.labels.clone(), Trend { points }))
        })
        .collect()
    });
    trends.collect()
}

/// The grouping and the KPI whose trend a rule's notice shows; none without something to tell, or where the rule groups by
/// time itself.
fn wanted<'a>(rule: &Rule<'a>, told: &[Told]) -> Option<(Vec<Grouping>, &'a String)> {
    let mut by = groupings(rule.definition);
    let has_time = by.iter().any(|grouping| matches!(grouping, Grouping::Time(_)));
    if has_time || told.iter().all(|told| told.notice.is_none()) {
        return None;
    }
    by.push(Grouping::Time(Bucket::QuarterHour));
    Some((by, rule.compiled.kpis_of_when().first()?))
}

fn instant(start: BucketStart) -> Option<DateTime<Utc>> {
    match start {
        BucketStart::Hour(instant) => Some(instant),
        BucketStart::Date(_) | BucketStart::Number(_) => None,
    }
}

/// The quarter of an hour at the end of a key.
fn quarter(key: &GroupKey) -> Option<DateTime<Utc>> {
    match key.last()? {
        KeyPart::Hour(instant) => Some(*instant),
        _ => None,
    }
}
