//! What can go wrong with the journal. None of it is a mistake in a workspace's rules.

use std::path::PathBuf;

use super::{DeliveryId, RunId};

/// A failure of the journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be opened or created.
    #[error("the journal {path} cannot be opened: {source}", path = path.display())]
    Open {
        /// The journal's file.
        path: PathBuf,
        /// What the database said.
        source: sqlx::Error,
    },
    /// The folder or the file cannot be created.
    #[error("the journal {path} cannot be created: {source}", path = path.display())]
    Create {
        /// The journal's file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A later version of the program has changed the file's tables.
    #[error(
        "the journal {path} has schema {found}, this program knows up to {known}: use the version of callbrief that wrote it, or a newer one",
        path = path.display()
    )]
    NewerSchema {
        /// The journal's file.
        path: PathBuf,
        /// The last step applied to the file.
        found: i64,
        /// The last step this program has.
        known: i64,
    },
    /// The file holds something else, perhaps the calls themselves.
    #[error(
        "{path} is not a journal: it holds the table `{table}`; the journal needs a file of its own",
        path = path.display()
    )]
    NotAJournal {
        /// The file.
        path: PathBuf,
        /// A table found in it.
        table: String,
    },
    /// The address under `journal:` is of a kind the journal cannot be kept in.
    #[error("the journal cannot be kept in `{scheme}`: only `sqlite:` with a file is possible")]
    UnsupportedAddress {
        /// The address up to its first colon; the rest may hold a password.
        scheme: String,
    },
    /// A statement failed.
    #[error("{doing} failed: {source}")]
    Statement {
        /// What was being done, such as "claiming a run".
        doing: &'static str,
        /// What the database said.
        source: sqlx::Error,
    },
    /// The claim lapsed and someone else has the run, or it was finished already.
    #[error("run {run} is no longer ours: its claim has lapsed or it was finished")]
    RunLost {
        /// The run.
        run: RunId,
    },
    /// The claim lapsed and someone else has the delivery, or it was settled already.
    #[error("delivery {delivery} is no longer ours: its claim has lapsed or it was settled")]
    DeliveryLost {
        /// The delivery.
        delivery: DeliveryId,
    },
    /// The system has no random numbers.
    #[error("the system gives no random numbers: {source}")]
    NoRandomness {
        /// What the system said.
        source: getrandom::Error,
    },
    /// A value in the file that this program never writes.
    #[error("the journal holds an unknown {what}: `{value}`")]
    Unreadable {
        /// What kind of value it is.
        what: &'static str,
        /// The value.
        value: String,
    },
}

impl JournalError {
    /// Whether trying again later can help: the file was locked, or the disk did not answer.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Open { source, .. } | Self::Statement { source, .. } => is_temporary(source),
            _ => false,
        }
    }
}

/// Whether the database was only busy or out of reach.
pub(super) fn is_temporary(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut | sqlx::Error::Io(_) => true,
        // The low byte is the primary code: 5 = busy, 6 = locked, 10 = I/O error, 13 = disk full.
        sqlx::Error::Database(database) => database
            .code()
            .and_then(|code| code.parse::<i64>().ok())
            .is_some_and(|code| matches!(code & 0xff, 5 | 6 | 10 | 13)),
        _ => false,
    }
}
