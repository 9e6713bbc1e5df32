//! Claiming, finishing and giving up runs, and where each schedule stands.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::dialect::{alone, beside_others};
use super::lease::LEASE;
use super::listing::{RUN_COLUMNS, run_record};
use super::outbox::settle_run;
use super::store::{failed, instant, kept};
use super::suppressions::held_back;
use super::{
    Batch, Channel, Claim, ClaimRequest, DeliveryState, Journal, JournalError, LeftOut, NewDelivery, Outgoing,
    RunClaim, RunId, RunRecord, Skip, Trigger,
};

/// A run that was taken over so often takes its process down with it and is given up.
const MAX_ATTEMPTS: i64 = 5;

impl Journal {
    /// The last scheduled instant of the report that was turned into a run or a skip; `None` before the first.
    pub async fn cursor(&self, report: &str) -> Result<Option<DateTime<Utc>>, JournalError> {
        let seconds: Option<i64> = sqlx::query_scalar("SELECT cursor_utc FROM schedules WHERE report = $1")
            .bind(report)
            .fetch_optional(&self.reader)
            .await
            .map_err(failed("reading a schedule's cursor"))?;
        seconds.map(instant).transpose()
    }

    /// Where every schedule stands, by report.
    pub async fn cursors(&self) -> Result<BTreeMap<String, DateTime<Utc>>, JournalError> {
        const DOING: &str = "reading the schedules' cursors";
        let rows = sqlx::query("SELECT report, cursor_utc FROM schedules")
            .fetch_all(&self.reader)
            .await
            .map_err(failed(DOING))?;
        let row = |row: &AnyRow| {
            let cursor = instant(row.try_get("cursor_utc").map_err(failed(DOING))?)?;
            Ok((row.try_get("report").map_err(failed(DOING))?, cursor))
        };
        rows.iter().map(row).collect()
    }

