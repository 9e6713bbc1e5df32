//! Alert states, written together with the notices they gave rise to: a state without its notice, or a notice without
//! its state, would be an alert nobody hears of, or one that is told twice.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use sqlx::{Any, Connection, Row, Transaction};

use super::dialect::{Dialect, alone};
use super::episodes::{end_changed, keep_episode};
use super::lease::is_held;
use super::outbox::settle_run;
use super::runs::insert_deliveries;
use super::store::{failed, instant};
use super::{Journal, JournalError, Lease, NewDelivery, RunId};
use crate::alert::{Episode, write};
use crate::time::Window;

const DOING: &str = "recording alerts";

/// The labels under which what is remembered of a rule as a whole is kept.
const WHOLE_RULE: &str = "null";

/// A stored state of an alert.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertRow {
    /// The rule's id.
    pub rule: String,
    /// The labels as canonical JSON; none for what is remembered of the rule as a whole.
    pub labels: Option<String>,
    /// The state as JSON.
    pub state: String,
    /// When it was written.
    pub updated: DateTime<Utc>,
}

/// One evaluation of a rule, to be recorded.
#[derive(Clone, Debug)]
pub struct AlertEvaluation {
    /// The rule's id.
    pub rule: String,
    /// The rule's own record as it was when the evaluation began; another one means that someone else was quicker.
    pub rule_before: Option<String>,
    /// The rule's own record now.
    pub rule_after: String,
    /// The states that changed: labels and state, both JSON.
    pub states: Vec<(String, String)>,
    /// Labels whose states are forgotten; an episode of theirs that is open ends with the reason that the rule changed.
    pub forgotten: Vec<String>,
    /// The episodes the evaluation began, went on with or ended.
    pub episodes: Vec<Episode>,
    /// The notices; none when there is nothing to tell.
    pub notices: Option<AlertNotices>,
    /// The present instant.
    pub now: DateTime<Utc>,
}

/// The notices of one evaluation: they become a run of their own, so that they are listed and delivered as any other.
#[derive(Clone, Debug)]
pub struct AlertNotices {
    /// The name in the list of runs, such as `alert:service_level_low`.
    pub report: String,
    /// The instant the evaluation stands for.
    pub scheduled_for: DateTime<Utc>,
    /// The same in words.
    pub period: String,
    /// The window that was looked at.
    pub window: Window,
    /// A name of this process, for people.
    pub owner: String,
    /// The messages, one for each recipient.
    pub deliveries: Vec<NewDelivery>,
}

/// What came of recording an evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// It is recorded, its notices are in the outbox.
    Written,
    /// Someone else has evaluated the rule meanwhile; nothing was written.
    Overtaken,
}

impl Journal {
    /// Every stored state, by rule and labels; what is remembered of rules as a whole is among them.
    pub async fn alert_states(&self) -> Result<Vec<AlertRow>, JournalError> {
        self.alert_rows("SELECT rule, labels, state, updated_at FROM alert_states ORDER BY rule, labels").await
    }

    /// What is remembered of the rules as a whole, by rule.
    pub async fn alert_rules(&self) -> Result<Vec<AlertRow>, JournalError> {
        let statement = "SELECT rule, labels, state, updated_at FROM alert_states WHERE labels = 'null' ORDER BY rule";
        self.alert_rows(statement).await
    }

    async fn alert_rows(&self, statement: &'static str) -> Result<Vec<AlertRow>, JournalError> {
        const DOING: &str = "reading alert states";
        let rows = sqlx::query(statement).fetch_all(&self.reader).await.map_err(failed(DOING))?;
        let row = |row: &AnyRow| {
            let labels: String = row.try_get("labels").map_err(failed(DOING))?;
            Ok(AlertRow {
                rule: row.try_get("rule").map_err(failed(DOING))?,
                labels: (labels != WHOLE_RULE).then_some(labels),
                state: row.try_get("state").map_err(failed(DOING))?,
                updated: instant(row.try_get("updated_at").map_err(failed(DOING))?)?,
            })
        };
        rows.iter().map(row).collect()
    }

