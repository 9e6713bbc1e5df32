//! A source: a pool of connections that can only read, statements with limits, rows as values.

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};
use sqlx::mysql::{MySqlConnection, MySqlPool, MySqlPoolOptions};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, Column, Database, Executor, Row, Sqlite, Statement as _, TypeInfo};
use tokio::sync::Semaphore;

use super::decode::{UnknownType, mysql, postgres, sqlite};
use super::options::{Options, options};
use super::parameters::positional;
use super::{Dialect, SourceError, Statement, Value};
use crate::workspace::DatabaseUrl;

/// A database we read and never write.
pub struct Source {
    name: String,
    limits: Limits,
    pool: Pool,
    /// One for each connection. Statements wait for their turn here, however long the others take: the pool's own limit is for
    /// servers that do not answer.
    turns: Semaphore,
}

/// How much one statement may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most rows a statement may deliver.
    pub rows: usize,
    /// The longest a statement may take.
    pub time: Duration,
    /// The longest to wait for a connection.
    pub connect: Duration,
    /// The most connections at a time.
    pub connections: u32,
}

/// What a statement delivers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The columns' names; empty when there are no rows, [`Source::columns`] tells them without rows.
    pub columns: Vec<String>,
    /// The rows, with a value for each column.
    pub rows: Vec<Vec<Value>>,
}

/// A column of a statement's result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveredColumn {
    /// Its name.
    pub name: String,
    /// The database's name of its type; in SQLite what the table's declaration says, which binds nobody.
    pub type_name: String,
}

/// Without the pool: a driver's options show the password.
impl std::fmt::Debug for Source {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Source").field("name", &self.name).field("dialect", &self.dialect()).finish()
    }
}

enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
    MySql(MySqlPool),
}

impl Default for Limits {
    fn default() -> Self {
        Self { rows: 1_000_000, time: Duration::from_mins(2), connect: Duration::from_secs(10), connections: 4 }
    }
}

impl Source {
    /// Opens the source with the default limits and makes sure that it answers.
    pub async fn connect(name: &str, database: &DatabaseUrl, root: &Path) -> Result<Self, SourceError> {
        Self::connect_with(name, database, root, Limits::default()).await
    }

    /// Opens the source with these limits and makes sure that it answers. A relative SQLite path starts at `root`.
    pub async fn connect_with(
        name: &str,
        database: &DatabaseUrl,
        root: &Path,
        limits: Limits,
    ) -> Result<Self, SourceError> {
        let opened = match options(name, database, root)? {
            Options::Sqlite(options) => SqlitePoolOptions::new()
                .max_connections(limits.connections)
                .acquire_timeout(limits.connect)
                .connect_with(options)
                .await
                .map(Pool::Sqlite),
            Options::Postgres(options) => PgPoolOptions::new()
                .max_connections(limits.connections)
                .acquire_timeout(limits.connect)
                .connect_with(options)
                .await
                .map(Pool::Postgres),
            Options::MySql(options) => MySqlPoolOptions::new()
                .max_connections(limits.connections)
                .acquire_timeout(limits.connect)
                .after_connect(move |connection, _| Box::pin(only_read_mysql(connection, limits)))
                .connect_with(options)
                .await
                .map(Pool::MySql),
        };
        let pool = opened.map_err(|error| SourceError::from_driver(name, limits.time, error))?;
        let turns = Semaphore::new(limits.connections as usize);
        let source = Self { name: name.to_owned(), limits, pool, turns };
        // A file that is no database is only found out when it is read.
        if source.dialect() == Dialect::Sqlite {
            let sql = "SELECT COUNT(*) FROM sqlite_master".to_owned();
            source.fetch(&Statement { sql, ..Statement::default() }).await?;
        }
        Ok(source)
    }

    /// A source over an SQLite database that is open already.
    pub(super) fn of_sqlite(name: &str, pool: SqlitePool, limits: Limits) -> Self {
        let turns = Semaphore::new(limits.connections as usize);
        Self { name: name.to_owned(), limits, pool: Pool::Sqlite(pool), turns }
    }

