//! SQLite files with call data for tests, of this room and of those below.

use std::sync::Arc;

use secrecy::SecretString;
use sqlx::{AssertSqlSafe, ConnectOptions, Executor};
use tempfile::TempDir;

use crate::diagnostics::{SourceFile, Span};
use crate::workspace::DatabaseUrl;

/// A folder with a database `calls.db` in which these statements were run.
pub(crate) async fn database(setup: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("calls.db")).create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(setup.to_owned()))).await.unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    folder
}

/// An address as a workspace would give it.
pub(crate) fn address(url: &str) -> DatabaseUrl {
    let file = Arc::new(SourceFile { path: "callbrief.yaml".to_owned(), text: String::new() });
    DatabaseUrl { url: SecretString::from(url), span: Span { file, range: 0..0 } }
}
