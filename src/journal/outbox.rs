//! The outbox's rows: claiming a delivery, and recording how its attempt ended.

use chrono::{DateTime, Utc};
use sqlx::{Any, Row, Transaction};

use super::dialect::Dialect;
use super::lease::LEASE;
use super::store::{failed, instant, kept};
use super::suppressions::suppress;
use super::{
    Channel, Delivery, DeliveryId, Journal, JournalError, NewSuppression, RunId, SuppressionCause, SuppressionScope,
};
use crate::workspace::OnUnknown;

/// How an attempt that did not succeed leaves its delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setback {
    /// Not taken; to be tried again then.
    Retry(DateTime<Utc>),
    /// Perhaps taken, the answer was lost; to be sent again then, with the same bytes.
    Uncertain(DateTime<Utc>),
    /// Perhaps taken, the answer was lost; not to be sent again by itself.
    Held,
    /// Given up.
    Permanent,
    /// Given up, and the address gets nothing any more: it does not exist.
    DeadAddress,
}

impl Journal {
    /// Claims the delivery of a channel that waits longest. The claim is committed before this returns, so a crash while
    /// sending leaves a trace: an attempt whose claim lapses ended in a crash, the message may or may not have been taken, and
    /// it is sent again with the same bytes. Deliveries past their expiry are given up on the way.
    pub async fn claim_delivery(
        &self,
        channel: Channel,
        now: DateTime<Utc>,
        owner: &str,
    ) -> Result<Option<Delivery>, JournalError> {
        const DOING: &str = "claiming a delivery";
        let mut transaction = self.write(DOING).await?;
        let skip_locked = self.dialect.skip_locked();
        let ended: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "UPDATE deliveries SET state = CASE on_unknown WHEN 'hold' THEN 'failed' ELSE 'uncertain' END, \
             uncertain = uncertain + 1, owner = NULL, lease_until = NULL, \
             last_error = 'the process ended while sending; it is not known whether the message was taken' \
             WHERE id IN (SELECT id FROM deliveries WHERE state = 'attempting' AND lease_until <= $1 {skip_locked}) \
             RETURNING run_id"
        )))
        .bind(now.timestamp())
        .fetch_all(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        for run in ended {
            settle_run(&mut transaction, RunId(run), now).await.map_err(failed(DOING))?;
        }
        give_up_expired(&mut transaction, now).await.map_err(failed(DOING))?;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE deliveries SET state = 'attempting', attempts = attempts + 1, owner = $1, lease_until = $2 \
             WHERE id = (SELECT id FROM deliveries WHERE channel = $4 AND state IN ('due', 'uncertain') \
             AND next_attempt_at <= $3 \
             ORDER BY next_attempt_at, id LIMIT 1 {skip_locked}) \
             RETURNING id, run_id, recipient, message_id, envelope_from, attempts, expires_at, on_unknown, \
             (SELECT bytes FROM messages WHERE delivery_id = deliveries.id) AS bytes"
        )))
        .bind(owner)
        .bind((now + LEASE).timestamp())
        .bind(now.timestamp())
        .bind(channel.word())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        let Some(row) = row else { return Ok(None) };
        let text = |column: &str| row.try_get::<String, _>(column).map_err(failed(DOING));
        let number = |column: &str| row.try_get::<i64, _>(column).map_err(failed(DOING));
        Ok(Some(Delivery {
            id: DeliveryId(number("id")?),
            run: RunId(number("run_id")?),
            recipient: text("recipient")?,
            message_id: text("message_id")?,
            envelope_from: text("envelope_from")?,
            bytes: row.try_get("bytes").map_err(failed(DOING))?,
            attempt: number("attempts")?,
            on_unknown: OnUnknown::of(&text("on_unknown")?),
            expires_at: instant(number("expires_at")?)?,
        }))
    }

    /// Records that the message was taken, with the server's answer. This holds even when the claim has lapsed in the
    /// meantime: taken is taken.
    pub async fn record_sent(&self, delivery: &Delivery, reply: &str, now: DateTime<Utc>) -> Result<(), JournalError> {
        const DOING: &str = "recording a sent delivery";
        let mut transaction = self.write(DOING).await?;
        sqlx::query(
            "UPDATE deliveries SET state = 'sent', reply = $1, sent_at = $2, last_error = NULL, owner = NULL, \
             lease_until = NULL WHERE id = $3 AND state <> 'sent'",
        )
        .bind(kept(reply))
        .bind(now.timestamp())
        .bind(delivery.id.0)
        .execute(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        settle_run(&mut transaction, delivery.run, now).await.map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))
    }

    /// Records an attempt that failed, and what comes of the delivery.
    pub async fn record_failure(
        &self,
        delivery: &Delivery,
        error: &str,
        setback: Setback,
        now: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        const DOING: &str = "recording a failed delivery";
        let (state, next, uncertain) = match setback {
            Setback::Retry(at) => ("due", at, 0),
            Setback::Uncertain(at) => ("uncertain", at, 1),
            Setback::Held => ("failed", now, 1),
            Setback::Permanent | Setback::DeadAddress => ("failed", now, 0),
        };
        let mut transaction = self.write(DOING).await?;
        let recorded = sqlx::query(
            "UPDATE deliveries SET state = $1, next_attempt_at = $2, uncertain = uncertain + $3, last_error = $4, \
             owner = NULL, lease_until = NULL WHERE id = $5 AND attempts = $6 AND state = 'attempting'",
        )
        .bind(state)
        .bind(next.timestamp())
        .bind(uncertain)
        .bind(kept(error))
        .bind(delivery.id.0)
        .bind(delivery.attempt)
        .execute(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        if recorded.rows_affected() == 0 {
            return Err(JournalError::DeliveryLost { delivery: delivery.id });
        }
        if setback == Setback::DeadAddress {
            let bounce = NewSuppression {
                address: delivery.recipient.clone(),
                scope: SuppressionScope::Everything,
                cause: SuppressionCause::Bounce,
                reason: kept(error),
                author: "the mail server".to_owned(),
            };
            suppress(&mut transaction, &bounce, now).await.map_err(failed(DOING))?;
        }
        settle_run(&mut transaction, delivery.run, now).await.map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))
    }
}

