//! `rules/alerts/*.yaml` as [`AlertDefinition`]s. The tree was compared with `shapes` before.

use chrono::TimeDelta;
use chrono_tz::Tz;

use super::definition::{AlertDefinition, AlertLevel, AlertSeverity, AlertWindow, FormulaText, NoDataPolicy};
use super::read_kpis::plain;
use super::values;
use super::yaml::{Entry, Node, NodeKind};
use crate::diagnostics::{Code, Diagnostic};
use crate::time::{OpeningHours, PeriodName, parse_days, parse_duration, parse_hours, parse_weekdays};

/// How often an alert is evaluated that does not say.
const USUAL_EVERY: TimeDelta = TimeDelta::minutes(1);

/// How many times longer each reminder waits than the one before, where a rule does not say.
const USUAL_FACTOR: i32 = 2;

/// How many alerts a rule may have at a time that does not say.
const USUAL_LIMIT: usize = 100;

/// Reads an alert rule; `zone` is the workspace's.
pub(super) fn alert(entry: &Entry, zone: Tz, diagnostics: &mut Vec<Diagnostic>) -> Option<AlertDefinition> {
    let node = &entry.value;
    let duration = |key: &str, usual: TimeDelta| node.get(key).map_or(Some(usual), values::duration);
    let items = |key: &str| node.get(key).map_or(&[][..], Node::items).iter();
    Some(AlertDefinition {
        id: entry.key.clone(),
        title: node.get("title").map_or_else(|| Some(plain(&entry.key.value)), values::localized)?,
        description: optional(node, "description", values::localized)?,
        levels: levels(node)?,
        minimum: optional(node, "minimum", values::formula)?,
        window: window(&values::text(node.get("window")?)?.value)?,
        every: duration("every", USUAL_EVERY)?,
        by: items("by").map(values::grouping).collect::<Option<_>>()?,
        hold: duration("for", TimeDelta::zero())?,
        keep_firing_for: duration("keep_firing_for", TimeDelta::zero())?,
        active: optional(node, "active", |active| opening_hours(active, zone))?,
        no_data: match word(node, "no_data").as_deref() {
            Some("ok") => NoDataPolicy::Ok,
            Some("alert") => NoDataPolicy::Alert,
            _ => NoDataPolicy::Keep,
        },
        limit: match node.get("limit") {
            Some(limit) => usize::try_from(values::integer(limit)?).ok()?,
            None => USUAL_LIMIT,
        },
        repeat_every: reminders(node, diagnostics)?,
        inhibits: items("inhibits").map(values::text).collect::<Option<_>>()?,
        runbook: optional(node, "runbook", values::localized)?,
        notify: items("notify").map(values::text).collect::<Option<_>>()?,
        owner: optional(node, "owner", values::text)?,
    })
}

/// The conditions: those of `warning` and `critical`, or `when` with its `severity`.
fn levels(node: &Node) -> Option<Vec<AlertLevel>> {
    let (of_all, by_severity) = match node.get("recovers_when") {
        Some(recovery) if matches!(recovery.kind, NodeKind::Map(_)) => (None, Some(recovery)),
        Some(recovery) => (Some(values::formula(recovery)?), None),
        None => (None, None),
    };
    let conditions: Vec<(AlertSeverity, FormulaText)> = match node.get("when") {
        Some(when) => {
            let is_critical = word(node, "severity").as_deref() == Some(AlertSeverity::Critical.word());
            let severity = if is_critical { AlertSeverity::Critical } else { AlertSeverity::Warning };
            vec![(severity, values::formula(when)?)]
        }
        None => {
            let severities = AlertSeverity::ALL.into_iter();
            let given = severities.filter_map(|severity| Some((severity, node.get(severity.word())?)));
            given.map(|(severity, when)| Some((severity, values::formula(when)?))).collect::<Option<_>>()?
        }
    };
    let level = |(index, (severity, when)): (usize, (AlertSeverity, FormulaText))| {
        let recovers_when = match by_severity {
            Some(recovery) => optional(recovery, severity.word(), values::formula)?,
            // One condition for all is about the alert's end, which is that of its mildest severity.
            None => of_all.clone().filter(|_| index == 0),
        };
        Some(AlertLevel { severity, when, recovers_when })
    };
    let levels: Vec<AlertLevel> = conditions.into_iter().enumerate().map(level).collect::<Option<_>>()?;
    (!levels.is_empty()).then_some(levels)
}

