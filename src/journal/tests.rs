//! The journal's promises, on a real file and on a real PostgreSQL: one run per key, nothing lost or doubled by a crash, no foreign file touched.

mod archive;
pub(in crate::journal) mod home;
mod sharing;
mod suppressions;

use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};

use super::{
    Channel, Claim, ClaimRequest, DeliveryState, Journal, JournalError, LEASE, NewDelivery, Repetition, RunClaim,
    RunRecord, RunState, Setback, Skip, Trigger,
};
use home::{Home, address, on_each};

use crate::time::Window;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_960_400 + seconds, 0).unwrap()
}

fn week() -> Window {
    Window { from: at(-604_800), to: at(0) }
}

fn request(scheduled_for: DateTime<Utc>, period: &str) -> ClaimRequest {
    ClaimRequest {
        report: "weekly".to_owned(),
        scheduled_for,
        period: period.to_owned(),
        window: week(),
        trigger: Trigger::Schedule,
        repetition: Repetition::OncePerPeriod,
        skips: Vec::new(),
        owner: "test".to_owned(),
        now: scheduled_for,
    }
}

fn delivery(recipient: &str) -> NewDelivery {
    NewDelivery {
        channel: Channel::Mail,
        recipient: recipient.to_owned(),
        message_id: format!("<{recipient}>"),
        envelope_from: "reports@example.com".to_owned(),
        bytes: format!("Subject: x\r\n\r\nto {recipient}\0\u{ff}").into_bytes(),
        on_unknown: crate::workspace::OnUnknown::Resend,
        expires_at: at(0) + TimeDelta::hours(48),
    }
}

async fn claimed(journal: &Journal, request: &ClaimRequest) -> RunClaim {
    match journal.claim_run(request).await.unwrap() {
        Claim::Mine(claim) => claim,
        Claim::Taken => panic!("taken: {request:?}"),
    }
}

async fn queued(journal: &Journal, recipients: &[&str]) -> RunClaim {
    let run = claimed(journal, &request(at(0), "2026-W46")).await;
    let deliveries: Vec<_> = recipients.iter().map(|recipient| delivery(recipient)).collect();
    journal.finish_run(run, deliveries, at(1)).await.unwrap();
    run
}

async fn only_run(journal: &Journal) -> RunRecord {
    let mut runs = journal.recent_runs(10).await.unwrap();
    assert_eq!(runs.len(), 1, "{runs:?}");
    runs.remove(0)
}

on_each!(
    a_schedule_reports_an_instant_and_a_period_once,
    runs_by_hand_are_generations_of_their_own_and_leave_the_schedule_alone,
    skips_are_recorded_with_the_claim_and_the_cursor_never_moves_back,
    of_many_claimers_one_wins,
    several_processes_may_create_it_at_once,
    a_run_whose_process_died_is_taken_over_and_the_dead_cannot_finish_it,
    a_run_put_off_comes_back_and_one_that_never_ends_is_given_up,
    a_failed_run_keeps_its_reason,
    a_run_is_done_when_its_last_delivery_is_settled,
    a_run_without_messages_is_done_at_once_and_a_recipient_gets_one,
    a_crash_while_sending_leaves_an_uncertain_delivery_that_is_sent_again_unchanged,
    an_answer_that_was_lost_is_shown_and_a_delivery_past_its_expiry_is_given_up,
    the_journal_of_a_later_program_is_left_alone,
    what_holds_something_else_is_left_alone,
);

async fn a_schedule_reports_an_instant_and_a_period_once(home: Home) {
    let journal = home.open().await;
    let check = async |request: ClaimRequest, mine: bool| {
        let claim = journal.claim_run(&request).await.unwrap();
        assert_eq!(matches!(claim, Claim::Mine(_)), mine, "{request:?}");
    };
    check(request(at(0), "2026-W46"), true).await;
    check(request(at(0), "2026-W46"), false).await;
    // The hour was moved from 8 to 9 after the report went out.
    check(request(at(3_600), "2026-W46"), false).await;
    check(request(at(604_800), "2026-W47"), true).await;
    // "Today", every hour, is the same period each time.
    let hourly = |hour: i64| ClaimRequest {
        report: "today".to_owned(),
        repetition: Repetition::EveryInstant,
        ..request(at(hour * 3_600), "2026-11-24")
    };
    check(hourly(1), true).await;
    check(hourly(2), true).await;
    check(hourly(2), false).await;
}

