//! The outbox loop against a scripted mail server and a folder, with a real journal: what arrives, and what the
//! journal says about it.

mod limits;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use tempfile::TempDir;

use super::stub::{Act, Stub};
use super::{FailureKind, FolderTransport, Round, SmtpTimeouts, SmtpTransport, Transport, deliver_due, deliver_while};
use crate::diagnostics::{SourceFile, Span, Spanned};
use crate::journal::{
    Channel, Claim, ClaimRequest, DeliveryRecord, DeliveryState, Journal, NewDelivery, Repetition, RunState, Trigger,
};
use crate::time::{Clock, Window};
use crate::workspace::{OnUnknown, SmtpLimits, SmtpSettings, TlsMode};

const PASSWORD: &str = "correct horse battery";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_763_960_400 + seconds, 0).unwrap()
}

fn settings(port: u16, tls: TlsMode) -> SmtpSettings {
    let file = Arc::new(SourceFile { path: "callbrief.yaml".to_owned(), text: String::new() });
    SmtpSettings {
        host: Spanned::new("127.0.0.1".to_owned(), Span { file, range: 0..0 }),
        port,
        tls,
        login: Some(("robot".to_owned(), SecretString::from(PASSWORD))),
        ca_file: None,
        limits: SmtpLimits::default(),
    }
}

fn smtp(port: u16, tls: TlsMode) -> Transport {
    Transport::Smtp(SmtpTransport::new(&settings(port, tls), Path::new(""), "example.com").unwrap())
}

/// A transport that loses patience quickly, for servers that stay silent.
fn hasty(port: u16) -> Transport {
    let limit = Duration::from_millis(400);
    let timeouts = SmtpTimeouts { connect: limit, command: limit, message: limit };
    let transport = SmtpTransport::new(&settings(port, TlsMode::None), Path::new(""), "example.com").unwrap();
    Transport::Smtp(transport.with_timeouts(timeouts))
}

/// A journal with a run that has a message for each recipient.
async fn journal_with(recipients: &[&str]) -> (TempDir, Journal) {
    journal_of(recipients, OnUnknown::Resend).await
}

async fn journal_of(recipients: &[&str], on_unknown: OnUnknown) -> (TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal.db")).await.unwrap();
    let request = ClaimRequest {
        report: "weekly".to_owned(),
        scheduled_for: at(0),
        period: "2026-W46".to_owned(),
        window: Window { from: at(-604_800), to: at(0) },
        trigger: Trigger::Schedule,
        repetition: Repetition::OncePerPeriod,
        skips: Vec::new(),
        owner: "test".to_owned(),
        now: at(0),
    };
    let Claim::Mine(run) = journal.claim_run(&request).await.unwrap() else { panic!("taken") };
    let deliveries: Vec<_> = recipients
        .iter()
        .map(|recipient| NewDelivery {
            channel: Channel::Mail,
            recipient: (*recipient).to_owned(),
            message_id: format!("<weekly.2026-W46.0.{recipient}>"),
            envelope_from: "reports@example.com".to_owned(),
            bytes: format!("Subject: for {recipient}\r\n\r\n.a line with a dot\r\n").into_bytes(),
            on_unknown,
            expires_at: at(0) + TimeDelta::hours(48),
        })
        .collect();
    journal.finish_run(run, deliveries, at(0)).await.unwrap();
    (folder, journal)
}

async fn round(journal: &Journal, transport: &Transport, now: DateTime<Utc>) -> Round {
    deliver_due(journal, transport, &Clock::Fixed(now), "test").await.unwrap()
}

async fn deliveries(journal: &Journal) -> Vec<DeliveryRecord> {
    journal.recent_runs(1).await.unwrap().remove(0).deliveries
}

#[tokio::test]
async fn a_batch_shares_one_connection_and_ends_politely() {
    let stub = Stub::start(&[]).await;
    let (_folder, journal) = journal_with(&["a@x.y", "b@x.y"]).await;
    let done = round(&journal, &smtp(stub.port, TlsMode::None), at(1)).await;
    assert_eq!(done, Round { sent: 2, ..Round::default() });
    assert_eq!(stub.verbs(), "EHLO AUTH MAIL RCPT DATA MAIL RCPT DATA QUIT");
    {
        let seen = stub.seen.lock().unwrap();
        assert_eq!(seen.connections, 1);
        assert_eq!(seen.commands[0], "EHLO example.com");
        assert_eq!(seen.commands[2], "MAIL FROM:<reports@example.com>");
        assert_eq!(seen.commands[3], "RCPT TO:<a@x.y>");
        assert!(
            seen.messages[1].starts_with("Subject: for b@x.y\r\n\r\n..a line with a dot\r\n"),
            "{:?}",
            seen.messages[1]
        );
    }
    let run = journal.recent_runs(1).await.unwrap().remove(0);
    assert_eq!(run.state, RunState::Done);
    assert_eq!(run.deliveries[0].reply.as_deref(), Some("250 2.0.0 queued as 4F2A"));
}

