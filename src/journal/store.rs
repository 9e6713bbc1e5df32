//! The journal's database: opening it, and the one way to write. The statements are in `runs`, `outbox` and `listing`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Any, AnyConnection, AnyPool, Connection, Executor, Transaction};

use super::dialect::Dialect;
use super::error::is_temporary;
use super::{JournalError, migrations};
use crate::workspace::DatabaseUrl;

/// How often opening is tried while another process creates the same file.
const OPEN_TRIES: u32 = 40;
/// Connections of one process to PostgreSQL: the loop, the ways out, the keeper of claims, and one to spare.
const CONNECTIONS: u32 = 6;
/// How long to wait for one of them, and for a server that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections that read a SQLite file.
const READERS: u32 = 4;

/// Our own database, open.
#[derive(Clone, Debug)]
pub struct Journal {
    /// With SQLite one connection, so that writers of this process wait in line instead of for SQLite's lock.
    pub(super) writer: AnyPool,
    pub(super) reader: AnyPool,
    pub(super) dialect: Dialect,
    /// The SQLite file; none in memory and on a server.
    pub(super) file: Option<PathBuf>,
    /// How messages name it; never with a password.
    pub(super) place: String,
}

impl Journal {
    /// Opens the journal in this file, creating file and folder when missing, and brings its tables up to date.
    pub async fn open(path: &Path) -> Result<Self, JournalError> {
        let place = path.display().to_string();
        let file = create_private(path).map_err(|source| JournalError::Create { place: place.clone(), source })?;
        let mut tries = 1;
        loop {
            match Self::open_file(&file, &place).await {
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
        let url = address.url.expose_secret();
        match url.split_once(':').map_or("", |(scheme, _)| scheme) {
            "sqlite" => Self::open(&root.join(file_of(url)?)).await,
            "postgres" | "postgresql" => Self::open_postgres(url).await,
            scheme => Err(JournalError::UnsupportedAddress { scheme: scheme.to_owned() }),
        }
    }

    /// A journal in memory, for rules that are tried out. It lives as long as the value; everything in it happens one after
    /// the other.
    pub async fn in_memory() -> Result<Self, JournalError> {
        // The database is its one connection: that must never be closed for being idle or old.
        let pool = AnyPoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let writer = connect(pool, Dialect::Sqlite.greeting(), ("sqlite::memory:", ":memory:")).await?;
        let journal =
            Self { reader: writer.clone(), writer, dialect: Dialect::Sqlite, file: None, place: ":memory:".to_owned() };
        migrations::apply(&journal).await?;
        Ok(journal)
    }

    async fn open_file(file: &Path, place: &str) -> Result<Self, JournalError> {
        let address = address_of(file);
        let one = AnyPoolOptions::new().max_connections(1);
        let writer = connect(one, Dialect::Sqlite.greeting(), (&format!("{address}?mode=rw"), place)).await?;
        let some = AnyPoolOptions::new().max_connections(READERS);
        let reading = "PRAGMA busy_timeout = 10000; PRAGMA query_only = 1";
        let reader = connect(some, reading, (&format!("{address}?mode=ro"), place)).await?;
        let journal =
            Self { writer, reader, dialect: Dialect::Sqlite, file: Some(file.to_owned()), place: place.to_owned() };
        migrations::apply(&journal).await?;
        Ok(journal)
    }

    async fn open_postgres(url: &str) -> Result<Self, JournalError> {
        // The parser's own words could repeat the address, and with it the password.
        let known = PgConnectOptions::from_str(url).map_err(|_| JournalError::BadAddress)?;
        let place = format!(
            "postgres://{}:{}/{}",
            known.get_host(),
            known.get_port(),
            known.get_database().unwrap_or(known.get_username())
        );
        let pool = AnyPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(PATIENCE);
        let writer = connect(pool, Dialect::Postgres.greeting(), (url, &place)).await?;
        let journal = Self { reader: writer.clone(), writer, dialect: Dialect::Postgres, file: None, place };
        migrations::apply(&journal).await?;
        Ok(journal)
    }

    /// Closes every connection after the statements under way.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Begins a transaction that writes; see `dialect` for what keeps others out of its way. Dropped without a commit, it
    /// leaves no trace.
    pub(super) async fn write(&self, doing: &'static str) -> Result<Transaction<'static, Any>, JournalError> {
        self.writer.begin_with(self.dialect.write()).await.map_err(failed(doing))
    }

    /// Begins a transaction that reads, all of it as of one moment.
    pub(super) async fn read(&self, doing: &'static str) -> Result<Transaction<'static, Any>, JournalError> {
        self.reader.begin_with(self.dialect.read()).await.map_err(failed(doing))
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

/// Text from outside, as PostgreSQL can keep it: without the character 0.
pub(super) fn kept(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}

/// A pool whose every connection is told the greeting first. One connection is tried before: a pool tells nothing of a
/// failure but that it took too long.
async fn connect(
    pool: AnyPoolOptions,
    greeting: &'static str,
    (address, place): (&str, &str),
) -> Result<AnyPool, JournalError> {
    let failed = |source| JournalError::Open { place: place.to_owned(), source };
    let options = options(address, place)?;
    let mut first = AnyConnection::connect_with(&options).await.map_err(failed)?;
    first.execute(sqlx::raw_sql(greeting)).await.map_err(failed)?;
    first.close().await.map_err(failed)?;
    let greeted = pool.after_connect(move |connection, _| {
        Box::pin(async move { connection.execute(sqlx::raw_sql(greeting)).await.map(drop) })
    });
    Ok(greeted.connect_lazy_with(options))
}

/// An address as the driver reads it. Its `Debug` shows the password: it is never printed.
fn options(address: &str, place: &str) -> Result<AnyConnectOptions, JournalError> {
    sqlx::any::install_default_drivers();
    AnyConnectOptions::from_str(address).map_err(|source| JournalError::Open { place: place.to_owned(), source })
}

/// The file a `sqlite:` address names.
fn file_of(address: &str) -> Result<PathBuf, JournalError> {
    let options = SqliteConnectOptions::from_str(address).map_err(|_| JournalError::BadAddress)?;
    Ok(options.get_filename().to_owned())
}

/// The address of a file, whatever characters its name has.
fn address_of(file: &Path) -> String {
    let mut address = "sqlite://".to_owned();
    for byte in file.as_os_str().as_encoded_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => {
                address.push(char::from(*byte))
            }
            // Writing to a string cannot fail.
            _ => drop(write!(address, "%{byte:02X}")),
        }
    }
    address
}

/// Creates folder and file when missing; the file is for its owner only, as it holds whole mails. Gives its full name.
fn create_private(path: &Path) -> std::io::Result<PathBuf> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    path.canonicalize()
}
