//! What the evaluator must be asked for a report. The answers become a document in `build`.

use std::collections::{BTreeMap, BTreeSet};

use super::template::Template;
use crate::kpi::{Detail, Question};
use crate::locale::Unit;
use crate::time::{Bucket, Period};
use crate::workspace::{Catalog, DataDefinition, Grouping, ReportDefinition};

/// The grouping in which missing rows are looked for.
pub(super) const HOURS: Grouping = Grouping::Time(Bucket::Hour);

/// A data block that looks back over more than the report's period.
#[derive(Clone, Debug)]
pub struct Trend {
    /// The data block's name.
    pub data: String,
    /// All the time it looks back over.
    pub period: Period,
    /// What is asked.
    pub question: Question,
}

/// What the evaluator must answer for a report: the totals first, then each data block of the
/// report's own period, in the report's order, then the hours in which missing rows are looked for.
pub fn questions(report: &ReportDefinition, template: &Template, catalog: &Catalog) -> Vec<Question> {
    let detail = if template.explains() { Detail::Explained { groups: 1 } } else { Detail::Values };
    let mut questions = vec![Question { kpis: totals(report, template, catalog), detail, ..Question::default() }];
    questions.extend(report.data.values().filter(|data| data.periods.is_none()).map(question));
    questions.extend(watched(&questions[0].kpis, catalog));
    questions
}

/// The data blocks that look back over more than the report's period, which is `period`.
pub fn trends(report: &ReportDefinition, period: &Period) -> Vec<Trend> {
    let trend = |data: &DataDefinition| {
        let period = period.looking_back(data.periods?);
        Some(Trend { data: data.name.value.clone(), period, question: question(data) })
    };
    report.data.values().filter_map(trend).collect()
}

/// The hours of each dataset, to find those that have no rows although they should: see `holes`. The KPI only has to be
/// one that counts.
fn watched(totals: &[String], catalog: &Catalog) -> Vec<Question> {
    let mut found: BTreeMap<&str, &String> = BTreeMap::new();
    for definition in totals.iter().filter_map(|id| catalog.kpis.get(id)) {
        if let (Unit::Count, Some(dataset)) = (definition.unit, &definition.dataset) {
            found.entry(dataset.value.as_str()).or_insert(&definition.id.value);
        }
    }
    let by_hour = |kpi: &String| Question { by: vec![HOURS], kpis: vec![kpi.clone()], ..Question::default() };
    found.into_values().map(by_hour).collect()
}

fn question(data: &DataDefinition) -> Question {
    Question {
        by: data.by.iter().map(|grouping| grouping.value.clone()).collect(),
        kpis: data.kpis.iter().map(|id| id.value.clone()).collect(),
        ..Question::default()
    }
}

/// The KPIs whose totals a report may need, each once.
fn totals(report: &ReportDefinition, template: &Template, catalog: &Catalog) -> Vec<String> {
    let mentioned: BTreeSet<String> = template.kpis_mentioned(catalog).into_iter().collect();
    let of_data: BTreeSet<&str> =
        report.data.values().flat_map(|data| &data.kpis).map(|id| id.value.as_str()).collect();
    let wanted = |id: &&String| mentioned.contains(*id) || of_data.contains(id.as_str());
    catalog.kpis.keys().filter(wanted).cloned().collect()
}
