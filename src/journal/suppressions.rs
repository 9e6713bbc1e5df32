//! Addresses that get nothing any more: why, since when, and who said so. They are held back where deliveries are written,
//! so that no way into the outbox leads past it.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::dialect::alone;
use super::outbox::settle_runs;
use super::records::words;
use super::store::{failed, instant};
use super::{Journal, JournalError, RunId};

const DOING: &str = "reading suppressions";

/// An address that gets nothing any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// The address in lower case.
    pub address: String,
    /// What it does not get.
    pub scope: SuppressionScope,
    /// How it came about.
    pub cause: SuppressionCause,
    /// Why, for people: what the mail server answered, or what somebody wrote.
    pub reason: String,
    /// Who said so.
    pub author: String,
    /// Since when.
    pub created: DateTime<Utc>,
}

/// A suppression to be written down.
#[derive(Clone, Debug)]
pub struct NewSuppression {
    /// The address.
    pub address: String,
    /// What it shall not get.
    pub scope: SuppressionScope,
    /// How it comes about.
    pub cause: SuppressionCause,
    /// Why, for people.
    pub reason: String,
    /// Who says so.
    pub author: String,
}

/// What an address does not get.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SuppressionScope {
    /// Anything.
    Everything,
    /// What runs of this name send: a report's id, or `alert:` and a rule's id.
    Runs(String),
}

/// How a suppression came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SuppressionCause {
    /// The mail server says that the address does not exist.
    Bounce,
    /// The recipient does not want it.
    Unsubscribed,
    /// Someone wrote it down.
    ByHand,
}

words!(
    SuppressionCause,
    "cause of a suppression",
    Bounce = "bounce",
    Unsubscribed = "unsubscribed",
    ByHand = "by hand"
);

impl SuppressionScope {
    /// As the journal and the command line write it; empty for everything.
    pub fn name(&self) -> &str {
        match self {
            Self::Everything => "",
            Self::Runs(name) => name,
        }
    }

    /// The scope of this name.
    pub fn named(name: &str) -> Self {
        if name.is_empty() { Self::Everything } else { Self::Runs(name.to_owned()) }
    }
}

impl Journal {
    /// Suppresses an address from now on, also for what waits in the outbox. Whether it was not suppressed so before;
    /// otherwise the first reason stays.
    pub async fn suppress(&self, suppression: NewSuppression, now: DateTime<Utc>) -> Result<bool, JournalError> {
        const DOING: &str = "suppressing an address";
        let mut transaction = self.write(DOING).await?;
        let is_new = suppress(&mut transaction, &suppression, now).await.map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(is_new)
    }

    /// Lets an address have mail again; the suppressions that this ended. Without a scope all of them end.
    pub async fn lift_suppressions(
        &self,
        address: &str,
        scope: Option<&SuppressionScope>,
    ) -> Result<Vec<Suppression>, JournalError> {
        const DOING: &str = "ending a suppression";
        let mut transaction = self.write(DOING).await?;
        let rows = sqlx::query(
            "DELETE FROM suppressions WHERE address = $1 AND ($2 = 0 OR scope = $3) \
             RETURNING address, scope, cause, reason, author, created_at",
        )
        .bind(key(address))
        .bind(i64::from(scope.is_some()))
        .bind(scope.map_or("", SuppressionScope::name))
        .fetch_all(&mut *transaction)
        .await
        .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))?;
        rows.iter().map(suppression).collect()
    }

    /// All suppressions, by address.
    pub async fn suppressions(&self) -> Result<Vec<Suppression>, JournalError> {
        let rows = sqlx::query(
            "SELECT address, scope, cause, reason, author, created_at FROM suppressions ORDER BY address, scope",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        rows.iter().map(suppression).collect()
    }

    /// Those who unsubscribed and of whom nobody was told yet.
    pub async fn untold_suppressions(&self) -> Result<Vec<Suppression>, JournalError> {
        let rows = sqlx::query(
            "SELECT address, scope, cause, reason, author, created_at FROM suppressions WHERE told = 0 \
             ORDER BY address, scope",
        )
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        rows.iter().map(suppression).collect()
    }
}

