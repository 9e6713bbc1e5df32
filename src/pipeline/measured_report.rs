//! A report's numbers, measured once and then laid out as often as its template changes.

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};

use super::{Measured, Sources, Workspace, measure};
use crate::diagnostics::nearest;
use crate::kpi::Question;
use crate::locale::Language;
use crate::report::{self, BuildRequest, Template};
use crate::time::{Frame, Period, PeriodName};
use crate::workspace::{Compare, ReportDefinition};

/// What was measured for a report.
#[derive(Debug)]
pub struct MeasuredReport {
    /// The period.
    pub period: Period,
    /// The period's values.
    pub current: Measured,
    /// Those of the period before, when the report compares.
    pub previous: Option<Measured>,
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

/// Measures a report's period. What cannot be read becomes failed readings.
pub async fn measure_report(
    workspace: &Workspace,
    sources: &Sources,
    report: &ReportDefinition,
    template: &Template,
    period: &Period,
) -> MeasuredReport {
    let questions = report::questions(report, template, &workspace.catalog);
    let of = |period: &Period| {
        measure(&workspace.kpis, &workspace.catalog, sources, Frame::Period(period.clone()), questions.clone())
    };
    let before = async {
        match report.compare {
            Compare::PreviousPeriod => Some(of(&period.previous()).await),
            Compare::Nothing => None,
        }
    };
    let (current, previous) = tokio::join!(of(period), before);
    MeasuredReport { period: period.clone(), current, previous, questions }
}

impl MeasuredReport {
    /// Whether a report asks of the same period what was asked here.
    pub fn answers(
        &self,
        workspace: &Workspace,
        report: &ReportDefinition,
        template: &Template,
        period: &Period,
    ) -> bool {
        let compares = report.compare == Compare::PreviousPeriod;
        self.period == *period
            && self.previous.is_some() == compares
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
            language,
            run_at,
        }
    }
}
