//! Our own database, in a SQLite file or on PostgreSQL: runs, deliveries, alert states. Never the call database. Every
//! instant is an argument; several processes may share one journal.

mod alerts;
mod archive;
mod dialect;
mod episodes;
mod error;
mod figures;
mod instance;
mod lease;
mod listing;
mod migrations;
mod outbox;
mod records;
mod runs;
mod silences;
mod store;
mod suppressions;
mod told;
mod undelivered;
mod unsubscribe_key;

pub use alerts::{AlertEvaluation, AlertNotices, AlertRow, Recorded};
pub use archive::{Archived, Resend, Resent};
pub use error::JournalError;
pub use figures::OutboxFigures;
pub use instance::Instance;
pub use lease::{Claimed, LEASE, Lease};
pub use outbox::Setback;
pub use records::{
    Batch, Channel, Claim, ClaimRequest, Delivery, DeliveryId, DeliveryRecord, DeliveryState, LeftOut, NewDelivery,
    Outgoing, Repetition, RunClaim, RunId, RunRecord, RunState, Skip, Trigger,
};
pub use silences::NewSilence;
pub use store::Journal;
pub use suppressions::{NewSuppression, Suppression, SuppressionCause, SuppressionScope};
pub use told::{Over, RunTrouble, RunTroubleKind, Telling};
pub use undelivered::Undelivered;

#[cfg(test)]
mod tests;