    /// The name under `sources:`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The SQL it understands.
    pub fn dialect(&self) -> Dialect {
        match self.pool {
            Pool::Sqlite(_) => Dialect::Sqlite,
            Pool::Postgres(_) => Dialect::Postgres,
            Pool::MySql(_) => Dialect::MySql,
        }
    }

    /// Runs a statement and reads all its rows, within the limits.
    pub async fn fetch(&self, statement: &Statement) -> Result<Rows, SourceError> {
        let (sql, values) = self.positional(statement)?;
        // Never closed, so there is always a turn.
        let _turn = self.turns.acquire().await;
        match &self.pool {
            Pool::Sqlite(pool) => {
                let mut connection = self.acquired(pool.acquire().await)?;
                self.limit_sqlite(&mut connection).await?;
                let arguments = self.acquired(sqlite::arguments(values))?;
                let query = sqlx::query_with(reviewed(sql), arguments).persistent(false);
                let work = self.collect(query.fetch(&mut *connection), sqlite::decode);
                self.in_time(work).await
            }
            Pool::Postgres(pool) => {
                let mut connection = self.acquired(pool.acquire().await)?;
                self.limit_postgres(&mut connection).await?;
                let arguments = self.acquired(postgres::arguments(values))?;
                // Named on the server: the driver may ask for a type in between, which would replace an unnamed one.
                let query = sqlx::query_with(reviewed(sql), arguments);
                let result = self.in_time(self.collect(query.fetch(&mut *connection), postgres::decode)).await;
                drop_unfinished(&mut connection, &result);
                result
            }
            Pool::MySql(pool) => {
                let mut connection = self.acquired(pool.acquire().await)?;
                let arguments = self.acquired(mysql::arguments(values))?;
                let query = sqlx::query_with(reviewed(sql), arguments).persistent(false);
                let result = self.in_time(self.collect(query.fetch(&mut *connection), mysql::decode)).await;
                drop_unfinished(&mut connection, &result);
                result
            }
        }
    }

    /// The columns a statement delivers; nothing is read.
    pub async fn columns(&self, statement: &Statement) -> Result<Vec<DeliveredColumn>, SourceError> {
        let (sql, _) = self.positional(statement)?;
        let sql = sqlx::SqlSafeStr::into_sql_str(reviewed(sql));
        let _turn = self.turns.acquire().await;
        let columns = match &self.pool {
            Pool::Sqlite(pool) => {
                let mut connection = self.acquired(pool.acquire().await)?;
                self.limit_sqlite(&mut connection).await?;
                (&mut *connection).prepare(sql).await.map(|prepared| delivered(prepared.columns()))
            }
            Pool::Postgres(pool) => {
                let mut connection = self.acquired(pool.acquire().await)?;
                self.limit_postgres(&mut connection).await?;
                (&mut *connection).prepare(sql).await.map(|prepared| delivered(prepared.columns()))
            }
            Pool::MySql(pool) => pool.prepare(sql).await.map(|prepared| delivered(prepared.columns())),
        };
        self.acquired(columns)
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite(pool) => pool.close().await,
            Pool::Postgres(pool) => pool.close().await,
            Pool::MySql(pool) => pool.close().await,
        }
    }

    fn positional(&self, statement: &Statement) -> Result<(String, Vec<Value>), SourceError> {
        positional(statement, self.dialect())
            .map_err(|error| SourceError::Parameter { source_name: self.name.clone(), error })
    }

    fn failed(&self, error: sqlx::Error) -> SourceError {
        SourceError::from_driver(&self.name, self.limits.time, error)
    }

    fn acquired<T>(&self, result: Result<T, sqlx::Error>) -> Result<T, SourceError> {
        result.map_err(|error| self.failed(error))
    }

    /// SQLite has no time limit of its own: its work is interrupted from within. Each use of a connection begins with
    /// this, because the limit of the use before, which may have been given up half-way, is still set.
    async fn limit_sqlite(&self, connection: &mut PoolConnection<Sqlite>) -> Result<(), SourceError> {
        let deadline = Instant::now() + self.limits.time;
        let mut handle = connection.lock_handle().await.map_err(|error| self.failed(error))?;
        handle.set_progress_handler(100_000, move || Instant::now() < deadline);
        Ok(())
    }

    /// What a query may do to its session, by `set_config` in a SELECT, must not reach the next one: each use of a
    /// connection begins with this. A query cannot lift the limits of the statement it is in.
    async fn limit_postgres(&self, connection: &mut PgConnection) -> Result<(), SourceError> {
        let limit = self.limits.time.as_millis();
        let settings = format!(
            "SET default_transaction_read_only = on; SET statement_timeout = {limit}; SET TIME ZONE 'UTC'; \
             SET standard_conforming_strings = on"
        );
        self.acquired(connection.execute(sqlx::raw_sql(reviewed(settings))).await.map(|_| ()))
    }

    /// Our own limit is later than the database's, which ends the work there too; it is for a server that died.
    async fn in_time(&self, work: impl Future<Output = Result<Rows, SourceError>>) -> Result<Rows, SourceError> {
        let timeout = SourceError::Timeout { source_name: self.name.clone(), limit: self.limits.time };
        tokio::time::timeout(self.limits.time + Duration::from_secs(2), work).await.unwrap_or(Err(timeout))
    }

    async fn collect<R: Row>(
        &self,
        rows: impl Stream<Item = Result<R, sqlx::Error>>,
        decode: fn(&R, usize) -> Result<Value, UnknownType>,
    ) -> Result<Rows, SourceError> {
        let mut collected = Rows::default();
        let mut rows = std::pin::pin!(rows);
        while let Some(row) = rows.next().await {
            let row = row.map_err(|error| self.failed(error))?;
            if collected.rows.len() == self.limits.rows {
                return Err(SourceError::TooManyRows { source_name: self.name.clone(), limit: self.limits.rows });
            }
            if collected.rows.is_empty() {
                collected.columns = names(row.columns());
            }
            let values = (0..collected.columns.len()).map(|column| {
                decode(&row, column).map_err(|UnknownType { name, way_out }| SourceError::Undecodable {
                    source_name: self.name.clone(),
                    column: collected.columns[column].clone(),
                    type_name: name,
                    way_out,
                })
            });
            let values = values.collect::<Result<Vec<_>, _>>()?;
            collected.rows.push(values);
        }
        Ok(collected)
    }
}

