//! Figures about the journal for health checks and metrics: what waits, what was sent last, whether it can be written to.

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::store::{failed, instant};
use super::{Channel, Journal, JournalError};

const DOING: &str = "reading the journal's figures";

/// What waits in the outbox on one way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxFigures {
    /// The way out.
    pub channel: Channel,
    /// How many messages are neither sent nor given up.
    pub waiting: i64,
    /// When the oldest of them was put there.
    pub oldest: DateTime<Utc>,
}

impl Journal {
    /// What waits in the outbox; ways out on which nothing waits are left out.
    pub async fn outbox_figures(&self) -> Result<Vec<OutboxFigures>, JournalError> {
        let rows = sqlx::query(
            "SELECT channel, COUNT(*) AS waiting, MIN(created_at) AS oldest FROM deliveries \
             WHERE state IN ('due', 'attempting', 'uncertain') GROUP BY channel ORDER BY channel",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        let figures = rows.iter().map(|row| {
            let channel: String = row.try_get("channel").map_err(failed(DOING))?;
            Ok(OutboxFigures {
                channel: Channel::parse(&channel)?,
                waiting: row.try_get("waiting").map_err(failed(DOING))?,
                oldest: instant(row.try_get("oldest").map_err(failed(DOING))?)?,
            })
        });
        figures.collect()
    }

    /// When each report was last sent, by report; notices are not among them.
    pub async fn last_sent(&self) -> Result<Vec<(String, DateTime<Utc>)>, JournalError> {
        let rows = sqlx::query(
            "SELECT report, MAX(finished_at) AS finished FROM runs \
             WHERE state = 'done' AND report NOT LIKE '%:%' GROUP BY report ORDER BY report",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        let last = rows.iter().map(|row| {
            let finished = row.try_get::<i64, _>("finished").map_err(failed(DOING))?;
            Ok((row.try_get("report").map_err(failed(DOING))?, instant(finished)?))
        });
        last.collect()
    }

    /// The last step that was applied to the journal's tables.
    pub async fn schema_version(&self) -> Result<i64, JournalError> {
        sqlx::query_scalar("SELECT MAX(step) FROM journal_steps").fetch_one(&self.reader).await.map_err(failed(DOING))
    }

    /// Fails when the journal cannot be written to. Nothing is changed.
    pub async fn try_writing(&self) -> Result<(), JournalError> {
        const DOING: &str = "trying to write";
        let mut transaction = self.write(DOING).await?;
        sqlx::query("INSERT INTO told (kind, subject, told_at) VALUES ('try', '', 0)")
            .execute(&mut *transaction)
            .await
            .map_err(failed(DOING))?;
        transaction.rollback().await.map_err(failed(DOING))
    }
}
