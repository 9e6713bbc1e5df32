//! Trouble with reports: runs that were given up, are late, were missed or did not reach everybody are told to the report's
//! owner, or else to the operator; once, and once more when it is over. Recipients are not bothered with it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::Workspace;
use super::alert_mail::Letter;
use super::completeness::deadline;
use super::run::zone_of;
use super::run_trouble_notice::{OverNotice, TroubleNotice};
use crate::delivery::{Contact, Origin};
use crate::journal::{
    AlertNotices, Journal, JournalError, NewDelivery, Over, Recorded, RunTrouble, RunTroubleKind, Telling,
};
use crate::report::document::Document;
use crate::time::Window;

/// What began longer ago is no news: after an update, or when an operator is named for the first time.
const NEWS_FOR: TimeDelta = TimeDelta::days(3);

/// What was told of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToldTrouble {
    /// The report's id.
    pub report: String,
    /// What is wrong with it; none when it is over.
    pub kind: Option<RunTroubleKind>,
    /// The periods concerned.
    pub periods: Vec<String>,
    /// Whether somebody is told: a report without an owner has nobody when there is no operator either.
    pub hearer: Hearer,
}

/// Whether there is somebody to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hearer {
    /// There is.
    Mailed,
    /// There is not: it is in the log only.
    Nobody,
}

/// Whether late runs are trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LateRuns {
    /// They are.
    Told,
    /// Not yet: whoever has just started first makes up for what was missed.
    MadeUpFor,
}

/// Tells of all trouble that nobody was told of yet, and of what is over. `owner` is this process's name in the journal.
pub async fn tell_run_troubles(
    workspace: &Workspace,
    journal: &Journal,
    late_runs: LateRuns,
    owner: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<ToldTrouble>> {
    let late_after = workspace.catalog.settings.service.late_after;
    let mut told = Vec::new();
    let mut troubles: BTreeMap<(String, RunTroubleKind), Vec<RunTrouble>> = BTreeMap::new();
    for trouble in journal.run_troubles(now - NEWS_FOR, now - late_after).await? {
        let is_left_alone = trouble.kind == RunTroubleKind::Late && late_runs == LateRuns::MadeUpFor;
        if !is_left_alone && !is_waited_for(workspace, &trouble, late_after, now) {
            troubles.entry((trouble.report.clone(), trouble.kind)).or_default().push(trouble);
        }
    }
    for ((report, kind), troubles) in troubles {
        // Invariant: a group has at least one member.
        let Some(last) = troubles.last() else { continue };
        let name = format!("{}:{report}", kind.word());
        let notice = TroubleNotice { workspace, report: &report, kind, troubles: &troubles, now };
        let letter = Told {
            workspace,
            report: &report,
            name,
            period: last.period.clone(),
            scheduled_for: last.scheduled_for,
            run: last.run.number(),
            owner,
            now,
        };
        let new = troubles.iter().map(|trouble| (kind.word(), trouble.run.to_string())).collect();
        if letter.tell(journal, notice.subject(), &notice.document(), (new, Vec::new())).await? == Recorded::Written {
            let periods = troubles.iter().map(|trouble| trouble.period.clone()).collect();
            told.push(ToldTrouble { kind: Some(kind), periods, hearer: hearer(workspace, &report), report });
        }
    }
    told.extend(tell_over(workspace, journal, owner, now).await?);
    Ok(told)
}

async fn tell_over(
    workspace: &Workspace,
    journal: &Journal,
    owner: &str,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<ToldTrouble>> {
    let mut by_report: BTreeMap<String, Vec<Over>> = BTreeMap::new();
    for over in journal.troubles_over().await? {
        by_report.entry(over.report.clone()).or_default().push(over);
    }
    let mut told = Vec::new();
    for (report, overs) in by_report {
        // Invariant: a group has at least one member.
        let Some(last) = overs.last() else { continue };
        let notice = OverNotice { workspace, report: &report, over: last, now };
        let letter = Told {
            workspace,
            report: &report,
            name: format!("over:{report}"),
            period: last.period.clone(),
            scheduled_for: last.scheduled_for,
            run: last.of.number(),
            owner,
            now,
        };
        let over = overs.iter().map(|over| (over.kind.word(), over.of.to_string())).collect();
        if letter.tell(journal, notice.subject(), &notice.document(), (Vec::new(), over)).await? == Recorded::Written {
            let hearer = hearer(workspace, &report);
            told.push(ToldTrouble { kind: None, periods: vec![last.period.clone()], hearer, report });
        }
    }
    Ok(told)
}

/// Whether a late run waits for its data as it should.
fn is_waited_for(workspace: &Workspace, trouble: &RunTrouble, late_after: TimeDelta, now: DateTime<Utc>) -> bool {
    let Some(definition) = workspace.catalog.reports.get(&trouble.report) else { return false };
    let complete_by = definition.complete_by.as_ref().filter(|_| trouble.kind == RunTroubleKind::Late);
    complete_by.is_some_and(|complete_by| {
        deadline(complete_by, trouble.scheduled_for, zone_of(workspace, definition)) + late_after > now
    })
}

/// Who looks after a report.
fn address<'a>(workspace: &'a Workspace, report: &str) -> Option<&'a str> {
    let owner = workspace.catalog.reports.get(report).and_then(|definition| definition.owner.as_ref());
    owner.or(workspace.catalog.settings.operator.as_ref()).map(|address| address.value.as_str())
}

fn hearer(workspace: &Workspace, report: &str) -> Hearer {
    address(workspace, report).map_or(Hearer::Nobody, |_| Hearer::Mailed)
}

/// A notice on its way.
struct Told<'a> {
    workspace: &'a Workspace,
    report: &'a str,
    /// The notice's name among the runs; no report can have it.
    name: String,
    period: String,
    scheduled_for: DateTime<Utc>,
    run: i64,
    owner: &'a str,
    now: DateTime<Utc>,
}

type Subjects = Vec<(&'static str, String)>;

impl Told<'_> {
    async fn tell(
        &self,
        journal: &Journal,
        subject: String,
        document: &Document,
        (new, over): (Subjects, Subjects),
    ) -> anyhow::Result<Recorded> {
        let deliveries = self.mail(subject, document)?;
        let notices = AlertNotices {
            report: self.name.clone(),
            scheduled_for: self.scheduled_for,
            period: self.period.clone(),
            window: Window { from: self.now, to: self.now },
            owner: self.owner.to_owned(),
            deliveries,
        };
        let told = journal.tell_once(Telling { new, over, notices, now: self.now }).await;
        told.map_err(|failure: JournalError| failure.into())
    }

    fn mail(&self, subject: String, document: &Document) -> anyhow::Result<Vec<NewDelivery>> {
        let Some(address) = address(self.workspace, self.report) else { return Ok(Vec::new()) };
        let origin = Origin { report: self.name.clone(), period: self.period.clone(), generation: self.run };
        let letter = Letter::new(self.workspace, subject, document, origin);
        Ok(vec![letter.to(self.workspace, Contact { name: None, address: address.to_owned() }, self.now)?])
    }
}

#[cfg(test)]
#[path = "run_trouble_tests.rs"]
mod tests;
