//! `rules/alerts/*.yaml` as [`AlertDefinition`]s. The tree was compared with `shapes` before.

use chrono::TimeDelta;

use super::definition::{AlertDefinition, AlertSeverity, NoDataPolicy};
use super::read_kpis::plain;
use super::values;
use super::yaml::{Entry, Node};

/// How often an alert is evaluated that does not say.
const USUAL_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Reads an alert rule.
pub(super) fn alert(entry: &Entry) -> Option<AlertDefinition> {
    let node = &entry.value;
    let duration = |key: &str, usual: TimeDelta| node.get(key).map_or(Some(usual), values::duration);
    let items = |key: &str| node.get(key).map_or(&[][..], Node::items).iter();
    Some(AlertDefinition {
        id: entry.key.clone(),
        title: node.get("title").map_or_else(|| Some(plain(&entry.key.value)), values::localized)?,
        when: node.get("when").and_then(values::formula)?,
        recovers_when: node
            .get("recovers_when")
            .map(values::formula)
            .map_or(Some(None), |formula| formula.map(Some))?,
        window: node.get("window").and_then(values::duration)?,
        every: duration("every", USUAL_EVERY)?,
        by: items("by").map(values::grouping).collect::<Option<_>>()?,
        hold: duration("for", TimeDelta::zero())?,
        keep_firing_for: duration("keep_firing_for", TimeDelta::zero())?,
        severity: match word(node, "severity").as_deref() {
            Some("critical") => AlertSeverity::Critical,
            _ => AlertSeverity::Warning,
        },
        no_data: match word(node, "no_data").as_deref() {
            Some("ok") => NoDataPolicy::Ok,
            Some("alert") => NoDataPolicy::Alert,
            _ => NoDataPolicy::Keep,
        },
        repeat_every: node.get("repeat_every").and_then(values::duration),
        notify: items("notify").map(values::text).collect::<Option<_>>()?,
    })
}

fn word(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(values::text).map(|word| word.value)
}
