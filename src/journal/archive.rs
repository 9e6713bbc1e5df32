//! What was sent, kept as it was: reading it, sending it again, and letting go of it when it has been kept long enough.
//! A message that is sent again is a new delivery of the same run; the old one stays as it is.

use chrono::{DateTime, Utc};
use sqlx::Row;

use super::dialect::alone;
use super::outbox::settle_run;
use super::runs::{insert_delivery, next_generation};
use super::store::failed;
use super::{DeliveryId, Journal, JournalError, NewDelivery, RunRecord};

/// So many messages are let go of in one transaction: others wait for it.
const AT_ONCE: i64 = 200;

/// A message as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Archived {
    /// Where bounces go.
    pub envelope_from: String,
    /// The whole message.
    pub bytes: Vec<u8>,
    /// The numbers it was made from, as JSON; none for notices of alerts.
    pub made_from: Option<String>,
}

/// A message that is to be sent again.
#[derive(Clone, Debug)]
pub struct Resend {
    /// The delivery it repeats.
    pub of: DeliveryId,
    /// The new message, made for the generation that was asked for.
    pub message: NewDelivery,
}

/// What came of sending again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resent {
    /// The messages are in the outbox.
    Queued,
    /// Someone else took the generation in the meantime; nothing was changed.
    Overtaken,
}

impl Journal {
    /// A delivery's message; none when it was never made or has been let go of.
    pub async fn archived(&self, delivery: DeliveryId) -> Result<Option<Archived>, JournalError> {
        const DOING: &str = "reading a message";
        let row = sqlx::query(
            "SELECT deliveries.envelope_from, messages.bytes, editions.made_from FROM deliveries \
             JOIN messages ON messages.delivery_id = deliveries.id \
             LEFT JOIN editions ON editions.id = deliveries.edition_id WHERE deliveries.id = $1",
        )
        .bind(delivery.0)
        .fetch_optional(&self.reader)
        .await
        .map_err(failed(DOING))?;
        row.map(|row| {
            Ok(Archived {
                envelope_from: row.try_get("envelope_from").map_err(failed(DOING))?,
                bytes: row.try_get("bytes").map_err(failed(DOING))?,
                made_from: row.try_get("made_from").map_err(failed(DOING))?,
            })
        })
        .transpose()
    }

    /// The generation that messages of this run get when they are sent again.
    pub async fn next_generation(&self, run: &RunRecord) -> Result<i64, JournalError> {
        const DOING: &str = "numbering messages";
        let mut transaction = self.read(DOING).await?;
        next_generation(&mut transaction, (&run.report, &run.period, run.scheduled_for)).await.map_err(failed(DOING))
    }

    /// Puts messages of a run into the outbox again, all of them or none.
    pub async fn resend(
        &self,
        run: &RunRecord,
        generation: i64,
        messages: Vec<Resend>,
        now: DateTime<Utc>,
    ) -> Result<Resent, JournalError> {
        const DOING: &str = "sending messages again";
        let mut transaction = self.write(DOING).await?;
        alone(&mut transaction).await.map_err(failed(DOING))?;
        let next = next_generation(&mut transaction, (&run.report, &run.period, run.scheduled_for))
            .await
            .map_err(failed(DOING))?;
        if next != generation {
            return Ok(Resent::Overtaken);
        }
        for Resend { of, message } in messages {
            let edition: Option<i64> = sqlx::query_scalar("SELECT edition_id FROM deliveries WHERE id = $1")
                .bind(of.0)
                .fetch_one(&mut *transaction)
                .await
                .map_err(failed(DOING))?;
            insert_delivery(&mut transaction, (run.id, generation), (message, edition), now)
                .await
                .map_err(failed(DOING))?;
        }
        sqlx::query("UPDATE runs SET state = 'queued', finished_at = NULL WHERE id = $1 AND state = 'done'")
            .bind(run.id.0)
            .execute(&mut *transaction)
            .await
            .map_err(failed(DOING))?;
        // Those to suppressed addresses do not go out.
        settle_run(&mut transaction, run.id, now).await.map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(Resent::Queued)
    }

    /// Lets go of the bytes of messages from before an instant, and of the numbers they were made from; what was sent to
    /// whom stays. Gives how many there were, a limited number at a time: ask again until it is none.
    pub async fn let_go(&self, before: DateTime<Utc>) -> Result<u64, JournalError> {
        const DOING: &str = "letting go of old messages";
        let mut transaction = self.write(DOING).await?;
        let messages = sqlx::query(
            "DELETE FROM messages WHERE delivery_id IN ( \
             SELECT deliveries.id FROM deliveries JOIN messages ON messages.delivery_id = deliveries.id \
             WHERE deliveries.created_at < $1 AND deliveries.state IN ('sent', 'failed', 'suppressed') LIMIT $2)",
        )
        .bind(before.timestamp())
        .bind(AT_ONCE)
        .execute(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        let editions = sqlx::query(
            "UPDATE editions SET made_from = NULL WHERE id IN ( \
             SELECT editions.id FROM editions WHERE made_from IS NOT NULL AND NOT EXISTS ( \
             SELECT 1 FROM deliveries JOIN messages ON messages.delivery_id = deliveries.id \
             WHERE deliveries.edition_id = editions.id) LIMIT $1)",
        )
        .bind(AT_ONCE)
        .execute(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(messages.rows_affected() + editions.rows_affected())
    }
}
