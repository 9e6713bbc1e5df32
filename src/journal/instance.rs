//! A process's name among those that share a journal. It is held by a lock that ends with the process, however it ends: so
//! whoever has the name may take back at once what the process before it had in hand.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, Connection};

use super::dialect::Dialect;
use super::{Journal, JournalError};

/// How many processes of one machine may share a journal.
const MOST: u32 = 100;

/// The name of a process, held as long as this value lives.
#[derive(Debug)]
pub struct Instance {
    name: String,
    hold: Hold,
}

#[derive(Debug)]
enum Hold {
    /// A lock of the session on PostgreSQL.
    Session(AnyConnection),
    /// A lock on a file beside the journal, held while it is open.
    File(#[expect(dead_code, reason = "kept for its lock")] File),
    /// Nobody shares a journal in memory.
    Alone,
}

impl Instance {
    /// The name, as the journal writes it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the name is still held: PostgreSQL forgets it with the connection, for example when it is started again.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.hold {
            Hold::Session(connection) => connection.ping().await.is_ok(),
            Hold::File(_) | Hold::Alone => true,
        }
    }
}

impl Journal {
    /// Takes the first of the names `machine-1`, `machine-2`, … that no living process has.
    pub async fn take_name(&self, machine: &str) -> Result<Instance, JournalError> {
        for number in 1..=MOST {
            if let Some(instance) = self.take_this_name(&format!("{machine}-{number}")).await? {
                return Ok(instance);
            }
        }
        Err(JournalError::NoName { machine: machine.to_owned() })
    }

    /// Takes this name; none when a living process has it.
    pub async fn take_this_name(&self, name: &str) -> Result<Option<Instance>, JournalError> {
        let hold = match (self.dialect, &self.file) {
            (Dialect::Postgres, _) => session(&self.writer.connect_options(), name, &self.place).await?,
            (Dialect::Sqlite, Some(file)) => locked_file(file, name, &self.place)?,
            (Dialect::Sqlite, None) => Some(Hold::Alone),
        };
        Ok(hold.map(|hold| Instance { name: name.to_owned(), hold }))
    }
}

/// Locks the name for a connection of its own.
async fn session(options: &AnyConnectOptions, name: &str, place: &str) -> Result<Option<Hold>, JournalError> {
    let failed = |source| JournalError::Open { place: place.to_owned(), source };
    let mut connection = AnyConnection::connect_with(options).await.map_err(failed)?;
    // Journals in other schemas of the database have names of their own.
    let is_ours: bool =
        sqlx::query_scalar("SELECT pg_try_advisory_lock(hashtextextended(current_schema() || ' callbrief ' || $1, 0))")
            .bind(name)
            .fetch_one(&mut connection)
            .await
            .map_err(failed)?;
    if is_ours {
        return Ok(Some(Hold::Session(connection)));
    }
    connection.close().await.map_err(failed)?;
    Ok(None)
}

/// Locks a file named after the journal and the process. It stays when the process ends; its lock does not.
fn locked_file(journal: &Path, name: &str, place: &str) -> Result<Option<Hold>, JournalError> {
    let failed = |source| JournalError::Create { place: place.to_owned(), source };
    let safe =
        |character: char| if character.is_ascii_alphanumeric() || "-_.".contains(character) { character } else { '_' };
    let mut path = journal.as_os_str().to_owned();
    path.push(format!(".{}.lock", name.chars().map(safe).collect::<String>()));
    let file = File::options().create(true).append(true).open(PathBuf::from(path)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Hold::File(file))),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(source)) => Err(failed(source)),
    }
}
