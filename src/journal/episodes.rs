//! Episodes of alerts: written with the states they come from, read for history and for reports.

use chrono::{DateTime, Utc};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::store::{failed, instant};
use super::{Journal, JournalError};
use crate::alert::{Ending, Episode, read_state, write};
use crate::time::Window;
use crate::workspace::AlertSeverity;

const DOING: &str = "reading episodes of alerts";

impl Journal {
    /// The episodes that overlap `[from, to)`, by when they fired; those that still fire are among them.
    pub async fn episodes_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<Vec<Episode>, JournalError> {
        let rows = sqlx::query(
            "SELECT rule, labels, severity, began_at, fired_at, ended_at, ending, kpi, value_at_fire, worst \
             FROM alert_episodes WHERE fired_at < $1 AND (ended_at IS NULL OR ended_at >= $2) \
             ORDER BY fired_at, rule, labels",
        )
        .bind(to.timestamp())
        .bind(from.timestamp())
        .fetch_all(&self.reader)
        .await
        .map_err(failed(DOING))?;
        rows.iter().map(episode).collect()
    }

    /// Forgets the episodes that fired in a stretch of the past whose data are others now.
    pub async fn forget_episodes(&self, stretch: Window) -> Result<(), JournalError> {
        const DOING: &str = "forgetting episodes of alerts";
        let mut transaction = self.write(DOING).await?;
        sqlx::query("DELETE FROM alert_episodes WHERE fired_at >= $1 AND fired_at < $2")
            .bind(stretch.from.timestamp())
            .bind(stretch.to.timestamp())
            .execute(&mut *transaction)
            .await
            .map_err(failed(DOING))?;
        transaction.commit().await.map_err(failed(DOING))
    }
}

/// Begins an episode or goes on with it: what is only known at its beginning stays as it was.
pub(super) async fn keep_episode(transaction: &mut Transaction<'_, Any>, episode: &Episode) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO alert_episodes (rule, labels, fired_at, began_at, severity, ended_at, ending, kpi, value_at_fire, \
         worst) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (rule, labels, fired_at) DO UPDATE SET \
         severity = excluded.severity, ended_at = excluded.ended_at, ending = excluded.ending, worst = excluded.worst",
    )
    .bind(&episode.rule)
    .bind(write(&episode.labels))
    .bind(episode.fired_at.timestamp())
    .bind(episode.began_at.timestamp())
    .bind(episode.severity.word())
    .bind(episode.ended_at.map(|ended| ended.timestamp()))
    .bind(episode.ending.map(Ending::word))
    .bind(&episode.kpi)
    .bind(episode.value_at_fire)
    .bind(episode.worst)
    .execute(&mut **transaction)
    .await
    .map(drop)
}

/// Ends the open episode of an alert that a change of its rule took away.
pub(super) async fn end_changed(
    transaction: &mut Transaction<'_, Any>,
    rule: &str,
    labels: &str,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE alert_episodes SET ended_at = $1, ending = 'rule_changed' \
         WHERE rule = $2 AND labels = $3 AND ended_at IS NULL",
    )
    .bind(now.timestamp())
    .bind(rule)
    .bind(labels)
    .execute(&mut **transaction)
    .await
    .map(drop)
}

fn episode(row: &AnyRow) -> Result<Episode, JournalError> {
    let text = |column: &str| row.try_get::<String, _>(column).map_err(failed(DOING));
    let at = |column: &str| instant(row.try_get(column).map_err(failed(DOING))?);
    let number = |column: &str| row.try_get::<Option<f64>, _>(column).map_err(failed(DOING));
    let unreadable = |what, value: &str| JournalError::Unreadable { what, value: value.to_owned() };
    let severity = |word: &str| AlertSeverity::ALL.into_iter().find(|known| known.word() == word);
    let ending = |word: &str| Ending::ALL.into_iter().find(|known| known.word() == word);
    let (labels, reached) = (text("labels")?, text("severity")?);
    let ended_at: Option<i64> = row.try_get("ended_at").map_err(failed(DOING))?;
    let ended: Option<String> = row.try_get("ending").map_err(failed(DOING))?;
    Ok(Episode {
        rule: text("rule")?,
        labels: read_state(&labels).map_err(|_| unreadable("alert's labels", &labels))?,
        severity: severity(&reached).ok_or_else(|| unreadable("severity", &reached))?,
        began_at: at("began_at")?,
        fired_at: at("fired_at")?,
        ended_at: ended_at.map(instant).transpose()?,
        ending: ended.map(|word| ending(&word).ok_or_else(|| unreadable("ending", &word))).transpose()?,
        kpi: row.try_get("kpi").map_err(failed(DOING))?,
        value_at_fire: number("value_at_fire")?,
        worst: number("worst")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::Labels;
    use crate::journal::tests::home::{Home, on_each};

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_435_200 + minute * 60, 0).unwrap()
    }

    fn episode(fired: i64, ended: Option<i64>, worst: f64) -> Episode {
        Episode {
            rule: "low".to_owned(),
            labels: Labels::default(),
            severity: AlertSeverity::Warning,
            began_at: at(fired - 5),
            fired_at: at(fired),
            ended_at: ended.map(at),
            ending: ended.map(|_| Ending::Recovered),
            kpi: Some("service_level".to_owned()),
            value_at_fire: Some(worst),
            worst: Some(worst),
        }
    }

    async fn keep(journal: &Journal, episode: &Episode) {
        let mut transaction = journal.write("keeping").await.unwrap();
        keep_episode(&mut transaction, episode).await.unwrap();
        transaction.commit().await.unwrap();
    }

    on_each!(an_episode_goes_on_under_its_beginning_and_is_found_by_any_window_it_touches);

    async fn an_episode_goes_on_under_its_beginning_and_is_found_by_any_window_it_touches(home: Home) {
        let journal = home.open().await;
        keep(&journal, &episode(0, None, 60.0)).await;
        keep(&journal, &Episode { severity: AlertSeverity::Critical, ..episode(0, Some(10), 41.5) }).await;
        keep(&journal, &episode(20, None, 55.0)).await;
        let first = Episode {
            severity: AlertSeverity::Critical,
            value_at_fire: Some(60.0),
            worst: Some(41.5),
            ..episode(0, Some(10), 41.5)
        };
        let second = episode(20, None, 55.0);
        let check = async |from: i64, to: i64, expected: &[&Episode]| {
            let found = journal.episodes_between(at(from), at(to)).await.unwrap();
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{from} {to}");
        };
        check(-10, 0, &[]).await;
        check(-10, 1, &[&first]).await;
        check(9, 20, &[&first]).await;
        check(11, 20, &[]).await;
        check(5, 21, &[&first, &second]).await;
        check(500, 600, &[&second]).await;

        let mut transaction = journal.write("ending").await.unwrap();
        end_changed(&mut transaction, "low", "{}", at(30)).await.unwrap();
        transaction.commit().await.unwrap();
        let changed = Episode { ended_at: Some(at(30)), ending: Some(Ending::RuleChanged), ..second.clone() };
        check(-10, 600, &[&first, &changed]).await;
        check(500, 600, &[]).await;
        journal.forget_episodes(Window { from: at(0), to: at(20) }).await.unwrap();
        check(-10, 600, &[&changed]).await;
    }
}
