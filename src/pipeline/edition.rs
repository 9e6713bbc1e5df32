//! A report laid out: from its numbers to its files and the mail's body, in one language.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::{DateTime, Utc};

use super::views::Measuring;
use super::{Measurement, Sources, View, Workspace};
use crate::alert::Episode;
use crate::diagnostics::{Diagnostic, render_text};
use crate::kpi::Snapshot;
use crate::locale::Language;
use crate::report::document::{Artifact, Document};
use crate::report::export::{csv, email, html, pdf, text, xlsx};
use crate::report::theme::Theme;
use crate::report::{self, BuildRequest, Notice, Template};
use crate::time::Period;
use crate::workspace::{Format, PdfDefinition, ReportDefinition};

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
    /// The files that were asked for, in the order of the report's `formats`.
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

/// A report's editions of all rows and what they were made from.
pub struct Made {
    /// One edition for each language.
    pub editions: BTreeMap<Language, Edition>,
    /// The period's values.
    pub current: Snapshot,
    /// Those of the period before, when the report compares.
    pub previous: Option<Snapshot>,
}

/// Measures a report's period over all rows and makes its editions. A KPI that fails is shown as failed; when all of them
/// fail there is no report, and the error says why.
pub async fn make(
    workspace: &Workspace,
    sources: &Sources,
    definition: &ReportDefinition,
    order: &Order,
) -> anyhow::Result<Made> {
    let template = template(workspace, definition)?;
    let questions = report::questions(definition, template, &workspace.catalog);
    let measuring = Measuring { workspace, sources, definition, questions };
    let (view, measurement) = measuring.of_everything(&order.period).await?;
    let mut editions = BTreeMap::new();
    for language in &order.languages {
        let layout = Layout {
            workspace,
            definition,
            formats: definition.formats.clone(),
            language: *language,
            run_at: order.run_at,
            notices: &[],
            episodes: &order.episodes,
        };
        editions.insert(*language, edition(&layout, (&view, &measurement))?);
    }
    Ok(Made { editions, current: measurement.current, previous: measurement.previous })
}

/// What an edition is made with, besides the numbers.
pub(super) struct Layout<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) definition: &'a ReportDefinition,
    /// The files that are made.
    pub(super) formats: Vec<Format>,
    pub(super) language: Language,
    pub(super) run_at: DateTime<Utc>,
    pub(super) notices: &'a [Notice],
    /// The alerts that fired; an edition shows those of its period and scope.
    pub(super) episodes: &'a [Episode],
}

/// Makes an edition.
pub(super) fn edition(layout: &Layout<'_>, (view, measurement): (&View, &Measurement)) -> anyhow::Result<Edition> {
    let Layout { workspace, definition, formats, language, run_at, notices, episodes } = layout;
    let window = measurement.period.window;
    let seen = |episode: &&Episode| {
        let lasted_until = |ended_at: DateTime<Utc>| ended_at >= window.from;
        let in_period = episode.fired_at < window.to && episode.ended_at.is_none_or(lasted_until);
        let label = |dimension: &str| episode.labels.get(dimension).flatten();
        in_period && view.scope.as_ref().is_none_or(|scope| scope.holds(label))
    };
    let episodes: Vec<Episode> = episodes.iter().filter(seen).cloned().collect();
    let request = BuildRequest {
        report: definition,
        template: template(workspace, definition)?,
        catalog: &workspace.catalog,
        period: &measurement.period,
        current: &measurement.current,
        previous: measurement.previous.as_ref(),
        trends: &measurement.trends,
        episodes: &episodes,
        language: *language,
        run_at: *run_at,
        notices,
    };
    lay_out(&request, formats, &workspace.theme)
}

/// A report's template; an error when it has mistakes.
pub fn template<'a>(workspace: &'a Workspace, definition: &ReportDefinition) -> anyhow::Result<&'a Template> {
    let name = &definition.template.value;
    let template = workspace.templates.get(name);
    template.with_context(|| format!("the template `{name}` has mistakes; `callbrief check` shows them"))
}

fn lay_out(request: &BuildRequest<'_>, formats: &[Format], theme: &Theme) -> anyhow::Result<Edition> {
    let document = report::build(request).map_err(|mistakes| template_error(&mistakes))?;
    let subject = report::subject(request).map_err(|mistakes| template_error(&mistakes))?;
    let text = text::render(&document);
    let mut files = Vec::new();
    let base = file_name(request.report, request.period);
    for format in formats {
        files.extend(self::files(*format, &base, &document, theme, &request.report.pdf)?);
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
pub fn files(
    format: Format,
    base: &str,
    document: &Document,
    theme: &Theme,
    pdf: &PdfDefinition,
) -> anyhow::Result<Vec<Artifact>> {
    let one = |ending: &str, media_type: &'static str, bytes: Vec<u8>| {
        vec![Artifact { format, name: format!("{base}.{ending}"), media_type, bytes }]
    };
    Ok(match format {
        Format::Html => one("html", "text/html; charset=utf-8", html::render(document, theme).into_bytes()),
        Format::Pdf => {
            let bytes = pdf::render(document, theme, pdf).context("the PDF cannot be made")?;
            one("pdf", "application/pdf", bytes)
        }
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

fn template_error(mistakes: &[Diagnostic]) -> anyhow::Error {
    anyhow::anyhow!("the template fails:\n{}", render_text(mistakes, crate::diagnostics::Style::Plain))
}
