//! Suppressed addresses: nothing for them leaves, whichever way it comes into the outbox, and it is told once.

use super::*;
use crate::journal::{NewSuppression, Recorded, SuppressionCause, SuppressionScope};

fn by_hand(address: &str, scope: SuppressionScope) -> NewSuppression {
    NewSuppression {
        address: address.to_owned(),
        scope,
        cause: SuppressionCause::ByHand,
        reason: "left the company".to_owned(),
        author: "anna".to_owned(),
    }
}

fn states(run: &RunRecord) -> Vec<(&str, DeliveryState)> {
    run.deliveries.iter().map(|delivery| (delivery.recipient.as_str(), delivery.state)).collect()
}

async fn sent_to(journal: &Journal, now: DateTime<Utc>) -> Vec<String> {
    let mut sent = Vec::new();
    while let Some(delivery) = journal.claim_delivery(Channel::Mail, now, "test").await.unwrap() {
        journal.record_sent(&delivery, "250 ok", now).await.unwrap();
        sent.push(delivery.recipient);
    }
    sent
}

on_each!(
    what_waits_and_what_comes_later_is_held_back_with_the_reason,
    a_suppression_of_one_report_leaves_the_others_alone,
    an_address_that_does_not_exist_is_suppressed_with_its_bounce_and_told_once,
    who_unsubscribes_is_told_once_to_whoever_looks_after_it,
    the_key_of_links_is_made_once_for_all,
);

async fn what_waits_and_what_comes_later_is_held_back_with_the_reason(home: Home) {
    let journal = home.open().await;
    queued(&journal, &["Anna@X.y", "boris@x.y"]).await;
    assert!(journal.suppress(by_hand("anna@x.Y", SuppressionScope::Everything), at(2)).await.unwrap());
    assert!(!journal.suppress(by_hand("anna@x.y", SuppressionScope::Everything), at(3)).await.unwrap());
    assert_eq!(sent_to(&journal, at(4)).await, ["boris@x.y"]);
    let run = only_run(&journal).await;
    assert_eq!(states(&run), [("Anna@X.y", DeliveryState::Suppressed), ("boris@x.y", DeliveryState::Sent)]);
    assert_eq!(run.state, RunState::Done);
    let reason = "suppressed by anna on 2025-11-24: left the company";
    assert_eq!(run.deliveries[0].last_error.as_deref(), Some(reason));

    let next = claimed(&journal, &request(at(100), "2026-W47")).await;
    journal.finish_run(next, vec![delivery("ANNA@x.y")], at(100)).await.unwrap();
    let run = journal.run(next.id).await.unwrap().unwrap();
    assert_eq!((states(&run), run.state), (vec![("ANNA@x.y", DeliveryState::Suppressed)], RunState::Done));
    assert_eq!(run.deliveries[0].last_error.as_deref(), Some(reason));
    // The message is kept: when the address is right again, it can be sent.
    assert!(journal.archived(run.deliveries[0].id).await.unwrap().is_some());

    let lifted = journal.lift_suppressions("Anna@x.y", None).await.unwrap();
    assert_eq!((lifted.len(), journal.suppressions().await.unwrap()), (1, Vec::new()));
    let after = claimed(&journal, &request(at(200), "2026-W48")).await;
    journal.finish_run(after, vec![delivery("anna@x.y")], at(200)).await.unwrap();
    assert_eq!(sent_to(&journal, at(201)).await, ["anna@x.y"]);
}

async fn a_suppression_of_one_report_leaves_the_others_alone(home: Home) {
    let journal = home.open().await;
    let runs = |name: &str| SuppressionScope::Runs(name.to_owned());
    journal.suppress(by_hand("anna@x.y", runs("weekly")), at(0)).await.unwrap();
    journal.suppress(by_hand("anna@x.y", runs("monthly")), at(0)).await.unwrap();
    for report in ["weekly", "daily"] {
        let run = claimed(&journal, &ClaimRequest { report: report.to_owned(), ..request(at(1), "2026-W46") }).await;
        let hook = NewDelivery { channel: Channel::Webhook, ..delivery("anna@x.y.hook") };
        journal.finish_run(run, vec![delivery("anna@x.y"), hook], at(1)).await.unwrap();
    }
    assert_eq!(sent_to(&journal, at(2)).await, ["anna@x.y"]);
    let held = journal.recent_runs(10).await.unwrap();
    let held: Vec<_> = held.iter().filter(|run| states(run)[0].1 == DeliveryState::Suppressed).collect();
    assert_eq!(held.iter().map(|run| run.report.as_str()).collect::<Vec<_>>(), ["weekly"]);

    let lifted = journal.lift_suppressions("anna@x.y", Some(&runs("weekly"))).await.unwrap();
    assert_eq!(lifted.len(), 1);
    let left = journal.suppressions().await.unwrap();
    assert_eq!(left.iter().map(|left| left.scope.name()).collect::<Vec<_>>(), ["monthly"]);
}

