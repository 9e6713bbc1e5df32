//! What people are told once, however often it is seen, by however many processes: runs that failed, are late or were left
//! out, and when that is over. Whoever writes it down first sends the message, in the same transaction.

use chrono::{DateTime, Utc};
use sqlx::{Any, Row, Transaction};

use super::outbox::settle_run;
use super::runs::insert_deliveries;
use super::store::{failed, instant};
use super::{AlertNotices, Journal, JournalError, Recorded, RunId, RunState};

const DOING: &str = "recording what people were told";

/// What is wrong with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RunTroubleKind {
    /// It was given up.
    Failed,
    /// It is not done long after its time.
    Late,
    /// It was missed and will not be made up for.
    Missed,
}

/// A run that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunTrouble {
    /// What is wrong.
    pub kind: RunTroubleKind,
    /// The run.
    pub run: RunId,
    /// The report's id.
    pub report: String,
    /// The period's label.
    pub period: String,
    /// The instant the run stands for.
    pub scheduled_for: DateTime<Utc>,
    /// Where it stands.
    pub state: RunState,
    /// Why.
    pub reason: Option<String>,
    /// How many of its messages are not delivered.
    pub undelivered: i64,
}

/// Trouble that was told of and is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Over {
    /// What was wrong.
    pub kind: RunTroubleKind,
    /// The run it was wrong with.
    pub of: RunId,
    /// The report's id.
    pub report: String,
    /// The run of the report that is done.
    pub run: RunId,
    /// That run's period.
    pub period: String,
    /// The instant that run stands for.
    pub scheduled_for: DateTime<Utc>,
    /// When it was done.
    pub finished: DateTime<Utc>,
}

/// Something to be told once.
#[derive(Clone, Debug)]
pub struct Telling {
    /// What it is about: kinds and subjects that must not have been told of yet.
    pub new: Vec<(&'static str, String)>,
    /// Those that are over; they must have been told of, and not that they are over.
    pub over: Vec<(&'static str, String)>,
    /// The messages.
    pub notices: AlertNotices,
    /// The present instant.
    pub now: DateTime<Utc>,
}

impl RunTroubleKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Failed, Self::Late, Self::Missed];

    /// The word for it, in the database, in messages' ids and in metrics.
    pub fn word(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Late => "late",
            Self::Missed => "missed",
        }
    }

    fn parse(word: &str) -> Result<Self, JournalError> {
        let kind = Self::ALL.into_iter().find(|kind| kind.word() == word);
        kind.ok_or_else(|| JournalError::Unreadable { what: "kind of trouble", value: word.to_owned() })
    }
}

impl Journal {
    /// Scheduled runs with trouble that nobody was told of. Those are late that were due and begun at `late_before` and are
    /// not done; what was created before `since` is no news any more.
    pub async fn run_troubles(
        &self,
        since: DateTime<Utc>,
        late_before: DateTime<Utc>,
    ) -> Result<Vec<RunTrouble>, JournalError> {
        const DOING: &str = "looking for runs with trouble";
        let rows = sqlx::query(
            "SELECT kind, id, report, period, scheduled_for, state, reason, undelivered FROM ( \
             SELECT runs.id, runs.report, runs.period, runs.scheduled_for, runs.state, \
             CASE runs.state WHEN 'failed' THEN 'failed' WHEN 'skipped' THEN 'missed' \
             ELSE 'late' END AS kind, \
             COALESCE(runs.error, (SELECT last_error FROM deliveries WHERE run_id = runs.id AND last_error IS NOT NULL \
             AND state IN ('due', 'attempting', 'uncertain', 'failed') ORDER BY id LIMIT 1)) AS reason, \
             (SELECT COUNT(*) FROM deliveries WHERE run_id = runs.id \
             AND state IN ('due', 'attempting', 'uncertain', 'failed')) AS undelivered \
             FROM runs WHERE runs.origin = 'schedule' AND runs.report NOT LIKE '%:%' AND runs.created_at >= $1 \
             AND (runs.state = 'failed' OR (runs.state = 'skipped' AND runs.attempt = 0) \
             OR (runs.state IN ('claimed', 'waiting', 'queued') AND runs.scheduled_for <= $2 AND runs.created_at <= $2)) \
             ) AS troubled WHERE NOT EXISTS (SELECT 1 FROM told \
             WHERE told.kind = troubled.kind AND told.subject = CAST(troubled.id AS TEXT)) ORDER BY id",
        )
        .bind(since.timestamp())
        .bind(late_before.timestamp())
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        let trouble = |row: &_| {
            let number = |column: &str| Row::try_get::<i64, _>(row, column).map_err(failed(DOING));
            let text = |column: &str| Row::try_get::<String, _>(row, column).map_err(failed(DOING));
            Ok(RunTrouble {
                kind: RunTroubleKind::parse(&text("kind")?)?,
                run: RunId(number("id")?),
                report: text("report")?,
                period: text("period")?,
                scheduled_for: instant(number("scheduled_for")?)?,
                state: RunState::parse(&text("state")?)?,
                reason: Row::try_get(row, "reason").map_err(failed(DOING))?,
                undelivered: number("undelivered")?,
            })
        };
        rows.iter().map(trouble).collect()
    }

