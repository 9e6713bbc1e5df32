//! The outbox loop: claim, send, record, until nothing is due. What an attempt's failure means is decided here.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::retry::delay_after;
use super::{DeliveryError, FailureKind, Transport, without_mailboxes};
use crate::journal::{Channel, Claimed, Delivery, Journal, JournalError, Setback};
use crate::time::Clock;
use crate::workspace::OnUnknown;

/// How often it is tried to record that a message was taken, and after what time again.
const RECORD_TRIES: u32 = 30;
const RECORD_AGAIN: Duration = Duration::from_secs(1);

/// What one round through the outbox did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Round {
    /// Messages taken by the server or written to the folder.
    pub sent: u64,
    /// Deliveries given up.
    pub failed: u64,
    /// Deliveries that will be tried again later.
    pub retried: u64,
    /// Whether the round ended because no more may leave within this minute.
    pub is_paced: bool,
    /// Why the round ended before the outbox was empty: a failure that concerns every message.
    pub halted: Option<DeliveryError>,
}

/// Sends everything that is due on the transport's channel. The error is the journal's; failures of the mail server are in
/// the round and in the journal. Dropping the future in the middle leaves at most one delivery uncertain.
pub async fn deliver_due(
    journal: &Journal,
    transport: &Transport,
    clock: &Clock,
    owner: &str,
) -> Result<Round, JournalError> {
    deliver_while(journal, transport, clock, owner, || true).await
}

/// As [`deliver_due`], but asks before each message whether to go on: a service that is told to stop finishes the
/// message in hand and leaves the rest for the next start.
pub async fn deliver_while(
    journal: &Journal,
    transport: &Transport,
    clock: &Clock,
    owner: &str,
    go_on: impl Fn() -> bool,
) -> Result<Round, JournalError> {
    let mut round = Round::default();
    let mut session = transport.session();
    while go_on() && round.halted.is_none() {
        if is_full(journal, transport, clock.now()).await? {
            round.is_paced = true;
            break;
        }
        let Some(delivery) = journal.claim_delivery(transport.channel(), clock.now(), owner).await? else { break };
        let sending = session.send(&delivery, clock.now());
        match journal.keeping(Claimed::from(&delivery), clock.now(), sending).await {
            Ok(reply) => {
                record_sent(journal, &delivery, &reply, clock).await?;
                round.sent += 1;
            }
            Err(error) => {
                let now = clock.now();
                let setback = setback(&delivery, &error, now);
                journal.record_failure(&delivery, &error.to_string(), setback, now).await?;
                match setback {
                    Setback::Permanent | Setback::DeadAddress | Setback::Held => round.failed += 1,
                    Setback::Retry(_) | Setback::Uncertain(_) => round.retried += 1,
                }
                let error_text = without_mailboxes(&error.to_string());
                tracing::warn!(run = %delivery.run, delivery = %delivery.id, error = error_text, "a message did not go out");
                // Webhooks have a server each: what is wrong with one says nothing about the others.
                let is_shared = transport.channel() == Channel::Mail;
                round.halted = (is_shared && error.concerns_all()).then_some(error);
            }
        }
    }
    session.close().await;
    Ok(round)
}

/// Whether as many messages have left within the last minute as may, through whichever process.
async fn is_full(journal: &Journal, transport: &Transport, now: DateTime<Utc>) -> Result<bool, JournalError> {
    let Some(most) = transport.messages_per_minute() else { return Ok(false) };
    Ok(journal.sent_within(transport.channel(), TimeDelta::minutes(1), now).await? >= u64::from(most))
}

/// Records that a message was taken. A journal out of reach is asked again for a while: without the record the message would
/// be sent a second time.
async fn record_sent(journal: &Journal, delivery: &Delivery, reply: &str, clock: &Clock) -> Result<(), JournalError> {
    let mut tries = 1;
    loop {
        match journal.record_sent(delivery, reply, clock.now()).await {
            Err(failure) if failure.is_temporary() && tries < RECORD_TRIES => {
                tokio::time::sleep(RECORD_AGAIN).await;
                tries += 1;
            }
            result => return result,
        }
    }
}

/// What comes of a delivery after this failure: given up when it can never work, or when its next try would come
/// after its expiry. A fault in the settings does not use up a message: someone may mend it in time.
fn setback(delivery: &Delivery, error: &DeliveryError, now: DateTime<Utc>) -> Setback {
    let delay = delay_after(delivery.attempt, delivery.id.seed());
    let next = now + error.retry_after.map_or(delay, |asked| asked.max(delay));
    match error.kind {
        FailureKind::DeadAddress => Setback::DeadAddress,
        FailureKind::PermanentRecipient => Setback::Permanent,
        FailureKind::Uncertain if delivery.on_unknown == OnUnknown::Hold => Setback::Held,
        _ if next >= delivery.expires_at => Setback::Permanent,
        FailureKind::Uncertain => Setback::Uncertain(next),
        FailureKind::Temporary | FailureKind::Unreachable | FailureKind::Configuration => Setback::Retry(next),
    }
}
