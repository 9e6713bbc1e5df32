//! Runs that wait, runs for nobody, what is kept of those that were sent, and sending it again.

use super::*;
use crate::journal::{Batch, LeftOut, Outgoing, Resend, Resent};

fn batch(made_from: &str, recipients: &[&str]) -> Batch {
    let deliveries = recipients.iter().map(|recipient| delivery(recipient)).collect();
    Batch { made_from: Some(made_from.to_owned()), deliveries }
}

/// Claims, sends and records everything that is due.
async fn deliver(journal: &Journal, now: DateTime<Utc>) {
    while let Some(delivery) = journal.claim_delivery(Channel::Mail, now, "test").await.unwrap() {
        journal.record_sent(&delivery, "250 ok", now).await.unwrap();
    }
}

on_each!(
    a_run_that_waits_for_its_data_is_never_given_up_and_one_that_fails_is,
    a_run_for_nobody_leaves_its_period_free,
    those_who_are_left_out_are_recorded_and_keep_no_run_open,
    what_is_sent_again_is_a_new_delivery_of_the_same_edition,
    old_messages_are_let_go_of_but_not_those_that_wait,
);

async fn a_run_that_waits_for_its_data_is_never_given_up_and_one_that_fails_is(home: Home) {
    let journal = home.open().await;
    let mut claim = claimed(&journal, &request(at(0), "2026-W46")).await;
    let mut now = at(0);
    let again = async |claim: RunClaim, now: DateTime<Utc>| {
        journal.hold_run(claim, "waiting for data", now + TimeDelta::minutes(5)).await.unwrap();
        assert!(journal.reclaim_run(now + TimeDelta::minutes(4), "test").await.unwrap().is_none());
        let (next, record) = journal.reclaim_run(now + TimeDelta::minutes(5), "test").await.unwrap().unwrap();
        // Whoever held it cannot finish it any more.
        assert!(matches!(journal.finish_run(claim, Vec::new(), now).await, Err(JournalError::RunLost { .. })));
        assert_eq!(record.error.as_deref(), Some("waiting for data"));
        next
    };
    for _ in 0..30 {
        claim = again(claim, now).await;
        now += TimeDelta::minutes(5);
    }
    // Five attempts that fail are as many as ever, the present one among them.
    for attempt in 1..=5 {
        journal.postpone_run(claim, "the database is gone", now).await.unwrap();
        match journal.reclaim_run(now, "test").await.unwrap() {
            Some((next, _)) => claim = next,
            None => assert_eq!(attempt, 5),
        }
    }
    assert_eq!(only_run(&journal).await.state, RunState::Failed);
}

async fn a_run_for_nobody_leaves_its_period_free(home: Home) {
    let journal = home.open().await;
    let claim = claimed(&journal, &request(at(0), "2026-W46")).await;
    journal.skip_run(claim, "`only_if` is not true", at(1)).await.unwrap();
    assert_eq!(journal.claim_run(&request(at(0), "2026-W46")).await.unwrap(), Claim::Taken);
    // The schedule was moved by an hour.
    claimed(&journal, &request(at(3_600), "2026-W46")).await;
    let runs = journal.recent_runs(10).await.unwrap();
    assert_eq!(runs[1].error.as_deref(), Some("`only_if` is not true"));
    assert_eq!((runs[1].state, runs[1].finished), (RunState::Skipped, Some(at(1))));
}

