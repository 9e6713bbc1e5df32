//! What SQLite and PostgreSQL do differently, all of it. Everything else is one statement for both: `$1` is a placeholder in
//! either, instants are whole numbers, and labels and states are text.

use sqlx::AnyConnection;

/// Names the locks of this program among those that other programs take in the same PostgreSQL database.
const LOCKS: i64 = 0x6361_6c6c_6272_6900;
/// Held while steps are applied.
const STEPS: i64 = LOCKS + 1;
/// Held by whoever decides by what others may be about to write.
const DECIDING: i64 = LOCKS + 2;

/// The database a journal is kept in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// That of a connection.
    pub(super) fn of(connection: &AnyConnection) -> Self {
        if connection.backend_name() == "PostgreSQL" { Self::Postgres } else { Self::Sqlite }
    }

    /// Begins a transaction that writes. SQLite's takes the write lock at once: one that takes it later fails when another
    /// process was quicker. PostgreSQL locks the rows that are written, as they are written.
    pub(super) fn write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// Begins a transaction all of whose statements see the same moment.
    pub(super) fn read(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// What every connection is told first.
    pub(super) fn greeting(self) -> &'static str {
        match self {
            // A commit lost in a power failure would be a report sent twice. Statements wait ten seconds for another
            // process's write lock.
            Self::Sqlite => {
                "PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = 1"
            }
            // The same for a server whose commits do not wait for the disk. A transaction that nobody goes on with holds
            // its locks for a minute at most.
            Self::Postgres => {
                "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'; \
                 SET idle_in_transaction_session_timeout = '60s'; SET lock_timeout = '30s'; SET application_name = 'callbrief'"
            }
        }
    }

    /// At the end of a `SELECT` of rows that are to be changed: rows that another process is changing are left to it.
    pub(super) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE SKIP LOCKED",
        }
    }

    /// At the end of a `SELECT`: waits until nobody is changing the rows, and keeps others from doing so.
    pub(super) fn locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => "FOR UPDATE",
        }
    }

    /// The elements of a JSON array, given as text in this placeholder, as rows with the column `value`.
    pub(super) fn elements(self, placeholder: &str) -> String {
        match self {
            Self::Sqlite => format!("json_each({placeholder})"),
            Self::Postgres => format!("json_array_elements(CAST({placeholder} AS JSON)) AS element (value)"),
        }
    }

    /// Begins the transaction in which steps are applied: one program at a time.
    pub(super) fn begin_steps(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN EXCLUSIVE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// A table of the file or the schema; the list of steps before any other.
    pub(super) fn find_table(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name = 'journal_steps' DESC LIMIT 1"
            }
            Self::Postgres => {
                "SELECT CAST(tablename AS TEXT) FROM pg_catalog.pg_tables WHERE schemaname = current_schema() \
                 ORDER BY tablename = 'journal_steps' DESC LIMIT 1"
            }
        }
    }

    /// Makes the list of steps.
    pub(super) fn create_steps(self) -> &'static str {
        match self {
            Self::Sqlite => "CREATE TABLE journal_steps (step INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT",
            Self::Postgres => "CREATE TABLE journal_steps (step BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL)",
        }
    }
}

/// Keeps others from applying steps until the transaction ends.
pub(super) async fn lock_steps(transaction: &mut AnyConnection) -> Result<(), sqlx::Error> {
    lock(transaction, "SELECT pg_advisory_xact_lock($1)", STEPS).await
}

/// Until the transaction ends, nobody else writes what this one decides by, and whoever did so has ended. To be called
/// before the rows are read.
pub(super) async fn alone(transaction: &mut AnyConnection) -> Result<(), sqlx::Error> {
    lock(transaction, "SELECT pg_advisory_xact_lock($1)", DECIDING).await
}

/// Until the transaction ends, nobody is [`alone`]; others who call this may work at the same time.
pub(super) async fn beside_others(transaction: &mut AnyConnection) -> Result<(), sqlx::Error> {
    lock(transaction, "SELECT pg_advisory_xact_lock_shared($1)", DECIDING).await
}

/// In SQLite whoever writes is alone anyway.
async fn lock(transaction: &mut AnyConnection, statement: &'static str, key: i64) -> Result<(), sqlx::Error> {
    if Dialect::of(transaction) == Dialect::Postgres {
        sqlx::query(statement).bind(key).execute(transaction).await?;
    }
    Ok(())
}
