//! Where a test's journal lives: a SQLite file or a schema of its own on PostgreSQL; the promises are the same.

use std::sync::atomic::{AtomicU32, Ordering};

use secrecy::SecretString;
use sqlx::{AnyConnection, AssertSqlSafe, Connection, Executor};
use tempfile::TempDir;

use crate::diagnostics::{SourceFile, Span};
use crate::journal::Journal;
use crate::workspace::DatabaseUrl;

/// A place for one journal, which several may open at a time, as several processes would.
pub(in crate::journal) struct Home {
    folder: TempDir,
    url: String,
}

impl Home {
    pub(in crate::journal) async fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), url: "sqlite:var/journal.db".to_owned() }
    }

    /// Needs the server that `tests/run` starts; a missing one must not look like a test that passed.
    pub(in crate::journal) async fn postgres() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        #[expect(clippy::disallowed_methods, reason = "the server's address comes from tests/run")]
        let server = std::env::var("CALLBRIEF_TEST_POSTGRES");
        let server = server.unwrap_or_else(|_| panic!("CALLBRIEF_TEST_POSTGRES is not set: run bash tests/run"));
        let schema = format!("journal_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let home =
            Self { folder: tempfile::tempdir().unwrap(), url: format!("{server}?options[search_path]={schema}") };
        home.run(&format!("CREATE SCHEMA {schema}")).await;
        home
    }

    /// Opens the journal, as a process of its own would.
    pub(in crate::journal) async fn open(&self) -> Journal {
        Journal::open_at(&address(&self.url), self.folder.path()).await.unwrap()
    }

    /// Opens the journal, or tells why that is not possible.
    pub(super) async fn try_open(&self) -> Result<Journal, crate::journal::JournalError> {
        Journal::open_at(&address(&self.url), self.folder.path()).await
    }

    /// Runs a statement behind the journal's back.
    pub(super) async fn run(&self, sql: &str) {
        sqlx::any::install_default_drivers();
        let url = match self.url.strip_prefix("sqlite:") {
            Some(file) => format!("sqlite:{}?mode=rwc", self.folder.path().join(file).display()),
            None => self.url.clone(),
        };
        if let Some(file) = self.url.strip_prefix("sqlite:") {
            std::fs::create_dir_all(self.folder.path().join(file).parent().unwrap()).unwrap();
        }
        let mut connection = AnyConnection::connect(&url).await.unwrap();
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
        connection.close().await.unwrap();
    }
}

/// An address as a workspace would give it.
pub(super) fn address(url: &str) -> DatabaseUrl {
    let file = std::sync::Arc::new(SourceFile { path: "callbrief.yaml".to_owned(), text: String::new() });
    DatabaseUrl { url: SecretString::from(url), span: Span { file, range: 0..0 } }
}

/// Runs tests on both databases.
macro_rules! on_each {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::journal::tests::home::Home::sqlite().await).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name(crate::journal::tests::home::Home::postgres().await).await;
            })+
        }
    };
}

pub(in crate::journal) use on_each;