    /// As [`Journal::record_alerts`], under a lease: when someone else has taken that over, nothing is written.
    pub async fn record_alerts_under(
        &self,
        lease: &Lease,
        evaluations: Vec<AlertEvaluation>,
    ) -> Result<Vec<Result<Recorded, JournalError>>, JournalError> {
        self.record(Some(lease), evaluations).await
    }

    /// Records evaluations in one transaction. Of each, states and notices are written together or not at all; what goes
    /// wrong with one leaves the others alone.
    pub async fn record_alerts(
        &self,
        evaluations: Vec<AlertEvaluation>,
    ) -> Result<Vec<Result<Recorded, JournalError>>, JournalError> {
        self.record(None, evaluations).await
    }

    async fn record(
        &self,
        lease: Option<&Lease>,
        evaluations: Vec<AlertEvaluation>,
    ) -> Result<Vec<Result<Recorded, JournalError>>, JournalError> {
        let mut transaction = self.write(DOING).await?;
        alone(&mut transaction).await.map_err(failed(DOING))?;
        if let Some(lease) = lease
            && !is_held(&mut transaction, lease).await.map_err(failed(DOING))?
        {
            return Ok(evaluations.iter().map(|_| Ok(Recorded::Overtaken)).collect());
        }
        let mut results = Vec::with_capacity(evaluations.len());
        for evaluation in evaluations {
            let mut part = transaction.begin().await.map_err(failed(DOING))?;
            let result = record(&mut part, evaluation).await;
            match &result {
                Ok(Recorded::Written) => part.commit().await.map_err(failed(DOING))?,
                Ok(Recorded::Overtaken) | Err(_) => part.rollback().await.map_err(failed(DOING))?,
            }
            results.push(result.map_err(failed(DOING)));
        }
        transaction.commit().await.map_err(failed(DOING))?;
        Ok(results)
    }
}

async fn record(transaction: &mut Transaction<'_, Any>, evaluation: AlertEvaluation) -> Result<Recorded, sqlx::Error> {
    let AlertEvaluation { rule, rule_before, rule_after, mut states, forgotten, episodes, notices, now } = evaluation;
    let found: Option<String> = sqlx::query_scalar("SELECT state FROM alert_states WHERE rule = $1 AND labels = $2")
        .bind(&rule)
        .bind(WHOLE_RULE)
        .fetch_optional(&mut **transaction)
        .await?;
    if found != rule_before {
        return Ok(Recorded::Overtaken);
    }
    for labels in forgotten {
        sqlx::query("DELETE FROM alert_states WHERE rule = $1 AND labels = $2")
            .bind(&rule)
            .bind(&labels)
            .execute(&mut **transaction)
            .await?;
        end_changed(transaction, &rule, &labels, now).await?;
    }
    for episode in &episodes {
        keep_episode(transaction, episode).await?;
    }
    states.push((WHOLE_RULE.to_owned(), rule_after));
    // All at once: a centre can have thousands of alerts, and each has a new state every minute.
    let states = write(&states);
    let elements = Dialect::of(transaction).elements("$3");
    sqlx::query(sqlx::AssertSqlSafe(format!(
        "INSERT INTO alert_states (rule, labels, state, updated_at) SELECT $1, value ->> 0, value ->> 1, $2 \
         FROM {elements} WHERE true \
         ON CONFLICT (rule, labels) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at"
    )))
    .bind(&rule)
    .bind(now.timestamp())
    .bind(states)
    .execute(&mut **transaction)
    .await?;
    if let Some(notices) = notices {
        insert_notices(transaction, notices, now).await?;
    }
    Ok(Recorded::Written)
}

