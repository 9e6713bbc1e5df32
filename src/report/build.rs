//! From a template and snapshots to a document: one straight function, without I/O and without a clock.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::blocks::{Failures, blocks};
use super::context::{ReportContext, tera_context};
use super::document::{Block, Document, Inline, Words};
use super::escape::label;
use super::figure::{Figure, Measured};
use super::footnotes::{footnotes, holes};
use super::notice::{Notice, notes};
use super::rows::key_part;
use super::template::Template;
use crate::diagnostics::{Code, Diagnostic};
use crate::kpi::{Detail, GroupKey, GroupedResult, KeyPart, Question, Reading, Snapshot};
use crate::locale::{Language, format_period, text};
use crate::time::Period;
use crate::workspace::{Catalog, Compare, Grouping, KpiDefinition, ReportDefinition};

/// The longest subject; mail programs show a third of it.
const LONGEST_SUBJECT: usize = 200;

/// Everything a document is made from.
#[derive(Clone, Copy, Debug)]
pub struct BuildRequest<'a> {
    /// The report.
    pub report: &'a ReportDefinition,
    /// Its template, compiled.
    pub template: &'a Template,
    /// The workspace, for names, units and targets.
    pub catalog: &'a Catalog,
    /// The period the report is about.
    pub period: &'a Period,
    /// The answers to [`questions`] for the period.
    pub current: &'a Snapshot,
    /// The answers for the period before, when the report compares.
    pub previous: Option<&'a Snapshot>,
    /// The language of the document.
    pub language: Language,
    /// The run's instant.
    pub run_at: DateTime<Utc>,
    /// What the run knows and the numbers do not tell; shown before everything else.
    pub notices: &'a [Notice],
}

/// What the evaluator must answer for a report: the totals first, then each data block, in the report's order.
pub fn questions(report: &ReportDefinition, template: &Template, catalog: &Catalog) -> Vec<Question> {
    let detail = if template.explains() { Detail::Explained { groups: 1 } } else { Detail::Values };
    let mut questions = vec![Question { kpis: totals(report, template, catalog), detail, ..Question::default() }];
    questions.extend(report.data.values().map(|data| Question {
        by: data.by.iter().map(|grouping| grouping.value.clone()).collect(),
        kpis: data.kpis.iter().map(|id| id.value.clone()).collect(),
        ..Question::default()
    }));
    questions
}

/// Makes the document. All mistakes of the template and its blocks are returned at once.
pub fn build(request: &BuildRequest<'_>) -> Result<Document, Vec<Diagnostic>> {
    let context = ReportContext::new(request);
    let rendered = request.template.render_report(&tera_context(&context), request.language);
    let markdown = rendered.map_err(|diagnostics| better_explained(request, diagnostics))?;
    let mut failures = Failures::default();
    let mut content = blocks(request, &markdown, &mut failures)?;
    // A hole in the data is seen before any number is read.
    let after_title = usize::from(matches!(content.first(), Some(Block::Heading { level: 1, .. })));
    for note in notes(request).into_iter().chain(holes(request)).rev() {
        content.insert(after_title, Block::Note(vec![Inline::Text(note)]));
    }
    let language = request.language;
    Ok(Document {
        title: context.report.title.clone(),
        subtitle: format_period(request.period, language),
        language,
        author: "callbrief".to_owned(),
        created: request.run_at,
        preheader: if context.headline.is_empty() { context.period.text.clone() } else { context.headline.clone() },
        footnotes: footnotes(request, &content),
        blocks: content,
        words: words(language),
    })
}

/// The subject of the mail: the template's, else the report's title and the period.
pub fn subject(request: &BuildRequest<'_>) -> Result<String, Vec<Diagnostic>> {
    let context = ReportContext::new(request);
    let rendered = match request.template.render_subject(&tera_context(&context), request.language) {
        Some(rendered) => rendered.map_err(|diagnostics| better_explained(request, diagnostics))?,
        None => format!("{}: {}", context.report.title, context.period.text),
    };
    Ok(label(&rendered, LONGEST_SUBJECT))
}