    /// Moves the report's cursor; never back, as instants before it have been dealt with.
    pub async fn set_cursor(&self, report: &str, cursor: DateTime<Utc>) -> Result<(), JournalError> {
        const DOING: &str = "moving a schedule's cursor";
        let mut transaction = self.write(DOING).await?;
        advance_cursor(&mut transaction, report, cursor).await.map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))
    }

    /// Whether a scheduled run of the report is being worked on, or waits for another try or for its data.
    pub async fn has_open_run(&self, report: &str) -> Result<bool, JournalError> {
        let open: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM runs WHERE report = $1 AND origin = 'schedule' AND state IN ('claimed', 'waiting')",
        )
        .bind(report)
        .fetch_one(&self.reader)
        .await
        .map_err(failed("looking for a run that is not over"))?;
        Ok(open > 0)
    }

    /// Asks for a run. The claim, the skips and the schedule's cursor are one transaction; of several askers for the
    /// same instant, or the same period of a once-per-period report, one gets it. Runs by hand are always granted.
    pub async fn claim_run(&self, request: &ClaimRequest) -> Result<Claim, JournalError> {
        const DOING: &str = "claiming a run";
        let mut transaction = self.write(DOING).await?;
        record_skips(&mut transaction, &request.report, &request.skips, request.now).await.map_err(failed(DOING))?;
        let generation = match request.trigger {
            Trigger::Schedule => {
                advance_cursor(&mut transaction, &request.report, request.scheduled_for)
                    .await
                    .map_err(failed(DOING))?;
                0
            }
            Trigger::Manual => {
                alone(&mut transaction).await.map_err(failed(DOING))?;
                let (report, period) = (request.report.as_str(), request.period.as_str());
                next_generation(&mut transaction, (report, period, request.scheduled_for))
                    .await
                    .map_err(failed(DOING))?
            }
        };
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO runs (report, origin, scheduled_for, period, window_from, window_to, once_per_period, \
             generation, state, attempt, owner, lease_until, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'claimed', 1, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(&request.report)
        .bind(request.trigger.word())
        .bind(request.scheduled_for.timestamp())
        .bind(&request.period)
        .bind(request.window.from.timestamp())
        .bind(request.window.to.timestamp())
        .bind(i64::from(request.repetition == super::Repetition::OncePerPeriod))
        .bind(generation)
        .bind(&request.owner)
        .bind((request.now + LEASE).timestamp())
        .bind(request.now.timestamp())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(id.map_or(Claim::Taken, |id| Claim::Mine(RunClaim { id: RunId(id), attempt: 1, generation })))
    }

    /// Records instants that will not be run and moves the cursor past them, in one transaction.
    pub async fn record_skips(&self, report: &str, skips: &[Skip], now: DateTime<Utc>) -> Result<(), JournalError> {
        const DOING: &str = "recording skipped runs";
        let mut transaction = self.write(DOING).await?;
        record_skips(&mut transaction, report, skips, now).await.map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))
    }

    /// Takes over a run that waits for another try, or whose process died while working on it; the longest waiting
    /// first. A run that was taken over too often is recorded as failed instead.
    pub async fn reclaim_run(
        &self,
        now: DateTime<Utc>,
        owner: &str,
    ) -> Result<Option<(RunClaim, RunRecord)>, JournalError> {
        const DOING: &str = "taking over a run";
        let mut transaction = self.write(DOING).await?;
        sqlx::query(
            "UPDATE runs SET state = 'failed', finished_at = $1, lease_until = NULL, \
             error = 'given up after ' || attempt || ' attempts: ' || COALESCE(error, 'the process ended while working on it') \
             WHERE state IN ('claimed', 'waiting') AND lease_until <= $1 AND attempt - holds >= $2",
        )
        .bind(now.timestamp())
        .bind(MAX_ATTEMPTS)
        .execute(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        let skip_locked = self.dialect.skip_locked();
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE runs SET state = 'claimed', attempt = attempt + 1, owner = $1, lease_until = $2 WHERE id = ( \
             SELECT id FROM runs WHERE state IN ('claimed', 'waiting') AND lease_until <= $3 ORDER BY lease_until, id LIMIT 1 \
             {skip_locked}) RETURNING {RUN_COLUMNS}"
        )))
        .bind(owner)
        .bind((now + LEASE).timestamp())
        .bind(now.timestamp())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        row.map(|row| {
            let record = run_record(&row)?;
            Ok((RunClaim { id: record.id, attempt: record.attempt, generation: record.generation }, record))
        })
        .transpose()
    }

    /// Ends a run that was made: all its messages go to the outbox in the same transaction, or none does. A second
    /// message to one recipient is left out; without messages the run is done at once.
    pub async fn finish_run(
        &self,
        claim: RunClaim,
        outgoing: impl Into<Outgoing>,
        now: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        const DOING: &str = "finishing a run";
        let Outgoing { batches, left_out } = outgoing.into();
        let mut transaction = self.write(DOING).await?;
        let finished = sqlx::query(
            "UPDATE runs SET state = 'queued', lease_until = NULL, error = NULL \
             WHERE id = $1 AND attempt = $2 AND state = 'claimed'",
        )
        .bind(claim.id.0)
        .bind(claim.attempt)
        .execute(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        if finished.rows_affected() == 0 {
            return Err(JournalError::RunLost { run: claim.id });
        }
        // So that an address that is suppressed at this moment is seen here, or its messages are seen there.
        beside_others(&mut transaction).await.map_err(failed(DOING))?;
        for batch in batches {
            insert_batch(&mut transaction, (claim.id, claim.generation), batch, now).await.map_err(failed(DOING))?;
        }
        for one in left_out {
            insert_left_out(&mut transaction, claim, one, now).await.map_err(failed(DOING))?;
        }
        settle_run(&mut transaction, claim.id, now).await.map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))
    }

    /// Ends a run that cannot be made.
    pub async fn fail_run(&self, claim: RunClaim, error: &str, now: DateTime<Utc>) -> Result<(), JournalError> {
        self.end_attempt(
            claim,
            "UPDATE runs SET state = 'failed', error = $1, lease_until = NULL, finished_at = $2 \
             WHERE id = $3 AND attempt = $4 AND state = 'claimed'",
            error,
            now,
        )
        .await
    }

    /// Ends a run that is made for nobody, as its conditions say. Its period is not used up: it can still be reported.
    pub async fn skip_run(&self, claim: RunClaim, reason: &str, now: DateTime<Utc>) -> Result<(), JournalError> {
        self.end_attempt(
            claim,
            "UPDATE runs SET state = 'skipped', error = $1, lease_until = NULL, finished_at = $2 \
             WHERE id = $3 AND attempt = $4 AND state = 'claimed'",
            reason,
            now,
        )
        .await
    }

    /// Puts a run off until its data are there; `reclaim_run` finds it again, however often.
    pub async fn hold_run(&self, claim: RunClaim, reason: &str, look_again: DateTime<Utc>) -> Result<(), JournalError> {
        self.end_attempt(
            claim,
            "UPDATE runs SET state = 'waiting', holds = holds + 1, error = $1, lease_until = $2 \
             WHERE id = $3 AND attempt = $4 AND state = 'claimed'",
            reason,
            look_again,
        )
        .await
    }

    /// Puts a run off after a failure that may pass, such as a database out of reach; `reclaim_run` finds it again.
    pub async fn postpone_run(
        &self,
        claim: RunClaim,
        error: &str,
        retry_at: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        self.end_attempt(
            claim,
            "UPDATE runs SET state = 'waiting', error = $1, lease_until = $2 \
             WHERE id = $3 AND attempt = $4 AND state = 'claimed'",
            error,
            retry_at,
        )
        .await
    }

    async fn end_attempt(
        &self,
        claim: RunClaim,
        sql: &'static str,
        error: &str,
        at: DateTime<Utc>,
    ) -> Result<(), JournalError> {
        const DOING: &str = "recording a failed run";
        let mut transaction = self.write(DOING).await?;
        let ended = sqlx::query(sql)
            .bind(kept(error))
            .bind(at.timestamp())
            .bind(claim.id.0)
            .bind(claim.attempt)
            .execute(&mut *transaction)
            .await
            .map_err(failed(DOING))?;
        if ended.rows_affected() == 0 {
            return Err(JournalError::RunLost { run: claim.id });
        }
        transaction.commit().await.map_err(failed(DOING))
    }
}

