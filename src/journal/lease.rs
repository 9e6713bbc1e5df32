//! Keeping what was claimed while the work takes long, and the right to do what one process at a time may do.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Any, Transaction};
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::dialect::Dialect;
use super::store::failed;
use super::{Delivery, DeliveryId, Journal, JournalError, RunClaim};

/// How long a claim holds unless it is renewed. A process that is gone is missed for so long; one that stands still for
/// longer loses what it had in hand.
pub const LEASE: TimeDelta = TimeDelta::seconds(60);

/// How often claims are renewed: several renewals may fail before a claim lapses.
const RENEW_EVERY: Duration = Duration::from_secs(15);

/// The right to do something that one process at a time may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    name: &'static str,
    token: i64,
}

/// Something that is claimed, and can be kept.
#[derive(Clone, Debug)]
pub enum Claimed {
    /// A run that is being made.
    Run(RunClaim),
    /// A message that is being sent.
    Delivery {
        /// The delivery.
        id: DeliveryId,
        /// Which attempt this is; a later one by someone else voids the claim.
        attempt: i64,
    },
    /// What one process at a time may do.
    Lease(Lease),
}

impl From<&Delivery> for Claimed {
    fn from(delivery: &Delivery) -> Self {
        Self::Delivery { id: delivery.id, attempt: delivery.attempt }
    }
}

impl Journal {
    /// Asks for the right to do something that one process at a time may do; none while another one has it.
    pub async fn take_lease(
        &self,
        name: &'static str,
        owner: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Lease>, JournalError> {
        let token: Option<i64> = sqlx::query_scalar(
            "INSERT INTO leases (name, owner, token, lease_until) VALUES ($1, $2, 1, $3) ON CONFLICT (name) DO UPDATE \
             SET owner = excluded.owner, token = leases.token + 1, lease_until = excluded.lease_until \
             WHERE leases.lease_until <= $4 RETURNING token",
        )
        .bind(name)
        .bind(owner)
        .bind((now + LEASE).timestamp())
        .bind(now.timestamp())
        .fetch_optional(&self.writer)
        .await
        .map_err(failed("taking a lease"))?;
        Ok(token.map(|token| Lease { name, token }))
    }

    /// Gives the right back; nothing happens when it has been taken over.
    pub async fn give_back(&self, lease: &Lease) -> Result<(), JournalError> {
        sqlx::query("UPDATE leases SET lease_until = 0 WHERE name = $1 AND token = $2")
            .bind(lease.name)
            .bind(lease.token)
            .execute(&self.writer)
            .await
            .map(drop)
            .map_err(failed("giving a lease back"))
    }

    /// Does the work and keeps the claim meanwhile, which held from `now` on. A claim that cannot be renewed, or was taken
    /// over, stops no work: what comes of it is refused where it is written.
    pub async fn keeping<T>(&self, claimed: Claimed, now: DateTime<Utc>, work: impl Future<Output = T>) -> T {
        let (stop, mut stopped) = oneshot::channel::<()>();
        let (journal, since) = (self.clone(), Instant::now());
        // A task of its own: work that computes lets nothing else of its own task go on.
        let keeper = tokio::spawn(async move {
            while tokio::time::timeout(RENEW_EVERY, &mut stopped).await.is_err() {
                let passed = TimeDelta::from_std(since.elapsed()).unwrap_or(TimeDelta::zero());
                if let Err(failure) = journal.renew(&claimed, now + passed + LEASE).await {
                    tracing::warn!(error = failure.to_string(), "a claim cannot be renewed");
                }
            }
        });
        let done = work.await;
        drop(stop);
        // It has nothing to say; that it ended is all that counts.
        let _ = keeper.await;
        done
    }

    pub(super) async fn renew(&self, claimed: &Claimed, until: DateTime<Utc>) -> Result<(), JournalError> {
        let query = match claimed {
            Claimed::Run(claim) => {
                sqlx::query("UPDATE runs SET lease_until = $1 WHERE id = $2 AND attempt = $3 AND state = 'claimed'")
                    .bind(until.timestamp())
                    .bind(claim.id.0)
                    .bind(claim.attempt)
            }
            Claimed::Delivery { id, attempt } => sqlx::query(
                "UPDATE deliveries SET lease_until = $1 WHERE id = $2 AND attempts = $3 AND state = 'attempting'",
            )
            .bind(until.timestamp())
            .bind(id.0)
            .bind(*attempt),
            Claimed::Lease(lease) => sqlx::query("UPDATE leases SET lease_until = $1 WHERE name = $2 AND token = $3")
                .bind(until.timestamp())
                .bind(lease.name)
                .bind(lease.token),
        };
        query.execute(&self.writer).await.map(drop).map_err(failed("renewing a claim"))
    }

    /// Frees what a process of this name had in hand when it ended: its runs are made anew, its messages that were being
    /// sent are uncertain and sent again. Only for whoever holds the name, see `Instance`.
    pub async fn take_back(&self, owner: &str, now: DateTime<Utc>) -> Result<u64, JournalError> {
        const DOING: &str = "taking back work";
        let mut transaction = self.write(DOING).await?;
        let mut freed = 0;
        for statement in [
            "UPDATE deliveries SET lease_until = $2 WHERE owner = $1 AND state = 'attempting'",
            "UPDATE runs SET lease_until = $2 WHERE owner = $1 AND state = 'claimed'",
            "UPDATE leases SET lease_until = $2 WHERE owner = $1 AND lease_until > $2",
        ] {
            let changed = sqlx::query(statement)
                .bind(owner)
                .bind(now.timestamp())
                .execute(&mut *transaction)
                .await
                .map_err(failed(DOING))?;
            freed += changed.rows_affected();
        }
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(freed)
    }
}

/// Whether the lease is still ours; if so, nobody takes it over before the transaction ends.
pub(super) async fn is_held(transaction: &mut Transaction<'_, Any>, lease: &Lease) -> Result<bool, sqlx::Error> {
    let locked = Dialect::of(transaction).locked();
    let token: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT token FROM leases WHERE name = $1 AND token = $2 {locked}"
    )))
    .bind(lease.name)
    .bind(lease.token)
    .fetch_optional(&mut **transaction)
    .await?;
    Ok(token.is_some())
}
