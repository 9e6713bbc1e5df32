//! Mail to a real server: with TLS and a login, without them, and what its refusals mean.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use callbrief::delivery::{DeliveryError, FailureKind, SmtpTransport};
use callbrief::diagnostics::{SourceFile, Span, Spanned};
use callbrief::workspace::{SmtpLimits, SmtpSettings, TlsMode};
use secrecy::SecretString;

use super::databases::server;

/// A message as lines of text; its subject tells the tests' messages apart in the server's folder.
fn message(subject: &str) -> Vec<u8> {
    format!("Subject: {subject}\r\n\r\nFirst line\r\n.a line with a dot\r\n.\r\nУровень сервиса\r\n").into_bytes()
}

fn settings(tls: TlsMode) -> SmtpSettings {
    let file = Arc::new(SourceFile { path: "callbrief.yaml".to_owned(), text: String::new() });
    let port = match tls {
        TlsMode::None => server("CALLBRIEF_TEST_SMTP_PLAIN_PORT"),
        TlsMode::StartTls => server("CALLBRIEF_TEST_SMTP_STARTTLS_PORT"),
        TlsMode::Tls => server("CALLBRIEF_TEST_SMTP_TLS_PORT"),
    };
    let login = || {
        let password = SecretString::from(server("CALLBRIEF_TEST_SMTP_PASSWORD"));
        (server("CALLBRIEF_TEST_SMTP_USER"), password)
    };
    SmtpSettings {
        host: Spanned::new(server("CALLBRIEF_TEST_SMTP_HOST"), Span { file, range: 0..0 }),
        port: port.parse().unwrap(),
        tls,
        login: (tls != TlsMode::None).then(login),
        ca_file: (tls != TlsMode::None).then(|| PathBuf::from(server("CALLBRIEF_TEST_SMTP_CA"))),
        limits: SmtpLimits::default(),
    }
}

async fn sent(settings: &SmtpSettings, to: &str, subject: &str) -> Result<String, DeliveryError> {
    let transport = SmtpTransport::new(settings, Path::new("."), "example.com")?;
    let mut session = transport.session();
    let answer = session.send("reports@example.com", to, &message(subject)).await;
    session.close().await;
    answer
}

/// The messages of this subject that the server keeps, each with its envelope.
fn stored(subject: &str) -> Vec<(Vec<u8>, BTreeMap<String, serde_json::Value>)> {
    let folder = PathBuf::from(server("CALLBRIEF_TEST_SMTP_FOLDER"));
    let mut stored = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let envelope = file.unwrap().path();
        if envelope.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let bytes = std::fs::read(envelope.with_extension("eml")).unwrap();
        if bytes.starts_with(format!("Subject: {subject}\r\n").as_bytes()) {
            stored.push((bytes, serde_json::from_slice(&std::fs::read(envelope).unwrap()).unwrap()));
        }
    }
    stored
}

#[tokio::test]
async fn mail_arrives_unchanged_however_the_connection_is_protected() {
    for (tls, port, user) in [
        (TlsMode::None, "plain", serde_json::Value::Null),
        (TlsMode::StartTls, "starttls", "callbrief".into()),
        (TlsMode::Tls, "tls", "callbrief".into()),
    ] {
        let subject = format!("arrives over {port}");
        let answer = sent(&settings(tls), "director@example.com", &subject).await.unwrap();
        assert!(answer.starts_with("250 2.0.0 stored as "), "{answer}");
        let stored = stored(&subject);
        let [(bytes, envelope)] = stored.as_slice() else { panic!("{stored:?}") };
        // The line break before the dot that ends a message is the client's own.
        let received = String::from_utf8_lossy(bytes);
        assert_eq!(received.trim_end(), String::from_utf8_lossy(&message(&subject)).trim_end());
        assert_eq!(envelope["from"], "reports@example.com");
        assert_eq!(envelope["to"], serde_json::json!(["director@example.com"]));
        assert_eq!((&envelope["port"], &envelope["user"]), (&port.into(), &user));
    }
}

#[tokio::test]
async fn a_connection_that_is_not_to_be_trusted_carries_no_mail() {
    let check = async |settings: SmtpSettings, words: &str| {
        let error = sent(&settings, "director@example.com", "not trusted").await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Configuration, "{error}");
        assert!(error.to_string().contains(words), "{error}");
        assert!(!error.to_string().contains(&server("CALLBRIEF_TEST_SMTP_PASSWORD")), "{error}");
    };
    for tls in [TlsMode::StartTls, TlsMode::Tls] {
        // Signed by an authority the machine does not know.
        check(SmtpSettings { ca_file: None, ..settings(tls) }, "certificate is not to be trusted").await;
        let wrong = Some((server("CALLBRIEF_TEST_SMTP_USER"), SecretString::from("canary")));
        check(SmtpSettings { login: wrong, ..settings(tls) }, "535").await;
        check(SmtpSettings { login: None, ..settings(tls) }, "530").await;
    }
    // A server without STARTTLS does not get the message in the clear.
    let stripped = SmtpSettings { port: settings(TlsMode::None).port, ..settings(TlsMode::StartTls) };
    check(stripped, "STARTTLS").await;
    assert_eq!(stored("not trusted"), []);
}

#[tokio::test]
async fn a_refusal_says_whether_to_try_again() {
    let plain = settings(TlsMode::None);
    for (to, kind) in [
        ("busy@example.com", FailureKind::Temporary),
        ("grey@example.com", FailureKind::Temporary),
        ("refused@example.com", FailureKind::DeadAddress),
        ("cut@example.com", FailureKind::Uncertain),
    ] {
        let error = sent(&plain, to, &format!("refusal of {to}")).await.unwrap_err();
        assert_eq!(error.kind, kind, "{to}: {error}");
    }
    let answer = sent(&plain, "grey@example.com", "refusal of grey@example.com").await.unwrap();
    assert!(answer.starts_with("250 "), "{answer}");
    assert_eq!(stored("refusal of grey@example.com").len(), 1);
    // Taken, though the answer never came: this is what "uncertain" means.
    assert_eq!(stored("refusal of cut@example.com").len(), 1);
    assert_eq!(stored("refusal of refused@example.com").len(), 0);
}