async fn runs_by_hand_are_generations_of_their_own_and_leave_the_schedule_alone(home: Home) {
    let journal = home.open().await;
    let by_hand = ClaimRequest { trigger: Trigger::Manual, ..request(at(-60), "2026-W46") };
    assert_eq!(claimed(&journal, &by_hand).await.generation, 1);
    assert_eq!(claimed(&journal, &by_hand).await.generation, 2);
    let other_period = ClaimRequest { period: "2026-W45".to_owned(), ..by_hand.clone() };
    assert_eq!(claimed(&journal, &other_period).await.generation, 3);
    assert_eq!(journal.cursor("weekly").await.unwrap(), None);
    assert_eq!(claimed(&journal, &request(at(0), "2026-W46")).await.generation, 0);
}

async fn skips_are_recorded_with_the_claim_and_the_cursor_never_moves_back(home: Home) {
    let journal = home.open().await;
    let skip = Skip {
        scheduled_for: at(-604_800),
        period: "2026-W46".to_owned(),
        window: week(),
        reason: "missed by 7 d".to_owned(),
    };
    claimed(&journal, &ClaimRequest { skips: vec![skip.clone()], ..request(at(0), "2026-W46") }).await;
    assert_eq!(journal.cursor("weekly").await.unwrap(), Some(at(0)));
    journal.record_skips("weekly", &[skip], at(5)).await.unwrap();
    journal.set_cursor("weekly", at(-99)).await.unwrap();
    assert_eq!(journal.cursor("weekly").await.unwrap(), Some(at(0)));
    journal.set_cursor("weekly", at(99)).await.unwrap();
    assert_eq!(journal.cursor("weekly").await.unwrap(), Some(at(99)));

    let runs = journal.recent_runs(10).await.unwrap();
    let states: Vec<_> = runs.iter().map(|run| (run.state, run.error.as_deref())).collect();
    assert_eq!(states, [(RunState::Claimed, None), (RunState::Skipped, Some("missed by 7 d"))]);
}

async fn of_many_claimers_one_wins(home: Home) {
    // Two journals in one place stand for two processes: nothing is shared between them but the place.
    let journals = [home.open().await, home.open().await];
    let mut tasks = Vec::new();
    for journal in journals {
        tasks.push(tokio::spawn(async move {
            let mut won = Vec::new();
            for number in 0..200 {
                if journal.claim_run(&request(at(number), &format!("p{number}"))).await.unwrap() != Claim::Taken {
                    won.push(number);
                }
            }
            won
        }));
    }
    let mut won = Vec::new();
    for task in tasks {
        won.extend(task.await.unwrap());
    }
    won.sort_unstable();
    assert_eq!(won, (0..200).collect::<Vec<_>>());
}

async fn several_processes_may_create_it_at_once(home: Home) {
    let home = std::sync::Arc::new(home);
    let tasks: Vec<_> = (0..6)
        .map(|number| {
            let home = std::sync::Arc::clone(&home);
            tokio::spawn(async move {
                home.open().await.claim_run(&request(at(number), &format!("p{number}"))).await.unwrap()
            })
        })
        .collect();
    for task in tasks {
        assert!(matches!(task.await.unwrap(), Claim::Mine(_)));
    }
    assert_eq!(home.open().await.recent_runs(10).await.unwrap().len(), 6);
}

async fn a_run_whose_process_died_is_taken_over_and_the_dead_cannot_finish_it(home: Home) {
    let journal = home.open().await;
    let dead = claimed(&journal, &request(at(0), "2026-W46")).await;
    assert_eq!(journal.reclaim_run(at(1), "other").await.unwrap(), None);
    let later = at(0) + LEASE;
    let (claim, record) = journal.reclaim_run(later, "other").await.unwrap().unwrap();
    assert_eq!((claim.id, claim.attempt, record.window), (dead.id, 2, week()));
    assert_eq!(journal.reclaim_run(later, "third").await.unwrap(), None);

    let lost = journal.finish_run(dead, vec![delivery("a@b.c")], later).await.unwrap_err();
    assert!(matches!(lost, JournalError::RunLost { .. }), "{lost}");
    assert_eq!(journal.pending_count().await.unwrap(), 0);
    journal.finish_run(claim, vec![delivery("a@b.c")], later).await.unwrap();
    assert_eq!(journal.pending_count().await.unwrap(), 1);
    assert!(matches!(journal.fail_run(claim, "late", later).await, Err(JournalError::RunLost { .. })));
}

