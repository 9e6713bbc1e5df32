//! The ways out behind one face, chosen by a workspace's settings.

use std::path::Path;

use super::smtp::SmtpSession;
use super::{Contact, DeliveryError, FailureKind, FolderTransport, SmtpTransport};
use crate::journal::Delivery;
use crate::workspace::{MailSettings, TransportSettings};

/// A way out for messages.
#[derive(Clone, Debug)]
pub enum Transport {
    /// Files in a folder.
    Folder(FolderTransport),
    /// A mail server.
    Smtp(SmtpTransport),
}

/// A batch of messages on one way out; with SMTP they share a connection.
#[derive(Debug)]
pub enum Session<'transport> {
    /// Into the folder.
    Folder(&'transport FolderTransport),
    /// Over one connection, opened with the first message.
    Smtp(Box<SmtpSession<'transport>>),
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
                })?;
                SmtpTransport::new(smtp, root, sender.domain()).map(Self::Smtp)
            }
        }
    }

    /// Starts a batch.
    pub fn session(&self) -> Session<'_> {
        match self {
            Self::Folder(folder) => Session::Folder(folder),
            Self::Smtp(smtp) => Session::Smtp(Box::new(smtp.session())),
        }
    }
}

impl Session<'_> {
    /// Sends one message; the answer is the server's reply, or the file's path. Dropping the future closes the
    /// connection, and the message may or may not have been taken.
    pub async fn send(&mut self, delivery: &Delivery) -> Result<String, DeliveryError> {
        match self {
            Self::Folder(folder) => folder.send(&delivery.message_id, &delivery.bytes).await,
            Self::Smtp(session) => session.send(&delivery.envelope_from, &delivery.recipient, &delivery.bytes).await,
        }
    }

    /// Says goodbye to the server; what it answers does not matter any more.
    pub async fn close(self) {
        if let Self::Smtp(session) = self {
            session.close().await;
        }
    }
}
