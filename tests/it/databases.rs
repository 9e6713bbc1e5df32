//! A database of each kind for a test: filled by the test, read through a source.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use callbrief::diagnostics::{SourceFile, Span};
use callbrief::source::{Dialect, Limits, Source, Statement, Value};
use callbrief::workspace::DatabaseUrl;
use secrecy::SecretString;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

/// A source over a database of its own.
pub(crate) struct TestDatabase {
    pub(crate) source: Source,
    /// Removed when the test ends.
    _folder: TempDir,
}

impl TestDatabase {
    pub(crate) fn dialect(&self) -> Dialect {
        self.source.dialect()
    }

    pub(crate) async fn fetch(&self, sql: &str, parameters: &[(&str, Value)]) -> Vec<Vec<Value>> {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let statement = Statement { sql: sql.to_owned(), parameters };
        match self.source.fetch(&statement).await {
            Ok(rows) => rows.rows,
            Err(error) => panic!("{}: {error}\n{sql:.2000}", self.dialect().name()),
        }
    }

    /// The only value of the only row.
    pub(crate) async fn value(&self, sql: &str, parameters: &[(&str, Value)]) -> Value {
        self.fetch(sql, parameters).await.remove(0).remove(0)
    }
}

/// A database of each kind, filled with what `setup` says for it.
pub(crate) async fn each(limits: Limits, setup: impl Fn(Dialect) -> String) -> Vec<TestDatabase> {
    let mut databases = Vec::new();
    for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
        databases.push(database(dialect, limits, &setup(dialect)).await);
    }
    databases
}

pub(crate) async fn database(dialect: Dialect, limits: Limits, setup: &str) -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    let url = match dialect {
        Dialect::Sqlite => "sqlite:calls.db".to_owned(),
        Dialect::Postgres => postgres(setup).await,
        Dialect::MySql => mysql(setup).await,
    };
    if dialect == Dialect::Sqlite {
        let options = sqlx::sqlite::SqliteConnectOptions::new();
        let options = options.filename(folder.path().join("calls.db")).create_if_missing(true);
        run(options.connect().await.unwrap(), setup).await;
    }
    let source = Source::connect_with("pbx", &address(&url), folder.path(), limits).await.unwrap();
    TestDatabase { source, _folder: folder }
}

pub(crate) fn address(url: &str) -> DatabaseUrl {
    let file = Arc::new(SourceFile { path: "callbrief.yaml".to_owned(), text: String::new() });
    DatabaseUrl { url: SecretString::from(url), span: Span { file, range: 0..0 } }
}

/// An address that `tests/run` sets; a missing one must not look like a test that passed.
pub(crate) fn server(variable: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "the servers' addresses come from tests/run")]
    let address = std::env::var(variable);
    address.unwrap_or_else(|_| panic!("{variable} is not set: run bash tests/run"))
}

pub(crate) async fn postgres(setup: &str) -> String {
    let (server, name) = (server("CALLBRIEF_TEST_POSTGRES"), fresh_name());
    run(sqlx::PgConnection::connect(&server).await.unwrap(), &format!("CREATE DATABASE {name}")).await;
    let url = with_database(&server, &name);
    run(sqlx::PgConnection::connect(&url).await.unwrap(), setup).await;
    url
}

pub(crate) async fn mysql(setup: &str) -> String {
    let (server, name) = (server("CALLBRIEF_TEST_MYSQL"), fresh_name());
    run(sqlx::MySqlConnection::connect(&server).await.unwrap(), &format!("CREATE DATABASE {name}")).await;
    let url = with_database(&server, &name);
    run(sqlx::MySqlConnection::connect(&url).await.unwrap(), setup).await;
    url
}

async fn run<C>(mut connection: C, sql: &str)
where
    C: Connection,
    for<'c> &'c mut C: Executor<'c>,
{
    let done = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await;
    done.unwrap_or_else(|error| panic!("{error}: {:.400}", sql));
    connection.close().await.unwrap();
}

fn with_database(server: &str, name: &str) -> String {
    let (host, _) = server.rsplit_once('/').unwrap();
    format!("{host}/{name}")
}

/// Tests run at the same time, each in its own process or thread.
fn fresh_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}
