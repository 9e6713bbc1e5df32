//! From a template and snapshots to a document: one straight function, without I/O and without a clock.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::blocks::{Failures, blocks};
use super::context::{ReportContext, tera_context};
use super::document::{Block, Document, Inline, Words};
use super::escape::label;
use super::figure::{Figure, Measured};
use super::footnotes::footnotes;
use super::holes::holes;
use super::notice::{Notice, notes};
use super::template::Template;
use crate::alert::Episode;
use crate::diagnostics::{Code, Diagnostic};
use crate::kpi::{Reading, Snapshot};
use crate::locale::{Language, format_period, text};
use crate::time::Period;
use crate::workspace::{Catalog, Compare, KpiDefinition, ReportDefinition};

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
    /// The answers to [`super::questions()`] for the period.
    pub current: &'a Snapshot,
    /// The answers for the period it is compared with, when the report compares.
    pub previous: Option<&'a Snapshot>,
    /// The answers to [`super::trends()`], by the data block's name.
    pub trends: &'a BTreeMap<String, Snapshot>,
    /// The alerts that fired in the period or were still firing.
    pub episodes: &'a [Episode],
    /// The language of the document.
    pub language: Language,
    /// The run's instant.
    pub run_at: DateTime<Utc>,
    /// What the run knows and the numbers do not tell; shown before everything else.
    pub notices: &'a [Notice],
}

/// Makes the document. All mistakes of the template and its blocks are returned at once.
pub fn build(request: &BuildRequest<'_>) -> Result<Document, Vec<Diagnostic>> {
    let context = ReportContext::new(request);
    let rendered = request.template.render_report(&tera_context(&context), request.language);
    let markdown = rendered.map_err(|diagnostics| better_explained(request, diagnostics))?;
    let mut failures = Failures::default();
    let mut content = blocks(request, &markdown, &mut failures)?;
    // What limits the numbers is seen before any of them is read; holes in the data, too, unless the template has a place
    // for them.
    let after_title = usize::from(matches!(content.first(), Some(Block::Heading { level: 1, .. })));
    let holes = if failures.holes_told { Vec::new() } else { holes(request) };
    for note in notes(request).into_iter().chain(holes).rev() {
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
        words: words(request),
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

impl<'a> BuildRequest<'a> {
    /// The period it is compared with; the one just before where it compares with nothing.
    pub(super) fn compared_period(&self) -> Period {
        self.report.compare.period(self.period).unwrap_or_else(|| self.period.previous())
    }

    /// What it is compared with, as a legend names it: "previous period", "a year earlier".
    pub(super) fn compared_name(&self) -> String {
        text(
            self.language,
            match self.report.compare {
                Compare::Nothing | Compare::PreviousPeriod => "previous-period",
                Compare::PreviousWeek => "week-earlier",
                Compare::PreviousYear => "year-earlier",
            },
            &[],
        )
    }

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
        // A period without a single row counted nothing; that is no number to compare with.
        let has_rows = |snapshot: &&Snapshot| {
            let dataset = definition.dataset.as_ref().and_then(|dataset| snapshot.freshness.get(&dataset.value));
            dataset.is_none_or(|known| known.rows > 0)
        };
        let previous = self.previous.filter(has_rows).and_then(|snapshot| snapshot.by(&[]));
        let previous = previous.and_then(|total| total.reading(&[], id));
        Figure {
            definition,
            measured: Measured::Reading(reading.unwrap_or(NO_DATA)),
            previous: previous.and_then(Reading::number),
            language: self.language,
        }
    }
}

fn words(request: &BuildRequest<'_>) -> Words {
    let language = request.language;
    let placeholders = [("page", "{page}".into()), ("pages", "{pages}".into())];
    Words {
        page_of: text(language, "page-of", &placeholders),
        target: text(language, "target", &[]),
        previous: request.compared_name(),
        no_data: text(language, "no-data", &[]),
        continued: text(language, "continued", &[]),
    }
}