async fn an_address_that_does_not_exist_is_suppressed_with_its_bounce_and_told_once(home: Home) {
    let journal = home.open().await;
    queued(&journal, &["anna@x.y", "boris@x.y", "clara@x.y"]).await;
    let first = journal.claim_delivery(Channel::Mail, at(2), "test").await.unwrap().unwrap();
    let answer = "naming the recipient: 550 5.1.1 no such mailbox";
    journal.record_failure(&first, answer, Setback::DeadAddress, at(2)).await.unwrap();
    let only = journal.suppressions().await.unwrap().remove(0);
    assert_eq!((only.address.as_str(), only.cause, only.created), ("anna@x.y", SuppressionCause::Bounce, at(2)));
    assert_eq!(only.reason, answer);
    // Two messages were not tried yet; they may fail as well.
    assert_eq!(journal.undelivered("notices").await.unwrap(), []);
    let second = journal.claim_delivery(Channel::Mail, at(2), "test").await.unwrap().unwrap();
    journal.record_failure(&second, "554 no", Setback::Permanent, at(3)).await.unwrap();
    let third = journal.claim_delivery(Channel::Mail, at(2), "test").await.unwrap().unwrap();
    journal.record_failure(&third, "451 later", Setback::Retry(at(90)), at(3)).await.unwrap();

    let told = journal.undelivered("notices").await.unwrap();
    let seen: Vec<_> = told.iter().map(|told| (told.recipient.as_str(), told.is_suppressed)).collect();
    assert_eq!(seen, [("anna@x.y", true), ("boris@x.y", false)]);
    assert_eq!(journal.undelivered("weekly").await.unwrap(), []);
    let ids: Vec<_> = told.iter().map(|told| told.id).collect();
    let tell = async || journal.tell_undelivered(&ids, &[], None, at(4)).await.unwrap();
    assert_eq!((tell().await, tell().await), (Recorded::Written, Recorded::Overtaken));
    assert_eq!(journal.undelivered("notices").await.unwrap(), []);
}

async fn who_unsubscribes_is_told_once_to_whoever_looks_after_it(home: Home) {
    let journal = home.open().await;
    let scope = SuppressionScope::Runs("weekly".to_owned());
    let by_themselves = NewSuppression { cause: SuppressionCause::Unsubscribed, ..by_hand("anna@x.y", scope) };
    journal.suppress(by_hand("boris@x.y", SuppressionScope::Everything), at(0)).await.unwrap();
    for second in 0..2 {
        journal.suppress(by_themselves.clone(), at(second)).await.unwrap();
    }
    let untold = journal.untold_suppressions().await.unwrap();
    assert_eq!(untold.iter().map(|untold| untold.address.as_str()).collect::<Vec<_>>(), ["anna@x.y"]);
    let tell = async || journal.tell_undelivered(&[], &untold, None, at(4)).await.unwrap();
    assert_eq!((tell().await, tell().await), (Recorded::Written, Recorded::Overtaken));
    assert_eq!(journal.untold_suppressions().await.unwrap(), []);
}

async fn the_key_of_links_is_made_once_for_all(home: Home) {
    use secrecy::ExposeSecret;

    let journal = home.open().await;
    let other = home.open().await;
    let (first, second) = tokio::join!(journal.unsubscribe_key(), other.unsubscribe_key());
    let first = first.unwrap();
    assert_eq!(first.expose_secret(), second.unwrap().expose_secret());
    assert_eq!(first.expose_secret().len(), 64);
    let elsewhere = Journal::in_memory().await.unwrap();
    assert_ne!(first.expose_secret(), elsewhere.unsubscribe_key().await.unwrap().expose_secret());
}
