//! A report's numbers over all rows, measured once and then laid out as often as its template changes.

use anyhow::bail;
use chrono::{DateTime, Utc};

use super::views::Measuring;
use super::{Measurement, Sources, Workspace};
use crate::alert::Episode;
use crate::diagnostics::nearest;
use crate::journal::Journal;
use crate::kpi::Question;
use crate::locale::Language;
use crate::report::{self, BuildRequest, Template};
use crate::time::{Period, Window};
use crate::workspace::ReportDefinition;

/// What was measured for a report.
#[derive(Debug)]
pub struct MeasuredReport {
    /// The numbers.
    pub measurement: Measurement,
    /// None when the template lists no alerts.
    episodes: Option<Vec<Episode>>,
    questions: Vec<Question>,
}

/// The report of this id; the error names a similar one.
pub fn find_report<'a>(workspace: &'a Workspace, id: &str) -> anyhow::Result<&'a ReportDefinition> {
    let reports = &workspace.catalog.reports;
    let Some(report) = reports.get(id) else {
        let near = nearest(id, reports.keys().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
        bail!("there is no report `{id}`{hint}");
    };
    Ok(report)
}

/// The alerts that fired in the period. The journal is not opened for a template that does not list them.
pub async fn episodes(workspace: &Workspace, template: &Template, window: Window) -> anyhow::Result<Vec<Episode>> {
    if !template.lists_alerts() {
        return Ok(Vec::new());
    }
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let episodes = journal.episodes_between(window.from, window.to).await?;
    journal.close().await;
    Ok(episodes)
}

/// Measures a report's period. It is an error when no KPI can be computed, or when the journal cannot be read.
pub async fn measure_report(
    workspace: &Workspace,
    sources: &Sources,
    definition: &ReportDefinition,
    template: &Template,
    period: &Period,
) -> anyhow::Result<MeasuredReport> {
    let questions = report::questions(definition, template, &workspace.catalog);
    let measuring = Measuring { workspace, sources, definition, questions };
    let (_, measurement) = measuring.of_everything(period).await?;
    let episodes =
        if template.lists_alerts() { Some(episodes(workspace, template, period.window).await?) } else { None };
    Ok(MeasuredReport { measurement, episodes, questions: measuring.questions })
}

impl MeasuredReport {
    /// Whether a template asks of the same period what was asked here, the rules being the same.
    pub fn answers(
        &self,
        workspace: &Workspace,
        definition: &ReportDefinition,
        template: &Template,
        period: &Period,
    ) -> bool {
        self.measurement.period == *period
            && self.episodes.is_some() == template.lists_alerts()
            && self.questions == report::questions(definition, template, &workspace.catalog)
    }

    /// What the report's document is built from.
    pub fn request<'a>(
        &'a self,
        workspace: &'a Workspace,
        report: &'a ReportDefinition,
        template: &'a Template,
        language: Language,
        run_at: DateTime<Utc>,
    ) -> BuildRequest<'a> {
        let Measurement { period, current, previous, trends } = &self.measurement;
        BuildRequest {
            report,
            template,
            catalog: &workspace.catalog,
            period,
            current,
            previous: previous.as_ref(),
            trends,
            episodes: self.episodes.as_deref().unwrap_or_default(),
            language,
            run_at,
            notices: &[],
        }
    }
}