/// Makes a queued run done once none of its deliveries is open.
pub(super) async fn settle_run(
    transaction: &mut Transaction<'_, Any>,
    run: RunId,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    // Of two processes that each settle one of the last two deliveries, the second waits here for the first and then sees
    // what it did.
    let locked = Dialect::of(transaction).locked();
    sqlx::query(sqlx::AssertSqlSafe(format!("SELECT id FROM runs WHERE id = $1 {locked}")))
        .bind(run.0)
        .execute(&mut **transaction)
        .await?;
    sqlx::query(
        "UPDATE runs SET state = 'done', finished_at = $1 WHERE id = $2 AND state = 'queued' AND NOT EXISTS ( \
         SELECT 1 FROM deliveries WHERE run_id = runs.id AND state IN ('due', 'attempting', 'uncertain'))",
    )
    .bind(now.timestamp())
    .bind(run.0)
    .execute(&mut **transaction)
    .await
    .map(drop)
}

/// The same for the runs of several deliveries. In the order of their numbers, so that two processes never wait for each
/// other.
pub(super) async fn settle_runs(
    transaction: &mut Transaction<'_, Any>,
    mut runs: Vec<i64>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    runs.sort_unstable();
    runs.dedup();
    for run in runs {
        settle_run(transaction, RunId(run), now).await?;
    }
    Ok(())
}

async fn give_up_expired(transaction: &mut Transaction<'_, Any>, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let skip_locked = Dialect::of(transaction).skip_locked();
    let runs: Vec<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "UPDATE deliveries SET state = 'failed', last_error = 'not delivered in time; the last failure: ' \
         || COALESCE(last_error, 'never attempted') WHERE id IN (SELECT id FROM deliveries \
         WHERE state IN ('due', 'uncertain') AND expires_at <= $1 {skip_locked}) RETURNING run_id"
    )))
    .bind(now.timestamp())
    .fetch_all(&mut **transaction)
    .await?;
    settle_runs(transaction, runs, now).await
}
