//! One run of a report, from its claim in the journal to its messages in the outbox. Delivery is a loop of its own.

use std::collections::BTreeSet;

use anyhow::Context;
use chrono::{DateTime, TimeDelta, Utc};

use super::{Made, Order, Sources, Workspace, make};
use crate::delivery::{Attachment, Contact, InlineImage, Mail, Origin, build};
use crate::diagnostics::Spanned;
use crate::journal::{Claim, ClaimRequest, Journal, NewDelivery, Repetition, RunClaim, Skip, Trigger};
use crate::locale::Language;
use crate::time::Period;
use crate::workspace::{Format, Recipient, ReportDefinition};

/// How long a message is tried before it is given up.
const EXPIRES_AFTER: TimeDelta = TimeDelta::hours(48);
/// When a run is tried again after a failure that may pass.
const RETRY_AFTER: TimeDelta = TimeDelta::minutes(5);

/// A run that is to be done.
pub struct RunRequest<'a> {
    /// The report.
    pub report: &'a ReportDefinition,
    /// The period, frozen.
    pub period: Period,
    /// The instant the run stands for.
    pub scheduled_for: DateTime<Utc>,
    /// Why it runs.
    pub trigger: Trigger,
    /// Missed instants that are recorded with it.
    pub skips: Vec<Skip>,
    /// Who gets it; the report's recipients when none.
    pub recipients: Option<Vec<Recipient>>,
    /// A name of this process, for people.
    pub owner: String,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// What came of a run.
pub enum RunOutcome {
    /// Its messages are in the outbox; these are their ids.
    Queued(Box<Made>, Vec<String>),
    /// Someone else has done it or is at it.
    Taken,
    /// It failed; the journal holds the reason and whether it will be tried again.
    Failed(anyhow::Error),
}

/// Claims a run, makes its report and puts its messages into the outbox. The error is the journal's.
pub async fn run_report(
    workspace: &Workspace,
    sources: &Sources,
    journal: &Journal,
    request: RunRequest<'_>,
) -> anyhow::Result<RunOutcome> {
    let claim = journal
        .claim_run(&ClaimRequest {
            report: request.report.id.value.clone(),
            scheduled_for: request.scheduled_for,
            period: request.period.label.clone(),
            window: request.period.window,
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
    let made = prepare_messages(workspace, sources, &request, claim.generation).await;
    match made {
        Ok((made, deliveries)) => {
            let ids = deliveries.iter().map(|delivery| delivery.message_id.clone()).collect();
            journal.finish_run(claim, deliveries, request.now).await?;
            Ok(RunOutcome::Queued(Box::new(made), ids))
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

async fn prepare_messages(
    workspace: &Workspace,
    sources: &Sources,
    request: &RunRequest<'_>,
    generation: i64,
) -> anyhow::Result<(Made, Vec<NewDelivery>)> {
    let recipients = match &request.recipients {
        Some(recipients) => recipients.clone(),
        None => recipients_of(workspace, request.report),
    };
    let own = language_of(workspace, request.report);
    let wanted = |recipient: &Recipient| recipient.language.unwrap_or(own);
    let mut languages: Vec<Language> = recipients.iter().map(wanted).collect();
    languages.push(own);
    languages.sort_unstable();
    languages.dedup();
    let order = Order { period: request.period.clone(), run_at: request.scheduled_for, languages };
    let made = make(workspace, sources, request.report, &order).await?;
    let from = Contact::parse(&workspace.catalog.settings.mail.from.value)?;
    let mut deliveries = Vec::with_capacity(recipients.len());
    for recipient in &recipients {
        // Invariant: an edition was made for every language a recipient wants.
        let edition = made.editions.get(&wanted(recipient)).context("no edition in the recipient's language")?;
        let attached = edition.files.iter().zip(&request.report.formats).filter(|(_, format)| **format == Format::Pdf);
        let message = build(&Mail {
            from: from.clone(),
            to: Contact { name: recipient.name.clone(), address: recipient.address.value.clone() },
            subject: edition.subject.clone(),
            text: edition.text.clone(),
            html: Some(edition.email.html.clone()),
            images: edition.email.images.iter().map(inline).collect(),
            attachments: attached.map(|(file, _)| attachment(file)).collect(),
            origin: Origin {
                report: request.report.id.value.clone(),
                period: request.period.label.clone(),
                generation,
            },
            thread: Vec::new(),
            date: request.scheduled_for,
        })?;
        deliveries.push(NewDelivery {
            recipient: recipient.address.value.clone(),
            message_id: message.message_id,
            envelope_from: message.envelope_from,
            bytes: message.bytes,
            expires_at: request.now + EXPIRES_AFTER,
        });
    }
    Ok((made, deliveries))
}

/// A report's recipients, each address once however many groups hold it.
pub fn recipients_of(workspace: &Workspace, report: &ReportDefinition) -> Vec<Recipient> {
    recipients_in(workspace, &report.recipients)
}

/// The recipients in these groups, each address once.
pub(super) fn recipients_in(workspace: &Workspace, groups: &[Spanned<String>]) -> Vec<Recipient> {
    let mut seen = BTreeSet::new();
    let groups = groups.iter().filter_map(|group| workspace.catalog.recipients.get(&group.value));
    groups.flatten().filter(|recipient| seen.insert(recipient.address.value.to_lowercase())).cloned().collect()
}

/// A report's own language.
pub fn language_of(workspace: &Workspace, report: &ReportDefinition) -> Language {
    report.language.unwrap_or(workspace.catalog.settings.locale)
}

/// A picture of a mail's body as the message takes it.
pub(super) fn inline(image: &crate::report::export::email::InlineImage) -> InlineImage {
    InlineImage {
        content_id: image.content_id.clone(),
        media_type: image.media_type.to_string(),
        bytes: image.bytes.clone(),
    }
}

fn attachment(file: &crate::report::document::Artifact) -> Attachment {
    Attachment { file_name: file.name.clone(), media_type: file.media_type.to_owned(), bytes: file.bytes.clone() }
}
