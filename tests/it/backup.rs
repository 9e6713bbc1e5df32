//! A journal that is restored from a backup, as docs/journal.md says: what it knew as sent is not sent again, and what was
//! due still is.

use std::path::Path;
use std::process::Command;

use callbrief::journal::{
    Channel, Claim, ClaimRequest, DeliveryState, Journal, NewDelivery, Repetition, RunState, Trigger,
};
use callbrief::time::Window;
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};

use super::databases::{Engine, address, server};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_410_000 + seconds, 0).unwrap()
}

fn request() -> ClaimRequest {
    ClaimRequest {
        report: "weekly".to_owned(),
        scheduled_for: at(0),
        period: "2026-W47".to_owned(),
        window: Window { from: at(-604_800), to: at(0) },
        trigger: Trigger::Schedule,
        repetition: Repetition::OncePerPeriod,
        skips: Vec::new(),
        owner: "test".to_owned(),
        now: at(0),
    }
}

fn message(recipient: &str) -> NewDelivery {
    NewDelivery {
        channel: Channel::Mail,
        recipient: recipient.to_owned(),
        message_id: format!("<{recipient}>"),
        envelope_from: "reports@example.com".to_owned(),
        bytes: b"Subject: x\r\n\r\n\0\xff".to_vec(),
        expires_at: at(0) + TimeDelta::hours(48),
        on_unknown: callbrief::workspace::OnUnknown::Resend,
    }
}

/// A run with two messages, of which one was sent.
async fn half_sent(journal: &Journal) {
    let Claim::Mine(claim) = journal.claim_run(&request()).await.unwrap() else { panic!("taken") };
    journal.finish_run(claim, vec![message("anna@example.com"), message("boris@example.com")], at(1)).await.unwrap();
    let first = journal.claim_delivery(Channel::Mail, at(2), "test").await.unwrap().unwrap();
    journal.record_sent(&first, "250 ok", at(3)).await.unwrap();
}

async fn goes_on(restored: &Journal) {
    assert_eq!(restored.claim_run(&request()).await.unwrap(), Claim::Taken);
    assert_eq!(restored.cursor("weekly").await.unwrap(), Some(at(0)));
    let open = restored.claim_delivery(Channel::Mail, at(10), "test").await.unwrap().unwrap();
    assert_eq!((open.recipient.as_str(), open.bytes), ("boris@example.com", message("boris@example.com").bytes));
    assert!(restored.claim_delivery(Channel::Mail, at(10), "test").await.unwrap().is_none());
    let run = restored.recent_runs(10).await.unwrap().remove(0);
    assert_eq!((run.state, run.deliveries[0].state), (RunState::Queued, DeliveryState::Sent));
    // New rows get numbers of their own.
    let next = ClaimRequest { scheduled_for: at(604_800), period: "2026-W48".to_owned(), ..request() };
    assert!(matches!(restored.claim_run(&next).await.unwrap(), Claim::Mine(claim) if claim.id > run.id));
}

#[tokio::test]
async fn a_restored_sqlite_journal_sends_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (file, copy) = (folder.path().join("callbrief.db"), folder.path().join("restored.db"));
    let journal = Journal::open(&file).await.unwrap();
    half_sent(&journal).await;
    // While the journal is open, with its latest changes beside the file.
    let mut connection = sqlx::sqlite::SqliteConnectOptions::new().filename(&file).connect().await.unwrap();
    let backup = AssertSqlSafe(format!("VACUUM INTO '{}'", copy.display()));
    connection.execute(sqlx::raw_sql(backup)).await.unwrap();
    goes_on(&Journal::open(&copy).await.unwrap()).await;
}

#[tokio::test]
async fn a_restored_postgres_journal_sends_nothing_twice() {
    let folder = tempfile::tempdir().unwrap();
    let url = Engine::Postgres.fresh(folder.path(), "").await;
    let journal = Journal::open_at(&address(&url), Path::new(".")).await.unwrap();
    half_sent(&journal).await;
    let dump = folder.path().join("callbrief.dump");
    succeeded(Command::new("pg_dump").arg("--format=custom").arg("--file").arg(&dump).arg(&url));
    let name = format!("{}_restored", url.rsplit('/').next().unwrap());
    let mut connection = PgConnection::connect(&server("CALLBRIEF_TEST_POSTGRES")).await.unwrap();
    connection.execute(sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}")))).await.unwrap();
    let restored = format!("{}/{name}", url.rsplit_once('/').unwrap().0);
    succeeded(Command::new("pg_restore").arg("--no-owner").arg("--dbname").arg(&restored).arg(&dump));
    goes_on(&Journal::open_at(&address(&restored), Path::new(".")).await.unwrap()).await;
}

fn succeeded(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}
