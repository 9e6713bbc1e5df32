//! What a failure at each step of an SMTP dialogue means. Kept apart from the dialogue, as it is all policy.

use std::error::Error as _;
use std::time::Duration;

use lettre::transport::smtp::Error;

use super::{DeliveryError, FailureKind, clean};

/// The steps of a dialogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Connect,
    Greeting,
    StartTls,
    Login,
    Sender,
    Recipient,
    Data,
    /// The message itself, up to the answer to its final dot.
    Message,
}

impl Step {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Connect => "connecting to the mail server",
            Self::Greeting => "greeting the mail server",
            Self::StartTls => "switching to TLS",
            Self::Login => "logging in to the mail server",
            Self::Sender => "naming the sender",
            Self::Recipient => "naming the recipient",
            Self::Data => "announcing the message",
            Self::Message => "sending the message",
        }
    }

    pub(super) fn timed_out(self, limit: Duration) -> DeliveryError {
        from_text(self.broken(), self.words(), &format!("no answer within {} s", limit.as_secs_f64()))
    }

    /// What it means when the line breaks or stays silent here.
    fn broken(self) -> FailureKind {
        match self {
            // The final dot may have arrived: whether it did cannot be told from here.
            Self::Message => FailureKind::Uncertain,
            // The server dislikes something about this message; others may be fine.
            Self::Recipient | Self::Data => FailureKind::Temporary,
            _ => FailureKind::Unreachable,
        }
    }
}

/// The meaning of what lettre reports.
pub(super) fn from_lettre(step: Step, error: &Error) -> DeliveryError {
    let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
    let Some(code) = error.status() else {
        if let Some(fault) = certificate_fault(error) {
            let text = format!("the certificate is not to be trusted: {fault}");
            return from_text(FailureKind::Configuration, step.words(), &text);
        }
        // `is_client` means that the server lacks something we need: STARTTLS, a way to log in.
        let kind = if error.is_client() { FailureKind::Configuration } else { step.broken() };
        return from_text(kind, step.words(), &reason);
    };
    let code = code.to_string();
    let reason = if step == Step::Login { without_long_tokens(&reason) } else { reason };
    from_text(meaning(step, &code, &reason), step.words(), &format!("{code} {reason}"))
}

/// What is wrong with the server's certificate, when that is why the connection failed.
fn certificate_fault(error: &Error) -> Option<rustls::CertificateError> {
    let mut cause = error.source();
    while let Some(inner) = cause {
        // An error of a stream has its cause inside, not behind it.
        let io = inner.downcast_ref::<std::io::Error>().and_then(|io| io.get_ref()?.downcast_ref::<rustls::Error>());
        match io.or_else(|| inner.downcast_ref()) {
            Some(rustls::Error::InvalidCertificate(fault)) => return Some(fault.clone()),
            _ => cause = inner.source(),
        }
    }
    None
}

/// An error with its text made fit for one line of a listing.
pub(super) fn from_text(kind: FailureKind, step: &'static str, text: &str) -> DeliveryError {
    DeliveryError { kind, step, text: clean(text, 500), retry_after: None }
}

/// What a refusal with this code means.
fn meaning(step: Step, code: &str, reason: &str) -> FailureKind {
    match (step, code) {
        (_, "421") => FailureKind::Unreachable,
        (_, "530" | "534" | "535" | "538") => FailureKind::Configuration,
        (Step::Recipient | Step::Data | Step::Message, _) if code.starts_with('5') => {
            // "Relay access denied" looks like a bad recipient and is true of every recipient outside.
            if step == Step::Recipient && reason.to_ascii_lowercase().contains("relay") {
                FailureKind::Configuration
            } else if is_dead(step, code, reason) {
                FailureKind::DeadAddress
            } else {
                FailureKind::PermanentRecipient
            }
        }
        _ if code.starts_with('5') => FailureKind::Configuration,
        (Step::Connect | Step::Greeting | Step::StartTls | Step::Login, _) => FailureKind::Unreachable,
        _ => FailureKind::Temporary,
    }
}

/// Whether a refusal is about the address, and not about this message, its size, its sender or a full mailbox. The second
/// code says so (RFC 3463: 5.1.1 to 5.1.3 and 5.1.10 no such mailbox or domain, 5.1.6 moved, 5.2.1 disabled); without one
/// it takes a plain word.
fn is_dead(step: Step, code: &str, reason: &str) -> bool {
    let reason = reason.to_ascii_lowercase();
    let second = reason.split_whitespace().next().filter(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        parts.len() == 3 && parts.iter().all(|part| part.parse::<u16>().is_ok())
    });
    match second {
        Some(second) => ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"].contains(&second),
        None => {
            let words = ["no such", "unknown", "not exist", "not found", "disabled"];
            step == Step::Recipient
                && ["550", "551", "553"].contains(&code)
                && words.iter().any(|word| reason.contains(word))
        }
    }
}

/// Hides what could be a password in base64, should a server repeat it.
fn without_long_tokens(reason: &str) -> String {
    let is_token = |word: &str| {
        word.len() >= 16 && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
    };
    reason.split_whitespace().map(|word| if is_token(word) { "***" } else { word }).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{FailureKind, Step, meaning, without_long_tokens};

    #[test]
    fn codes_mean_different_things_at_different_steps() {
        let check = |step, code, reason: &str, kind| assert_eq!(meaning(step, code, reason), kind, "{step:?} {code}");
        check(Step::Greeting, "421", "busy", FailureKind::Unreachable);
        check(Step::Greeting, "554", "blocked", FailureKind::Configuration);
        check(Step::Login, "454", "try later", FailureKind::Unreachable);
        check(Step::Login, "535", "bad password", FailureKind::Configuration);
        check(Step::Sender, "550", "sender not allowed", FailureKind::Configuration);
        check(Step::Sender, "452", "disk full", FailureKind::Temporary);
        check(Step::Recipient, "451", "greylisted", FailureKind::Temporary);
        check(Step::Recipient, "421", "too many", FailureKind::Unreachable);
        check(Step::Recipient, "530", "must issue STARTTLS", FailureKind::Configuration);
        check(Step::Recipient, "550", "no such user", FailureKind::DeadAddress);
        check(
            Step::Recipient,
            "550",
            "5.1.1 <a@b.c>: Recipient address rejected: User unknown",
            FailureKind::DeadAddress,
        );
        check(Step::Recipient, "550", "5.1.10 recipient not found", FailureKind::DeadAddress);
        check(Step::Message, "550", "5.2.1 mailbox disabled", FailureKind::DeadAddress);
        check(Step::Recipient, "550", "5.7.1 unknown client", FailureKind::PermanentRecipient);
        check(Step::Recipient, "550", "5.1.8 no such sender", FailureKind::PermanentRecipient);
        check(Step::Recipient, "552", "5.2.2 mailbox full", FailureKind::PermanentRecipient);
        check(Step::Recipient, "550", "blocked by policy", FailureKind::PermanentRecipient);
        check(Step::Message, "550", "unknown content", FailureKind::PermanentRecipient);
        check(Step::Recipient, "554", "5.7.1 Relay access denied", FailureKind::Configuration);
        check(Step::Message, "552", "too big", FailureKind::PermanentRecipient);
        check(Step::Message, "451", "scanner down", FailureKind::Temporary);
    }

    #[test]
    fn a_repeated_secret_is_hidden() {
        assert_eq!(without_long_tokens("5.7.8 AUTH PLAIN AGJvYgBodW50ZXIy= refused"), "5.7.8 AUTH PLAIN *** refused");
    }
}
