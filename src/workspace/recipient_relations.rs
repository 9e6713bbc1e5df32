//! What must hold between groups of recipients and what names them: no group includes itself, scopes are dimensions of
//! some dataset, alerts go to people who may see everything. Whether a report's KPIs can be limited is checked below.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::definition::{AlertDefinition, Member, RecipientGroup};
use super::relations::{Parts, dimensions};
use crate::diagnostics::{Code, Diagnostic, Span, Spanned};

type Groups = IndexMap<String, RecipientGroup>;

/// Checks the groups.
pub(super) fn check(parts: &Parts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    circles(parts.recipients, diagnostics);
    for group in parts.recipients.values() {
        match group {
            RecipientGroup::Queried(query) => {
                for dimension in &query.scope {
                    dimension_somewhere(&dimension.value, &dimension.span, parts, diagnostics);
                }
            }
            RecipientGroup::Listed(members) => {
                for member in members {
                    let Member::Recipient(recipient) = member else { continue };
                    for dimension in recipient.scope.iter().flat_map(super::Scope::dimensions) {
                        dimension_somewhere(dimension, &recipient.address.span, parts, diagnostics);
                    }
                }
            }
        }
    }
    for alert in parts.alerts.values() {
        notified(alert, parts.recipients, diagnostics);
    }
    for report in parts.reports.values() {
        for named in &report.recipients {
            if let Some(place) = webhook_in(&named.value, parts.recipients) {
                let message = format!("a report cannot go to the group `{}`", named.value);
                let diagnostic = Diagnostic::error(Code::AlertsOnly, named.span.clone(), message);
                diagnostics.push(
                    diagnostic
                        .related(place, "this webhook is told of alerts only")
                        .hint("list the people who get the report in a group of their own"),
                );
            }
        }
    }
}

/// Where a group, or one it includes, lists a webhook.
fn webhook_in(group: &str, groups: &Groups) -> Option<Span> {
    let mut open = vec![group];
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        let Some(RecipientGroup::Listed(members)) = groups.get(name) else { continue };
        let webhook = members.iter().find_map(|member| match member {
            Member::Webhook(webhook) => Some(webhook.span.clone()),
            Member::Recipient(_) | Member::Group(_) => None,
        });
        if webhook.is_some() {
            return webhook;
        }
        open.extend(included(groups, name).map(|line| line.value.as_str()));
    }
    None
}

/// Which datasets a report reads is not known here; but a dimension that no dataset has limits nothing.
fn dimension_somewhere(name: &str, place: &Span, parts: &Parts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let known = || parts.datasets.values().flat_map(dimensions);
    if parts.some_dataset_is_unread || known().any(|column| column == name) {
        return;
    }
    let message = format!("the scope names `{name}`, which is no text column of any dataset");
    let columns: BTreeSet<String> = known().map(|column| format!("`{column}`")).collect();
    let columns: Vec<String> = columns.into_iter().collect();
    diagnostics.push(
        Diagnostic::error(Code::BadGrouping, place.clone(), message)
            .did_you_mean(name, known())
            .hint(format!("the datasets have the text columns {}", columns.join(", "))),
    );
}

/// Groups that include each other; each circle is told once.
fn circles(groups: &Groups, diagnostics: &mut Vec<Diagnostic>) {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for start in groups.keys() {
        let Some(path) = way_back(groups, start).filter(|path| !path.iter().any(|step| told.contains(&*step.value)))
        else {
            continue;
        };
        told.extend(path.iter().map(|step| step.value.as_str()));
        let message = match path.as_slice() {
            [_] => format!("the group `{start}` includes itself"),
            _ => {
                let steps: Vec<String> = path.iter().map(|step| format!("`{}`", step.value)).collect();
                format!("these groups include each other in a circle: `{start}` → {}", steps.join(" → "))
            }
        };
        let mut diagnostic = Diagnostic::error(Code::RecipientCycle, path[0].span.clone(), message);
        for step in &path[1..] {
            diagnostic = diagnostic.related(step.span.clone(), format!("`{}` is included here", step.value));
        }
        diagnostics.push(diagnostic.hint("leave one of these lines out"));
    }
}

/// The lines that lead from a group back to itself; none when there is no such way.
fn way_back<'a>(groups: &'a Groups, start: &str) -> Option<Vec<&'a Spanned<String>>> {
    let mut open: Vec<Vec<&Spanned<String>>> = included(groups, start).map(|line| vec![line]).collect();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while let Some(path) = open.pop() {
        let last = &path[path.len() - 1].value;
        if last == start {
            return Some(path);
        }
        if seen.insert(last) {
            open.extend(included(groups, last).map(|line| [path.clone(), vec![line]].concat()));
        }
    }
    None
}

fn included<'a>(groups: &'a Groups, name: &str) -> impl Iterator<Item = &'a Spanned<String>> {
    let members = match groups.get(name) {
        Some(RecipientGroup::Listed(members)) => members.as_slice(),
        Some(RecipientGroup::Queried(_)) | None => &[],
    };
    members.iter().filter_map(|member| match member {
        Member::Group(group) => Some(group),
        Member::Recipient(_) | Member::Webhook(_) => None,
    })
}

/// An alert tells of every group its rule finds, so whoever may see only some rows must not get it.
fn notified(alert: &AlertDefinition, groups: &Groups, diagnostics: &mut Vec<Diagnostic>) {
    for named in &alert.notify {
        let mut open: Vec<&str> = vec![&named.value];
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        while let Some(name) = open.pop().filter(|name| seen.insert(name)) {
            open.extend(included(groups, name).map(|line| line.value.as_str()));
            let limited = |member: &Member| match member {
                Member::Recipient(recipient) if recipient.scope.is_some() => Some(recipient.address.span.clone()),
                Member::Recipient(_) | Member::Group(_) | Member::Webhook(_) => None,
            };
            let found = match groups.get(name) {
                Some(RecipientGroup::Queried(query)) => {
                    Some((query.query.span.clone(), "its recipients come from a query"))
                }
                Some(RecipientGroup::Listed(members)) => {
                    members.iter().find_map(limited).map(|place| (place, "this recipient has a scope"))
                }
                None => None,
            };
            if let Some((place, reason)) = found {
                let message = format!("alerts cannot go to the group `{}`", named.value);
                let diagnostic = Diagnostic::error(Code::ReportsOnly, named.span.clone(), message);
                diagnostics.push(
                    diagnostic.related(place, reason).hint("list those who get the alert in a group of their own"),
                );
            }
        }
    }
}
