//! The journal's words as types: runs, claims, deliveries and their states. No statements here.

use std::fmt;

use chrono::{DateTime, Utc};

use super::JournalError;
use crate::time::{PeriodName, Window};
use crate::workspace::OnUnknown;

/// Names a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub(super) i64);

/// Names a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeliveryId(pub(super) i64);

/// The right to finish a run. It holds until the claim lapses and someone else takes the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunClaim {
    /// The run.
    pub id: RunId,
    /// Which attempt this is, from 1; a later attempt by someone else voids this claim.
    pub attempt: i64,
    /// 0 for the schedule's own run, counted up from 1 for runs by hand; part of the Message-ID.
    pub generation: i64,
}

/// The answer to asking for a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is ours to do.
    Mine(RunClaim),
    /// It exists already: done, failed, or being done by someone else.
    Taken,
}

/// Asks for a run.
#[derive(Clone, Debug)]
pub struct ClaimRequest {
    /// The report's id.
    pub report: String,
    /// The instant the run stands for: the schedule's, or now for a run by hand.
    pub scheduled_for: DateTime<Utc>,
    /// The period's label.
    pub period: String,
    /// The instants the period covers; frozen here, so that a late run reports the same stretch.
    pub window: Window,
    /// Why it runs.
    pub trigger: Trigger,
    /// Whether the schedule may report the same period again.
    pub repetition: Repetition,
    /// Instants that were missed and will not be made up for, recorded together with the claim.
    pub skips: Vec<Skip>,
    /// Who asks: a name of this process, for people.
    pub owner: String,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// A scheduled instant that will not be run.
#[derive(Clone, Debug)]
pub struct Skip {
    /// The instant.
    pub scheduled_for: DateTime<Utc>,
    /// The label of the period it would have reported.
    pub period: String,
    /// That period's instants.
    pub window: Window,
    /// Why, for people.
    pub reason: String,
}

/// Why a run exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// Its schedule came round; at most one run for each instant.
    Schedule,
    /// Someone asked; each such run is a generation of its own.
    Manual,
}

/// Whether a schedule may report one period several times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repetition {
    /// No: the period is over and its numbers stand. Moving the schedule's hour must not send last week twice.
    OncePerPeriod,
    /// Yes: the period is still going on ("today", every hour), or it was fixed by hand.
    EveryInstant,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunState {
    /// Being worked on, until the claim lapses.
    Claimed,
    /// Failed for now, or held until its data are there; will be looked at again.
    Waiting,
    /// Made; its deliveries are in the outbox.
    Queued,
    /// Made, and every delivery is settled.
    Done,
    /// Given up.
    Failed,
    /// Not made, or made for nobody, with the reason.
    Skipped,
}

/// Where a delivery stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryState {
    /// To be sent at its next attempt's instant.
    Due,
    /// Being sent.
    Attempting,
    /// Taken by the next server, or written to the folder.
    Sent,
    /// Given up.
    Failed,
    /// May have been taken: the answer was lost. Will be sent again with the same bytes and Message-ID.
    Uncertain,
    /// Not sent, with the reason.
    Suppressed,
    /// May have been taken: the answer was lost. Not sent again by itself, as its report wants it.
    Held,
}

/// A way out of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Channel {
    /// To a mailbox.
    Mail,
    /// To a program, over HTTPS.
    Webhook,
}

/// A message for the outbox.
#[derive(Clone, Debug)]
pub struct NewDelivery {
    /// The way it takes.
    pub channel: Channel,
    /// The recipient's address, also the envelope's; of a webhook its name.
    pub recipient: String,
    /// The message's own id, with angle brackets.
    pub message_id: String,
    /// Where bounces go.
    pub envelope_from: String,
    /// The whole message.
    pub bytes: Vec<u8>,
    /// What happens when nobody knows whether it was taken.
    pub on_unknown: OnUnknown,
    /// When trying ends.
    pub expires_at: DateTime<Utc>,
}

/// What a run sends.
#[derive(Clone, Debug, Default)]
pub struct Outgoing {
    /// Its messages.
    pub batches: Vec<Batch>,
    /// Those who get none.
    pub left_out: Vec<LeftOut>,
}

/// Messages made from the same numbers.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// The numbers as JSON, for the archive.
    pub made_from: Option<String>,
    /// The messages.
    pub deliveries: Vec<NewDelivery>,
}

/// Someone who gets nothing this time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The address.
    pub recipient: String,
    /// Why, for people.
    pub reason: String,
}