#[tokio::test]
async fn failures_of_one_message_and_failures_of_all() {
    use Act::{Cut, Say, Silence};
    use DeliveryState::{Due, Failed, Sent, Uncertain};
    use FailureKind::{Configuration, Unreachable};

    // Two messages; the script spoils the first. What becomes of both, why the round ended, and what is written down.
    let check = async |script: &[(&'static str, Act)], expected: [DeliveryState; 2], halted, text: &str| {
        let stub = Stub::start(script).await;
        let (_folder, journal) = journal_with(&["a@x.y", "b@x.y"]).await;
        let is_silent = script.iter().any(|(_, act)| matches!(act, Silence));
        let transport = if is_silent { hasty(stub.port) } else { smtp(stub.port, TlsMode::None) };
        let done = round(&journal, &transport, at(1)).await;
        let deliveries = deliveries(&journal).await;
        let states = [deliveries[0].state, deliveries[1].state];
        assert_eq!((states, done.halted.as_ref().map(|error| error.kind)), (expected, halted), "{script:?} {done:?}");
        let error = deliveries[0].last_error.as_deref().unwrap_or_default();
        assert!(error.contains(text), "{script:?}: {error}");
        assert!(!format!("{done:?}{deliveries:?}").contains(PASSWORD), "{done:?}");
    };
    check(&[("RCPT", Say("451 4.7.1 greylisted"))], [Due, Sent], None, "naming the recipient: 451 4.7.1 greylisted")
        .await;
    check(&[("RCPT", Say("550 5.1.1 no such user"))], [Failed, Sent], None, "550 5.1.1 no such user").await;
    check(&[("RCPT", Say("554 5.7.1 Relay access denied"))], [Due, Due], Some(Configuration), "Relay access").await;
    check(&[("MAIL", Say("550 5.7.1 not you"))], [Due, Due], Some(Configuration), "naming the sender: 550").await;
    check(&[("AUTH", Say("535 5.7.8 wrong"))], [Due, Due], Some(Configuration), "logging in to the mail server").await;
    let echo = "535 5.7.8 `correct horse battery` AHJvYm90AGNvcnJlY3QgaG9yc2UgYmF0dGVyeQ== is wrong";
    check(&[("AUTH", Say(echo))], [Due, Due], Some(Configuration), "`***` *** is wrong").await;
    check(&[("CONNECT", Say("421 4.3.2 busy"))], [Due, Due], Some(Unreachable), "421 4.3.2 busy").await;
    check(&[("CONNECT", Silence)], [Due, Due], Some(Unreachable), "no answer within 0.4 s").await;
    check(&[("EHLO", Silence)], [Due, Due], Some(Unreachable), "no answer within 0.4 s").await;
    check(&[("AUTH", Silence)], [Due, Due], Some(Unreachable), "logging in").await;
    check(&[("DATA", Say("250 what?"))], [Due, Sent], None, "unexpected answer 250 what?").await;
    check(&[("DATA", Cut)], [Due, Sent], None, "announcing the message").await;
    check(&[("DATA", Say("552 5.3.4 too big"))], [Failed, Sent], None, "552 5.3.4 too big").await;
    check(&[(".", Say("554 5.6.0 spam"))], [Failed, Sent], None, "554 5.6.0 spam").await;
    check(&[(".", Say("452 4.3.1 disk full"))], [Due, Sent], None, "452 4.3.1 disk full").await;
    check(&[(".", Cut)], [Uncertain, Sent], None, "sending the message").await;
    check(&[(".", Silence)], [Uncertain, Sent], None, "no answer within 0.4 s").await;
    check(&[(".", Say("354 go on"))], [Uncertain, Sent], None, "unexpected answer 354 go on").await;
    check(&[(".", Say("gibberish"))], [Uncertain, Sent], None, "sending the message").await;
}

#[tokio::test]
async fn a_server_that_closes_between_messages_is_called_again() {
    let check = async |act: Act| {
        let stub = Stub::start(&[("MAIL", Act::Say("250 ok")), ("MAIL", act)]).await;
        let Transport::Smtp(transport) = smtp(stub.port, TlsMode::None) else { panic!("smtp") };
        let mut session = transport.session();
        session.send("r@x.y", "a@x.y", b"first").await.unwrap();
        session.send("r@x.y", "b@x.y", b"second").await.unwrap();
        session.close().await;
        assert_eq!(stub.seen.lock().unwrap().connections, 2, "{act:?}");
        assert_eq!(stub.seen.lock().unwrap().messages.len(), 2, "{act:?}");
    };
    check(Act::Cut).await;
    check(Act::Say("421 4.7.0 too many messages")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_empty_one_outbox_without_doubling() {
    let stub = Stub::start(&[]).await;
    let names: Vec<_> = (0..60).map(|number| format!("user{number}@x.y")).collect();
    let (folder, journal) = journal_with(&names.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let other = Journal::open(&folder.path().join("journal.db")).await.unwrap();
    let transport = smtp(stub.port, TlsMode::None);
    let (one, two) = tokio::join!(round(&journal, &transport, at(1)), round(&other, &transport, at(1)));
    assert_eq!(one.sent + two.sent, 60);
    let seen = stub.seen.lock().unwrap();
    let recipients: BTreeSet<_> = seen.commands.iter().filter(|command| command.starts_with("RCPT")).collect();
    assert_eq!((seen.messages.len(), recipients.len()), (60, 60));
}

#[tokio::test]
async fn a_delivery_put_off_goes_out_later_with_the_same_bytes() {
    let stub = Stub::start(&[(".", Act::Cut)]).await;
    let (_folder, journal) = journal_with(&["a@x.y"]).await;
    let transport = smtp(stub.port, TlsMode::None);
    assert_eq!(round(&journal, &transport, at(1)).await.retried, 1);
    assert_eq!(round(&journal, &transport, at(2)).await, Round::default());
    assert_eq!(round(&journal, &transport, at(80)).await.sent, 1);
    {
        let seen = stub.seen.lock().unwrap();
        assert_eq!(seen.messages.len(), 2);
        assert_eq!(seen.messages[0], seen.messages[1]);
    }
    let delivery = deliveries(&journal).await.remove(0);
    assert_eq!((delivery.state, delivery.attempts, delivery.uncertain), (DeliveryState::Sent, 2, 1));
}

#[tokio::test]
async fn a_delivery_whose_next_try_would_come_too_late_is_given_up() {
    let stub = Stub::start(&[("RCPT", Act::Say("451 later"))]).await;
    let (_folder, journal) = journal_with(&["a@x.y"]).await;
    let nearly_over = at(48 * 3_600 - 10);
    let done = round(&journal, &smtp(stub.port, TlsMode::None), nearly_over).await;
    assert_eq!((done.failed, done.retried), (1, 0));
    assert_eq!(journal.recent_runs(1).await.unwrap()[0].state, RunState::Done);
}

#[tokio::test]
async fn nobody_listens_and_no_starttls() {
    let (_folder, journal) = journal_with(&["a@x.y"]).await;
    let refused = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let done = round(&journal, &smtp(refused, TlsMode::None), at(1)).await;
    assert_eq!(done.halted.unwrap().kind, FailureKind::Unreachable);

    let stub = Stub::start(&[]).await;
    let done = round(&journal, &smtp(stub.port, TlsMode::StartTls), at(90)).await;
    let error = done.halted.unwrap();
    assert_eq!(error.kind, FailureKind::Configuration);
    assert!(error.text.contains("STARTTLS is not supported"), "{error}");
    // Neither password nor message went over the open line.
    assert!(!stub.verbs().contains("AUTH") && !stub.verbs().contains("MAIL"), "{}", stub.verbs());
}

#[tokio::test]
async fn a_folder_takes_everything_and_a_round_can_be_stopped() {
    let (folder, journal) = journal_with(&["a@x.y", "b@x.y"]).await;
    let transport = Transport::Folder(FolderTransport::new(folder.path().join("out")));
    let clock = Clock::Fixed(at(1));
    let stopped = deliver_while(&journal, &transport, &clock, "test", || false).await.unwrap();
    assert_eq!(stopped, Round::default());
    assert_eq!(deliver_due(&journal, &transport, &clock, "test").await.unwrap().sent, 2);
    let file = folder.path().join("out/weekly.2026-W46.0.a.eml");
    assert_eq!(deliveries(&journal).await[0].reply.as_deref(), file.to_str());
    assert!(std::fs::read_to_string(file).unwrap().starts_with("Subject: for a@x.y"));
}

#[test]
fn secrets_are_not_shown_and_bad_certificates_are_told() {
    let shown = format!("{:?}", smtp(25, TlsMode::None));
    assert!(!shown.contains(PASSWORD) && !shown.contains("robot") && shown.contains("127.0.0.1"), "{shown}");
    let check = |content: Option<&str>, expected: &str| {
        let folder = tempfile::tempdir().unwrap();
        if let Some(content) = content {
            std::fs::write(folder.path().join("ca.pem"), content).unwrap();
        }
        let settings = SmtpSettings { ca_file: Some("ca.pem".into()), ..settings(587, TlsMode::StartTls) };
        let error = SmtpTransport::new(&settings, folder.path(), "example.com").unwrap_err();
        assert_eq!(error.kind, FailureKind::Configuration);
        assert!(error.to_string().contains(expected), "{error}");
    };
    check(None, "ca.pem");
    check(Some("hello"), "no certificate in PEM form");
    check(Some("-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n"), "certificate");
}
