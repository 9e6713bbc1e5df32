//! Deliveries that failed and of which nobody was told yet, and writing down that somebody was.

use chrono::{DateTime, Utc};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::alerts::{AlertNotices, insert_notices};
use super::dialect::alone;
use super::store::failed;
use super::{DeliveryId, Journal, JournalError, Recorded, RunId, Suppression};

/// How many are told of at a time; the next ones a moment later.
const AT_ONCE: i64 = 200;

/// A delivery that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undelivered {
    /// Its name.
    pub id: DeliveryId,
    /// The run it belongs to.
    pub run: RunId,
    /// The run's report, or `alert:` and a rule.
    pub report: String,
    /// The recipient.
    pub recipient: String,
    /// The last failure.
    pub error: String,
    /// Whether the address gets nothing any more.
    pub is_suppressed: bool,
    /// Whether it may have arrived all the same.
    pub is_held: bool,
}

impl Journal {
    /// The failed deliveries of which nobody was told, except those of runs with this name: notices of the kind. A run is
    /// waited for until each of its messages was tried once, so that one notice tells of all.
    pub async fn undelivered(&self, except: &str) -> Result<Vec<Undelivered>, JournalError> {
        const DOING: &str = "reading failed deliveries";
        let rows = sqlx::query(
            "SELECT deliveries.id, deliveries.run_id, runs.report, deliveries.recipient, \
             COALESCE(deliveries.last_error, '') AS error, CASE WHEN EXISTS (SELECT 1 FROM suppressions \
             WHERE suppressions.address = LOWER(deliveries.recipient) AND scope = '') THEN 1 ELSE 0 END AS suppressed, \
             CASE WHEN on_unknown = 'hold' AND uncertain > 0 THEN 1 ELSE 0 END AS held \
             FROM deliveries JOIN runs ON runs.id = deliveries.run_id \
             WHERE deliveries.state = 'failed' AND deliveries.told = 0 AND runs.report <> $1 \
             AND NOT EXISTS (SELECT 1 FROM deliveries AS other WHERE other.run_id = deliveries.run_id \
             AND (other.state = 'attempting' OR (other.state = 'due' AND other.attempts = 0))) \
             ORDER BY deliveries.id LIMIT $2",
        )
        .bind(except)
        .bind(AT_ONCE)
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        let row = |row: &AnyRow| {
            let number = |column: &str| row.try_get::<i64, _>(column).map_err(failed(DOING));
            let text = |column: &str| row.try_get::<String, _>(column).map_err(failed(DOING));
            Ok(Undelivered {
                id: DeliveryId(number("id")?),
                run: RunId(number("run_id")?),
                report: text("report")?,
                recipient: text("recipient")?,
                error: text("error")?,
                is_suppressed: number("suppressed")? == 1,
                is_held: number("held")? == 1,
            })
        };
        rows.iter().map(row).collect()
    }

    /// Writes down that somebody is told of these deliveries and of those who unsubscribed, together with the notices; all
    /// of it or nothing. Overtaken when someone else has told of one of them.
    pub async fn tell_undelivered(
        &self,
        told: &[DeliveryId],
        unsubscribed: &[Suppression],
        notices: Option<AlertNotices>,
        now: DateTime<Utc>,
    ) -> Result<Recorded, JournalError> {
        const DOING: &str = "telling of failed deliveries";
        let mut transaction = self.write(DOING).await?;
        alone(&mut transaction).await.map_err(failed(DOING))?;
        for id in told {
            let changed = sqlx::query("UPDATE deliveries SET told = 1 WHERE id = $1 AND told = 0")
                .bind(id.0)
                .execute(&mut *transaction)
                .await
                .map_err(failed(DOING))?;
            if changed.rows_affected() == 0 {
                return Ok(Recorded::Overtaken);
            }
        }
        for suppression in unsubscribed {
            let changed =
                sqlx::query("UPDATE suppressions SET told = 1 WHERE address = $1 AND scope = $2 AND told = 0")
                    .bind(&suppression.address)
                    .bind(suppression.scope.name())
                    .execute(&mut *transaction)
                    .await
                    .map_err(failed(DOING))?;
            if changed.rows_affected() == 0 {
                return Ok(Recorded::Overtaken);
            }
        }
        if let Some(notices) = notices {
            insert_notices(&mut transaction, notices, now).await.map_err(failed(DOING))?;
        }
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(Recorded::Written)
    }
}