/// The pauses before reminders: as listed, or each longer than the one before up to the longest.
fn reminders(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<TimeDelta>> {
    let growing = node.get("repeat_every").filter(|value| matches!(value.kind, NodeKind::Map(_)));
    let Some(growing) = growing else {
        return values::one_or_more(node, "repeat_every").map(values::duration).collect();
    };
    let (first, most) = (values::duration(growing.get("first")?)?, growing.get("most")?);
    let factor = match growing.get("factor") {
        Some(factor) => i32::try_from(values::integer(factor)?).ok()?,
        None => USUAL_FACTOR,
    };
    let longest = values::duration(most)?;
    if longest < first {
        let message = "the longest pause between reminders is shorter than the first".to_owned();
        let diagnostic = Diagnostic::error(Code::BadDuration, most.span.clone(), message);
        diagnostics.push(diagnostic.hint("write `first` and `most` as in { first: 30m, factor: 2, most: 8h }"));
        return None;
    }
    let longer = |pause: &TimeDelta| pause.checked_mul(factor);
    let growing = std::iter::successors(Some(first), longer).take_while(|pause| *pause < longest);
    Some(growing.chain([longest]).collect())
}

fn window(text: &str) -> Option<AlertWindow> {
    match parse_duration(text) {
        Some(length) => (!length.is_zero()).then_some(AlertWindow::Rolling(length)),
        None => PeriodName::parse(text).ok().map(AlertWindow::Calendar),
    }
}

fn opening_hours(node: &Node, zone: Tz) -> Option<OpeningHours> {
    Some(OpeningHours {
        days: written(node, "days", parse_weekdays)?.into_iter().flatten().collect(),
        hours: written(node, "hours", parse_hours)?,
        except: written(node, "except", parse_days)?.into_iter().flatten().collect(),
        zone: node.get("timezone").map_or(Some(zone), values::zone)?,
    })
}

/// The values of a key, each of a form of its own.
fn written<T>(node: &Node, key: &str, parse: impl Fn(&str) -> Result<T, String>) -> Option<Vec<T>> {
    values::one_or_more(node, key).map(|item| parse(&values::text(item)?.value).ok()).collect()
}

/// A value that may be missing; the outer none says that it is there and cannot be read.
fn optional<T>(node: &Node, key: &str, read: impl Fn(&Node) -> Option<T>) -> Option<Option<T>> {
    node.get(key).map_or(Some(None), |value| read(value).map(Some))
}

fn word(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(values::text).map(|word| word.value)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diagnostics::SourceFile;
    use crate::workspace::yaml;

    fn check(written: &str, expected: &[i64]) {
        let file = SourceFile { path: "alerts.yaml".to_owned(), text: format!("repeat_every: {written}\n") };
        let node = yaml::parse(&Arc::new(file)).unwrap().unwrap();
        let pauses = reminders(&node, &mut Vec::new()).unwrap();
        assert_eq!(pauses.iter().map(TimeDelta::num_minutes).collect::<Vec<_>>(), expected, "{written}");
    }

    #[test]
    fn pauses_before_reminders_are_listed_or_grow() {
        check("4h", &[240]);
        check("[1h, 4h]", &[60, 240]);
        check("{ first: 30m, most: 4h }", &[30, 60, 120, 240]);
        check("{ first: 10m, factor: 3, most: 1h }", &[10, 30, 60]);
        check("{ first: 1h, factor: 2, most: 1h }", &[60]);
    }
}
