//! What a rule test expects: values of KPIs, states of alerts, notices. The tree was compared with `shapes` before.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use indexmap::IndexMap;

use super::definition::{
    AlertDefinition, AlertExpectation, ExpectedGroup, ExpectedNotice, ExpectedState, ExpectedValue, Grouping,
    KpiExpectation, Stretch, Unit,
};
use super::expected_values::{
    INACTIVE, Mistakes, cell, expected_value, required, severity, state_words, unknown_column,
};
use super::read_rows::{Row, rows};
use super::read_tests::{Known, instant};
use super::relations::dimensions;
use super::values;
use super::wording::{list, quoted};
use super::yaml::{Entry, Node, NodeKind, Resolved};
use crate::diagnostics::{Code, Diagnostic, Spanned};
use crate::locale::Language;
use crate::time::{Bucket, Origin, civil_text};

/// A test may ask for so many evaluations of a rule.
const MOST_EVALUATIONS: i64 = 20_000;

/// Reads what a test expects.
pub(super) struct Expectations<'a> {
    pub(super) known: &'a Known<'a>,
    pub(super) origin: Origin,
    /// The test's language.
    pub(super) language: Language,
}

impl Expectations<'_> {
    /// What is expected of some KPIs.
    pub(super) fn of_kpis(&self, node: &Node, mistakes: &mut Mistakes) -> Option<KpiExpectation> {
        let stretch = match (node.get("period"), node.get("window")) {
            (Some(period), _) => Stretch::Period(values::period(period)?.ok()?),
            (None, window) => Stretch::Window(values::duration(window?)?),
        };
        let at = match node.get("at") {
            Some(at) => instant(at, self.origin, mistakes)?,
            None => self.origin.start?,
        };
        let by: Vec<Spanned<Grouping>> =
            node.get("by").map_or(&[][..], Node::items).iter().filter_map(values::grouping).collect();
        let values = node.get("values")?;
        let told = mistakes.len();
        let rows = rows(values, mistakes);
        let is_grouping = |name: &str| by.iter().any(|grouping| grouping.value.name() == name);
        let mut kpis: Vec<String> = Vec::new();
        for column in rows.iter().flat_map(|row| &row.cells).map(|cell| &cell.key) {
            let name = &column.value;
            if self.known.kpis.contains_key(name) {
                if !kpis.contains(name) {
                    kpis.push(name.clone());
                }
            } else if !is_grouping(name) {
                let groupings = by.iter().map(|grouping| grouping.value.name());
                let known = groupings.chain(self.known.kpis.keys().map(String::as_str));
                unknown_column(column, known, "a column is a KPI, or one of the groupings in `by`", mistakes);
            }
        }
        // Whoever was told of another mistake in the rows knows why there is none.
        let can_be_rows = values.scalar().is_none_or(|scalar| scalar.resolved == Resolved::Text);
        if kpis.is_empty() && can_be_rows && mistakes.len() == told {
            let diagnostic =
                Diagnostic::error(Code::MissingKey, values.span.clone(), "no KPI is expected to be anything");
            mistakes.push(diagnostic.hint("write a row with KPIs, such as { service_level: 80 }"));
        }
        let groups = rows.iter().filter_map(|row| {
            let key = by.iter().map(|grouping| self.key_part(row, &grouping.value, mistakes));
            let key = key.collect::<Option<Vec<_>>>()?;
            let values = kpis.iter().map(|kpi| self.value(row, kpi, mistakes)).collect();
            Some(ExpectedGroup { key, values })
        });
        let groups = groups.collect();
        Some(KpiExpectation { place: values.span.clone(), stretch, at, by, kpis, groups })
    }

    /// What is expected of an alert rule.
    pub(super) fn of_alert(&self, entry: &Entry, mistakes: &mut Mistakes) -> Option<AlertExpectation> {
        let rule = self.known.alerts.get(&entry.key.value)?;
        // The rule's own mistake is told; a test that is right must not be blamed for it.
        if !rule.by.iter().all(|grouping| self.exists(&grouping.value)) {
            return None;
        }
        let node = &entry.value;
        let (states, long) = match node.kind {
            NodeKind::Map(_) => (node.get("states"), Some(node)),
            _ => (Some(node), None),
        };
        let states = states.map(|states| rows(states, mistakes)).unwrap_or_default();
        let list = |key: &str| long.and_then(|node| node.get(key)).map(Node::items);
        let notices =
            list("notices").map(|items| items.iter().filter_map(|node| self.notice(node, rule, mistakes)).collect());
        let quiet = list("quiet").into_iter().flatten().filter_map(|node| self.quiet(node, rule, mistakes)).collect();
        Some(AlertExpectation {
            rule: entry.key.clone(),
            states: states.iter().filter_map(|row| self.state(row, rule, mistakes)).collect(),
            notices,
            quiet,
        })
    }

    /// Whether some dataset can be grouped by it.
    fn exists(&self, grouping: &Grouping) -> bool {
        match grouping {
            Grouping::Time(_) => true,
            Grouping::Dimension(name) => self.known.datasets.values().flat_map(dimensions).any(|known| known == name),
        }
    }

    fn state(&self, row: &Row, rule: &AlertDefinition, mistakes: &mut Mistakes) -> Option<ExpectedState> {
        let by: Vec<&str> = rule.by.iter().map(|grouping| grouping.value.name()).collect();
        let mut kpis = Vec::new();
        for column in row.cells.iter().map(|cell| &cell.key) {
            let name = column.value.as_str();
            if self.known.kpis.contains_key(name) {
                kpis.push(name);
            } else if !["at", "state", "severity"].contains(&name) && !by.contains(&name) {
                let known = ["at", "state", "severity"].into_iter().chain(by.iter().copied());
                let hint = format!("the columns are {} and KPIs of the condition", list(known.clone()));
                unknown_column(column, known, &hint, mistakes);
            }
        }
        let at = self.rule_instant(required(row, "at", mistakes)?, rule, mistakes)?;
        let state = state_words(required(row, "state", mistakes)?, mistakes)?;
        let severity = match cell(row, "severity").filter(|node| !node.is_null()) {
            Some(node) => Some(severity(node, mistakes)?),
            None => None,
        };
        let has_labels = by.iter().any(|name| cell(row, name).is_some_and(|node| !node.is_null()));
        let labels = if !by.is_empty() && !has_labels && state == INACTIVE {
            None
        } else {
            let parts = rule.by.iter().map(|grouping| self.key_part(row, &grouping.value, mistakes));
            Some(parts.collect::<Option<Vec<_>>>()?)
        };
        let values = kpis.iter().filter_map(|kpi| Some(((*kpi).to_owned(), self.value(row, kpi, mistakes)?)));
        let values: IndexMap<String, ExpectedValue> = values.collect();
        Some(ExpectedState { at, labels, state, severity, values })
    }

    fn notice(&self, node: &Node, rule: &AlertDefinition, mistakes: &mut Mistakes) -> Option<ExpectedNotice> {
        let at = node.get("at")?;
        let texts = |key: &str| -> Option<IndexMap<Language, String>> {
            let Some(node) = node.get(key) else { return Some(IndexMap::new()) };
            let localized = values::localized(node)?;
            Some(match node.kind {
                NodeKind::Map(_) => localized.texts,
                _ => localized.texts.into_values().take(1).map(|text| (self.language, text)).collect(),
            })
        };
        let to = node.get("to").map(|to| to.items().iter().filter_map(values::text).map(|address| address.value));
        Some(ExpectedNotice {
            at: Spanned::new(self.rule_instant(at, rule, mistakes)?, at.span.clone()),
            to: to.map(Iterator::collect),
            subject: texts("subject")?,
            text: texts("text")?,
        })
    }

    fn quiet(
        &self,
        node: &Node,
        rule: &AlertDefinition,
        mistakes: &mut Mistakes,
    ) -> Option<Spanned<(DateTime<Utc>, DateTime<Utc>)>> {
        let text = values::text(node)?;
        let Some((from, to)) = text.value.split_once("..") else {
            let message = format!("{} is no stretch of time", quoted(&text.value));
            mistakes.push(Diagnostic::error(Code::BadInstant, text.span, message).hint("write it as `+5m .. +1h`"));
            return None;
        };
        let part = |part: &str| Node {
            span: text.span.clone(),
            kind: NodeKind::Scalar(super::yaml::Scalar {
                text: part.trim().to_owned(),
                resolved: Resolved::Text,
                style: super::yaml::ScalarStyle::Plain,
                from_environment: false,
            }),
        };
        let from = self.rule_instant(&part(from), rule, mistakes)?;
        let to = self.rule_instant(&part(to), rule, mistakes)?;
        Some(Spanned::new((from, to), text.span))
    }

    /// An instant at which a rule is looked at: not before the test begins, and not so late that the way there is too long.
    fn rule_instant(&self, node: &Node, rule: &AlertDefinition, mistakes: &mut Mistakes) -> Option<DateTime<Utc>> {
        let at = instant(node, self.origin, mistakes)?;
        let passed = at - self.origin.start?;
        let written = node.scalar().map_or("", |scalar| scalar.text.as_str());
        if passed < TimeDelta::zero() {
            let message = format!("{} lies before the start of the test", quoted(written));
            let hint = "rules are tried from `start` on; move it, rows may lie before it";
            mistakes.push(Diagnostic::error(Code::BadInstant, node.span.clone(), message).hint(hint));
            return None;
        }
        let evaluations = passed.num_seconds() / rule.every.num_seconds().max(1);
        if evaluations > MOST_EVALUATIONS {
            let message = format!("{} would take {evaluations} evaluations of `{}`", quoted(written), rule.id.value);
            let hint = format!("a test may take {MOST_EVALUATIONS}: let it begin later");
            mistakes.push(Diagnostic::error(Code::BadInstant, node.span.clone(), message).hint(hint));
            return None;
        }
        Some(at)
    }

    /// What a row calls its group in one grouping, in the one form in which such parts are compared.
    fn key_part(&self, row: &Row, by: &Grouping, mistakes: &mut Mistakes) -> Option<Option<String>> {
        let node = required(row, by.name(), mistakes)?;
        if node.is_null() {
            return Some(None);
        }
        let text = node.scalar()?.text.trim();
        let Grouping::Time(bucket) = by else { return Some(Some(text.to_owned())) };
        let read = match bucket {
            Bucket::QuarterHour | Bucket::HalfHour | Bucket::Hour => {
                return Some(Some(civil_text(instant(node, self.origin, mistakes)?, self.origin.zone)));
            }
            Bucket::Day | Bucket::Week | Bucket::Month => text.parse().ok().map(|day: NaiveDate| day.to_string()),
            Bucket::HourOfDay | Bucket::Weekday => text.parse().ok().map(|number: u32| number.to_string()),
        };
        if read.is_none() {
            let message = format!("{} is no `{}`", quoted(text), by.name());
            let hint = match bucket {
                Bucket::HourOfDay => "write an hour from 0 to 23",
                Bucket::Weekday => "write a weekday from 1 (Monday) to 7",
                _ => "write its first day, such as 2026-11-23",
            };
            mistakes.push(Diagnostic::error(Code::BadValue, node.span.clone(), message).hint(hint));
        }
        read.map(Some)
    }

    /// What a row says of a KPI; nothing when it says nothing or has a mistake.
    fn value(&self, row: &Row, kpi: &str, mistakes: &mut Mistakes) -> Option<ExpectedValue> {
        let node = cell(row, kpi).filter(|node| !node.is_null())?;
        let unit = self.known.kpis.get(kpi).map(|kpi| kpi.unit);
        let read = node.scalar().and_then(|scalar| expected_value(&scalar.text, unit));
        if read.is_none() {
            let message = format!(
                "{} cannot be {}",
                quoted(kpi),
                node.scalar().map_or_else(|| "a list".to_owned(), |scalar| quoted(&scalar.text))
            );
            let mut hint = "write a number, `no data` or `failed`".to_owned();
            if unit == Some(Unit::Duration) {
                hint.push_str("; a length of time in seconds or as 1:30");
            }
            mistakes.push(Diagnostic::error(Code::BadValue, node.span.clone(), message).hint(hint));
        }
        read
    }
}
