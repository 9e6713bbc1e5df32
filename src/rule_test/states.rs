//! States of alerts that were expected beside those that came, instant by instant.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::alerts::Course;
use super::difference::Difference;
use super::table::{NO_DATA, came_cell, expected_cell, instant, lines, part};
use crate::alert::{AlertState, Labels, Phase};
use crate::workspace::{AlertDefinition, AlertExpectation, ExpectedState, RuleTest};

/// What stands for every alert of a rule.
const ALL: &str = "(all)";

/// What came otherwise than expected.
pub(super) fn compare(
    rule: &AlertDefinition,
    expectation: &AlertExpectation,
    course: &Course,
    test: &RuleTest,
) -> Option<Difference> {
    let table = StateTable::of(rule, expectation, test);
    let mut by_instant: BTreeMap<DateTime<Utc>, Vec<&ExpectedState>> = BTreeMap::new();
    for state in &expectation.states {
        by_instant.entry(state.at).or_default().push(state);
    }
    let nothing = BTreeMap::new();
    let (mut expected, mut came) = (Vec::new(), Vec::new());
    for (at, rows) in by_instant {
        let states = course.states.get(&at).unwrap_or(&nothing);
        let mut open: Vec<(&Labels, &AlertState)> =
            states.iter().filter(|(_, state)| state.phase() != Phase::Inactive).collect();
        for row in rows {
            expected.push(table.expected(row));
            let Some(labels) = &row.labels else {
                if open.is_empty() {
                    came.push(table.expected(row));
                }
                continue;
            };
            let is_named = |found: &Labels| table.names(found) == *labels;
            let state = states.iter().find(|(found, _)| is_named(found)).map(|(_, state)| state);
            open.retain(|(found, _)| !is_named(found));
            came.push(table.came(at, labels, state, Some(row)));
        }
        came.extend(open.iter().map(|(labels, state)| table.came(at, &table.names(labels), Some(state), None)));
    }
    let (expected, came) = lines(table.header(), expected, came);
    let about = format!("states of {}", rule.id.value);
    Difference::between(about, expectation.rule.span.clone(), expected, came, course.troubles.clone())
}

/// The columns of the table: those that some row of the expectation has.
struct StateTable<'a> {
    rule: &'a AlertDefinition,
    test: &'a RuleTest,
    has_severity: bool,
    kpis: Vec<&'a str>,
}

impl<'a> StateTable<'a> {
    fn of(rule: &'a AlertDefinition, expectation: &'a AlertExpectation, test: &'a RuleTest) -> Self {
        let mut kpis: Vec<&str> = Vec::new();
        for kpi in expectation.states.iter().flat_map(|state| state.values.keys()) {
            if !kpis.contains(&kpi.as_str()) {
                kpis.push(kpi);
            }
        }
        let has_severity = expectation.states.iter().any(|state| state.severity.is_some());
        Self { rule, test, has_severity, kpis }
    }

    fn header(&self) -> Vec<String> {
        let groupings = self.rule.by.iter().map(|grouping| grouping.value.name());
        let severity = self.has_severity.then_some("severity");
        let names = std::iter::once("at").chain(groupings).chain(["state"]).chain(severity);
        names.chain(self.kpis.iter().copied()).map(str::to_owned).collect()
    }

    fn expected(&self, row: &ExpectedState) -> Vec<String> {
        let severity = row.severity.map_or("", |severity| severity.word());
        let kpis = self.kpis.iter().map(|kpi| expected_cell(row.values.get(*kpi)));
        self.row(row.at, row.labels.as_deref(), &row.state, severity, kpis)
    }

    /// An alert that came; beside a row that expects something of it only what that row speaks of is shown.
    fn came(
        &self,
        at: DateTime<Utc>,
        labels: &[Option<String>],
        state: Option<&AlertState>,
        row: Option<&ExpectedState>,
    ) -> Vec<String> {
        let severities: Vec<_> = self.rule.levels.iter().map(|level| level.severity).collect();
        let severity = state.and_then(|state| state.severity(&severities)).map_or("", |severity| severity.word());
        let severity = if row.is_some_and(|row| row.severity.is_none()) { "" } else { severity };
        let kpis = self.kpis.iter().map(|kpi| {
            let value = state.and_then(|state| state.values.get(*kpi));
            match (row.and_then(|row| row.values.get(*kpi)), value) {
                (Some(expected), Some(value)) => came_cell(*value, expected, 2),
                (Some(_), None) => NO_DATA.to_owned(),
                (None, _) => String::new(),
            }
        });
        self.row(at, Some(labels), &state.map_or_else(|| Phase::Inactive.word().to_owned(), words), severity, kpis)
    }

    fn row(
        &self,
        at: DateTime<Utc>,
        labels: Option<&[Option<String>]>,
        state: &str,
        severity: &str,
        kpis: impl Iterator<Item = String>,
    ) -> Vec<String> {
        let mut row = vec![instant(at, self.test)];
        match labels {
            Some(labels) => row.extend(labels.iter().map(|label| part(label.as_deref()))),
            None => row.extend(self.rule.by.iter().map(|_| ALL.to_owned())),
        }
        row.push(state.to_owned());
        row.extend(self.has_severity.then(|| severity.to_owned()));
        row.extend(kpis);
        row
    }

    /// The labels in the order of the rule's groupings.
    fn names(&self, labels: &Labels) -> Vec<Option<String>> {
        let name = |name: &str| labels.get(name).flatten().map(str::to_owned);
        self.rule.by.iter().map(|grouping| name(grouping.value.name())).collect()
    }
}

/// A state as tests write it: the phase, then the trouble with its data.
fn words(state: &AlertState) -> String {
    match &state.trouble {
        Some(trouble) => format!("{}, {}", state.phase().word(), trouble.kind.word()),
        None => state.phase().word().to_owned(),
    }
}
