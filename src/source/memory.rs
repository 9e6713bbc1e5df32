//! A source in memory: an SQLite database filled with given rows and then only read, as any other source. For rules that
//! are tried on rows made up for the purpose.

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection};

use super::decode::sqlite;
use super::pool::{Limits, Source, reviewed};
use super::{Dialect, SourceError, Value};

/// SQLite takes so many parameters in one statement.
const MOST_PARAMETERS: usize = 32_000;

/// A table to be filled. Its columns have no types of their own: each value keeps its.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MemoryTable {
    /// Its name.
    pub name: String,
    /// Its columns; one at least.
    pub columns: Vec<String>,
    /// Its rows, with a value for each column.
    pub rows: Vec<Vec<Value>>,
}

impl Source {
    /// A database in memory with these tables. It lives as long as the source.
    pub async fn in_memory(name: &str, tables: &[MemoryTable]) -> Result<Self, SourceError> {
        let limits = Limits { connections: 1, ..Limits::default() };
        let failed = |error| SourceError::from_driver(name, limits.time, error);
        let options = SqliteConnectOptions::new().in_memory(true).disable_statement_logging();
        // The database is its one connection: that must never be closed for being idle or old.
        let pool = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
        let pool = pool.connect_with(options).await.map_err(failed)?;
        fill(&pool, tables).await.map_err(failed)?;
        Ok(Self::of_sqlite(name, pool, limits))
    }
}

async fn fill(pool: &SqlitePool, tables: &[MemoryTable]) -> Result<(), sqlx::Error> {
    let mut connection = pool.acquire().await?;
    let mut transaction = connection.begin().await?;
    for table in tables {
        fill_table(&mut transaction, table).await?;
    }
    transaction.commit().await?;
    connection.execute("PRAGMA query_only = 1").await?;
    Ok(())
}

async fn fill_table(connection: &mut SqliteConnection, table: &MemoryTable) -> Result<(), sqlx::Error> {
    let name = Dialect::Sqlite.quote_identifier(&table.name);
    let columns: Vec<String> = table.columns.iter().map(|column| Dialect::Sqlite.quote_identifier(column)).collect();
    connection.execute(reviewed(format!("CREATE TABLE {name} ({})", columns.join(", ")))).await?;
    let width = columns.len().max(1);
    let placeholders = format!("({})", vec!["?"; width].join(", "));
    for rows in table.rows.chunks((MOST_PARAMETERS / width).max(1)) {
        let sql = format!("INSERT INTO {name} VALUES {}", vec![placeholders.as_str(); rows.len()].join(", "));
        let arguments = sqlite::arguments(rows.iter().flatten().cloned().collect())?;
        sqlx::query_with(reviewed(sql), arguments).persistent(false).execute(&mut *connection).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Statement;

    fn statement(sql: &str) -> Statement {
        Statement { sql: sql.to_owned(), ..Statement::default() }
    }

    #[tokio::test]
    async fn rows_are_there_and_can_only_be_read() {
        let rows: Vec<Vec<Value>> =
            (0..40_000).map(|number| vec![Value::Integer(number), Value::Text("a`b".into())]).collect();
        let table = MemoryTable { name: "odd `name".into(), columns: vec!["n".into(), "select".into()], rows };
        let source = Source::in_memory("pbx", &[table]).await.unwrap();
        let found = source.fetch(&statement("SELECT COUNT(*), MAX(n), MIN(`select`) FROM `odd ``name`")).await.unwrap();
        assert_eq!(found.rows, [[Value::Integer(40_000), Value::Integer(39_999), Value::Text("a`b".into())]]);
        assert!(source.fetch(&statement("DELETE FROM `odd ``name`")).await.is_err());
    }
}