/// What templates see, as JSON: for documentation and for people who write templates.
pub fn context_json(request: &BuildRequest<'_>) -> serde_json::Value {
    serde_json::to_value(ReportContext::new(request)).unwrap_or_default()
}

/// Builds the report over a period without rows and over one with a single row in each group, to find the mistakes
/// that need no real data: unknown KPIs and data blocks, misspelled variables, a first row taken for granted. Returns
/// nothing when there are none.
pub fn check(report: &ReportDefinition, template: &Template, catalog: &Catalog, period: &Period) -> Vec<Diagnostic> {
    let questions = questions(report, template, catalog);
    let mut diagnostics = Vec::new();
    for rehearsal in [Rehearsal::NoRows, Rehearsal::OneRow] {
        let snapshot = rehearsal.snapshot(&questions, period);
        let request = BuildRequest {
            report,
            template,
            catalog,
            period,
            current: &snapshot,
            previous: (report.compare == Compare::PreviousPeriod).then_some(&snapshot),
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

/// A template that fails mostly does so over a misspelled name, which the engine only calls "undefined": when names
/// after `kpi.` or `data.` are unknown, these are the mistakes to show.
fn better_explained(request: &BuildRequest<'_>, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (name, span) in request.template.names_after("kpi.") {
        if !request.catalog.kpis.contains_key(&name) {
            let known = request.catalog.kpis.keys().map(String::as_str);
            let message = format!("no KPI is called `{name}`");
            found.push(Diagnostic::error(Code::UnknownKpi, span, message).did_you_mean(&name, known));
        }
    }
    for (name, span) in request.template.names_after("data.") {
        if !request.report.data.contains_key(&name) {
            let known = request.report.data.keys().map(String::as_str);
            let message = format!("the report `{}` has no data block `{name}`", request.report.id.value);
            found.push(Diagnostic::error(Code::UnknownData, span, message).did_you_mean(&name, known));
        }
    }
    if found.is_empty() { diagnostics } else { found }
}

/// The KPIs whose totals a report may need, each once.
fn totals(report: &ReportDefinition, template: &Template, catalog: &Catalog) -> Vec<String> {
    let mentioned: BTreeSet<String> = template.kpis_mentioned(catalog).into_iter().collect();
    let of_data: BTreeSet<&str> =
        report.data.values().flat_map(|data| &data.kpis).map(|id| id.value.as_str()).collect();
    let wanted = |id: &&String| mentioned.contains(*id) || of_data.contains(id.as_str());
    catalog.kpis.keys().filter(wanted).cloned().collect()
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

impl<'a> BuildRequest<'a> {
    /// The KPIs whose totals are at hand.
    pub(super) fn total_kpis(&self) -> Vec<&'a KpiDefinition> {
        let total = self.current.by(&[]);
        total.into_iter().flat_map(|total| &total.kpis).filter_map(|id| self.catalog.kpis.get(id)).collect()
    }

    /// The total of a KPI; "no data" when it was not asked for.
    pub(super) fn total(&self, definition: &'a KpiDefinition) -> Figure<'a> {
        const NO_DATA: &Reading = &Reading::NoData;
        let id = &definition.id.value;
        let reading = self.current.by(&[]).and_then(|total| total.reading(&[], id));
        let previous = self.previous.and_then(|snapshot| snapshot.by(&[])).and_then(|total| total.reading(&[], id));
        Figure {
            definition,
            measured: Measured::Reading(reading.unwrap_or(NO_DATA)),
            previous: previous.and_then(Reading::number),
            language: self.language,
        }
    }
}

fn words(language: Language) -> Words {
    let placeholders = [("page", "{page}".into()), ("pages", "{pages}".into())];
    Words {
        page_of: text(language, "page-of", &placeholders),
        target: text(language, "target", &[]),
        previous: text(language, "previous-period", &[]),
        no_data: text(language, "no-data", &[]),
        continued: text(language, "continued", &[]),
    }
}
