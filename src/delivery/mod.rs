//! Delivery: messages, the outbox loop, and the ways out (folder, SMTP, webhooks). What was sent to whom is kept by the journal;
//! what a report looks like is decided in the report room.

mod attachments;
mod contact;
mod error;
mod folder;
mod header_text;
mod mask;
mod message;
mod outbox;
mod resent;
mod retry;
mod smtp;
mod smtp_failure;
#[cfg(test)]
mod stub;
#[cfg(test)]
mod tests;
mod transport;
mod tried;
mod unsubscribe;
mod webhook;
mod webhook_signature;

pub use attachments::attachments;
pub use contact::Contact;
pub use error::{DeliveryError, FailureKind};
pub use folder::FolderTransport;
pub use header_text::clean;
pub use mask::without_mailboxes;
pub use message::{Attachment, BuiltMessage, InlineImage, Mail, MessageError, Origin, build};
pub use outbox::{Round, deliver_due, deliver_while};
pub use resent::{Again, resent};
pub use retry::{EXPIRES_AFTER, delay_after, pause_after};
pub use smtp::{SmtpSession, SmtpTimeouts, SmtpTransport};
pub use transport::{Session, Transport};
pub use unsubscribe::{UNSUBSCRIBE_PATH, Unsubscribe, UnsubscribeLink, link, verify};
pub use webhook::{WebhookTimeouts, WebhookTransport, webhook_recipient};
pub use webhook_signature::{SIGNATURE_HEADER, signature};
