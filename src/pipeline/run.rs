//! One run of a report, from its claim in the journal to its messages in the outbox. Delivery is a loop of its own.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use indexmap::IndexSet;

use super::completeness::{deadline, in_words, late};
use super::condition::withheld;
use super::edition::template;
use super::messages::{Mailed, Mailing};
use super::unsubscribing::Unsubscribing;
use super::views::Measuring;
use super::{Addressee, Made, Sources, View, Workspace, addressees};
use crate::delivery::{InlineImage, Origin};
use crate::journal::{
    Claim, ClaimRequest, Claimed, Journal, LeftOut, NewDelivery, Outgoing, Repetition, RunClaim, RunId, Skip, Trigger,
};
use crate::locale::Language;
use crate::report::{self, Notice};
use crate::time::{Period, PeriodName};
use crate::workspace::ReportDefinition;

pub(super) use super::addressees::{recipients_in, webhooks_in};

/// When a run is tried again after a failure that may pass.
const RETRY_AFTER: TimeDelta = TimeDelta::minutes(5);
/// How often data that are waited for are looked at.
const LOOK_EVERY: TimeDelta = TimeDelta::minutes(5);

/// A run that is to be done.
pub struct RunRequest<'a> {
    /// The report.
    pub report: &'a ReportDefinition,
    /// The period, as seen from the run's instant in each reader's zone.
    pub period: PeriodName,
    /// The instant the run stands for.
    pub scheduled_for: DateTime<Utc>,
    /// Why it runs. Send conditions are for the schedule: who asks by hand gets the report.
    pub trigger: Trigger,
    /// Missed instants that are recorded with it.
    pub skips: Vec<Skip>,
    /// Who gets it; the report's recipients when none.
    pub recipients: Option<Vec<Addressee>>,
    /// A name of this process, for people.
    pub owner: String,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// What came of a run.
pub enum RunOutcome {
    /// Its messages are in the outbox.
    Queued(Queued),
    /// Its conditions say that nobody gets it, with the reason.
    Skipped(String),
    /// It waits for its data.
    Held {
        /// What is missing.
        reason: String,
        /// When it is looked at again.
        until: DateTime<Utc>,
    },
    /// Someone else has done it or is at it.
    Taken,
    /// It failed; the journal holds the reason and whether it will be tried again.
    Failed(anyhow::Error),
}

/// Messages in the outbox.
pub struct Queued {
    /// The run they belong to.
    pub run: RunId,
    /// Their ids.
    pub messages: Vec<String>,
    /// The editions of all rows in the report's own zone, when someone gets one.
    pub made: Option<Box<Made>>,
    /// Those who get nothing.
    pub left_out: Vec<LeftOut>,
}

/// What a run comes to before it is recorded.
enum Ending {
    Messages(Outgoing, Option<Box<Made>>),
    Nobody(String),
    NotYet { reason: String, until: DateTime<Utc> },
}

/// Claims a run, makes its report and puts its messages into the outbox. The error is the journal's.
pub async fn run_report(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    request: RunRequest<'_>,
) -> anyhow::Result<RunOutcome> {
    let period = own_period(workspace, &request);
    let claim = journal
        .claim_run(&ClaimRequest {
            report: request.report.id.value.clone(),
            scheduled_for: request.scheduled_for,
            period: period.label,
            window: period.window,
            trigger: request.trigger,
            repetition: Repetition::of(&request.report.period),
            skips: request.skips.clone(),
            owner: request.owner.clone(),
            now: request.now,
        })
        .await?;
    match claim {
        Claim::Mine(claim) => work_on(workspace, sources, journal, request, claim).await,
        Claim::Taken => Ok(RunOutcome::Taken),
    }
}

/// Does a run that is ours.
pub async fn work_on(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    request: RunRequest<'_>,
    claim: RunClaim,
) -> anyhow::Result<RunOutcome> {
    if let Some(reason) = starts_too_late(&request) {
        journal.fail_run(claim, &reason, request.now).await?;
        return Ok(RunOutcome::Failed(anyhow::anyhow!(reason)));
    }
    let making = ending(workspace, sources, journal, &request, claim.generation);
    match journal.keeping(Claimed::Run(claim), request.now, making).await {
        Ok(Ending::Messages(outgoing, made)) => {
            let deliveries = outgoing.batches.iter().flat_map(|batch| &batch.deliveries);
            let messages = deliveries.map(|delivery: &NewDelivery| delivery.message_id.clone()).collect();
            let left_out = outgoing.left_out.clone();
            journal.finish_run(claim, outgoing, request.now).await?;
            Ok(RunOutcome::Queued(Queued { run: claim.id, messages, made, left_out }))
        }
        Ok(Ending::Nobody(reason)) => {
            journal.skip_run(claim, &reason, request.now).await?;
            Ok(RunOutcome::Skipped(reason))
        }
        Ok(Ending::NotYet { reason, until }) => {
            journal.hold_run(claim, &reason, until).await?;
            Ok(RunOutcome::Held { reason, until })
        }
        Err(error) => {
            let reason = format!("{error:#}");
            if sources.is_temporary_failure() && request.trigger == Trigger::Schedule {
                journal.postpone_run(claim, &reason, request.now + RETRY_AFTER).await?;
            } else {
                journal.fail_run(claim, &reason, request.now).await?;
            }
            Ok(RunOutcome::Failed(error))
        }
    }
}

