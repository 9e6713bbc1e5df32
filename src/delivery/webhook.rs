//! The way to webhooks: one signed POST for each message, over verified TLS. Redirects are not followed and answers are not
//! read beyond their head. What is never shown: addresses and secrets; a webhook goes by its name.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret, SecretString};
use ureq::Agent;
use ureq::config::Config;
use ureq::http::StatusCode;
use ureq::http::header::{CONTENT_TYPE, RETRY_AFTER};
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use super::certificate_fault::certificate_fault;
use super::webhook_signature::{SIGNATURE_HEADER, signature};
use super::{DeliveryError, FailureKind, clean};
use crate::journal::Delivery;
use crate::workspace::WebhookSettings;

/// A webhook that is asked to wait longer than this is called after it all the same.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(6);

/// What stands before a webhook's name among the recipients.
const PREFIX: &str = "webhook:";

/// The time limits of a call.
#[derive(Clone, Copy, Debug)]
pub struct WebhookTimeouts {
    /// For finding the host, connecting and agreeing on TLS.
    pub connect: Duration,
    /// For all of it, up to the head of the answer.
    pub whole: Duration,
}

/// The webhooks of a workspace.
#[derive(Clone)]
pub struct WebhookTransport {
    hooks: BTreeMap<String, Arc<Hook>>,
}

struct Hook {
    agent: Agent,
    url: SecretString,
    secret: SecretString,
}

impl Default for WebhookTimeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), whole: Duration::from_secs(20) }
    }
}

/// What a webhook is called among the recipients; no mail address looks like it.
pub fn webhook_recipient(name: &str) -> String {
    format!("{PREFIX}{name}")
}

impl WebhookTransport {
    /// The way to these webhooks. Nothing is contacted yet; what can fail is reading certificates. Relative paths start at
    /// `root`.
    pub fn new<'a>(settings: impl Iterator<Item = &'a WebhookSettings>, root: &Path) -> Result<Self, DeliveryError> {
        Self::with_timeouts(settings, root, WebhookTimeouts::default())
    }

    /// The same with other time limits.
    pub fn with_timeouts<'a>(
        settings: impl Iterator<Item = &'a WebhookSettings>,
        root: &Path,
        timeouts: WebhookTimeouts,
    ) -> Result<Self, DeliveryError> {
        let trusted = rustls_native_certs::load_native_certs().certs;
        let trusted: Vec<Certificate<'static>> =
            trusted.iter().map(|certificate| Certificate::from_der(certificate).to_owned()).collect();
        let hook = |settings: &WebhookSettings| {
            let own = settings.ca_file.as_ref().map(|file| certificates(&root.join(file))).transpose()?;
            let trusted: Vec<_> = trusted.iter().cloned().chain(own.into_iter().flatten()).collect();
            let hook =
                Hook { agent: agent(&trusted, timeouts), url: settings.url.clone(), secret: settings.secret.clone() };
            Ok((settings.name.value.clone(), Arc::new(hook)))
        };
        Ok(Self { hooks: settings.map(hook).collect::<Result<_, _>>()? })
    }

    /// Tells a webhook; the answer is the status it gave. Dropping the future does not stop a call that has begun.
    pub(super) async fn send(&self, delivery: &Delivery, now: DateTime<Utc>) -> Result<String, DeliveryError> {
        let name = delivery.recipient.strip_prefix(PREFIX).unwrap_or(&delivery.recipient);
        let Some(hook) = self.hooks.get(name).map(Arc::clone) else {
            // Somebody may put it back before the message expires.
            return Err(failure(FailureKind::Temporary, "finding the webhook", "the workspace has none of this name"));
        };
        let call =
            Call { body: delivery.bytes.clone(), key: delivery.message_id.clone(), attempt: delivery.attempt, now };
        match tokio::task::spawn_blocking(move || hook.call(&call)).await {
            Ok(result) => result,
            Err(error) => Err(failure(FailureKind::Uncertain, "calling the webhook", &error.to_string())),
        }
    }
}

/// Without addresses and secrets.
impl std::fmt::Debug for WebhookTransport {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("WebhookTransport").field("hooks", &self.hooks.keys()).finish_non_exhaustive()
    }
}

/// What one call says.
struct Call {
    body: Vec<u8>,
    /// The same at each attempt: by it the receiver knows a message that it has seen.
    key: String,
    attempt: i64,
    now: DateTime<Utc>,
}

