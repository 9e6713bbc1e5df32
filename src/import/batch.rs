//! Many rows in one INSERT: how every file that callbrief writes as data is filled quickly. Knows SQLite and nothing
//! of what the rows mean.

use std::sync::Arc;

use sqlx::sqlite::{Sqlite, SqliteArguments};
use sqlx::{Arguments, AssertSqlSafe, Encode, SqliteConnection, Type};

/// SQLite takes 32,766 values in one statement; far fewer are already as fast.
const VALUES_PER_STATEMENT: usize = 6_000;

/// Rows on their way into one table. A row is complete when each column has got its value, in the table's order.
pub(crate) struct Batch {
    insert: String,
    columns: usize,
    rows_at_once: usize,
    full_statement: Arc<str>,
    arguments: SqliteArguments,
    values: usize,
}

impl Batch {
    /// An empty batch. `table` goes into the SQL as it is: the caller vouches that it is a name.
    pub(crate) fn new(table: &str, columns: usize) -> Self {
        let rows_at_once = (VALUES_PER_STATEMENT / columns.max(1)).max(1);
        let insert = format!("INSERT INTO {table} VALUES ");
        let full_statement = statement(&insert, columns, rows_at_once).into();
        Self { insert, columns, rows_at_once, full_statement, arguments: SqliteArguments::default(), values: 0 }
    }

    /// Adds the next value of the row.
    ///
    /// # Errors
    /// When the value cannot be encoded.
    pub(crate) fn push<'q, T: Encode<'q, Sqlite> + Type<Sqlite>>(&mut self, value: T) -> Result<(), sqlx::Error> {
        self.values += 1;
        self.arguments.add(value).map_err(sqlx::Error::Encode)
    }

    /// Sends the rows once there are enough of them; gives how many were sent.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) async fn send_if_full(&mut self, connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
        if self.values < self.rows_at_once * self.columns { Ok(0) } else { self.send(connection).await }
    }

    /// Sends what there is; gives how many rows were sent.
    ///
    /// # Errors
    /// What SQLite says.
    pub(crate) async fn send(&mut self, connection: &mut SqliteConnection) -> Result<u64, sqlx::Error> {
        let rows = self.values / self.columns.max(1);
        if rows == 0 {
            return Ok(0);
        }
        let sql = if rows == self.rows_at_once {
            Arc::clone(&self.full_statement)
        } else {
            statement(&self.insert, self.columns, rows).into()
        };
        self.values = 0;
        // Only the table's name and question marks are in the text.
        sqlx::query_with(AssertSqlSafe(sql), std::mem::take(&mut self.arguments)).execute(connection).await?;
        Ok(rows as u64)
    }
}

fn statement(insert: &str, columns: usize, rows: usize) -> String {
    let row = format!("({})", vec!["?"; columns].join(","));
    format!("{insert}{}", vec![row; rows].join(","))
}