/// Suppresses an address and holds back what waits for it; whether it was not suppressed so before.
pub(super) async fn suppress(
    transaction: &mut Transaction<'_, Any>,
    new: &NewSuppression,
    now: DateTime<Utc>,
) -> Result<bool, sqlx::Error> {
    // Of the others, who looks after the report knows: a bounce is a failed delivery, and by hand they did it themselves.
    alone(transaction).await?;
    let is_told = new.cause != SuppressionCause::Unsubscribed;
    let written = sqlx::query(
        "INSERT INTO suppressions (address, scope, cause, reason, author, created_at, told) \
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (address, scope) DO NOTHING",
    )
    .bind(key(&new.address))
    .bind(new.scope.name())
    .bind(new.cause.word())
    .bind(&new.reason)
    .bind(&new.author)
    .bind(now.timestamp())
    .bind(i64::from(is_told))
    .execute(&mut **transaction)
    .await?;
    let runs: Vec<i64> = sqlx::query_scalar(
        "UPDATE deliveries SET state = 'suppressed', last_error = $1 \
         WHERE channel = 'mail' AND state IN ('due', 'uncertain') AND (LOWER(recipient) = $2 OR recipient = $3) \
         AND ($4 = '' OR run_id IN (SELECT id FROM runs WHERE report = $4)) RETURNING run_id",
    )
    .bind(in_words(new.cause, &new.reason, &new.author, now))
    .bind(key(&new.address))
    .bind(&new.address)
    .bind(new.scope.name())
    .fetch_all(&mut **transaction)
    .await?;
    settle_runs(transaction, runs, now).await?;
    Ok(written.rows_affected() > 0)
}

/// Why an address gets nothing of this run; none when it does.
pub(super) async fn held_back(
    transaction: &mut Transaction<'_, Any>,
    run: RunId,
    address: &str,
) -> Result<Option<String>, sqlx::Error> {
    let row = sqlx::query(
        "SELECT address, scope, cause, reason, author, created_at FROM suppressions \
         WHERE address = $1 AND (scope = '' OR scope = (SELECT report FROM runs WHERE id = $2)) ORDER BY scope LIMIT 1",
    )
    .bind(key(address))
    .bind(run.0)
    .fetch_optional(&mut **transaction)
    .await?;
    let unreadable = |error| sqlx::Error::Decode(Box::new(error));
    let held = row.as_ref().map(suppression).transpose().map_err(unreadable)?;
    Ok(held.map(|held| in_words(held.cause, &held.reason, &held.author, held.created)))
}

fn in_words(cause: SuppressionCause, reason: &str, author: &str, since: DateTime<Utc>) -> String {
    let since = since.format("%Y-%m-%d");
    match cause {
        SuppressionCause::Bounce => format!("the address takes no mail since {since}: {reason}"),
        SuppressionCause::Unsubscribed => format!("unsubscribed on {since}"),
        SuppressionCause::ByHand => format!("suppressed by {author} on {since}: {reason}"),
    }
}

/// Addresses that differ in case alone are one mailbox nearly everywhere; to miss a suppression would be worse.
fn key(address: &str) -> String {
    address.trim().to_lowercase()
}

fn suppression(row: &AnyRow) -> Result<Suppression, JournalError> {
    let text = |column: &str| row.try_get::<String, _>(column).map_err(failed(DOING));
    Ok(Suppression {
        address: text("address")?,
        scope: SuppressionScope::named(&text("scope")?),
        cause: SuppressionCause::parse(&text("cause")?)?,
        reason: text("reason")?,
        author: text("author")?,
        created: instant(row.try_get("created_at").map_err(failed(DOING))?)?,
    })
}
