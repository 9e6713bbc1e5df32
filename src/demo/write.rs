//! A history into a SQLite file. The file appears under its name only when it is complete, and holds nothing that
//! differs from one run to the next. What the tables look like is in `tables`.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use super::history::History;
use super::tables::{INDICES, TABLES, fill_tables};
use super::{DemoError, Progress};
use crate::locale::Language;

/// Writes the history; a file that stood at the path is replaced at the end.
pub(super) async fn write(
    history: &History,
    language: Language,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), DemoError> {
    let unwritable = |path: &Path| {
        let path = path.to_owned();
        move |cause| DemoError::Unwritable { path, cause }
    };
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(unwritable(folder))?;
    }
    let unfinished = unfinished(path);
    // What an interrupted run left behind would be taken for our own beginning.
    if unfinished.exists() {
        std::fs::remove_file(&unfinished).map_err(unwritable(&unfinished))?;
    }
    let filled = fill(history, language, &unfinished, progress).await;
    if let Err(cause) = filled {
        // The first error is the one worth telling; a file that cannot be removed either does no harm.
        let _ = std::fs::remove_file(&unfinished);
        return Err(DemoError::Database { path: path.to_owned(), cause });
    }
    std::fs::rename(&unfinished, path).map_err(unwritable(path))
}

fn unfinished(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    path.with_file_name(name)
}

async fn fill(
    history: &History,
    language: Language,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(), sqlx::Error> {
    // No journal and no syncing: a half-written file is thrown away anyway.
    let mut connection = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .page_size(4_096)
        .journal_mode(SqliteJournalMode::Off)
        .synchronous(SqliteSynchronous::Off)
        .connect()
        .await?;
    sqlx::raw_sql(TABLES).execute(&mut connection).await?;
    sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
    fill_tables(&mut connection, history, language, progress).await?;
    sqlx::raw_sql(INDICES).execute(&mut connection).await?;
    sqlx::raw_sql("COMMIT").execute(&mut connection).await?;
    connection.close().await
}
