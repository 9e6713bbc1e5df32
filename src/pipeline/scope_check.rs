//! Whether a report's KPIs can be limited to the scopes of its recipients. A KPI over data that do not tell whose they
//! are is never shown to someone who may see only some: that is told before the report runs.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::{Code, Diagnostic, Span};
use crate::kpi::{KpiSet, Question, has_dimension};
use crate::workspace::{Catalog, Member, RecipientGroup, ReportDefinition, Scope};

/// So many KPIs are named.
const MOST_NAMED: usize = 5;

/// The KPIs of a report that cannot be limited to the scopes of its recipients.
pub(super) fn unlimited(
    report: &ReportDefinition,
    questions: &[Question],
    catalog: &Catalog,
    kpis: &KpiSet,
) -> Vec<Diagnostic> {
    let of_references = questions.iter().flat_map(|question| &question.references);
    let asked: BTreeSet<String> = questions
        .iter()
        .flat_map(|question| question.kpis.iter().cloned())
        .chain(of_references.map(|reference| reference.kpi.to_string()))
        .collect();
    let mut diagnostics = Vec::new();
    for group in &report.recipients {
        for (dimension, place) in dimensions(catalog, &group.value) {
            let mut lacking: BTreeMap<String, Vec<&String>> = BTreeMap::new();
            for kpi in &asked {
                let datasets = kpis.datasets_of(catalog, std::slice::from_ref(kpi));
                let without = datasets
                    .into_iter()
                    .find(|name| catalog.datasets.get(name).is_some_and(|dataset| !has_dimension(dataset, &dimension)));
                if let Some(dataset) = without {
                    lacking.entry(dataset).or_default().push(kpi);
                }
            }
            for (dataset, kpis) in lacking {
                let mut names: Vec<String> = kpis.iter().take(MOST_NAMED).map(|kpi| format!("`{kpi}`")).collect();
                if kpis.len() > MOST_NAMED {
                    names.push(format!("{} more KPIs", kpis.len() - MOST_NAMED));
                }
                let message = format!(
                    "the recipients `{}` may see only their `{dimension}`, but {} cannot be limited to that",
                    group.value,
                    names.join(", ")
                );
                let definition = &catalog.datasets[&dataset];
                diagnostics.push(
                    Diagnostic::error(Code::BadScope, group.span.clone(), message)
                        .related(place.clone(), "their scope")
                        .related(definition.id.span.clone(), format!("this dataset has no text column `{dimension}`"))
                        .hint(format!(
                            "add the column `{dimension}` to `{dataset}`, or leave these KPIs out of the report and its template"
                        )),
                );
            }
        }
    }
    diagnostics
}

/// The dimensions of a group's scopes, each with the place of one that names it.
fn dimensions(catalog: &Catalog, group: &str) -> BTreeMap<String, Span> {
    let mut open = vec![group];
    let mut seen = BTreeSet::new();
    let mut all = BTreeMap::new();
    while let Some(name) = open.pop() {
        if !seen.insert(name) {
            continue;
        }
        match catalog.recipients.get(name) {
            Some(RecipientGroup::Queried(query)) => {
                for dimension in &query.scope {
                    all.entry(dimension.value.clone()).or_insert_with(|| dimension.span.clone());
                }
            }
            Some(RecipientGroup::Listed(members)) => {
                for member in members {
                    match member {
                        Member::Group(group) => open.push(&group.value),
                        // A webhook gets no reports.
                        Member::Webhook(_) => {}
                        Member::Recipient(recipient) => {
                            for dimension in recipient.scope.iter().flat_map(Scope::dimensions) {
                                let place = || recipient.address.span.clone();
                                all.entry(dimension.to_owned()).or_insert_with(place);
                            }
                        }
                    }
                }
            }
            None => {}
        }
    }
    all
}
