//! `callbrief.yaml` as data: zone, language, databases, mail.

use std::path::PathBuf;

use chrono::TimeDelta;
use chrono_tz::Tz;
use indexmap::IndexMap;
use secrecy::SecretString;

use super::ServiceSettings;
use crate::diagnostics::{Span, Spanned};
use crate::locale::Language;

/// `callbrief.yaml`.
#[derive(Debug)]
pub struct Settings {
    /// The zone of periods and schedules that name none.
    pub timezone: Tz,
    /// The language of reports and messages whose recipient has none.
    pub locale: Language,
    /// The databases with call data, by name.
    pub sources: IndexMap<String, SourceDefinition>,
    /// Our own database.
    pub journal: DatabaseUrl,
    /// How long it keeps the bytes of what was sent and the numbers it was made from.
    pub keep: TimeDelta,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Programs that are told of alerts, by name.
    pub webhooks: IndexMap<String, WebhookSettings>,
    /// Who is told when alert rules or reports without an owner fail, and when data stop coming.
    pub operator: Option<Spanned<String>>,
    /// How `callbrief serve` runs.
    pub service: ServiceSettings,
}

/// The address of a database; it may hold a password and is never printed.
#[derive(Clone, Debug)]
pub struct DatabaseUrl {
    /// The address, `${ENV}` and `url_file:` already resolved; relative SQLite paths are relative to the workspace.
    pub url: SecretString,
    /// Where it was written.
    pub span: Span,
}

/// A database we read and never write.
#[derive(Debug)]
pub struct SourceDefinition {
    /// The name under `sources:`.
    pub name: Spanned<String>,
    /// Its address.
    pub database: DatabaseUrl,
}

/// A program that is told of alerts over HTTPS.
#[derive(Debug)]
pub struct WebhookSettings {
    /// The name under `webhooks:`; all that is ever shown of it.
    pub name: Spanned<String>,
    /// Where it is told; it may hold a token and is never printed.
    pub url: SecretString,
    /// What messages are signed with.
    pub secret: SecretString,
    /// A certificate authority of one's own (PEM file), besides the machine's.
    pub ca_file: Option<PathBuf>,
    /// The language of titles; the workspace's when none.
    pub language: Option<Language>,
}

/// How mail leaves the house.
#[derive(Debug)]
pub struct MailSettings {
    /// The sender, as in `Reports <reports@example.com>`.
    pub from: Spanned<String>,
    /// The way out.
    pub transport: TransportSettings,
    /// What happens to a message of which nobody knows whether it was taken, unless its report says otherwise.
    pub on_unknown: OnUnknown,
}

/// What happens to a message of which nobody knows whether the server took it: its answer was lost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnUnknown {
    /// It is sent again with the same Message-ID: it may come twice, but it comes.
    #[default]
    Resend,
    /// It is kept and told: it does not come twice, but perhaps not at all.
    Hold,
}

impl OnUnknown {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Resend => "resend",
            Self::Hold => "hold",
        }
    }

    /// The meaning of a word; sending again for any other.
    pub fn of(word: &str) -> Self {
        if word == Self::Hold.word() { Self::Hold } else { Self::Resend }
    }
}

/// The ways out.
#[derive(Debug)]
pub enum TransportSettings {
    /// Files in a folder, for trying things out; relative to the workspace.
    Folder(PathBuf),
    /// A mail server.
    Smtp(SmtpSettings),
}

/// A mail server.
#[derive(Debug)]
pub struct SmtpSettings {
    /// Host name, also the name its certificate must carry.
    pub host: Spanned<String>,
    /// The port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: TlsMode,
    /// The user to log in as, with the password; no login without.
    pub login: Option<(String, SecretString)>,
    /// A certificate authority of one's own (PEM file), besides the machine's.
    pub ca_file: Option<PathBuf>,
    /// What it lets through.
    pub limits: SmtpLimits,
}

/// What a mail server lets through.
#[derive(Clone, Copy, Debug)]
pub struct SmtpLimits {
    /// Messages within any minute; no limit when none.
    pub messages_per_minute: Option<u32>,
    /// Messages over one connection.
    pub messages_per_connection: u32,
    /// The size of a message in bytes; no limit when none.
    pub message_bytes: Option<usize>,
}

impl Default for SmtpLimits {
    /// Many servers close a connection after a hundred messages by themselves.
    fn default() -> Self {
        Self { messages_per_minute: None, messages_per_connection: 100, message_bytes: None }
    }
}

/// How an SMTP connection is protected. There is no opportunistic mode: it can be stripped on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TlsMode {
    /// Not at all; for loopback only.
    None,
    /// Required STARTTLS, usually port 587.
    StartTls,
    /// TLS from the first byte, usually port 465.
    Tls,
}