async fn a_run_put_off_comes_back_and_one_that_never_ends_is_given_up(home: Home) {
    let journal = home.open().await;
    let mut claim = claimed(&journal, &request(at(0), "2026-W46")).await;
    journal.postpone_run(claim, "the database is out of reach", at(60)).await.unwrap();
    assert_eq!(journal.reclaim_run(at(59), "x").await.unwrap(), None);
    let mut now = at(60);
    for attempt in 2..=5 {
        claim = journal.reclaim_run(now, "x").await.unwrap().unwrap().0;
        assert_eq!(claim.attempt, attempt);
        now += LEASE;
    }
    assert_eq!(journal.reclaim_run(now, "x").await.unwrap(), None);
    let run = only_run(&journal).await;
    assert_eq!(run.state, RunState::Failed);
    assert_eq!(run.error.as_deref(), Some("given up after 5 attempts: the database is out of reach"));
}

async fn a_failed_run_keeps_its_reason(home: Home) {
    let journal = home.open().await;
    let claim = claimed(&journal, &request(at(0), "2026-W46")).await;
    journal.fail_run(claim, "no such table: calls", at(3)).await.unwrap();
    let run = only_run(&journal).await;
    assert_eq!(
        (run.state, run.error.as_deref(), run.finished),
        (RunState::Failed, Some("no such table: calls"), Some(at(3)))
    );
}

async fn a_run_is_done_when_its_last_delivery_is_settled(home: Home) {
    let journal = home.open().await;
    queued(&journal, &["a@x.y", "b@x.y", "c@x.y"]).await;
    assert_eq!(only_run(&journal).await.state, RunState::Queued);
    let first = journal.claim_delivery(Channel::Mail, at(2), "me").await.unwrap().unwrap();
    assert_eq!((first.recipient.as_str(), first.attempt), ("a@x.y", 1));
    assert_eq!(first.bytes, delivery("a@x.y").bytes);
    journal.record_sent(&first, "250 queued as 1", at(3)).await.unwrap();
    let second = journal.claim_delivery(Channel::Mail, at(3), "me").await.unwrap().unwrap();
    journal.record_failure(&second, "550 no such user", Setback::Permanent, at(4)).await.unwrap();
    let third = journal.claim_delivery(Channel::Mail, at(4), "me").await.unwrap().unwrap();
    journal.record_failure(&third, "451 later", Setback::Retry(at(100)), at(5)).await.unwrap();
    assert_eq!(journal.claim_delivery(Channel::Mail, at(99), "me").await.unwrap(), None);
    assert_eq!((only_run(&journal).await.state, journal.pending_count().await.unwrap()), (RunState::Queued, 1));
    let third = journal.claim_delivery(Channel::Mail, at(100), "me").await.unwrap().unwrap();
    assert_eq!(third.attempt, 2);
    journal.record_sent(&third, "250 ok", at(101)).await.unwrap();

    let run = only_run(&journal).await;
    assert_eq!((run.state, run.finished), (RunState::Done, Some(at(101))));
    let deliveries: Vec<_> = run
        .deliveries
        .iter()
        .map(|delivery| (delivery.state, delivery.reply.as_deref(), delivery.last_error.as_deref()))
        .collect();
    assert_eq!(
        deliveries,
        [
            (DeliveryState::Sent, Some("250 queued as 1"), None),
            (DeliveryState::Failed, None, Some("550 no such user")),
            (DeliveryState::Sent, Some("250 ok"), None),
        ]
    );
}

async fn a_run_without_messages_is_done_at_once_and_a_recipient_gets_one(home: Home) {
    let journal = home.open().await;
    queued(&journal, &[]).await;
    assert_eq!(only_run(&journal).await.state, RunState::Done);

    let twice = claimed(&journal, &request(at(604_800), "2026-W47")).await;
    journal
        .finish_run(twice, vec![delivery("a@x.y"), delivery("a@x.y"), delivery("b@x.y")], at(604_801))
        .await
        .unwrap();
    assert_eq!(journal.pending_count().await.unwrap(), 2);
}

