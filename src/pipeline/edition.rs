//! A report laid out: from its numbers to its files and the mail's body, in one language.

use std::collections::BTreeMap;

use anyhow::Context;
use chrono::{DateTime, Utc};
use indexmap::IndexSet;

use super::views::Measuring;
use super::{Measurement, Sources, View, Workspace};
use crate::diagnostics::{Diagnostic, render_text};
use crate::kpi::Snapshot;
use crate::locale::Language;
use crate::report::document::{Artifact, Document};
use crate::report::export::{email, html, pdf, text};
use crate::report::theme::Theme;
use crate::report::{self, BuildRequest, Notice, Template};
use crate::time::Period;
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
    let view = View { zone: order.period.zone, scope: None };
    let measuring = Measuring { workspace, sources, definition, questions };
    let views = IndexSet::from([view]);
    let measured = measuring.measurements(&views, |_| order.period.clone()).await?;
    let (_, measurement) = measured.into_iter().next().context("one measurement for one view")?;
    let mut editions = BTreeMap::new();
    for language in &order.languages {
        let layout = Layout { workspace, definition, language: *language, run_at: order.run_at, notices: &[] };
        editions.insert(*language, edition(&layout, &measurement)?);
    }
    Ok(Made { editions, current: measurement.current, previous: measurement.previous })
}

/// What an edition is made with, besides the numbers.
pub(super) struct Layout<'a> {
    pub(super) workspace: &'a Workspace,
    pub(super) definition: &'a ReportDefinition,
    pub(super) language: Language,
    pub(super) run_at: DateTime<Utc>,
    pub(super) notices: &'a [Notice],
}

/// Makes an edition.
pub(super) fn edition(layout: &Layout<'_>, measurement: &Measurement) -> anyhow::Result<Edition> {
    let Layout { workspace, definition, language, run_at, notices } = layout;
    let request = BuildRequest {
        report: definition,
        template: template(workspace, definition)?,
        catalog: &workspace.catalog,
        period: &measurement.period,
        current: &measurement.current,
        previous: measurement.previous.as_ref(),
        language: *language,
        run_at: *run_at,
        notices,
    };
    lay_out(&request, &workspace.theme)
}

/// A report's template; an error when it has mistakes.
pub(super) fn template<'a>(workspace: &'a Workspace, definition: &ReportDefinition) -> anyhow::Result<&'a Template> {
    let name = &definition.template.value;
    let template = workspace.templates.get(name);
    template.with_context(|| format!("the template `{name}` has mistakes; `callbrief check` shows them"))
}

fn lay_out(request: &BuildRequest<'_>, theme: &Theme) -> anyhow::Result<Edition> {
    let document = report::build(request).map_err(|mistakes| template_error(&mistakes))?;
    let subject = report::subject(request).map_err(|mistakes| template_error(&mistakes))?;
    let name = |ending: &str| {
        let label: String = request
            .period
            .label
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
            .collect();
        format!("{}-{label}.{ending}", request.report.id.value)
    };
    let text = text::render(&document);
    let mut files = Vec::new();
    for format in &request.report.formats {
        files.push(match format {
            Format::Html => Artifact {
                name: name("html"),
                media_type: "text/html; charset=utf-8",
                bytes: html::render(&document, theme).into_bytes(),
            },
            Format::Pdf => Artifact {
                name: name("pdf"),
                media_type: "application/pdf",
                bytes: pdf::render(&document, theme).context("the PDF cannot be made")?,
            },
            Format::Text => Artifact {
                name: name("txt"),
                media_type: "text/plain; charset=utf-8",
                bytes: text.clone().into_bytes(),
            },
        });
    }
    Ok(Edition { subject, email: email::render(&document, theme), text, files, document })
}

fn template_error(mistakes: &[Diagnostic]) -> anyhow::Error {
    anyhow::anyhow!("the template fails:\n{}", render_text(mistakes, crate::diagnostics::Style::Plain))
}
