//! What a provider lets through, what is never sent twice, and what is never sent again.

use super::*;
use crate::journal::SuppressionCause;
use crate::workspace::OnUnknown;

fn limited(port: u16, limits: SmtpLimits) -> Transport {
    let settings = SmtpSettings { limits, ..settings(port, TlsMode::None) };
    Transport::Smtp(SmtpTransport::new(&settings, Path::new(""), "example.com").unwrap())
}

#[tokio::test]
async fn no_more_leave_within_a_minute_than_may() {
    let stub = Stub::start(&[]).await;
    let (folder, journal) = journal_with(&["a@x.y", "b@x.y", "c@x.y"]).await;
    let transport = limited(stub.port, SmtpLimits { messages_per_minute: Some(2), ..SmtpLimits::default() });
    let paced = |sent: u64| Round { sent, is_paced: true, ..Round::default() };
    assert_eq!(round(&journal, &transport, at(1)).await, paced(2));
    // Another process on the same journal does not send more either.
    let other = Journal::open(&folder.path().join("journal.db")).await.unwrap();
    assert_eq!(round(&other, &transport, at(60)).await, paced(0));
    assert_eq!(round(&journal, &transport, at(61)).await, Round { sent: 1, ..Round::default() });
    assert_eq!(stub.seen.lock().unwrap().messages.len(), 3);
}

#[tokio::test]
async fn a_connection_carries_as_many_as_it_may_and_none_that_is_too_large() {
    let stub = Stub::start(&[]).await;
    let (_folder, journal) = journal_with(&["a@x.y", "b@x.y"]).await;
    let one = SmtpLimits { messages_per_connection: 1, ..SmtpLimits::default() };
    assert_eq!(round(&journal, &limited(stub.port, one), at(1)).await.sent, 2);
    assert_eq!(stub.seen.lock().unwrap().connections, 2);

    let (_folder, journal) = journal_with(&["a@x.y"]).await;
    let small = SmtpLimits { message_bytes: Some(10), ..SmtpLimits::default() };
    assert_eq!(round(&journal, &limited(stub.port, small), at(1)).await.failed, 1);
    let delivery = deliveries(&journal).await.remove(0);
    assert_eq!(
        delivery.last_error.as_deref(),
        Some("sending the message: it has 0.1 MB, the mail server takes 0.1 MB")
    );
    assert_eq!(stub.seen.lock().unwrap().connections, 2);
    assert_eq!(journal.suppressions().await.unwrap(), []);
}

#[tokio::test]
async fn what_may_have_arrived_is_held_where_the_report_wants_it() {
    let stub = Stub::start(&[(".", Act::Cut)]).await;
    let (_folder, journal) = journal_of(&["a@x.y", "b@x.y"], OnUnknown::Hold).await;
    let transport = smtp(stub.port, TlsMode::None);
    let done = round(&journal, &transport, at(1)).await;
    assert_eq!((done.sent, done.failed), (1, 1));
    assert_eq!(round(&journal, &transport, at(4_000)).await, Round::default());
    let run = journal.recent_runs(1).await.unwrap().remove(0);
    let held = &run.deliveries[0];
    assert_eq!((run.state, held.state, held.uncertain), (RunState::Done, DeliveryState::Held, 1));
    let told = journal.undelivered("").await.unwrap();
    assert_eq!(told.iter().map(|told| (told.recipient.as_str(), told.is_held)).collect::<Vec<_>>(), [("a@x.y", true)]);

    // A process that died while sending leaves the same behind.
    let (_folder, journal) = journal_of(&["a@x.y"], OnUnknown::Hold).await;
    journal.claim_delivery(Channel::Mail, at(1), "dies").await.unwrap().unwrap();
    let after = at(1) + crate::journal::LEASE;
    assert_eq!(round(&journal, &transport, after).await, Round::default());
    let run = journal.recent_runs(1).await.unwrap().remove(0);
    assert_eq!((run.state, run.deliveries[0].state), (RunState::Done, DeliveryState::Held));
}

#[tokio::test]
async fn a_bounce_of_the_address_ends_what_is_sent_there_and_others_do_not() {
    let check = async |answer: &'static str, is_dead: bool| {
        let stub = Stub::start(&[("RCPT", Act::Say(answer))]).await;
        let (_folder, journal) = journal_with(&["a@x.y"]).await;
        let done = round(&journal, &smtp(stub.port, TlsMode::None), at(1)).await;
        assert_eq!(done.failed, 1, "{answer}");
        let suppressions = journal.suppressions().await.unwrap();
        let causes: Vec<_> = suppressions.iter().map(|suppression| suppression.cause).collect();
        assert_eq!(causes, if is_dead { vec![SuppressionCause::Bounce] } else { Vec::new() }, "{answer}");
        assert!(suppressions.iter().all(|suppression| suppression.reason.contains(answer)));
    };
    check("550 5.1.1 no such user", true).await;
    check("550 no such user here", true).await;
    check("552 5.2.2 mailbox full", false).await;
    check("550 5.7.1 blocked by policy", false).await;
    check("550 not now", false).await;
}