async fn a_crash_while_sending_leaves_an_uncertain_delivery_that_is_sent_again_unchanged(home: Home) {
    let journal = home.open().await;
    queued(&journal, &["a@x.y"]).await;
    let before = journal.claim_delivery(Channel::Mail, at(2), "dead").await.unwrap().unwrap();
    assert_eq!(journal.claim_delivery(Channel::Mail, at(3), "alive").await.unwrap(), None);
    let later = at(2) + LEASE;
    let again = journal.claim_delivery(Channel::Mail, later, "alive").await.unwrap().unwrap();
    assert_eq!((again.id, &again.bytes, &again.message_id), (before.id, &before.bytes, &before.message_id));
    assert_eq!(again.attempt, 2);
    assert_eq!(only_run(&journal).await.deliveries[0].uncertain, 1);

    // The one thought dead was only slow: its failure says nothing any more, its success does.
    let late = journal.record_failure(&before, "timeout", Setback::Permanent, later).await.unwrap_err();
    assert!(matches!(late, JournalError::DeliveryLost { .. }), "{late}");
    journal.record_sent(&before, "250 ok", later).await.unwrap();
    assert_eq!(only_run(&journal).await.state, RunState::Done);
}

async fn an_answer_that_was_lost_is_shown_and_a_delivery_past_its_expiry_is_given_up(home: Home) {
    let journal = home.open().await;
    queued(&journal, &["a@x.y"]).await;
    let delivery = journal.claim_delivery(Channel::Mail, at(2), "me").await.unwrap().unwrap();
    journal.record_failure(&delivery, "connection lost", Setback::Uncertain(at(60)), at(3)).await.unwrap();
    let run = only_run(&journal).await;
    assert_eq!((run.deliveries[0].state, run.deliveries[0].uncertain), (DeliveryState::Uncertain, 1));
    assert_eq!(journal.claim_delivery(Channel::Mail, at(49 * 3_600), "me").await.unwrap(), None);
    let run = only_run(&journal).await;
    assert_eq!((run.state, run.deliveries[0].state), (RunState::Done, DeliveryState::Failed));
    assert_eq!(
        run.deliveries[0].last_error.as_deref(),
        Some("not delivered in time; the last failure: connection lost")
    );
}

async fn the_journal_of_a_later_program_is_left_alone(home: Home) {
    home.open().await.close().await;
    home.run("INSERT INTO journal_steps VALUES (999, 'later')").await;
    let error = home.try_open().await.unwrap_err();
    assert!(matches!(error, JournalError::NewerSchema { found: 999, .. }) && !error.is_temporary(), "{error}");
}

async fn what_holds_something_else_is_left_alone(home: Home) {
    home.run("CREATE TABLE calls (id BIGINT)").await;
    let error = home.try_open().await.unwrap_err();
    assert!(error.to_string().contains("it holds the table `calls`"), "{error}");
    home.run("DROP TABLE calls").await;
    // Nothing was left behind by the first try.
    home.open().await;
}

#[tokio::test]
async fn a_place_that_cannot_hold_a_journal_is_told() {
    let check = async |path: PathBuf, expected: &str| {
        let error = Journal::open(&path).await.unwrap_err();
        assert!(error.to_string().contains(expected) && !error.is_temporary(), "{error}");
    };
    let folder = tempfile::tempdir().unwrap();
    let text = folder.path().join("text.db");
    std::fs::write(&text, "not a database, but long enough to be looked at ".repeat(40)).unwrap();
    check(text.clone(), "file is not a database").await;
    check(text.join("journal.db"), "cannot be created").await;

    Journal::open_at(&address("sqlite:by-address.db"), folder.path()).await.unwrap();
    let file = std::fs::metadata(folder.path().join("by-address.db")).unwrap();
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&file) & 0o777, 0o600);
    assert!(file.len() > 0);
    let check = async |url: &str, expected: &str| {
        let error = Journal::open_at(&address(url), folder.path()).await.unwrap_err();
        let told = format!("{error} {error:?}");
        assert!(told.contains(expected) && !told.contains("hunter2"), "{told}");
    };
    check("mysql://me:hunter2@host/db", "`mysql`").await;
    check("postgres://me:hunter2@127.0.0.1:no/db", "expected sqlite:var/callbrief.db or postgres://").await;
    check(
        "postgres://me:hunter2@127.0.0.1:1/db?connect_timeout=1",
        "the journal postgres://127.0.0.1:1/db cannot be opened",
    )
    .await;
}
