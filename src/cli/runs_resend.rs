//! `callbrief runs resend`: the archived messages of a run once more, as they were, under new Message-IDs. Nothing is
//! computed.

use anyhow::{Context, bail};

use super::Verdict;
use super::report::{owner, tell_deliveries};
use super::runs::{let_go, made};
use super::session::{Session, complain};
use crate::delivery::{Again, Contact, Origin, Transport, deliver_due, resent};
use crate::journal::{Channel, DeliveryRecord, Journal, NewDelivery, Resend, Resent, RunRecord};
use crate::pipeline::Workspace;

/// What is sent to whom.
pub(super) struct Choice<'a> {
    /// Only what this recipient got.
    pub(super) recipient: Option<&'a str>,
    /// Who gets it instead.
    pub(super) to: Option<&'a str>,
}

pub(super) async fn run(
    session: &Session,
    workspace: &Workspace,
    journal: &Journal,
    run: &RunRecord,
    choice: &Choice<'_>,
) -> anyhow::Result<Verdict> {
    let now = session.clock.now();
    let instead = choice.to.map(Contact::parse).transpose().context("--to")?;
    let chosen = chosen(run, choice)?;
    let generation = journal.next_generation(run).await?;
    let origin = Origin { report: run.report.clone(), period: run.period.clone(), generation };
    let report = workspace.catalog.reports.get(&run.report);
    let on_unknown = report.and_then(|report| report.on_unknown).unwrap_or(workspace.catalog.settings.mail.on_unknown);
    let mut messages = Vec::with_capacity(chosen.len());
    for delivery in chosen {
        let archived = journal.archived(delivery.id).await?.with_context(|| let_go(run, delivery))?;
        let message = resent(&Again {
            original: &archived.bytes,
            original_id: &delivery.message_id,
            envelope_from: &archived.envelope_from,
            recipient: &delivery.recipient,
            instead: instead.as_ref(),
            origin: &origin,
            date: now,
        })?;
        let message = NewDelivery { on_unknown, ..message.into_delivery(now) };
        messages.push(Resend { of: delivery.id, message });
    }
    let ids: Vec<String> = messages.iter().map(|resend| resend.message.message_id.clone()).collect();
    if journal.resend(run, generation, messages, now).await? == Resent::Overtaken {
        bail!("someone else is sending messages of this report at this moment; give the command again");
    }
    let transport = Transport::from_settings(&workspace.catalog.settings.mail, &workspace.catalog.root)?;
    let round = deliver_due(journal, &transport, &session.clock, &owner()).await?;
    let verdict = tell_deliveries(journal, run.id, &ids).await?;
    if round.is_paced {
        complain("the mail server takes no more messages within this minute; `callbrief serve` sends the rest");
    }
    match round.halted {
        None => Ok(verdict),
        Some(failure) => {
            complain(&format!(
                "mail cannot leave now: {failure}; it stays in the outbox and `callbrief serve` sends it"
            ));
            Ok(Verdict::Found)
        }
    }
}

fn chosen<'a>(run: &'a RunRecord, choice: &Choice<'_>) -> anyhow::Result<Vec<&'a DeliveryRecord>> {
    let mut all = made(run)?;
    all.retain(|delivery| delivery.channel == Channel::Mail);
    if all.is_empty() {
        bail!("run {} told only webhooks, which are not told again by hand", run.id);
    }
    if let Some(recipient) = choice.recipient {
        all.retain(|delivery| delivery.recipient.eq_ignore_ascii_case(recipient));
        if all.is_empty() {
            bail!("run {} has no message to {recipient}", run.id);
        }
    }
    if choice.to.is_some() && all.len() > 1 {
        bail!(
            "run {} has {} messages, which may differ\nhelp: say whose is meant with `--recipient ADDRESS`",
            run.id,
            all.len()
        );
    }
    // Whoever has not got the first one yet would get it twice.
    if let Some(open) = all.iter().find(|delivery| choice.to.is_none() && delivery.state.is_open()) {
        bail!("the message to {} has not gone out yet: it is {}", open.recipient, open.state.word());
    }
    Ok(all)
}