    /// Failed and late runs that were told of and are over: the run itself is done, or a later one of its report. Each with the
    /// first run that is done.
    pub async fn troubles_over(&self) -> Result<Vec<Over>, JournalError> {
        const DOING: &str = "looking for trouble that is over";
        let rows = sqlx::query(
            "SELECT told.kind, troubled.id AS of_id, runs.report, runs.id, runs.period, runs.scheduled_for, runs.finished_at \
             FROM told JOIN runs AS troubled ON told.subject = CAST(troubled.id AS TEXT) \
             JOIN runs ON runs.id = (SELECT MIN(later.id) FROM runs AS later WHERE later.report = troubled.report \
             AND later.id >= troubled.id AND later.state = 'done') \
             WHERE told.kind IN ('failed', 'late') AND told.over_at IS NULL ORDER BY troubled.id, told.kind",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        let over = |row: &_| {
            let number = |column: &str| Row::try_get::<i64, _>(row, column).map_err(failed(DOING));
            let text = |column: &str| Row::try_get::<String, _>(row, column).map_err(failed(DOING));
            Ok(Over {
                kind: RunTroubleKind::parse(&text("kind")?)?,
                of: RunId(number("of_id")?),
                report: text("report")?,
                run: RunId(number("id")?),
                period: text("period")?,
                scheduled_for: instant(number("scheduled_for")?)?,
                finished: instant(number("finished_at")?)?,
            })
        };
        rows.iter().map(over).collect()
    }

    /// Records that something is told and puts its messages into the outbox; nothing of both when someone else was quicker.
    pub async fn tell_once(&self, telling: Telling) -> Result<Recorded, JournalError> {
        let mut transaction = self.write(DOING).await?;
        let is_new = tell(&mut transaction, telling).await.map_err(failed(DOING))?;
        if is_new {
            transaction.commit().await.map_err(failed(DOING))?;
            return Ok(Recorded::Written);
        }
        transaction.rollback().await.map_err(failed(DOING))?;
        Ok(Recorded::Overtaken)
    }

    /// Forgets what was told of a kind: it is over, and would be news again.
    pub async fn forget_told(&self, kind: &'static str) -> Result<(), JournalError> {
        let mut transaction = self.write(DOING).await?;
        sqlx::query("DELETE FROM told WHERE kind = $1")
            .bind(kind)
            .execute(&mut *transaction)
            .await
            .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))
    }
}

/// Whether all of it was new.
async fn tell(transaction: &mut Transaction<'_, Any>, telling: Telling) -> Result<bool, sqlx::Error> {
    let Telling { new, over, notices, now } = telling;
    for (kind, subject) in new {
        let told = sqlx::query("INSERT INTO told (kind, subject, told_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(kind)
            .bind(subject)
            .bind(now.timestamp())
            .execute(&mut **transaction)
            .await?;
        if told.rows_affected() == 0 {
            return Ok(false);
        }
    }
    for (kind, subject) in over {
        let ended = sqlx::query("UPDATE told SET over_at = $1 WHERE kind = $2 AND subject = $3 AND over_at IS NULL")
            .bind(now.timestamp())
            .bind(kind)
            .bind(subject)
            .execute(&mut **transaction)
            .await?;
        if ended.rows_affected() == 0 {
            return Ok(false);
        }
    }
    if notices.deliveries.is_empty() {
        return Ok(true);
    }
    // Several within one second are told apart by their generations.
    let generation: i64 = sqlx::query_scalar(
        "SELECT COALESCE(MAX(generation), -1) + 1 FROM runs WHERE report = $1 AND scheduled_for = $2",
    )
    .bind(&notices.report)
    .bind(notices.scheduled_for.timestamp())
    .fetch_one(&mut **transaction)
    .await?;
    let run: i64 = sqlx::query_scalar(
        "INSERT INTO runs (report, origin, scheduled_for, period, window_from, window_to, once_per_period, \
         generation, state, attempt, owner, created_at) \
         VALUES ($1, 'schedule', $2, $3, $4, $5, 0, $6, 'queued', 1, $7, $8) RETURNING id",
    )
    .bind(notices.report)
    .bind(notices.scheduled_for.timestamp())
    .bind(notices.period)
    .bind(notices.window.from.timestamp())
    .bind(notices.window.to.timestamp())
    .bind(generation)
    .bind(notices.owner)
    .bind(now.timestamp())
    .fetch_one(&mut **transaction)
    .await?;
    insert_deliveries(transaction, RunId(run), generation, notices.deliveries, now).await?;
    settle_run(transaction, RunId(run), now).await?;
    Ok(true)
}

#[cfg(test)]
#[path = "told_tests.rs"]
mod tests;