/// A delivery that is ours to attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Its name.
    pub id: DeliveryId,
    /// The run it belongs to.
    pub run: RunId,
    /// The recipient's address.
    pub recipient: String,
    /// The message's own id.
    pub message_id: String,
    /// Where bounces go.
    pub envelope_from: String,
    /// The whole message, the same at each attempt.
    pub bytes: Vec<u8>,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// What happens when nobody knows whether it was taken.
    pub on_unknown: OnUnknown,
    /// When trying ends.
    pub expires_at: DateTime<Utc>,
}

/// A run as `callbrief runs` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunRecord {
    /// Its name.
    pub id: RunId,
    /// The report's id.
    pub report: String,
    /// Why it ran.
    pub trigger: Trigger,
    /// The instant it stands for.
    pub scheduled_for: DateTime<Utc>,
    /// The period's label.
    pub period: String,
    /// The period's instants.
    pub window: Window,
    /// 0 for the schedule's own run, from 1 for runs by hand.
    pub generation: i64,
    /// Where it stands.
    pub state: RunState,
    /// How often it was tried.
    pub attempt: i64,
    /// Why it failed, was skipped, or waits.
    pub error: Option<String>,
    /// When it was claimed first.
    pub created: DateTime<Utc>,
    /// When it ended.
    pub finished: Option<DateTime<Utc>>,
    /// Its messages, in the order of the recipients.
    pub deliveries: Vec<DeliveryRecord>,
}

/// A delivery as `callbrief runs` shows it; without the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryRecord {
    /// Its name.
    pub id: DeliveryId,
    /// The way it takes.
    pub channel: Channel,
    /// The recipient's address.
    pub recipient: String,
    /// The run's generation, or a later one for a message that was sent again.
    pub generation: i64,
    /// The message's own id; empty when there is no message.
    pub message_id: String,
    /// Where it stands.
    pub state: DeliveryState,
    /// How often it was tried.
    pub attempts: i64,
    /// How many attempts ended without an answer: the recipient may have that many copies more.
    pub uncertain: i64,
    /// When it is tried next, if it is still open.
    pub next_attempt: DateTime<Utc>,
    /// The last failure.
    pub last_error: Option<String>,
    /// What the server answered when it took the message.
    pub reply: Option<String>,
    /// When it was taken.
    pub sent: Option<DateTime<Utc>>,
    /// When trying ends.
    pub expires: DateTime<Utc>,
}

impl From<Vec<NewDelivery>> for Outgoing {
    fn from(deliveries: Vec<NewDelivery>) -> Self {
        Self { batches: vec![Batch { made_from: None, deliveries }], left_out: Vec::new() }
    }
}

impl RunId {
    /// The run with this number, which need not exist.
    pub fn of(number: i64) -> Self {
        Self(number)
    }

    /// Its number, by which people name it.
    pub fn number(self) -> i64 {
        self.0
    }
}

impl DeliveryState {
    /// Whether the message is still to go out.
    pub fn is_open(self) -> bool {
        match self {
            Self::Due | Self::Attempting | Self::Uncertain => true,
            Self::Sent | Self::Failed | Self::Suppressed | Self::Held => false,
        }
    }
}

impl DeliveryId {
    /// A number that stays the same for this delivery, to spread retries with.
    pub fn seed(self) -> u64 {
        self.0.unsigned_abs()
    }
}

impl Repetition {
    /// What fits this period: periods that are over when they are reported are reported once.
    pub fn of(period: &PeriodName) -> Self {
        match period {
            PeriodName::Yesterday | PeriodName::PreviousWeek | PeriodName::PreviousMonth => Self::OncePerPeriod,
            PeriodName::Today | PeriodName::ThisWeek | PeriodName::ThisMonth | PeriodName::Days { .. } => {
                Self::EveryInstant
            }
        }
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for DeliveryId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Gives an enum its words in the database, and the way back.
macro_rules! words {
    ($type:ident, $what:literal, $($variant:ident = $word:literal),+) => {
        impl $type {
            /// The word for it, in the database and on the command line.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub(super) fn parse(word: &str) -> Result<Self, JournalError> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(JournalError::Unreadable { what: $what, value: word.to_owned() }),
                }
            }
        }
    };
}

pub(super) use words;

words!(Channel, "channel", Mail = "mail", Webhook = "webhook");
words!(Trigger, "trigger", Schedule = "schedule", Manual = "manual");
words!(
    RunState,
    "run state",
    Claimed = "claimed",
    Waiting = "waiting",
    Queued = "queued",
    Done = "done",
    Failed = "failed",
    Skipped = "skipped"
);
words!(
    DeliveryState,
    "delivery state",
    Due = "due",
    Attempting = "attempting",
    Sent = "sent",
    Failed = "failed",
    Uncertain = "uncertain",
    Suppressed = "suppressed",
    Held = "held"
);
