//! A database of each kind for a test: filled by the test, read through a source.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use callbrief::diagnostics::{SourceFile, Span};
use callbrief::source::{Dialect, Limits, Source, Statement, Value};
use callbrief::workspace::DatabaseUrl;
use secrecy::SecretString;
use sqlx::mysql::MySqlConnection;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// The databases that sources are read from. MySQL and MariaDB take the same SQL from us and differ all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
    MySql,
    MariaDb,
    /// With the modes that `tests/run` sets.
    MySqlInModes,
    MariaDbInModes,
}

/// A source over a database of its own.
pub(crate) struct TestDatabase {
    pub(crate) source: Source,
    pub(crate) engine: Engine,
    /// With a login that may write.
    pub(crate) url: String,
    /// Removed when the test ends.
    folder: TempDir,
    writer: Mutex<Option<Writer>>,
}

enum Writer {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
    MySql(MySqlConnection),
}

impl Engine {
    /// Every one that runs here: `tests/run` says so aloud where MySQL could not be brought.
    pub(crate) fn all() -> Vec<Self> {
        let mut all = vec![Self::Sqlite, Self::Postgres, Self::MariaDb];
        if server("CALLBRIEF_TEST_MYSQL") != "none" {
            all.push(Self::MySql);
        }
        all
    }

    /// MariaDB, and MySQL where it runs.
    pub(crate) fn like_mysql() -> Vec<Self> {
        Self::all().into_iter().filter(|engine| engine.dialect() == Dialect::MySql).collect()
    }

    /// Servers of MySQL's kind in modes that change how they read SQL.
    pub(crate) fn in_unusual_modes() -> Vec<Self> {
        let mut all = vec![Self::MariaDbInModes];
        if server("CALLBRIEF_TEST_MYSQL_MODES") != "none" {
            all.push(Self::MySqlInModes);
        }
        all
    }

    pub(crate) fn dialect(self) -> Dialect {
        match self {
            Self::Sqlite => Dialect::Sqlite,
            Self::Postgres => Dialect::Postgres,
            Self::MySql | Self::MariaDb | Self::MySqlInModes | Self::MariaDbInModes => Dialect::MySql,
        }
    }

    /// The address of a new database filled by `setup`; SQLite's is a file in the folder.
    pub(crate) async fn fresh(self, folder: &Path, setup: &str) -> String {
        match self {
            Self::Sqlite => {
                let options = SqliteConnectOptions::new().filename(folder.join("calls.db")).create_if_missing(true);
                run(options.connect().await.unwrap(), setup).await;
                "sqlite:calls.db".to_owned()
            }
            Self::Postgres => postgres(setup).await,
            Self::MySql => mysql("CALLBRIEF_TEST_MYSQL", setup).await,
            Self::MariaDb => mysql("CALLBRIEF_TEST_MARIADB", setup).await,
            Self::MySqlInModes => mysql("CALLBRIEF_TEST_MYSQL_MODES", setup).await,
            Self::MariaDbInModes => mysql("CALLBRIEF_TEST_MARIADB_MODES", setup).await,
        }
    }
}

impl TestDatabase {
    pub(crate) fn dialect(&self) -> Dialect {
        self.source.dialect()
    }

    /// A name that no other database has now.
    pub(crate) fn name(&self) -> String {
        match self.engine {
            Engine::Sqlite => self.folder.path().file_name().unwrap().to_string_lossy().into_owned(),
            _ => self.url.rsplit('/').next().unwrap().to_owned(),
        }
    }

    /// The address from wherever a workspace lies.
    pub(crate) fn absolute_url(&self) -> String {
        match self.engine {
            Engine::Sqlite => format!("sqlite:{}", self.folder.path().join("calls.db").display()),
            _ => self.url.clone(),
        }
    }

    /// Runs statements that write, past the source, always on the same connection.
    pub(crate) async fn write(&self, sql: &str) {
        let mut writer = self.writer.lock().await;
        if writer.is_none() {
            *writer = Some(match self.engine {
                Engine::Sqlite => {
                    let options = SqliteConnectOptions::new().filename(self.folder.path().join("calls.db"));
                    Writer::Sqlite(options.synchronous(SqliteSynchronous::Off).connect().await.unwrap())
                }
                Engine::Postgres => Writer::Postgres(PgConnection::connect(&self.url).await.unwrap()),
                _ => Writer::MySql(MySqlConnection::connect(&self.url).await.unwrap()),
            });
        }
        match writer.as_mut().unwrap() {
            Writer::Sqlite(connection) => execute(connection, sql).await,
            Writer::Postgres(connection) => execute(connection, sql).await,
            Writer::MySql(connection) => execute(connection, sql).await,
        }
    }

    pub(crate) async fn fetch(&self, sql: &str, parameters: &[(&str, Value)]) -> Vec<Vec<Value>> {
        let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let statement = Statement { sql: sql.to_owned(), parameters };
        match self.source.fetch(&statement).await {
            Ok(rows) => rows.rows,
            Err(error) => panic!("{:?}: {error}\n{sql:.2000}", self.engine),
        }
    }

    /// The only value of the only row.
    pub(crate) async fn value(&self, sql: &str, parameters: &[(&str, Value)]) -> Value {
        self.fetch(sql, parameters).await.remove(0).remove(0)
    }
}

/// A database of each engine, filled with what `setup` says for it.
pub(crate) async fn each(limits: Limits, setup: impl Fn(Engine) -> String) -> Vec<TestDatabase> {
    let mut databases = Vec::new();
    for engine in Engine::all() {
        databases.push(database(engine, limits, &setup(engine)).await);
    }
    databases
}

pub(crate) async fn database(engine: Engine, limits: Limits, setup: &str) -> TestDatabase {
    let folder = tempfile::tempdir().unwrap();
    let url = engine.fresh(folder.path(), setup).await;
    let source = Source::connect_with("pbx", &address(&url), folder.path(), limits).await.unwrap();
    TestDatabase { source, engine, url, folder, writer: Mutex::new(None) }
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

async fn postgres(setup: &str) -> String {
    let (server, name) = (server("CALLBRIEF_TEST_POSTGRES"), fresh_name());
    run(PgConnection::connect(&server).await.unwrap(), &format!("CREATE DATABASE {name}")).await;
    let url = with_database(&server, &name);
    run(PgConnection::connect(&url).await.unwrap(), setup).await;
    url
}

/// A new database of the server whose address this variable holds.
async fn mysql(variable: &str, setup: &str) -> String {
    let (server, name) = (server(variable), fresh_name());
    run(MySqlConnection::connect(&server).await.unwrap(), &format!("CREATE DATABASE {name}")).await;
    let url = with_database(&server, &name);
    run(MySqlConnection::connect(&url).await.unwrap(), setup).await;
    url
}

async fn run<C>(mut connection: C, sql: &str)
where
    C: Connection,
    for<'c> &'c mut C: Executor<'c>,
{
    execute(&mut connection, sql).await;
    connection.close().await.unwrap();
}

async fn execute<C>(connection: &mut C, sql: &str)
where
    for<'c> &'c mut C: Executor<'c>,
{
    let done = connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await;
    done.unwrap_or_else(|error| panic!("{error}: {:.400}", sql));
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