async fn ending(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    request: &RunRequest<'_>,
    generation: i64,
) -> anyhow::Result<Ending> {
    let definition = request.report;
    let (zone, language) = (zone_of(workspace, definition), language_of(workspace, definition));
    let period = own_period(workspace, request);

    // Who reads it, and what each of them sees.
    let recipients = match &request.recipients {
        Some(recipients) => recipients.clone(),
        None => addressees(workspace, sources, &definition.recipients).await?,
    };
    if recipients.is_empty() {
        anyhow::bail!("nobody receives the report `{}`: its groups of recipients are empty", definition.id.value);
    }
    let mut readers: Vec<(Addressee, View, Language)> = recipients
        .into_iter()
        .map(|reader| {
            let view = View { zone: reader.zone.unwrap_or(zone), scope: reader.scope.clone() };
            let language = reader.language.unwrap_or(language);
            (reader, view, language)
        })
        .collect();

    // Whether the data are there.
    let waits = definition.complete_by.as_ref().filter(|_| request.trigger == Trigger::Schedule);
    let mut notices = Vec::new();
    if let Some(complete_by) = waits {
        let late = late(workspace, sources, (complete_by, &period), request.now).await?;
        let deadline = deadline(complete_by, request.scheduled_for, zone);
        if !late.is_empty() && request.now < deadline {
            let at = deadline.with_timezone(&zone).format("%a %H:%M %Z");
            let reason = format!("waiting for data until {at}: {}", in_words(&late, zone));
            return Ok(Ending::NotYet { reason, until: (request.now + LOOK_EVERY).min(deadline) });
        }
        notices = late.into_iter().map(Notice::from).collect();
    }

    // The numbers of each view.
    let condition = workspace.conditions.get(&definition.id.value);
    let mut questions = report::questions(definition, template(workspace, definition)?, &workspace.catalog);
    questions.extend(condition.map(|condition| condition.question().clone()));
    let measuring = Measuring { workspace, sources, definition, questions };
    let views: IndexSet<View> = readers.iter().map(|(_, view, _)| view.clone()).collect();
    let measurements = measuring.measurements(&views, |zone| request.period.at(request.scheduled_for, zone)).await?;

    // Who gets it, by the conditions.
    let mut left_out = Vec::new();
    if request.trigger == Trigger::Schedule {
        for (view, measurement) in &measurements {
            let Some(reason) = withheld(definition, condition, &workspace.kpis, measurement)? else { continue };
            let (without, with) = readers.into_iter().partition(|(_, own, _)| own == view);
            readers = with;
            left_out.extend(without.into_iter().map(|(reader, _, _): (Addressee, _, _)| LeftOut {
                recipient: reader.address,
                reason: reason.clone(),
            }));
        }
        if let (true, Some(first)) = (readers.is_empty(), left_out.first()) {
            return Ok(Ending::Nobody(first.reason.clone()));
        }
    }

    // The alerts of every reader's period.
    let windows = measurements.values().map(|measurement| measurement.period.window);
    let episodes = match (windows.clone().map(|window| window.from).min(), windows.map(|window| window.to).max()) {
        (Some(from), Some(to)) => journal.episodes_between(from, to).await?,
        _ => Vec::new(),
    };

    // The messages.
    let kept = View { zone, scope: None };
    let origin = Origin { report: definition.id.value.clone(), period: issue(request, &period), generation };
    let mailing = Mailing {
        workspace,
        definition,
        origin,
        run_at: request.scheduled_for,
        now: request.now,
        unsubscribing: Unsubscribing::of(workspace, journal).await?,
        late: notices,
        episodes,
        kept: kept.clone(),
    };
    let Mailed { kept: editions, batches } = mailing.messages(&readers, &measurements)?;
    let made = measurements.get(&kept).filter(|_| !editions.is_empty()).map(|measurement| {
        Box::new(Made {
            editions: editions.into_iter().collect(),
            current: measurement.current.clone(),
            previous: measurement.previous.clone(),
        })
    });
    Ok(Ending::Messages(Outgoing { batches, left_out }, made))
}

/// Why a scheduled run must not start any more: a report that comes hours late is taken for the next one.
fn starts_too_late(request: &RunRequest<'_>) -> Option<String> {
    let schedule = request.report.schedule.as_ref().filter(|_| request.trigger == Trigger::Schedule)?;
    let latest = request.scheduled_for + schedule.start_deadline?;
    let shown = latest.with_timezone(&schedule.timezone).format("%a %Y-%m-%d %H:%M %Z");
    (request.now > latest).then(|| format!("it could not start by {shown}, as its start_deadline asks"))
}

/// What tells the messages of a run from those of other runs of the report: its period, and the instant where one period
/// is reported several times. Mail programs keep one of two messages with the same id.
fn issue(request: &RunRequest<'_>, period: &Period) -> String {
    match (request.trigger, Repetition::of(&request.report.period)) {
        (Trigger::Schedule, Repetition::EveryInstant) => {
            format!("{}-{}", period.label, request.scheduled_for.format("%Y%m%dT%H%MZ"))
        }
        _ => period.label.clone(),
    }
}

/// A report's own language.
pub fn language_of(workspace: &Workspace, report: &ReportDefinition) -> Language {
    report.language.unwrap_or(workspace.catalog.settings.locale)
}

/// A report's own zone: that of its schedule, else the workspace's.
pub fn zone_of(workspace: &Workspace, report: &ReportDefinition) -> Tz {
    report.schedule.as_ref().map_or(workspace.catalog.settings.timezone, |schedule| schedule.timezone)
}

/// The period in the report's own zone: the one a run is recorded with.
fn own_period(workspace: &Workspace, request: &RunRequest<'_>) -> Period {
    request.period.at(request.scheduled_for, zone_of(workspace, request.report))
}

/// A picture of a mail's body as the message takes it.
pub(super) fn inline(image: &crate::report::export::email::InlineImage) -> InlineImage {
    InlineImage {
        content_id: image.content_id.clone(),
        media_type: image.media_type.to_string(),
        bytes: image.bytes.clone(),
    }
}
