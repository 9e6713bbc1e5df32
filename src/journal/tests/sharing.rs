//! Several processes on one journal: names, leases, taking back, and work done side by side.

use super::*;
use crate::journal::{AlertEvaluation, Claimed, Recorded};

on_each!(
    one_process_at_a_time_has_a_lease_and_what_was_begun_under_an_older_one_is_void,
    a_name_is_had_by_one_living_process,
    who_has_the_name_takes_back_what_was_left_behind,
    a_claim_that_is_kept_does_not_lapse_and_one_that_is_lost_cannot_be_kept,
    deliveries_settled_side_by_side_end_their_run,
    an_address_suppressed_meanwhile_gets_nothing,
);

fn evaluation(before: Option<&str>, after: &str) -> AlertEvaluation {
    AlertEvaluation {
        rule: "low".to_owned(),
        rule_before: before.map(str::to_owned),
        rule_after: after.to_owned(),
        states: Vec::new(),
        forgotten: Vec::new(),
        episodes: Vec::new(),
        notices: None,
        now: at(0),
    }
}

async fn one_process_at_a_time_has_a_lease_and_what_was_begun_under_an_older_one_is_void(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    let old = one.take_lease("alert rules", "one", at(0)).await.unwrap().unwrap();
    assert_eq!(other.take_lease("alert rules", "other", at(59)).await.unwrap(), None);
    let new = other.take_lease("alert rules", "other", at(0) + LEASE).await.unwrap().unwrap();

    // The first was only slow. Its record is the rule's as it was, and yet it comes too late.
    let record = async |journal: &Journal, lease, evaluation| {
        journal.record_alerts_under(lease, vec![evaluation]).await.unwrap().remove(0).unwrap()
    };
    assert_eq!(record(&one, &old, evaluation(None, "1")).await, Recorded::Overtaken);
    assert_eq!(one.alert_states().await.unwrap(), []);
    one.give_back(&old).await.unwrap();
    assert_eq!(one.take_lease("alert rules", "one", at(70)).await.unwrap(), None);
    assert_eq!(record(&other, &new, evaluation(None, "1")).await, Recorded::Written);
    other.give_back(&new).await.unwrap();
    assert!(one.take_lease("alert rules", "one", at(70)).await.unwrap().is_some());
}

async fn a_name_is_had_by_one_living_process(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    let mut first = one.take_name("desk").await.unwrap();
    let second = other.take_name("desk").await.unwrap();
    assert_eq!((first.name(), second.name()), ("desk-1", "desk-2"));
    assert!(first.is_held().await);
    assert!(other.take_this_name("desk-1").await.unwrap().is_none());
    drop(first);
    // The server notices a moment later that the connection is gone.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let again = loop {
        if let Some(instance) = other.take_this_name("desk-1").await.unwrap() {
            break instance;
        }
        assert!(std::time::Instant::now() < deadline, "the name is not free");
        tokio::task::yield_now().await;
    };
    assert_eq!(again.name(), "desk-1");
}

async fn who_has_the_name_takes_back_what_was_left_behind(home: Home) {
    let journal = home.open().await;
    let mine = claimed(&journal, &ClaimRequest { owner: "desk-1".to_owned(), ..request(at(0), "2026-W46") }).await;
    let theirs =
        claimed(&journal, &ClaimRequest { owner: "desk-2".to_owned(), ..request(at(604_800), "2026-W47") }).await;
    journal.finish_run(theirs, vec![delivery("a@x.y"), delivery("b@x.y")], at(1)).await.unwrap();
    journal.claim_delivery(Channel::Mail, at(2), "desk-1").await.unwrap().unwrap();
    journal.claim_delivery(Channel::Mail, at(2), "desk-2").await.unwrap().unwrap();
    journal.take_lease("alert rules", "desk-1", at(2)).await.unwrap().unwrap();

    assert_eq!(journal.take_back("desk-1", at(3)).await.unwrap(), 3);
    assert_eq!(journal.take_back("desk-3", at(3)).await.unwrap(), 0);
    let (again, _) = journal.reclaim_run(at(3), "desk-1").await.unwrap().unwrap();
    assert_eq!((again.id, again.attempt), (mine.id, 2));
    let message = journal.claim_delivery(Channel::Mail, at(3), "desk-1").await.unwrap().unwrap();
    assert_eq!((message.recipient.as_str(), message.attempt), ("a@x.y", 2));
    assert!(journal.take_lease("alert rules", "desk-1", at(3)).await.unwrap().is_some());
    // What the living one has in hand stays with it.
    assert_eq!(journal.reclaim_run(at(3), "desk-1").await.unwrap(), None);
    assert_eq!(journal.claim_delivery(Channel::Mail, at(3), "desk-1").await.unwrap(), None);
    let runs = journal.recent_runs(10).await.unwrap();
    let uncertain: Vec<i64> = runs.iter().flat_map(|run| &run.deliveries).map(|one| one.uncertain).collect();
    assert_eq!(uncertain, [1, 0]);
}

