//! How `callbrief serve` runs, as data.

use std::net::SocketAddr;

use chrono::TimeDelta;

/// `service` of `callbrief.yaml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceSettings {
    /// Where health and metrics are answered; nowhere when none.
    pub http: Option<SocketAddr>,
    /// Where it is reached from outside, over HTTPS, without a slash at its end; for links in mails.
    pub public_url: Option<String>,
    /// How long after its time a report that is not sent is told to its owner.
    pub late_after: TimeDelta,
    /// How the log is written; what fits the place it goes to when none.
    pub log: Option<LogFormat>,
    /// How much is logged.
    pub log_level: LogLevel,
}

/// How the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// A JSON object for each line, for collectors.
    Json,
    /// Lines for people.
    Text,
}

/// How much is logged; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// What failed.
    Error,
    /// What may fail.
    Warn,
    /// What was done.
    Info,
    /// How it was done.
    Debug,
}

impl Default for ServiceSettings {
    /// What holds where nothing is written.
    fn default() -> Self {
        Self { http: None, public_url: None, late_after: TimeDelta::minutes(30), log: None, log_level: LogLevel::Info }
    }
}

impl LogLevel {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}
