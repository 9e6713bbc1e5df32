//! Why a message did not go out, in the classes the outbox decides by.

use chrono::TimeDelta;

/// What a failed attempt means for the delivery and for the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// This message was put off (4xx); others may go through.
    Temporary,
    /// The server is out of reach, silent or busy: nothing will go through now.
    Unreachable,
    /// The message was sent to its end and the answer was lost: it may have been taken.
    Uncertain,
    /// The server will never take this message for this recipient (5xx).
    PermanentRecipient,
    /// There is no such recipient: nothing should be sent there again.
    DeadAddress,
    /// The server refuses us: login, sender, relaying, TLS. Someone must change the settings.
    Configuration,
}

/// A failed attempt; the text holds the server's answer and never a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{step}: {text}")]
pub struct DeliveryError {
    /// What it means.
    pub kind: FailureKind,
    /// What was being done, such as "naming the recipient".
    pub step: &'static str,
    /// The server's answer with its code, or what the system said.
    pub text: String,
    /// How long the server asks to be left alone; none when it does not say.
    pub retry_after: Option<TimeDelta>,
}

impl DeliveryError {
    /// Whether trying again by itself makes sense.
    pub fn is_temporary(&self) -> bool {
        matches!(self.kind, FailureKind::Temporary | FailureKind::Unreachable | FailureKind::Uncertain)
    }

    /// Whether other messages would fail just the same, so that trying them now only burns attempts.
    pub fn concerns_all(&self) -> bool {
        matches!(self.kind, FailureKind::Unreachable | FailureKind::Configuration)
    }
}