async fn a_claim_that_is_kept_does_not_lapse_and_one_that_is_lost_cannot_be_kept(home: Home) {
    let journal = home.open().await;
    let run = claimed(&journal, &request(at(0), "2026-W46")).await;
    let later = at(0) + LEASE;
    assert_eq!(journal.keeping(Claimed::Run(run), at(0), async { 7 }).await, 7);
    journal.renew(&Claimed::Run(run), later + LEASE).await.unwrap();
    assert_eq!(journal.reclaim_run(later, "other").await.unwrap(), None);
    let (taken, _) = journal.reclaim_run(later + LEASE, "other").await.unwrap().unwrap();
    // The one that was taken over keeps nothing.
    journal.renew(&Claimed::Run(run), later + LEASE * 9).await.unwrap();
    let (_, record) = journal.reclaim_run(later + LEASE * 2, "third").await.unwrap().unwrap();
    assert_eq!((record.id, record.attempt), (taken.id, 3));

    let other = claimed(&journal, &request(at(604_800), "2026-W47")).await;
    journal.finish_run(other, vec![delivery("a@x.y")], at(1)).await.unwrap();
    let message = journal.claim_delivery(Channel::Mail, at(2), "me").await.unwrap().unwrap();
    journal.renew(&Claimed::from(&message), at(2) + LEASE * 2).await.unwrap();
    assert_eq!(journal.claim_delivery(Channel::Mail, at(2) + LEASE, "other").await.unwrap(), None);
    let again = journal.claim_delivery(Channel::Mail, at(2) + LEASE * 2, "other").await.unwrap().unwrap();
    journal.renew(&Claimed::from(&message), at(2) + LEASE * 9).await.unwrap();
    assert!(journal.claim_delivery(Channel::Mail, at(2) + LEASE * 3, "third").await.unwrap().is_some());
    assert_eq!(again.attempt, 2);
}

async fn deliveries_settled_side_by_side_end_their_run(home: Home) {
    let journal = home.open().await;
    let recipients: Vec<String> = (0..40).map(|number| format!("r{number}@x.y")).collect();
    queued(&journal, &recipients.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let journal = home.open().await;
        tasks.push(tokio::spawn(async move {
            let mut sent = Vec::new();
            while let Some(delivery) = journal.claim_delivery(Channel::Mail, at(2), "me").await.unwrap() {
                journal.record_sent(&delivery, "250 ok", at(3)).await.unwrap();
                sent.push(delivery.recipient);
            }
            sent
        }));
    }
    let mut sent = Vec::new();
    for task in tasks {
        sent.extend(task.await.unwrap());
    }
    sent.sort_unstable();
    let mut expected = recipients;
    expected.sort_unstable();
    assert_eq!(sent, expected);
    assert_eq!(only_run(&journal).await.state, RunState::Done);
}

async fn an_address_suppressed_meanwhile_gets_nothing(home: Home) {
    let (one, other) = (home.open().await, home.open().await);
    for week in 0..20 {
        let run = claimed(&one, &request(at(week * 604_800), &format!("w{week}"))).await;
        let address = format!("a{week}@x.y");
        let suppression = crate::journal::NewSuppression {
            address: address.clone(),
            scope: crate::journal::SuppressionScope::Everything,
            cause: crate::journal::SuppressionCause::ByHand,
            reason: "left".to_owned(),
            author: "anna".to_owned(),
        };
        let (finished, suppressed) =
            tokio::join!(one.finish_run(run, vec![delivery(&address)], at(1)), other.suppress(suppression, at(1)));
        finished.unwrap();
        assert!(suppressed.unwrap());
        assert_eq!(one.claim_delivery(Channel::Mail, at(2), "me").await.unwrap(), None, "{address}");
    }
    assert!(one.recent_runs(50).await.unwrap().iter().all(|run| run.state == RunState::Done));
}
