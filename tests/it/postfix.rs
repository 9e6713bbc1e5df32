//! A real Postfix, as a relay and as the owner of mailboxes: what it takes arrives behind it, and what its refusals mean.

use std::time::{Duration, Instant};

use callbrief::delivery::FailureKind;
use callbrief::workspace::{SmtpSettings, TlsMode};

use super::databases::server;
use super::letters::Letter;
use super::smtp::{sent, settings};

fn postfix(port: &str) -> SmtpSettings {
    SmtpSettings { port: server(port).parse().unwrap(), login: None, ..settings(TlsMode::None) }
}

/// The messages behind Postfix that have this subject, once there is one.
fn relayed(subject: &str) -> Vec<Letter> {
    let folder = server("CALLBRIEF_TEST_POSTFIX_SINK");
    let began = Instant::now();
    loop {
        let files = std::fs::read_dir(&folder).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
        // One that is still being written has no end yet.
        let whole = files.filter(|bytes| bytes.ends_with(b"\n\n"));
        let letters: Vec<Letter> = whole.map(|bytes| Letter::read(&bytes)).collect();
        let found: Vec<Letter> = letters.into_iter().filter(|letter| letter.headers["Subject"] == subject).collect();
        if !found.is_empty() || began.elapsed() > Duration::from_secs(30) {
            return found;
        }
        std::thread::yield_now();
    }
}

#[tokio::test]
async fn a_relay_takes_it_and_it_arrives_behind_it() {
    for (port, tls, subject) in [
        ("CALLBRIEF_TEST_POSTFIX_PORT", TlsMode::None, "relayed"),
        ("CALLBRIEF_TEST_POSTFIX_STARTTLS_PORT", TlsMode::StartTls, "relayed after STARTTLS"),
    ] {
        let settings = SmtpSettings { port: postfix(port).port, login: None, ..settings(tls) };
        let answer = sent(&settings, "anyone@example.org", subject).await.unwrap();
        assert!(answer.starts_with("250 2.0.0 Ok: queued as "), "{answer}");
        let relayed = relayed(subject);
        let [letter] = relayed.as_slice() else { panic!("{} messages", relayed.len()) };
        assert_eq!(letter.headers["X-Mail-Args"].as_str().unwrap().split(' ').next(), Some("<reports@example.com>"));
        assert!(letter.headers["X-Rcpt-Args"].as_str().unwrap().starts_with("<anyone@example.org>"));
        let text = letter.text("text/plain");
        assert!(text.contains("\n.a line with a dot\n.\n"), "{text}");
    }
    let answer = sent(&postfix("CALLBRIEF_TEST_POSTFIX_PORT"), "anna@mailboxes.example", "to a mailbox").await.unwrap();
    assert!(answer.starts_with("250 "), "{answer}");
}

#[tokio::test]
async fn what_its_refusals_mean() {
    use FailureKind::{Configuration, DeadAddress, PermanentRecipient, Temporary};
    let check = async |port: &str, to: &str, kind: FailureKind, text: &str| {
        let error = sent(&postfix(port), to, "refused by Postfix").await.unwrap_err();
        assert_eq!(error.kind, kind, "{to}: {error}");
        assert!(error.text.contains(text), "{to}: {error}");
    };
    let own = "CALLBRIEF_TEST_POSTFIX_PORT";
    check(own, "nobody@mailboxes.example", DeadAddress, "550 5.1.1").await;
    check(own, "moved@example.org", DeadAddress, "551 5.1.6").await;
    check(own, "full@example.org", PermanentRecipient, "552 5.2.2").await;
    check(own, "later@example.org", Temporary, "450 4.7.1").await;
    // A stranger may write to its mailboxes and nowhere else: no recipient is to blame for that.
    check("CALLBRIEF_TEST_POSTFIX_STRANGER_PORT", "anyone@example.org", Configuration, "Relay access denied").await;
    check("CALLBRIEF_TEST_POSTFIX_STRANGER_PORT", "nobody@mailboxes.example", DeadAddress, "5.1.1").await;
    check("CALLBRIEF_TEST_POSTFIX_STARTTLS_PORT", "anyone@example.org", Configuration, "530 5.7.0").await;
    // Larger than it takes.
    let subject = "x".repeat(120_000);
    let error = sent(&postfix(own), "anyone@example.org", &subject).await.unwrap_err();
    assert_eq!(error.kind, PermanentRecipient, "{error}");
    assert!(error.text.contains("5.3.4") || error.text.contains("too"), "{error}");
}