async fn those_who_are_left_out_are_recorded_and_keep_no_run_open(home: Home) {
    let journal = home.open().await;
    let claim = claimed(&journal, &request(at(0), "2026-W46")).await;
    let left_out = vec![LeftOut { recipient: "vera@example.com".to_owned(), reason: "no rows".to_owned() }];
    let outgoing = Outgoing { batches: vec![batch("{}", &["anna@example.com"])], left_out };
    journal.finish_run(claim, outgoing, at(1)).await.unwrap();
    assert_eq!(journal.pending_count().await.unwrap(), 1);
    deliver(&journal, at(2)).await;
    let run = only_run(&journal).await;
    let states: Vec<_> =
        run.deliveries.iter().map(|one| (one.recipient.as_str(), one.state, one.last_error.as_deref())).collect();
    let expected = [
        ("anna@example.com", DeliveryState::Sent, None),
        ("vera@example.com", DeliveryState::Suppressed, Some("no rows")),
    ];
    assert_eq!((run.state, states.as_slice()), (RunState::Done, expected.as_slice()));
    assert_eq!(journal.archived(run.deliveries[1].id).await.unwrap(), None);
}

async fn what_is_sent_again_is_a_new_delivery_of_the_same_edition(home: Home) {
    let journal = home.open().await;
    let claim = claimed(&journal, &request(at(0), "2026-W46")).await;
    let batches = vec![batch("{\"a\":1}", &["anna@example.com"]), batch("{\"b\":2}", &["boris@example.com"])];
    journal.finish_run(claim, Outgoing { batches, left_out: Vec::new() }, at(1)).await.unwrap();
    deliver(&journal, at(2)).await;
    let run = only_run(&journal).await;
    let archived = journal.archived(run.deliveries[1].id).await.unwrap().unwrap();
    assert_eq!(archived.made_from.as_deref(), Some("{\"b\":2}"));
    assert_eq!(archived.bytes, delivery("boris@example.com").bytes);

    let generation = journal.next_generation(&run).await.unwrap();
    assert_eq!(generation, 1);
    let again = || vec![Resend { of: run.deliveries[1].id, message: delivery("boris@example.com") }];
    let resend = async |generation| journal.resend(&run, generation, again(), at(10)).await.unwrap();
    assert_eq!(resend(generation).await, Resent::Queued);
    // Two at once: the second has to count anew.
    assert_eq!(resend(generation).await, Resent::Overtaken);
    let run = only_run(&journal).await;
    assert_eq!((run.state, run.deliveries.len()), (RunState::Queued, 3));
    assert_eq!((run.deliveries[2].generation, run.deliveries[2].state), (1, DeliveryState::Due));
    let kept = journal.archived(run.deliveries[2].id).await.unwrap().unwrap();
    assert_eq!(kept.made_from.as_deref(), Some("{\"b\":2}"));
    deliver(&journal, at(11)).await;
    assert_eq!(only_run(&journal).await.state, RunState::Done);
    // A run by hand never takes the number of a message that was sent again.
    let by_hand = ClaimRequest { trigger: Trigger::Manual, ..request(at(20), "2026-W46") };
    assert_eq!(claimed(&journal, &by_hand).await.generation, 2);
}

async fn old_messages_are_let_go_of_but_not_those_that_wait(home: Home) {
    let journal = home.open().await;
    let claim = claimed(&journal, &request(at(0), "2026-W46")).await;
    let batches = vec![batch("{}", &["anna@example.com"]), batch("{}", &["boris@example.com"])];
    journal.finish_run(claim, Outgoing { batches, left_out: Vec::new() }, at(1)).await.unwrap();
    let first = journal.claim_delivery(Channel::Mail, at(2), "test").await.unwrap().unwrap();
    journal.record_sent(&first, "250 ok", at(2)).await.unwrap();
    assert_eq!(journal.let_go(at(1)).await.unwrap(), 0);
    // A message and its numbers; the other one has not gone out.
    assert_eq!(journal.let_go(at(100)).await.unwrap(), 2);
    assert_eq!(journal.let_go(at(100)).await.unwrap(), 0);
    let run = only_run(&journal).await;
    let kept =
        [journal.archived(run.deliveries[0].id).await.unwrap(), journal.archived(run.deliveries[1].id).await.unwrap()];
    assert!(kept[0].is_none() && kept[1].is_some());
    let second = journal.claim_delivery(Channel::Mail, at(100), "test").await.unwrap().unwrap();
    assert_eq!(second.bytes, delivery("boris@example.com").bytes);
}