/// Records that someone gets no message.
async fn insert_left_out(
    transaction: &mut Transaction<'_, Any>,
    claim: RunClaim,
    left_out: LeftOut,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO deliveries (run_id, recipient, generation, message_id, envelope_from, state, next_attempt_at, \
         last_error, created_at, expires_at) VALUES ($1, $2, $3, '', '', 'suppressed', $4, $5, $6, $7) ON CONFLICT DO NOTHING",
    )
    .bind(claim.id.0)
    .bind(left_out.recipient)
    .bind(claim.generation)
    .bind(now.timestamp())
    .bind(left_out.reason)
    .bind(now.timestamp())
    .bind(now.timestamp())
    .execute(&mut **transaction)
    .await
    .map(drop)
}

/// Puts messages into the outbox that were made from nothing that is kept.
pub(super) async fn insert_deliveries(
    transaction: &mut Transaction<'_, Any>,
    run: RunId,
    generation: i64,
    deliveries: Vec<NewDelivery>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    insert_batch(transaction, (run, generation), Batch { made_from: None, deliveries }, now).await
}

/// Puts messages into the outbox, and what they were made from into the archive.
async fn insert_batch(
    transaction: &mut Transaction<'_, Any>,
    (run, generation): (RunId, i64),
    batch: Batch,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let edition: Option<i64> = match batch.made_from {
        Some(made_from) => {
            sqlx::query_scalar("INSERT INTO editions (run_id, made_from) VALUES ($1, $2) RETURNING id")
                .bind(run.0)
                .bind(made_from)
                .fetch_optional(&mut **transaction)
                .await?
        }
        None => None,
    };
    for delivery in batch.deliveries {
        insert_delivery(transaction, (run, generation), (delivery, edition), now).await?;
    }
    Ok(())
}

