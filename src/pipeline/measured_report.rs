//! A report's numbers, measured once and then laid out as often as its template changes.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use super::edition::trends;
use super::{Measured, Sources, Workspace, measure};
use crate::alert::Episode;
use crate::diagnostics::nearest;
use crate::journal::Journal;
use crate::kpi::{Question, Snapshot};
use crate::locale::Language;
use crate::report::{self, BuildRequest, Template};
use crate::time::{Frame, Period, PeriodName, Window};
use crate::workspace::ReportDefinition;

/// What was measured for a report.
#[derive(Debug)]
pub struct MeasuredReport {
    /// The period.
    pub period: Period,
    /// The period's values.
    pub current: Measured,
    /// Those of the period it is compared with, when the report compares.
    pub previous: Option<Measured>,
    trends: BTreeMap<String, Snapshot>,
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

/// A report's template; the error says that it has mistakes.
pub fn find_template<'a>(workspace: &'a Workspace, report: &ReportDefinition) -> anyhow::Result<&'a Template> {
    let name = &report.template.value;
    let template = workspace.templates.get(name);
    template.with_context(|| format!("the template `{name}` has mistakes; `callbrief check` shows them"))
}

/// The period a report is about at this instant: the named one, or else its own.
pub fn period_of(
    workspace: &Workspace,
    report: &ReportDefinition,
    name: Option<&PeriodName>,
    now: DateTime<Utc>,
) -> Period {
    let zone = report.schedule.as_ref().map_or(workspace.catalog.settings.timezone, |schedule| schedule.timezone);
    name.unwrap_or(&report.period).at(now, zone)
}

/// The alerts that fired in the period. The journal is not opened for a report that does not list them.
pub async fn episodes(
    workspace: &Workspace,
    report: &ReportDefinition,
    window: Window,
) -> anyhow::Result<Vec<Episode>> {
    if !workspace.templates.get(&report.template.value).is_some_and(Template::lists_alerts) {
        return Ok(Vec::new());
    }
    let journal = Journal::open_at(&workspace.catalog.settings.journal, &workspace.catalog.root).await?;
    let episodes = journal.episodes_between(window.from, window.to).await?;
    journal.close().await;
    Ok(episodes)
}

/// Measures a report's period. What cannot be read becomes failed readings; the error is the journal's.
pub async fn measure_report(
    workspace: &Workspace,
    sources: &Sources,
    report: &ReportDefinition,
    template: &Template,
    period: &Period,
) -> anyhow::Result<MeasuredReport> {
    let questions = report::questions(report, template, &workspace.catalog);
    let of = |period: &Period| {
        measure(&workspace.kpis, &workspace.catalog, sources, Frame::Period(period.clone()), questions.clone())
    };
    let compared = report.compare.period(period);
    let before = async {
        match &compared {
            Some(period) => Some(of(period).await),
            None => None,
        }
    };
    let trends = trends(workspace, sources, report, period);
    let (current, previous, trends) = tokio::join!(of(period), before, trends);
    let episodes = if template.lists_alerts() { Some(episodes(workspace, report, period.window).await?) } else { None };
    Ok(MeasuredReport { period: period.clone(), current, previous, trends, episodes, questions })
}

impl MeasuredReport {
    /// Whether a template asks of the same period what was asked here, the rules being the same.
    pub fn answers(
        &self,
        workspace: &Workspace,
        report: &ReportDefinition,
        template: &Template,
        period: &Period,
    ) -> bool {
        self.period == *period
            && self.episodes.is_some() == template.lists_alerts()
            && self.questions == report::questions(report, template, &workspace.catalog)
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
        BuildRequest {
            report,
            template,
            catalog: &workspace.catalog,
            period: &self.period,
            current: &self.current.snapshot,
            previous: self.previous.as_ref().map(|measured| &measured.snapshot),
            trends: &self.trends,
            episodes: self.episodes.as_deref().unwrap_or_default(),
            language,
            run_at,
        }
    }
}
