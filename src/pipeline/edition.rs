//! A report made: measured once, then laid out once for each language into its files and the mail's body.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use super::{Measured, Sources, Workspace, measure};
use crate::alert::Episode;
use crate::diagnostics::{Diagnostic, render_text};
use crate::kpi::{Reading, Snapshot};
use crate::locale::Language;
use crate::report::document::{Artifact, Document};
use crate::report::export::{csv, email, html, pdf, text, xlsx};
use crate::report::theme::Theme;
use crate::report::{self, BuildRequest};
use crate::time::{Frame, Period};
use crate::workspace::{Format, ReportDefinition};

/// A report in one language.
pub struct Edition {
    /// The mail's subject.
    pub subject: String,
    /// The content.
    pub document: Document,
    /// The mail's HTML body with its pictures.
    pub email: email::EmailBody,
    /// The mail's plain text.
    pub text: String,
    /// The files, in the order of the report's `formats`.
    pub files: Vec<Artifact>,
}

/// What a report is made for.
#[derive(Clone, Debug)]
pub struct Order {
    /// The period.
    pub period: Period,
    /// The instant that stands in the report and its files.
    pub run_at: DateTime<Utc>,
    /// The languages wanted.
    pub languages: Vec<Language>,
    /// The alerts that fired in the period or were still firing.
    pub episodes: Vec<Episode>,
}

/// A report's editions and what they were made from.
pub struct Made {
    /// One edition for each language.
    pub editions: BTreeMap<Language, Edition>,
    /// The measurement of the period.
    pub current: Measured,
    /// The measurement of the period before, when the report compares.
    pub previous: Option<Measured>,
}

/// Measures a report's period and makes its editions. A KPI that fails is shown as failed; when all of them fail there is
/// no report, and the error says why.
pub async fn make(
    workspace: &Workspace,
    sources: &Sources,
    definition: &ReportDefinition,
    order: &Order,
) -> anyhow::Result<Made> {
    let id = &definition.id.value;
    let template = workspace.templates.get(&definition.template.value).with_context(|| {
        format!("the template `{}` has mistakes; `callbrief check` shows them", definition.template.value)
    })?;
    let questions = report::questions(definition, template, &workspace.catalog);
    let window_of = |period: &Period| {
        measure(&workspace.kpis, &workspace.catalog, sources, Frame::Period(period.clone()), questions.clone())
    };
    let compared = definition.compare.period(&order.period);
    let before = async {
        match &compared {
            Some(period) => Some(window_of(period).await),
            None => None,
        }
    };
    let looking_back = trends(workspace, sources, definition, &order.period);
    let (current, previous, trends) = tokio::join!(window_of(&order.period), before, looking_back);
    if let Some(reason) = total_failure(&current.snapshot) {
        bail!("no KPI of the report `{id}` could be computed: {reason}");
    }
    let mut editions = BTreeMap::new();
    for language in &order.languages {
        let request = BuildRequest {
            report: definition,
            template,
            catalog: &workspace.catalog,
            period: &order.period,
            current: &current.snapshot,
            previous: previous.as_ref().map(|measured| &measured.snapshot),
            trends: &trends,
            episodes: &order.episodes,
            language: *language,
            run_at: order.run_at,
        };
        editions.insert(*language, lay_out(&request, &workspace.theme)?);
    }
    Ok(Made { editions, current, previous })
}

/// The answers for the data blocks that look back over more than the period, by the block's name.
pub(super) async fn trends(
    workspace: &Workspace,
    sources: &Sources,
    definition: &ReportDefinition,
    period: &Period,
) -> BTreeMap<String, Snapshot> {
    let mut answers = BTreeMap::new();
    for trend in report::trends(definition, period) {
        let frame = Frame::Period(trend.period);
        let measured = measure(&workspace.kpis, &workspace.catalog, sources, frame, vec![trend.question]).await;
        answers.insert(trend.data, measured.snapshot);
    }
    answers
}

fn lay_out(request: &BuildRequest<'_>, theme: &Theme) -> anyhow::Result<Edition> {
    let document = report::build(request).map_err(|mistakes| template_error(&mistakes))?;
    let subject = report::subject(request).map_err(|mistakes| template_error(&mistakes))?;
    let text = text::render(&document);
    let mut files = Vec::new();
    let base = file_name(request.report, request.period);
    for format in &request.report.formats {
        files.extend(self::files(*format, &base, &document, theme)?);
    }
    Ok(Edition { subject, email: email::render(&document, theme), text, files, document })
}

/// What a report's files are called, before what tells them apart: the report and its period.
pub fn file_name(report: &ReportDefinition, period: &Period) -> String {
    let latin = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let label: String = period.label.chars().map(latin).collect();
    format!("{}-{label}", report.id.value)
}

/// A document in one format: one file, but as CSV one for each table. `base` is what their names begin with.
pub fn files(format: Format, base: &str, document: &Document, theme: &Theme) -> anyhow::Result<Vec<Artifact>> {
    let one = |ending: &str, media_type: &'static str, bytes: Vec<u8>| {
        vec![Artifact { format, name: format!("{base}.{ending}"), media_type, bytes }]
    };
    Ok(match format {
        Format::Html => one("html", "text/html; charset=utf-8", html::render(document, theme).into_bytes()),
        Format::Pdf => one("pdf", "application/pdf", pdf::render(document, theme).context("the PDF cannot be made")?),
        Format::Text => one("txt", "text/plain; charset=utf-8", text::render(document).into_bytes()),
        Format::Xlsx => {
            let bytes = xlsx::render(document, theme).context("the workbook cannot be made")?;
            one("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", bytes)
        }
        Format::Csv => {
            let tables = csv::render(document).context("the CSV files cannot be made")?;
            let named = |table: csv::CsvFile| Artifact {
                format,
                name: format!("{base}-{}.csv", table.name),
                media_type: "text/csv; charset=utf-8",
                bytes: table.bytes,
            };
            tables.into_iter().map(named).collect()
        }
    })
}

/// Why nothing could be computed; none when at least one KPI could, or was asked and simply has no data.
fn total_failure(snapshot: &Snapshot) -> Option<String> {
    let mut readings = snapshot.results.iter().flat_map(|result| result.groups.values().flatten()).peekable();
    let first = match readings.peek() {
        Some(Reading::Failed(reason)) => reason.clone(),
        _ => return None,
    };
    readings.all(|reading| matches!(reading, Reading::Failed(_))).then_some(first)
}

fn template_error(mistakes: &[Diagnostic]) -> anyhow::Error {
    anyhow::anyhow!("the template fails:\n{}", render_text(mistakes, crate::diagnostics::Style::Plain))
}