/// Makes notices a run whose messages are in the outbox.
pub(super) async fn insert_notices(
    transaction: &mut Transaction<'_, Any>,
    notices: AlertNotices,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    let run: i64 = sqlx::query_scalar(
        "INSERT INTO runs (report, origin, scheduled_for, period, window_from, window_to, once_per_period, \
         generation, state, attempt, owner, created_at) \
         VALUES ($1, 'schedule', $2, $3, $4, $5, 0, 0, 'queued', 1, $6, $7) RETURNING id",
    )
    .bind(notices.report)
    .bind(notices.scheduled_for.timestamp())
    .bind(notices.period)
    .bind(notices.window.from.timestamp())
    .bind(notices.window.to.timestamp())
    .bind(notices.owner)
    .bind(now.timestamp())
    .fetch_one(&mut **transaction)
    .await?;
    insert_deliveries(transaction, RunId(run), 0, notices.deliveries, now).await?;
    settle_run(transaction, RunId(run), now).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::tests::home::{Home, on_each};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_435_200 + minute * 60, 0).unwrap()
    }

    fn evaluation(before: Option<&str>, after: &str, notices: Option<AlertNotices>) -> AlertEvaluation {
        AlertEvaluation {
            rule: "low".to_owned(),
            rule_before: before.map(str::to_owned),
            rule_after: after.to_owned(),
            states: vec![("{\"queue\":\"Billing\"}".to_owned(), format!("state of {after}"))],
            forgotten: vec!["{\"queue\":\"Sales\"}".to_owned()],
            episodes: Vec::new(),
            notices,
            now: at(1),
        }
    }

    fn notices(recipients: &[&str]) -> AlertNotices {
        let delivery = |recipient: &&str| NewDelivery {
            channel: crate::journal::Channel::Mail,
            recipient: (*recipient).to_owned(),
            message_id: format!("<{recipient}>"),
            envelope_from: "reports@example.com".to_owned(),
            bytes: b"Subject: x\r\n\r\n".to_vec(),
            on_unknown: crate::workspace::OnUnknown::Resend,
            expires_at: at(60),
        };
        AlertNotices {
            report: "alert:low".to_owned(),
            scheduled_for: at(1),
            period: "1".to_owned(),
            window: Window { from: at(-30), to: at(1) },
            owner: "test".to_owned(),
            deliveries: recipients.iter().map(delivery).collect(),
        }
    }

    on_each!(states_and_notices_are_written_together_or_not_at_all);

    async fn states_and_notices_are_written_together_or_not_at_all(home: Home) {
        let journal = home.open().await;
        let first = evaluation(None, "1", Some(notices(&["a@example.com", "b@example.com"])));
        let record = async |evaluation| journal.record_alerts(vec![evaluation]).await.unwrap().remove(0);
        assert_eq!(record(first.clone()).await.unwrap(), Recorded::Written);
        assert_eq!(journal.pending_count().await.unwrap(), 2);
        // Another process that began at the same time comes too late.
        assert_eq!(record(first).await.unwrap(), Recorded::Overtaken);
        assert_eq!(journal.pending_count().await.unwrap(), 2);

        // A second run for the same instant breaks a rule of the journal in the middle of the transaction.
        let broken = notices(&["a@example.com"]);
        let other = AlertEvaluation { rule: "high".to_owned(), ..evaluation(None, "1", None) };
        let both = journal.record_alerts(vec![evaluation(Some("1"), "2", Some(broken)), other]).await.unwrap();
        assert!(both[0].is_err() && matches!(both[1], Ok(Recorded::Written)), "{both:?}");
        let own = |row: AlertRow| (row.rule == "low").then_some(row.state);
        let states: Vec<String> = journal.alert_states().await.unwrap().into_iter().filter_map(own).collect();
        assert_eq!(states, ["1", "state of 1"]);
        assert_eq!(journal.recent_runs(10).await.unwrap().len(), 1);

        let forgets = AlertEvaluation {
            forgotten: vec!["{\"queue\":\"Billing\"}".to_owned()],
            states: Vec::new(),
            ..evaluation(Some("1"), "3", None)
        };
        assert_eq!(record(forgets).await.unwrap(), Recorded::Written);
        let rows = journal.alert_rules().await.unwrap();
        assert_eq!((rows[1].labels.as_ref(), rows[1].state.as_str()), (None, "3"));
        let own = |row: &AlertRow| row.rule == "low";
        assert_eq!(journal.alert_states().await.unwrap().into_iter().filter(own).collect::<Vec<_>>(), rows[1..]);
    }
}