/// The one place where SQL made at run time goes to a database. It comes from the workspace's datasets, whose authors
/// may read the source anyway, and from the renderer, which writes values as parameters only; connections cannot write.
pub(super) fn reviewed(sql: String) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql)
}

fn names<C: Column>(columns: &[C]) -> Vec<String> {
    columns.iter().map(|column| column.name().to_owned()).collect()
}

fn delivered<C: Column>(columns: &[C]) -> Vec<DeliveredColumn> {
    let column = |column: &C| DeliveredColumn {
        name: column.name().to_owned(),
        type_name: column.type_info().name().to_owned(),
    };
    columns.iter().map(column).collect()
}

/// A connection whose statement did not come to its end has an answer on its way that nobody waits for.
fn drop_unfinished<DB: Database>(connection: &mut PoolConnection<DB>, result: &Result<Rows, SourceError>) {
    if matches!(
        result,
        Err(SourceError::Timeout { .. } | SourceError::TooManyRows { .. } | SourceError::Undecodable { .. })
    ) {
        connection.close_on_drop();
    }
}

async fn only_read_mysql(connection: &mut MySqlConnection, limits: Limits) -> Result<(), sqlx::Error> {
    connection.execute("SET SESSION TRANSACTION READ ONLY").await?;
    // Where texts end must not depend on the server: named parameters are looked for outside of them.
    connection.execute("SET SESSION sql_mode = REPLACE(@@SESSION.sql_mode, 'NO_BACKSLASH_ESCAPES', '')").await?;
    let limit = limits.time;
    let for_mysql = format!("SET SESSION max_execution_time = {}", limit.as_millis());
    let for_mariadb = format!("SET SESSION max_statement_time = {}", limit.as_secs_f64());
    // Each of the two knows only its own name; where neither is known, our own limit remains.
    if connection.execute(reviewed(for_mysql)).await.is_err() {
        let _ = connection.execute(reviewed(for_mariadb)).await;
    }
    Ok(())
}
