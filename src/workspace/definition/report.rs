//! Reports as data: what they show, when they run, who gets them, and the templates they are written in.

use std::sync::Arc;

use chrono::{NaiveTime, TimeDelta};
use chrono_tz::Tz;
use indexmap::IndexMap;

use super::settings::OnUnknown;
use super::{FormulaText, Grouping, Localized, PdfDefinition};
use crate::diagnostics::{SourceFile, Spanned};
use crate::locale::Language;
use crate::time::{Period, PeriodName};

/// A report.
#[derive(Debug)]
pub struct ReportDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name for people.
    pub title: Localized,
    /// When it runs by itself; never when none.
    pub schedule: Option<ScheduleDefinition>,
    /// The period it is about.
    pub period: PeriodName,
    /// What it is compared with.
    pub compare: Compare,
    /// The template's name, known to exist.
    pub template: Spanned<String>,
    /// Named results for the template's tables and charts.
    pub data: IndexMap<String, DataDefinition>,
    /// The files that are made.
    pub formats: Vec<Format>,
    /// Those of them that travel with the mail, when the report says so; see [`ReportDefinition::attaches`].
    pub attach: Option<Vec<Spanned<Format>>>,
    /// How the PDF is made, if it is among the files.
    pub pdf: PdfDefinition,
    /// Groups of recipients, known to exist.
    pub recipients: Vec<Spanned<String>>,
    /// Who is told when it fails; an e-mail address.
    pub owner: Option<Spanned<String>>,
    /// What happens to its messages of which nobody knows whether they were taken; the workspace's way when none.
    pub on_unknown: Option<OnUnknown>,
    /// Its language; the workspace's when none.
    pub language: Option<Language>,
    /// Sent only where this condition over the period's KPIs is true; its text, not yet compiled.
    pub only_if: Option<FormulaText>,
    /// What happens when the period has no rows at all.
    pub when_empty: WhenEmpty,
    /// The data a scheduled run waits for; none when it does not wait.
    pub complete_by: Option<CompleteBy>,
}

/// What happens to a report whose period has no rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhenEmpty {
    /// It is sent and says so.
    Send,
    /// It is not sent, which is recorded.
    Skip,
}

/// The data a scheduled run waits for.
#[derive(Debug)]
pub struct CompleteBy {
    /// The datasets whose newest row tells whether the data are there, known to exist.
    pub data: Vec<Spanned<String>>,
    /// The local time, in the schedule's zone, at which the report goes out as it is.
    pub deadline: NaiveTime,
    /// How long before the period's end the newest row may lie; as in the weeks before when none.
    pub tolerance: Option<TimeDelta>,
}

/// When a report runs.
#[derive(Debug)]
pub struct ScheduleDefinition {
    /// The cron pattern, five fields; not yet parsed.
    pub cron: Spanned<String>,
    /// The zone of the pattern; the workspace's when none was given.
    pub timezone: Tz,
    /// What happens to instants that were missed.
    pub misfire: Misfire,
    /// How late a missed instant may still be made up for.
    pub catchup_window: TimeDelta,
}

/// What happens to instants that were missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfire {
    /// One run for all of them, the last.
    FireOnce,
    /// A run for each.
    FireAll,
    /// None; the skip is recorded.
    Skip,
}

/// What a report's period is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// Nothing.
    Nothing,
    /// The period of the same kind just before.
    PreviousPeriod,
    /// The same days a week earlier.
    PreviousWeek,
    /// The same period a year earlier.
    PreviousYear,
}

impl Compare {
    /// The period that one is compared with.
    pub fn period(self, period: &Period) -> Option<Period> {
        match self {
            Self::Nothing => None,
            Self::PreviousPeriod => Some(period.previous()),
            Self::PreviousWeek => Some(period.week_before()),
            Self::PreviousYear => Some(period.year_before()),
        }
    }
}

/// One named result: KPIs by a grouping.
#[derive(Debug)]
pub struct DataDefinition {
    /// Its name.
    pub name: Spanned<String>,
    /// The KPIs, known to exist.
    pub kpis: Vec<Spanned<String>>,
    /// What the rows are.
    pub by: Vec<Spanned<Grouping>>,
    /// The KPI rows are sorted by, worst first; by name or time when none.
    pub sort: Option<Spanned<String>>,
    /// At most so many rows; how many were left out is always said.
    pub limit: Option<usize>,
    /// How many periods it looks back over, the report's own included; that one alone when none. It is compared with
    /// nothing then.
    pub periods: Option<u32>,
}

/// The files a report can be made into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A self-contained page.
    Html,
    /// A PDF.
    Pdf,
    /// Plain text.
    Text,
    /// A workbook.
    Xlsx,
    /// A file of comma-separated values for each table.
    Csv,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Html, Self::Pdf, Self::Text, Self::Xlsx, Self::Csv];

    /// The word for it in reports and on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Pdf => "pdf",
            Self::Text => "text",
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }

    /// The format of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl ReportDefinition {
    /// Whether files of this format travel with the mail: those the report names under `attach`, else what directors
    /// forward, the PDF and the workbook.
    pub fn attaches(&self, format: Format) -> bool {
        match &self.attach {
            Some(formats) => formats.iter().any(|named| named.value == format),
            None => matches!(format, Format::Pdf | Format::Xlsx),
        }
    }
}

/// One folder of `report-templates/`.
#[derive(Debug)]
pub struct TemplateFolder {
    /// `report.md`.
    pub report: Arc<SourceFile>,
    /// `subject.txt`; the report's title and period when none.
    pub subject: Option<Arc<SourceFile>>,
    /// Further `.md` files, for includes.
    pub parts: Vec<Arc<SourceFile>>,
}
