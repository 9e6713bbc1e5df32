//! `callbrief doctor`: whether everything the service needs is there, asked once, with what to do where it is not. Nothing is
//! sent, and no database of calls is written to.

mod machine;
mod sources;
mod ways_out;

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::diagnostics::Severity;
use crate::journal::Journal;
use crate::locale::{FluentValue, Language, text};
use crate::pipeline::{Prepared, Workspace};

/// Clocks that differ by more than this place calls in wrong minutes.
const CLOCKS_MAY_DIFFER: Duration = Duration::from_secs(5);

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Health {
    /// As it should be.
    Well,
    /// It works and could be better.
    Doubtful,
    /// It does not work.
    Ill,
}

/// What was found about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub subject: String,
    /// How it is.
    pub health: Health,
    /// The same in words.
    pub said: String,
    /// What to do about it.
    pub advice: Option<String>,
}

/// Findings in the making, in one language.
struct Chart {
    language: Language,
    findings: Vec<Finding>,
}

type Values<'a> = &'a [(&'a str, FluentValue<'a>)];

/// Looks at everything, in the language of the workspace where none is given. `now` is the machine's clock.
pub async fn examine(prepared: &Prepared, language: Option<Language>, now: DateTime<Utc>) -> Vec<Finding> {
    let own = prepared.workspace.as_ref().map(|workspace| workspace.catalog.settings.locale);
    let mut chart = Chart { language: language.or(own).unwrap_or(Language::English), findings: Vec::new() };
    files(&mut chart, prepared);
    machine::examine(&mut chart, prepared.workspace.as_ref(), now);
    if let Some(workspace) = &prepared.workspace {
        journal(&mut chart, workspace).await;
        sources::examine(&mut chart, workspace).await;
        ways_out::examine(&mut chart, workspace).await;
        people(&mut chart, workspace);
    }
    chart.findings
}

fn files(chart: &mut Chart, prepared: &Prepared) {
    let count = |severity| prepared.diagnostics.iter().filter(|mistake| mistake.severity == severity).count() as u64;
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let values: Values<'_> = &[("errors", errors.into()), ("warnings", warnings.into())];
    let subject = chart.word("doctor-workspace");
    match (errors, warnings) {
        (0, 0) => chart.well(subject, "doctor-workspace-well", &[]),
        (0, _) => chart.doubtful(subject, "doctor-workspace-warnings", "doctor-workspace-advice", values),
        _ => chart.ill(subject, "doctor-workspace-ill", "doctor-workspace-advice", values),
    }
}

async fn journal(chart: &mut Chart, workspace: &Workspace) {
    let subject = chart.word("doctor-journal");
    let settings = &workspace.catalog.settings;
    if machine::journal_file(workspace).is_some_and(|file| !file.exists()) {
        return chart.well(subject, "doctor-journal-new", &[]);
    }
    let opened = async {
        let journal = Journal::open_at(&settings.journal, &workspace.catalog.root).await?;
        journal.try_writing().await?;
        let (version, waiting) = (journal.schema_version().await?, journal.pending_count().await?);
        journal.close().await;
        Ok::<_, crate::journal::JournalError>((version, waiting))
    };
    match opened.await {
        Ok((version, waiting)) => {
            chart.well(subject, "doctor-journal-well", &[("version", version.into()), ("waiting", waiting.into())]);
        }
        Err(failure) => {
            let reason = failure.to_string();
            chart.ill(subject, "doctor-reason", "doctor-journal-advice", &[("reason", reason.into())]);
        }
    }
}

/// Whether somebody hears of it when something fails.
fn people(chart: &mut Chart, workspace: &Workspace) {
    let subject = chart.word("doctor-people");
    let catalog = &workspace.catalog;
    let without = catalog.reports.values().filter(|report| report.owner.is_none() && report.schedule.is_some()).count();
    let without_operator = catalog.settings.operator.is_none();
    if without_operator && without + catalog.alerts.len() > 0 {
        chart.doubtful(subject, "doctor-people-nobody", "doctor-people-advice", &[]);
    } else {
        chart.well(subject, "doctor-people-well", &[]);
    }
}

impl Chart {
    fn word(&self, message: &str) -> String {
        text(self.language, message, &[])
    }

    fn well(&mut self, subject: String, said: &str, values: Values<'_>) {
        let said = text(self.language, said, values);
        self.findings.push(Finding { subject, health: Health::Well, said, advice: None });
    }

    fn doubtful(&mut self, subject: String, said: &str, advice: &str, values: Values<'_>) {
        self.found(subject, Health::Doubtful, (said, advice), values);
    }

    fn ill(&mut self, subject: String, said: &str, advice: &str, values: Values<'_>) {
        self.found(subject, Health::Ill, (said, advice), values);
    }

    fn found(&mut self, subject: String, health: Health, (said, advice): (&str, &str), values: Values<'_>) {
        let (said, advice) = (text(self.language, said, values), text(self.language, advice, values));
        self.findings.push(Finding { subject, health, said, advice: Some(advice) });
    }
}