/// Puts a message into the outbox, where it stays when its address is suppressed.
pub(super) async fn insert_delivery(
    transaction: &mut Transaction<'_, Any>,
    (run, generation): (RunId, i64),
    (delivery, edition): (NewDelivery, Option<i64>),
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let held = match delivery.channel {
        Channel::Mail => held_back(transaction, run, &delivery.recipient).await?,
        Channel::Webhook => None,
    };
    let state = if held.is_some() { DeliveryState::Suppressed } else { DeliveryState::Due };
    let id: Option<i64> = sqlx::query_scalar(
        "INSERT INTO deliveries (run_id, recipient, generation, message_id, envelope_from, state, last_error, \
         next_attempt_at, created_at, expires_at, edition_id, channel, on_unknown) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
         ON CONFLICT DO NOTHING RETURNING id",
    )
    .bind(run.0)
    .bind(delivery.recipient)
    .bind(generation)
    .bind(delivery.message_id)
    .bind(delivery.envelope_from)
    .bind(state.word())
    .bind(held)
    .bind(now.timestamp())
    .bind(now.timestamp())
    .bind(delivery.expires_at.timestamp())
    .bind(edition)
    .bind(delivery.channel.word())
    .bind(delivery.on_unknown.word())
    .fetch_optional(&mut **transaction)
    .await?;
    // Someone in two groups of recipients gets one message.
    let Some(id) = id else { return Ok(()) };
    sqlx::query("INSERT INTO messages (delivery_id, bytes) VALUES ($1, $2)")
        .bind(id)
        .bind(delivery.bytes)
        .execute(&mut **transaction)
        .await
        .map(drop)
}

async fn advance_cursor(
    transaction: &mut Transaction<'_, Any>,
    report: &str,
    cursor: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO schedules (report, cursor_utc) VALUES ($1, $2) \
         ON CONFLICT (report) DO UPDATE SET cursor_utc = excluded.cursor_utc WHERE excluded.cursor_utc > schedules.cursor_utc",
    )
    .bind(report)
    .bind(cursor.timestamp())
    .execute(&mut **transaction)
    .await
    .map(drop)
}

async fn record_skips(
    transaction: &mut Transaction<'_, Any>,
    report: &str,
    skips: &[Skip],
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    for skip in skips {
        sqlx::query(
            "INSERT INTO runs (report, origin, scheduled_for, period, window_from, window_to, once_per_period, \
             generation, state, attempt, owner, error, created_at, finished_at) \
             VALUES ($1, 'schedule', $2, $3, $4, $5, 0, 0, 'skipped', 0, '', $6, $7, $8) ON CONFLICT DO NOTHING",
        )
        .bind(report)
        .bind(skip.scheduled_for.timestamp())
        .bind(&skip.period)
        .bind(skip.window.from.timestamp())
        .bind(skip.window.to.timestamp())
        .bind(&skip.reason)
        .bind(now.timestamp())
        .bind(now.timestamp())
        .execute(&mut **transaction)
        .await?;
        advance_cursor(transaction, report, skip.scheduled_for).await?;
    }
    Ok(())
}

/// The number of a run by hand, or of messages sent again: one more than any run of the report for this period or this
/// instant has, and any of its messages. So no two messages have one id.
pub(super) async fn next_generation(
    transaction: &mut Transaction<'_, Any>,
    (report, period, scheduled_for): (&str, &str, DateTime<Utc>),
) -> Result<i64, sqlx::Error> {
    let row = sqlx::query(
        "SELECT COALESCE(MAX(CASE WHEN deliveries.generation > runs.generation THEN deliveries.generation \
         ELSE runs.generation END), 0) + 1 AS next \
         FROM runs LEFT JOIN deliveries ON deliveries.run_id = runs.id \
         WHERE runs.report = $1 AND (runs.period = $2 OR runs.scheduled_for = $3)",
    )
    .bind(report)
    .bind(period)
    .bind(scheduled_for.timestamp())
    .fetch_one(&mut **transaction)
    .await?;
    row.try_get("next")
}
