//! The steps that build the journal's tables, and their runner. A runner of our own, because the one in sqlx does not
//! lock a SQLite file: two programs that start together must not both apply a step.

use super::dialect::{Dialect, lock_steps};
use super::{Journal, JournalError};

/// One step: its SQL runs once, in order of the list.
struct Step {
    /// The number of its file. Steps are applied by their number, so two that are made at the same time do not clash.
    number: i64,
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

/// A step from its files, which have the same name for each database.
macro_rules! step {
    ($number:literal, $name:literal, $file:literal) => {
        Step {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $file)),
            postgres: include_str!(concat!("../../migrations/postgres/", $file)),
        }
    };
}

const STEPS: [Step; 9] = [
    step!(1, "runs", "0001_runs.sql"),
    step!(2, "deliveries", "0002_deliveries.sql"),
    step!(3, "alert_states", "0003_alert_states.sql"),
    step!(4, "archive", "0004_archive.sql"),
    step!(5, "alert_history", "0005_alert_history.sql"),
    step!(6, "channels", "0006_channels.sql"),
    step!(7, "suppressions", "0007_suppressions.sql"),
    step!(10, "leases", "0010_leases.sql"),
    step!(12, "told", "0012_told.sql"),
];

impl Step {
    fn sql(&self, dialect: Dialect) -> &'static str {
        match dialect {
            Dialect::Sqlite => self.sqlite,
            Dialect::Postgres => self.postgres,
        }
    }
}

/// Applies the steps the database does not have yet, all in one transaction that lets no other program do the same.
pub(super) async fn apply(journal: &Journal) -> Result<(), JournalError> {
    let (dialect, place) = (journal.dialect, &journal.place);
    let failed = |source| JournalError::Open { place: place.clone(), source };
    let known = STEPS.iter().map(|step| step.number).max().unwrap_or(0);
    let mut transaction = journal.writer.begin_with(dialect.begin_steps()).await.map_err(failed)?;
    lock_steps(&mut transaction).await.map_err(failed)?;

    let table: Option<String> =
        sqlx::query_scalar(dialect.find_table()).fetch_optional(&mut *transaction).await.map_err(failed)?;
    match table.as_deref() {
        Some("journal_steps") => {}
        Some(table) => return Err(JournalError::NotAJournal { place: place.clone(), table: table.to_owned() }),
        None => {
            sqlx::query(dialect.create_steps()).execute(&mut *transaction).await.map_err(failed)?;
        }
    }
    let applied: Vec<i64> =
        sqlx::query_scalar("SELECT step FROM journal_steps").fetch_all(&mut *transaction).await.map_err(failed)?;
    if let Some(found) = applied.iter().copied().find(|step| *step > known) {
        return Err(JournalError::NewerSchema { place: place.clone(), found, known });
    }
    for step in STEPS.iter().filter(|step| !applied.contains(&step.number)) {
        sqlx::raw_sql(step.sql(dialect)).execute(&mut *transaction).await.map_err(failed)?;
        sqlx::query("INSERT INTO journal_steps (step, name) VALUES ($1, $2)")
            .bind(step.number)
            .bind(step.name)
            .execute(&mut *transaction)
            .await
            .map_err(failed)?;
    }
    transaction.commit().await.map_err(failed)
}
