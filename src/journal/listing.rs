//! Looking at the journal: what ran, what was sent to whom, what waits.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::Row;
use sqlx::any::AnyRow;

use super::store::{failed, instant};
use super::{
    Channel, DeliveryId, DeliveryRecord, DeliveryState, Journal, JournalError, RunId, RunRecord, RunState, Trigger,
};
use crate::time::Window;

/// The columns [`run_record`] reads.
pub(super) const RUN_COLUMNS: &str = "id, report, origin, scheduled_for, period, window_from, window_to, generation, \
     state, attempt, error, created_at, finished_at";

/// The columns [`delivery_record`] reads, and the run's.
const DELIVERY_COLUMNS: &str = "id, run_id, channel, recipient, generation, message_id, state, attempts, uncertain, \
     next_attempt_at, last_error, reply, sent_at, expires_at, on_unknown";

const DOING: &str = "listing runs";

impl Journal {
    /// The latest runs with their deliveries, the newest first.
    pub async fn recent_runs(&self, limit: u32) -> Result<Vec<RunRecord>, JournalError> {
        // One transaction, so that runs and deliveries are of the same moment.
        let mut transaction = self.read(DOING).await?;
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {RUN_COLUMNS} FROM runs ORDER BY id DESC LIMIT $1")))
                .bind(i64::from(limit))
                .fetch_all(&mut *transaction)
                .await
                .map_err(failed(DOING))?;
        let mut runs = rows.iter().map(run_record).collect::<Result<Vec<_>, _>>()?;
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {DELIVERY_COLUMNS} FROM deliveries \
             WHERE run_id IN (SELECT id FROM runs ORDER BY id DESC LIMIT $1) ORDER BY run_id, id"
        )))
        .bind(i64::from(limit))
        .fetch_all(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        for row in &rows {
            let id = RunId(row.try_get("run_id").map_err(failed(DOING))?);
            // Ids fall along the list, so the run is found by halving.
            if let Ok(index) = runs.binary_search_by(|run| id.cmp(&run.id)) {
                runs[index].deliveries.push(delivery_record(row)?);
            }
        }
        Ok(runs)
    }

    /// A run with its deliveries; none when there is no such run.
    pub async fn run(&self, id: RunId) -> Result<Option<RunRecord>, JournalError> {
        let mut transaction = self.read(DOING).await?;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {RUN_COLUMNS} FROM runs WHERE id = $1")))
            .bind(id.0)
            .fetch_optional(&mut *transaction)
            .await
            .map_err(failed(DOING))?;
        let Some(row) = row else { return Ok(None) };
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {DELIVERY_COLUMNS} FROM deliveries WHERE run_id = $1 ORDER BY id"
        )))
        .bind(id.0)
        .fetch_all(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        let deliveries = rows.iter().map(delivery_record).collect::<Result<_, _>>()?;
        Ok(Some(RunRecord { deliveries, ..run_record(&row)? }))
    }

    /// How many messages of a channel left within so long before now, or are leaving.
    pub async fn sent_within(
        &self,
        channel: Channel,
        length: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<u64, JournalError> {
        let count: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM deliveries WHERE channel = $1 AND (sent_at > $2 \
             OR (state = 'attempting' AND lease_until > $3))",
        )
        .bind(channel.word())
        .bind((now - length).timestamp())
        .bind(now.timestamp())
        .fetch_one(&self.reader)
        .await
        .map_err(failed("counting messages that left"))?;
        Ok(count.unsigned_abs())
    }

    /// How many deliveries are neither sent nor given up.
    pub async fn pending_count(&self) -> Result<u64, JournalError> {
        let count: i64 =
            sqlx::query_scalar("SELECT COUNT(*) FROM deliveries WHERE state IN ('due', 'attempting', 'uncertain')")
                .fetch_one(&self.reader)
                .await
                .map_err(failed("counting deliveries"))?;
        Ok(count.unsigned_abs())
    }
}

/// Reads a run from [`RUN_COLUMNS`]; without its deliveries.
pub(super) fn run_record(row: &AnyRow) -> Result<RunRecord, JournalError> {
    let number = |column: &str| row.try_get::<i64, _>(column).map_err(failed(DOING));
    let text = |column: &str| row.try_get::<String, _>(column).map_err(failed(DOING));
    Ok(RunRecord {
        id: RunId(number("id")?),
        report: text("report")?,
        trigger: Trigger::parse(&text("origin")?)?,
        scheduled_for: instant(number("scheduled_for")?)?,
        period: text("period")?,
        window: Window { from: instant(number("window_from")?)?, to: instant(number("window_to")?)? },
        generation: number("generation")?,
        state: RunState::parse(&text("state")?)?,
        attempt: number("attempt")?,
        error: row.try_get("error").map_err(failed(DOING))?,
        created: instant(number("created_at")?)?,
        finished: row.try_get::<Option<i64>, _>("finished_at").map_err(failed(DOING))?.map(instant).transpose()?,
        deliveries: Vec::new(),
    })
}

fn delivery_record(row: &AnyRow) -> Result<DeliveryRecord, JournalError> {
    let number = |column: &str| row.try_get::<i64, _>(column).map_err(failed(DOING));
    let text = |column: &str| row.try_get::<String, _>(column).map_err(failed(DOING));
    Ok(DeliveryRecord {
        id: DeliveryId(number("id")?),
        channel: Channel::parse(&text("channel")?)?,
        recipient: text("recipient")?,
        generation: number("generation")?,
        message_id: text("message_id")?,
        state: match DeliveryState::parse(&text("state")?)? {
            DeliveryState::Failed if text("on_unknown")? == "hold" && number("uncertain")? > 0 => DeliveryState::Held,
            state => state,
        },
        attempts: number("attempts")?,
        uncertain: number("uncertain")?,
        next_attempt: instant(number("next_attempt_at")?)?,
        last_error: row.try_get("last_error").map_err(failed(DOING))?,
        reply: row.try_get("reply").map_err(failed(DOING))?,
        sent: row.try_get::<Option<i64>, _>("sent_at").map_err(failed(DOING))?.map(instant).transpose()?,
        expires: instant(number("expires_at")?)?,
    })
}
