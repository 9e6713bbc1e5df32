//! What can go wrong with the journal. None of it is a mistake in a workspace's rules.

use super::{DeliveryId, RunId};

/// A failure of the journal.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be opened or created.
    #[error("the journal {place} cannot be opened: {source}")]
    Open {
        /// The journal's file or address, without a password.
        place: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// The folder or the file cannot be created.
    #[error("the journal {place} cannot be created: {source}")]
    Create {
        /// The journal's file or address, without a password.
        place: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A later version of the program has changed the file's tables.
    #[error(
        "the journal {place} has schema {found}, this program knows up to {known}: use the version of callbrief that wrote it, or a newer one"
    )]
    NewerSchema {
        /// The journal's file or address, without a password.
        place: String,
        /// The last step applied to the file.
        found: i64,
        /// The last step this program has.
        known: i64,
    },
    /// The file holds something else, perhaps the calls themselves.
    #[error(
        "{place} is not a journal: it holds the table `{table}`; the journal needs a file, a database or a schema of its own"
    )]
    NotAJournal {
        /// The file or the address, without a password.
        place: String,
        /// A table found in it.
        table: String,
    },
    /// The address under `journal:` is of a kind the journal cannot be kept in.
    #[error("the journal cannot be kept in `{scheme}`: only `sqlite:` with a file and `postgres://` are possible")]
    UnsupportedAddress {
        /// The address up to its first colon; the rest may hold a password.
        scheme: String,
    },
    /// The address under `journal:` cannot be read. Its parts are not told, as one of them may be a password.
    #[error(
        "the address of the journal cannot be read; expected sqlite:var/callbrief.db or postgres://user@host:5432/database"
    )]
    BadAddress,
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
    /// Every name a process of this machine could have is taken.
    #[error("too many processes of the machine `{machine}` share the journal")]
    NoName {
        /// The machine.
        machine: String,
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
        sqlx::Error::Database(database) => database.code().is_some_and(|code| match code.parse::<i64>() {
            // SQLite's are numbers of up to four digits. The low byte is the primary code: 5 = busy, 6 = locked, 10 = I/O
            // error, 13 = disk full.
            Ok(number) if code.len() < 5 => matches!(number & 0xff, 5 | 6 | 10 | 13),
            // PostgreSQL's have five characters, the first two for the class: connection lost, rolled back for the sake of
            // another, out of resources, shutting down, and a lock that was not to be had in time.
            _ => ["08", "40", "53", "57P", "55P03"].iter().any(|class| code.starts_with(class)),
        }),
        _ => false,
    }
}
