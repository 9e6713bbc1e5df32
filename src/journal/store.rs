//! The journal's file: opening it, and the one way to write. The statements are in `runs`, `outbox` and `listing`.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Sqlite, SqlitePool, Transaction};

use super::error::is_temporary;
use super::{JournalError, migrations};
use crate::workspace::DatabaseUrl;

/// How long a statement waits for another process's write lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How often opening is tried while another process creates the same file.
const OPEN_TRIES: u32 = 40;

/// Our own database, open.
#[derive(Clone, Debug)]
pub struct Journal {
    /// One connection, so that writers of this process wait in line instead of for SQLite's lock.
    writer: SqlitePool,
    pub(super) reader: SqlitePool,
}

impl Journal {
    /// Opens the journal in this file, creating file and folder when missing, and brings its tables up to date.
    pub async fn open(path: &Path) -> Result<Self, JournalError> {
        create_private(path).map_err(|source| JournalError::Create { path: path.to_owned(), source })?;
        let mut tries = 1;
        loop {
            match Self::open_once(path).await {
                // SQLite does not wait for the lock while it switches a new file to WAL, so waiting is up to us.
                Err(JournalError::Open { source, .. }) if is_temporary(&source) && tries < OPEN_TRIES => {
                    tokio::time::sleep(Duration::from_millis(25)).await;
                    tries += 1;
                }
                result => return result,
            }
        }
    }

    /// Opens the journal at the address a workspace gives; a relative path starts at `root`, the workspace's folder.
    pub async fn open_at(address: &DatabaseUrl, root: &Path) -> Result<Self, JournalError> {
        Self::open(&root.join(file_of(address.url.expose_secret())?)).await
    }

    /// A journal in memory, for rules that are tried out. It lives as long as the value; everything in it happens one after
    /// the other.
    pub async fn in_memory() -> Result<Self, JournalError> {
        let path = Path::new(":memory:");
        let failed = |source| JournalError::Open { path: path.to_owned(), source };
        // The database is its one connection: that must never be closed for being idle or old.
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let writer = pool.connect_with(SqliteConnectOptions::new().in_memory(true)).await.map_err(failed)?;
        migrations::apply(&writer, path).await?;
        Ok(Self { reader: writer.clone(), writer })
    }

    async fn open_once(path: &Path) -> Result<Self, JournalError> {
        let failed = |source| JournalError::Open { path: path.to_owned(), source };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .busy_timeout(BUSY_TIMEOUT)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit lost in a power failure would be a report sent twice.
            .synchronous(SqliteSynchronous::Full);
        let writer = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await.map_err(failed)?;
        migrations::apply(&writer, path).await?;
        let reader = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_lazy_with(options.read_only(true).pragma("query_only", "1"));
        Ok(Self { writer, reader })
    }

    /// Closes the file after the statements under way.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Begins a transaction that holds the write lock from its first moment: one that takes the lock later fails when
    /// another process was quicker. Dropped without a commit, it leaves no trace.
    pub(super) async fn write(&self, doing: &'static str) -> Result<Transaction<'static, Sqlite>, JournalError> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed(doing))
    }
}

/// Turns the database's error into ours.
pub(super) fn failed(doing: &'static str) -> impl Fn(sqlx::Error) -> JournalError + Copy {
    move |source| JournalError::Statement { doing, source }
}

/// The instant stored as seconds since 1970.
pub(super) fn instant(seconds: i64) -> Result<DateTime<Utc>, JournalError> {
    DateTime::from_timestamp(seconds, 0)
        .ok_or_else(|| JournalError::Unreadable { what: "instant", value: seconds.to_string() })
}

/// The file a `sqlite:` address names.
fn file_of(address: &str) -> Result<PathBuf, JournalError> {
    let scheme = address.split_once(':').map_or("", |(scheme, _)| scheme);
    let unsupported = || JournalError::UnsupportedAddress { scheme: scheme.to_owned() };
    if scheme != "sqlite" {
        return Err(unsupported());
    }
    let options = SqliteConnectOptions::from_str(address).map_err(|_| unsupported())?;
    Ok(options.get_filename().to_owned())
}

/// Creates folder and file when missing; the file is for its owner only, as it holds whole mails.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
