//! The ways out behind one face, chosen by a workspace's settings.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::smtp::SmtpSession;
use super::{Contact, DeliveryError, FailureKind, FolderTransport, SmtpTransport, WebhookTransport};
use crate::journal::{Channel, Delivery};
use crate::workspace::{MailSettings, Settings, TransportSettings};

/// A way out for messages.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Files in a folder.
    Folder(FolderTransport),
    /// A mail server.
    Smtp(SmtpTransport),
    /// Webhooks.
    Webhooks(WebhookTransport),
}

/// A batch of messages on one way out; with SMTP they share a connection.
#[derive(Debug)]
pub enum Session<'transport> {
    /// Into the folder.
    Folder(&'transport FolderTransport),
    /// Over one connection, opened with the first message.
    Smtp(Box<SmtpSession<'transport>>),
    /// Each over a connection of its own.
    Webhooks(&'transport WebhookTransport),
}

impl Transport {
    /// The way out a workspace names; relative paths start at `root`. Nothing is contacted yet; what can fail is the
    /// sender's address and the certificate file.
    pub fn from_settings(settings: &MailSettings, root: &Path) -> Result<Self, DeliveryError> {
        match &settings.transport {
            TransportSettings::Folder(folder) => Ok(Self::Folder(FolderTransport::new(root.join(folder)))),
            TransportSettings::Smtp(smtp) => {
                let sender = Contact::parse(&settings.from.value).map_err(|error| DeliveryError {
                    kind: FailureKind::Configuration,
                    step: "reading the sender's address",
                    text: error.to_string(),
                    retry_after: None,
                })?;
                SmtpTransport::new(smtp, root, sender.domain()).map(Self::Smtp)
            }
        }
    }

    /// The way to a workspace's webhooks; none when it has none. What can fail is reading certificates.
    pub fn webhooks(settings: &Settings, root: &Path) -> Result<Option<Self>, DeliveryError> {
        if settings.webhooks.is_empty() {
            return Ok(None);
        }
        WebhookTransport::new(settings.webhooks.values(), root).map(|transport| Some(Self::Webhooks(transport)))
    }

    /// Which of the deliveries take this way.
    pub fn channel(&self) -> Channel {
        match self {
            Self::Folder(_) | Self::Smtp(_) => Channel::Mail,
            Self::Webhooks(_) => Channel::Webhook,
        }
    }

    /// How many messages may leave within a minute; no limit when none.
    pub fn messages_per_minute(&self) -> Option<u32> {
        match self {
            Self::Smtp(smtp) => smtp.messages_per_minute(),
            Self::Folder(_) | Self::Webhooks(_) => None,
        }
    }

    /// Starts a batch.
    pub fn session(&self) -> Session<'_> {
        match self {
            Self::Folder(folder) => Session::Folder(folder),
            Self::Smtp(smtp) => Session::Smtp(Box::new(smtp.session())),
            Self::Webhooks(webhooks) => Session::Webhooks(webhooks),
        }
    }
}

impl Session<'_> {
    /// Sends one message; the answer is the server's reply, or the file's path. Dropping the future closes the
    /// connection, and the message may or may not have been taken. `now` is when a webhook's message is signed.
    pub async fn send(&mut self, delivery: &Delivery, now: DateTime<Utc>) -> Result<String, DeliveryError> {
        match self {
            Self::Folder(folder) => folder.send(&delivery.message_id, &delivery.bytes).await,
            Self::Smtp(session) => session.send(&delivery.envelope_from, &delivery.recipient, &delivery.bytes).await,
            Self::Webhooks(webhooks) => webhooks.send(delivery, now).await,
        }
    }

    /// Says goodbye to the server; what it answers does not matter any more.
    pub async fn close(self) {
        if let Self::Smtp(session) = self {
            session.close().await;
        }
    }
}
