//! What must hold between values that are fine each for itself: a dataset's time is one of its columns, a grouping is
//! something the data offer. Formulas and templates are not looked into.

use indexmap::IndexMap;

use super::definition::{
    AlertDefinition, ColumnKind, DataDefinition, DatasetDefinition, Grouping, KpiDefinition, RecipientGroup,
    ReportDefinition,
};
use super::read_tests::ReadTest;
use super::recipient_relations;
use crate::diagnostics::{Code, Diagnostic, Spanned};
use crate::time::Bucket;

/// The parts of a catalog that refer to each other.
pub(super) struct Parts<'a> {
    /// Whether `datasets` lacks one that has mistakes of its own, so that its columns are unknown.
    pub(super) some_dataset_is_unread: bool,
    pub(super) datasets: &'a IndexMap<String, DatasetDefinition>,
    pub(super) kpis: &'a IndexMap<String, KpiDefinition>,
    pub(super) alerts: &'a IndexMap<String, AlertDefinition>,
    pub(super) reports: &'a IndexMap<String, ReportDefinition>,
    pub(super) tests: &'a [ReadTest],
    pub(super) recipients: &'a IndexMap<String, RecipientGroup>,
}

/// Checks everything.
pub(super) fn check(parts: &Parts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for dataset in parts.datasets.values() {
        time_column(dataset, diagnostics);
    }
    for alert in parts.alerts.values() {
        for grouping in &alert.by {
            offered_somewhere(grouping, parts, diagnostics);
        }
    }
    for grouping in parts.tests.iter().flat_map(ReadTest::groupings) {
        offered_somewhere(grouping, parts, diagnostics);
    }
    for report in parts.reports.values() {
        for data in report.data.values() {
            data_block(data, parts, diagnostics);
        }
        for format in report.attach.iter().flatten().filter(|format| !report.formats.contains(&format.value)) {
            let word = format.span.text();
            let message = format!("the report `{}` attaches `{word}`, but does not make it", report.id.value);
            let diagnostic = Diagnostic::error(Code::BadValue, format.span.clone(), message);
            diagnostics.push(diagnostic.hint(format!("add `{word}` to its `formats`")));
        }
        if let Some(schedule) = &report.schedule
            && report.recipients.is_empty()
        {
            let message = format!("the report `{}` runs by itself, but nobody receives it", report.id.value);
            let warning = Diagnostic::warning(Code::MissingKey, schedule.cron.span.clone(), message);
            diagnostics.push(warning.hint("add `recipients`, or remove the schedule"));
        }
    }
    recipient_relations::check(parts, diagnostics);
}

fn time_column(dataset: &DatasetDefinition, diagnostics: &mut Vec<Diagnostic>) {
    let name = &dataset.time.value;
    match dataset.columns.get(name).map(|column| (&column.kind, &column.name)) {
        Some((ColumnKind::Time(_), _)) => {}
        Some((_, column)) => diagnostics.push(
            Diagnostic::error(
                Code::UnknownColumn,
                dataset.time.span.clone(),
                format!("the column `{name}` cannot place rows in time, as its type is not time"),
            )
            .related(column.span.clone(), "its type is given here")
            .hint(format!("write {name}: {{ type: time, stored_as: utc_text }}")),
        ),
        None => {
            let message = format!("the dataset `{}` has no column `{name}`", dataset.id.value);
            diagnostics.push(
                Diagnostic::error(Code::UnknownColumn, dataset.time.span.clone(), message)
                    .did_you_mean(name, dataset.columns.keys().map(String::as_str))
                    .hint("list the column under `columns`, with the type time"),
            );
        }
    }
}

fn data_block(data: &DataDefinition, parts: &Parts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(sort) = &data.sort
        && !data.kpis.iter().any(|kpi| kpi.value == sort.value)
        && parts.kpis.contains_key(&sort.value)
    {
        let message = format!("`{}` is not among the KPIs of `{}`", sort.value, data.name.value);
        let diagnostic = Diagnostic::error(Code::BadValue, sort.span.clone(), message);
        diagnostics.push(diagnostic.hint("add it to `kpis`, or sort by one of those"));
    }
    for grouping in &data.by {
        let Grouping::Dimension(name) = &grouping.value else { continue };
        let without = data.kpis.iter().find_map(|kpi| {
            let dataset = parts.datasets.get(&parts.kpis.get(&kpi.value)?.dataset.as_ref()?.value)?;
            (!dimensions(dataset).any(|column| column == name)).then_some((kpi, dataset))
        });
        match without {
            None => offered_somewhere(grouping, parts, diagnostics),
            Some((kpi, dataset)) => {
                let message = format!("`{}` cannot be grouped by `{name}`", kpi.value);
                let columns: Vec<_> = dimensions(dataset).map(|column| format!("`{column}`")).collect();
                diagnostics.push(
                    Diagnostic::error(Code::BadGrouping, grouping.span.clone(), message)
                        .did_you_mean(name, dimensions(dataset).chain(buckets()))
                        .hint(format!(
                            "it is computed from `{}`, whose text columns are {}; besides there are {}",
                            dataset.id.value,
                            columns.join(", "),
                            bucket_list()
                        )),
                );
            }
        }
    }
}

/// Which datasets a formula of other KPIs reaches is not known here; but a dimension that no dataset has is a mistake.
fn offered_somewhere(grouping: &Spanned<Grouping>, parts: &Parts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let Grouping::Dimension(name) = &grouping.value else { return };
    let known = || parts.datasets.values().flat_map(dimensions);
    if parts.some_dataset_is_unread || known().any(|column| column == name) {
        return;
    }
    diagnostics.push(
        Diagnostic::error(Code::BadGrouping, grouping.span.clone(), format!("no dataset can be grouped by `{name}`"))
            .did_you_mean(name, known().chain(buckets()))
            .hint(format!("group by a column of type text, or by {}", bucket_list())),
    );
}

pub(super) fn dimensions(dataset: &DatasetDefinition) -> impl Iterator<Item = &str> {
    let text = dataset.columns.values().filter(|column| column.kind == ColumnKind::Text);
    text.map(|column| column.name.value.as_str())
}

fn buckets<'a>() -> impl Iterator<Item = &'a str> {
    Bucket::ALL.into_iter().map(|bucket| -> &'a str { bucket.name() })
}

fn bucket_list() -> String {
    buckets().map(|bucket| format!("`{bucket}`")).collect::<Vec<_>>().join(", ")
}
