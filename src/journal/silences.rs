//! Silences: who asked for quiet about which alerts, why and until when.

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::store::{failed, instant};
use super::{Journal, JournalError};
use crate::alert::{Labels, Silence, read_state, write};

const DOING: &str = "reading silences";

/// A silence to be set.
#[derive(Clone, Debug)]
pub struct NewSilence {
    /// The rule; all rules when none.
    pub rule: Option<String>,
    /// The labels an alert must have.
    pub labels: Labels,
    /// Who sets it.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

impl Journal {
    /// Sets a silence from now on; gives its number.
    pub async fn add_silence(&self, silence: NewSilence, now: DateTime<Utc>) -> Result<i64, JournalError> {
        const DOING: &str = "setting a silence";
        let mut transaction = self.write(DOING).await?;
        let id = sqlx::query_scalar(
            "INSERT INTO silences (rule, labels, author, reason, created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6) \
             RETURNING id",
        )
        .bind(silence.rule)
        .bind(write(&silence.labels))
        .bind(silence.author)
        .bind(silence.reason)
        .bind(now.timestamp())
        .bind(silence.ends_at.timestamp())
        .fetch_one(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(id)
    }

    /// Ends a silence now. Whether there was one that had not ended yet.
    pub async fn expire_silence(&self, id: i64, now: DateTime<Utc>) -> Result<bool, JournalError> {
        const DOING: &str = "ending a silence";
        let mut transaction = self.write(DOING).await?;
        let ended = sqlx::query("UPDATE silences SET ends_at = $1 WHERE id = $2 AND ends_at > $1")
            .bind(now.timestamp())
            .bind(id)
            .execute(&mut *transaction)
            .await
            .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(ended.rows_affected() > 0)
    }

    /// The silences that have not ended at this instant, by their numbers.
    pub async fn silences_at(&self, now: DateTime<Utc>) -> Result<Vec<Silence>, JournalError> {
        self.silences_ending_after(now.timestamp()).await
    }

    /// Every silence there ever was, by their numbers.
    pub async fn silences(&self) -> Result<Vec<Silence>, JournalError> {
        self.silences_ending_after(i64::MIN).await
    }

    async fn silences_ending_after(&self, seconds: i64) -> Result<Vec<Silence>, JournalError> {
        let rows = sqlx::query(
            "SELECT id, rule, labels, author, reason, created_at, ends_at FROM silences WHERE ends_at > $1 ORDER BY id",
        )
        .bind(seconds)
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        rows.iter().map(silence).collect()
    }
}

fn silence(row: &AnyRow) -> Result<Silence, JournalError> {
    let text = |column: &str| row.try_get::<String, _>(column).map_err(failed(DOING));
    let at = |column: &str| instant(row.try_get(column).map_err(failed(DOING))?);
    let labels = text("labels")?;
    Ok(Silence {
        id: row.try_get("id").map_err(failed(DOING))?,
        rule: row.try_get("rule").map_err(failed(DOING))?,
        labels: read_state(&labels).map_err(|_| JournalError::Unreadable { what: "alert's labels", value: labels })?,
        author: text("author")?,
        reason: text("reason")?,
        created_at: at("created_at")?,
        ends_at: at("ends_at")?,
    })
}