impl Hook {
    fn call(&self, call: &Call) -> Result<String, DeliveryError> {
        let answer = self
            .agent
            .post(self.url.expose_secret())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header("Idempotency-Key", &call.key)
            .header("Callbrief-Attempt", call.attempt.to_string())
            .header(SIGNATURE_HEADER, signature(&self.secret, call.now, &call.body))
            .send(call.body.as_slice())
            .map_err(|error| unanswered(&error))?;
        let status = answer.status();
        let retry_after = answer.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        refused(status, retry_after, call.now).map_or_else(|| Ok(words(status)), Err)
    }
}

/// The usual search for a host, which says of each failure that it was this search that failed.
#[derive(Debug)]
struct Search(DefaultResolver);

impl Resolver for Search {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        self.0.resolve(uri, config, timeout).map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })
    }
}

fn agent(trusted: &[Certificate<'static>], timeouts: WebhookTimeouts) -> Agent {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(trusted))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = Config::builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(0)
        .proxy(None)
        .timeout_connect(Some(timeouts.connect))
        .timeout_global(Some(timeouts.whole))
        // A call now and then needs no connection that is kept for it.
        .max_idle_connections(0)
        .user_agent(concat!("callbrief/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Search(DefaultResolver::default()))
}

/// What an answer other than "taken" means; none when it was taken.
fn refused(status: StatusCode, retry_after: Option<&str>, now: DateTime<Utc>) -> Option<DeliveryError> {
    let kind = match status.as_u16() {
        200..=299 => return None,
        408 | 429 | 500.. => FailureKind::Temporary,
        _ => FailureKind::PermanentRecipient,
    };
    let text = match status.as_u16() {
        300..=399 => format!("{}: it points to another address, which is not followed", words(status)),
        _ => words(status),
    };
    let retry_after = retry_after.and_then(|text| wait(text, now)).filter(|_| kind == FailureKind::Temporary);
    Some(DeliveryError { retry_after, ..failure(kind, STEP, &text) })
}

/// What a call without an answer means: before the message was on its way it cannot have been taken.
fn unanswered(error: &ureq::Error) -> DeliveryError {
    use std::io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};
    let (kind, text) = match error {
        // The text would repeat the address.
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            (FailureKind::Configuration, "its address cannot be read".to_owned())
        }
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed | ureq::Error::Tls(_) | ureq::Error::Rustls(_) => {
            (FailureKind::Temporary, error.to_string())
        }
        ureq::Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect) => {
            (FailureKind::Temporary, error.to_string())
        }
        ureq::Error::Io(io) => {
            // A failed handshake comes as an error of the stream.
            let is_handshake = io.get_ref().is_some_and(|inner| inner.is::<rustls::Error>());
            match certificate_fault(io) {
                Some(fault) => (FailureKind::Configuration, fault),
                None if is_handshake
                    || matches!(io.kind(), ConnectionRefused | HostUnreachable | NetworkUnreachable) =>
                {
                    (FailureKind::Temporary, io.to_string())
                }
                None => (FailureKind::Uncertain, io.to_string()),
            }
        }
        other => (FailureKind::Uncertain, other.to_string()),
    };
    failure(kind, STEP, &text)
}

/// `Retry-After`, in seconds or as a date.
fn wait(text: &str, now: DateTime<Utc>) -> Option<TimeDelta> {
    let asked = match text.trim().parse::<u32>() {
        Ok(seconds) => TimeDelta::seconds(i64::from(seconds)),
        Err(_) => DateTime::parse_from_rfc2822(text.trim()).ok()?.to_utc() - now,
    };
    (asked > TimeDelta::zero()).then(|| asked.min(LONGEST_WAIT))
}

const STEP: &str = "calling the webhook";

fn failure(kind: FailureKind, step: &'static str, text: &str) -> DeliveryError {
    DeliveryError { kind, step, text: clean(text, 500), retry_after: None }
}

/// "200 OK".
fn words(status: StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
}

/// Reads a certificate authority's file.
fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, DeliveryError> {
    let failed = |text: &str| {
        let text = format!("{}: {text}", file.display());
        failure(FailureKind::Configuration, "reading the certificate authority", &text)
    };
    let pem = std::fs::read(file).map_err(|error| failed(&error.to_string()))?;
    let items = parse_pem(&pem).collect::<Result<Vec<_>, _>>().map_err(|error| failed(&error.to_string()))?;
    let certificates: Vec<_> = items
        .into_iter()
        .filter_map(|item| match item {
            PemItem::Certificate(certificate) => Some(certificate),
            _ => None,
        })
        .collect();
    if certificates.is_empty() { Err(failed("no certificate in PEM form in it")) } else { Ok(certificates) }
}

#[cfg(test)]
#[path = "webhook_tests.rs"]
mod tests;
