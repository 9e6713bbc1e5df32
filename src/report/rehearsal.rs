//! Reports built without data, to find the mistakes of their templates before the first run.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::build::{BuildRequest, build, subject};
use super::questions::{questions, trends};
use super::rows::key_part;
use super::template::Template;
use crate::diagnostics::Diagnostic;
use crate::kpi::{GroupKey, GroupedResult, KeyPart, Question, Reading, Snapshot};
use crate::time::Period;
use crate::workspace::{Catalog, Compare, Grouping, ReportDefinition};

/// Builds the report over a period without rows and over one with a single row in each group, to find the mistakes
/// that need no real data: unknown KPIs and data blocks, misspelled variables, a first row taken for granted. Returns
/// nothing when there are none.
pub fn check(report: &ReportDefinition, template: &Template, catalog: &Catalog, period: &Period) -> Vec<Diagnostic> {
    let questions = questions(report, template, catalog);
    let trends = trends(report, period);
    let mut diagnostics = Vec::new();
    for rehearsal in [Rehearsal::NoRows, Rehearsal::OneRow] {
        let snapshot = rehearsal.snapshot(&questions, period);
        let looking_back = trends.iter().map(|trend| {
            let asked = std::slice::from_ref(&trend.question);
            (trend.data.clone(), rehearsal.snapshot(asked, &trend.period))
        });
        let looking_back = looking_back.collect();
        let request = BuildRequest {
            report,
            template,
            catalog,
            period,
            current: &snapshot,
            previous: (report.compare != Compare::Nothing).then_some(&snapshot),
            trends: &looking_back,
            episodes: &[],
            language: report.language.unwrap_or(catalog.settings.locale),
            run_at: period.window.to,
            notices: &[],
        };
        let found = build(&request).err().into_iter().chain(subject(&request).err()).flatten();
        for diagnostic in found {
            if !diagnostics.contains(&diagnostic) {
                diagnostics.push(diagnostic);
            }
        }
    }
    diagnostics
}

/// What a check pretends that the evaluator found.
#[derive(Clone, Copy)]
enum Rehearsal {
    NoRows,
    OneRow,
}

impl Rehearsal {
    fn snapshot(self, questions: &[Question], period: &Period) -> Snapshot {
        let key = |question: &Question| -> GroupKey {
            let parts = question.by.iter().map(|grouping| match grouping {
                Grouping::Dimension(column) => KeyPart::Text(column.clone()),
                Grouping::Time(bucket) => {
                    let first = bucket.starts(period.window, period.zone).into_iter().next();
                    first.map_or(KeyPart::NoValue, key_part)
                }
            });
            parts.collect()
        };
        let results = questions.iter().map(|question| {
            let reading = match self {
                Self::NoRows => Reading::NoData,
                Self::OneRow => Reading::Value(1.0),
            };
            let readings = vec![reading; question.kpis.len()];
            let groups = match self {
                Self::NoRows if !question.by.is_empty() => IndexMap::new(),
                _ => [(key(question), readings)].into_iter().collect(),
            };
            GroupedResult { by: question.by.clone(), kpis: question.kpis.clone(), groups }
        });
        Snapshot {
            window: period.window,
            results: results.collect(),
            freshness: BTreeMap::new(),
            explained: Vec::new(),
        }
    }
}
