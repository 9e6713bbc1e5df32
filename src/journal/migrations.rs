//! The steps that build the journal's tables, and their runner. A runner of our own, because the one in sqlx does not
//! lock a SQLite file: two programs that start together must not both apply a step.

use std::path::Path;

use sqlx::SqlitePool;

use super::JournalError;

/// One step: its SQL runs once, in order of the list.
struct Step {
    /// The number of its file. Steps are applied by their number, so two that are made at the same time do not clash.
    number: i64,
    name: &'static str,
    sql: &'static str,
}

const STEPS: [Step; 8] = [
    Step { number: 1, name: "runs", sql: include_str!("../../migrations/sqlite/0001_runs.sql") },
    Step { number: 2, name: "deliveries", sql: include_str!("../../migrations/sqlite/0002_deliveries.sql") },
    Step { number: 3, name: "alert_states", sql: include_str!("../../migrations/sqlite/0003_alert_states.sql") },
    Step { number: 4, name: "archive", sql: include_str!("../../migrations/sqlite/0004_archive.sql") },
    Step { number: 5, name: "alert_history", sql: include_str!("../../migrations/sqlite/0005_alert_history.sql") },
    Step { number: 6, name: "channels", sql: include_str!("../../migrations/sqlite/0006_channels.sql") },
    Step { number: 7, name: "suppressions", sql: include_str!("../../migrations/sqlite/0007_suppressions.sql") },
    Step { number: 12, name: "told", sql: include_str!("../../migrations/sqlite/0012_told.sql") },
];

/// Applies the steps the file does not have yet, all in one transaction under the file's exclusive lock.
pub(super) async fn apply(pool: &SqlitePool, path: &Path) -> Result<(), JournalError> {
    let failed = |source| JournalError::Open { path: path.to_owned(), source };
    let known = STEPS.iter().map(|step| step.number).max().unwrap_or(0);
    let mut transaction = pool.begin_with("BEGIN EXCLUSIVE").await.map_err(failed)?;

    let table: Option<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name = 'journal_steps' DESC LIMIT 1",
    )
    .fetch_optional(&mut *transaction)
    .await
    .map_err(failed)?;
    match table.as_deref() {
        Some("journal_steps") => {}
        Some(table) => return Err(JournalError::NotAJournal { path: path.to_owned(), table: table.to_owned() }),
        None => {
            sqlx::query("CREATE TABLE journal_steps (step INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL) STRICT")
                .execute(&mut *transaction)
                .await
                .map_err(failed)?;
        }
    }
    let applied: Vec<i64> =
        sqlx::query_scalar("SELECT step FROM journal_steps").fetch_all(&mut *transaction).await.map_err(failed)?;
    if let Some(found) = applied.iter().copied().find(|step| *step > known) {
        return Err(JournalError::NewerSchema { path: path.to_owned(), found, known });
    }
    for step in STEPS.iter().filter(|step| !applied.contains(&step.number)) {
        sqlx::raw_sql(step.sql).execute(&mut *transaction).await.map_err(failed)?;
        sqlx::query("INSERT INTO journal_steps (step, name) VALUES (?, ?)")
            .bind(step.number)
            .bind(step.name)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}
