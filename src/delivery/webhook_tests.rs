//! Webhooks against a server in this process: what it is told, and what its faults come to.

use std::sync::Mutex;

use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;
use crate::diagnostics::{SourceFile, Span, Spanned};
use crate::journal::{Channel, Claim, ClaimRequest, DeliveryState, Journal, NewDelivery, Repetition, Trigger};
use crate::time::Window;

/// What the server does with the next request.
#[derive(Clone, Copy, Debug)]
enum Act {
    Say(&'static str),
    Silence,
    Cut,
}

/// A request as it came.
#[derive(Clone, Debug, Default)]
struct Request {
    head: String,
    body: String,
}

impl Request {
    fn header(&self, name: &str) -> &str {
        let line = self
            .head
            .lines()
            .find(|line| line.to_ascii_lowercase().starts_with(&format!("{}:", name.to_ascii_lowercase())));
        line.and_then(|line| line.split_once(':')).map_or("", |(_, value)| value.trim())
    }
}

type Seen = Arc<Mutex<Vec<Request>>>;

/// A server that does what it is told, one act for each request.
async fn server(acts: &[Act]) -> (String, Seen) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let url = format!("http://127.0.0.1:{}/hook?token=hunter2", listener.local_addr().unwrap().port());
    let seen = Seen::default();
    let (acts, shared) = (acts.to_vec(), Arc::clone(&seen));
    tokio::spawn(async move {
        for act in acts {
            let Ok((stream, _)) = listener.accept().await else { return };
            let mut stream = BufReader::new(stream);
            let mut request = Request::default();
            while !request.head.ends_with("\r\n\r\n") {
                if stream.read_line(&mut request.head).await.unwrap_or(0) == 0 {
                    break;
                }
            }
            let mut body = vec![0; request.header("content-length").parse().unwrap_or(0)];
            stream.read_exact(&mut body).await.unwrap();
            request.body = String::from_utf8(body).unwrap();
            shared.lock().unwrap().push(request);
            match act {
                Act::Say(head) => {
                    let answer = format!("HTTP/1.1 {head}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    stream.write_all(answer.as_bytes()).await.unwrap();
                }
                Act::Cut => {}
                Act::Silence => {
                    let mut rest = Vec::new();
                    let _ = stream.read_to_end(&mut rest).await;
                }
            }
        }
    });
    (url, seen)
}

fn settings(url: &str) -> WebhookSettings {
    let file = Arc::new(SourceFile { path: "callbrief.yaml".to_owned(), text: String::new() });
    WebhookSettings {
        name: Spanned::new("ops".to_owned(), Span { file, range: 0..0 }),
        url: SecretString::from(url),
        secret: SecretString::from("a secret"),
        ca_file: None,
        language: None,
    }
}

fn transport(settings: &WebhookSettings) -> WebhookTransport {
    let timeouts = WebhookTimeouts { connect: Duration::from_millis(500), whole: Duration::from_millis(500) };
    WebhookTransport::with_timeouts(std::iter::once(settings), Path::new("."), timeouts).unwrap()
}

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_392_000 + second, 0).unwrap()
}

fn new_delivery(recipient: &str) -> NewDelivery {
    NewDelivery {
        channel: Channel::Webhook,
        recipient: recipient.to_owned(),
        message_id: "alert-low.1.ops".to_owned(),
        envelope_from: String::new(),
        bytes: "{\"version\":1,\"title\":\"Тревога\"}".into(),
        on_unknown: crate::workspace::OnUnknown::Resend,
        expires_at: at(100_000),
    }
}

/// A journal with these deliveries in its outbox.
async fn journal_with(deliveries: Vec<NewDelivery>) -> (TempDir, Journal) {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(&folder.path().join("journal.db")).await.unwrap();
    let request = ClaimRequest {
        report: "alert:low".to_owned(),
        scheduled_for: at(0),
        period: "2026-11-23T00:00:00Z".to_owned(),
        window: Window { from: at(-1_800), to: at(0) },
        trigger: Trigger::Schedule,
        repetition: Repetition::EveryInstant,
        skips: Vec::new(),
        owner: "test".to_owned(),
        now: at(0),
    };
    let Claim::Mine(run) = journal.claim_run(&request).await.unwrap() else { panic!("taken") };
    journal.finish_run(run, deliveries, at(0)).await.unwrap();
    (folder, journal)
}

async fn delivery(recipient: &str) -> Delivery {
    let (_folder, journal) = journal_with(vec![new_delivery(recipient)]).await;
    assert_eq!(journal.claim_delivery(Channel::Mail, at(1), "test").await.unwrap(), None);
    journal.claim_delivery(Channel::Webhook, at(1), "test").await.unwrap().unwrap()
}

async fn attempt(act: Act) -> Result<String, DeliveryError> {
    let (url, _) = server(&[act]).await;
    transport(&settings(&url)).send(&delivery("webhook:ops").await, at(0)).await
}

#[tokio::test]
async fn a_webhook_is_told_and_can_see_who_tells_it() {
    let (url, seen) = server(&[Act::Say("202 Accepted")]).await;
    let delivery = delivery("webhook:ops").await;
    assert_eq!(transport(&settings(&url)).send(&delivery, at(0)).await.unwrap(), "202 Accepted");
    let request = seen.lock().unwrap()[0].clone();
    assert!(request.head.starts_with("POST /hook?token=hunter2 HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!(request.body.as_bytes(), delivery.bytes);
    let expected = signature(&SecretString::from("a secret"), at(0), &delivery.bytes);
    for (name, value) in [
        ("content-type", "application/json; charset=utf-8"),
        ("idempotency-key", "alert-low.1.ops"),
        ("callbrief-attempt", "1"),
        ("callbrief-signature", &expected),
    ] {
        assert_eq!(request.header(name), value, "{name}");
    }
}

#[tokio::test]
async fn what_an_answer_means() {
    use FailureKind::{PermanentRecipient, Temporary, Uncertain};
    for (act, kind, text, retry_after) in [
        (Act::Say("500 Internal Server Error"), Temporary, "500 Internal Server Error", None),
        (Act::Say("503 Slow\r\nRetry-After: 120"), Temporary, "503 Service Unavailable", Some(120)),
        (
            Act::Say("429 Slow\r\nRetry-After: Mon, 23 Nov 2026 00:05:00 GMT"),
            Temporary,
            "429 Too Many Requests",
            Some(300),
        ),
        (Act::Say("429 Slow\r\nRetry-After: 999999"), Temporary, "429 Too Many Requests", Some(21_600)),
        (Act::Say("408 Slow\r\nRetry-After: soon"), Temporary, "408 Request Timeout", None),
        (Act::Say("404 Gone\r\nRetry-After: 5"), PermanentRecipient, "404 Not Found", None),
        (Act::Say("410 Gone"), PermanentRecipient, "410 Gone", None),
        (Act::Say("401 No"), PermanentRecipient, "401 Unauthorized", None),
        (Act::Say("302 Found\r\nLocation: http://127.0.0.1:1/"), PermanentRecipient, "302 Found: it points", None),
        (Act::Say("307 Go\r\nLocation: http://127.0.0.1:1/"), PermanentRecipient, "307 Temporary Redirect: it", None),
        (Act::Silence, Uncertain, "timeout", None),
        (Act::Cut, Uncertain, "", None),
    ] {
        let error = attempt(act).await.unwrap_err();
        assert_eq!((error.kind, error.retry_after), (kind, retry_after.map(TimeDelta::seconds)), "{act:?}: {error}");
        assert!(error.text.starts_with(text), "{act:?}: {error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn what_cannot_be_reached_was_not_told() {
    let gone = transport(&settings("http://127.0.0.1:1/hook?token=hunter2"));
    for (transport, recipient) in [(&gone, "webhook:ops"), (&gone, "webhook:other")] {
        let error = transport.send(&delivery(recipient).await, at(0)).await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Temporary, "{error}");
        assert!(!error.to_string().contains("hunter2"), "{error}");
    }
    let nowhere = transport(&settings("https://hooks.invalid/hook?token=hunter2"));
    let error = nowhere.send(&delivery("webhook:ops").await, at(0)).await.unwrap_err();
    assert_eq!((error.kind, error.text.as_str()), (FailureKind::Temporary, "host not found"));
    let unreadable = transport(&settings("https://hooks.example.com:hunter2:1/"));
    let error = unreadable.send(&delivery("webhook:ops").await, at(0)).await.unwrap_err();
    assert_eq!((error.kind, error.text.as_str()), (FailureKind::Configuration, "its address cannot be read"));
    // Something that speaks no TLS where TLS is wanted.
    let (url, seen) = server(&[Act::Say("200 OK")]).await;
    let error = transport(&settings(&url.replace("http:", "https:"))).send(&delivery("webhook:ops").await, at(0)).await;
    let error = error.unwrap_err();
    assert!(
        !error.to_string().contains("hunter2") && seen.lock().unwrap().iter().all(|request| request.body.is_empty())
    );
    assert!(format!("{gone:?}").contains("ops") && !format!("{gone:?}").contains("hunter2"));
}

#[test]
fn a_file_without_certificates_is_said_at_once() {
    let mut settings = settings("https://localhost/");
    settings.ca_file = Some("Cargo.toml".into());
    let error = WebhookTransport::new(std::iter::once(&settings), Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_err();
    assert_eq!(error.kind, FailureKind::Configuration);
}

#[tokio::test]
async fn the_outbox_tells_a_webhook_until_it_takes_it_and_mail_does_not_wait() {
    use crate::delivery::{Transport, deliver_due};
    use crate::time::Clock;

    let (url, seen) = server(&[Act::Say("500 No\r\nRetry-After: 600"), Act::Silence, Act::Say("200 OK")]).await;
    let (_folder, journal) = journal_with(vec![new_delivery(&webhook_recipient("ops"))]).await;
    let hooks = Transport::Webhooks(transport(&settings(&url)));
    let round = |second: i64| {
        let (journal, hooks) = (&journal, &hooks);
        async move { deliver_due(journal, hooks, &Clock::Fixed(at(second)), "test").await.unwrap() }
    };
    assert_eq!((round(1).await.retried, round(500).await.retried), (1, 0));
    // After the ten minutes that were asked for; the answer is lost, so it is told again.
    assert_eq!(round(602).await.retried, 1);
    assert_eq!(round(1_000).await.sent, 1);
    let record = journal.recent_runs(1).await.unwrap().remove(0).deliveries.remove(0);
    assert_eq!((record.state, record.attempts, record.uncertain), (DeliveryState::Sent, 3, 1));
    assert_eq!(record.reply.as_deref(), Some("200 OK"));
    let keys: Vec<String> =
        seen.lock().unwrap().iter().map(|request| request.header("idempotency-key").to_owned()).collect();
    assert_eq!(keys, ["alert-low.1.ops"; 3]);
}

#[tokio::test]
async fn a_webhook_with_a_fault_in_its_settings_does_not_stop_the_others() {
    use crate::delivery::{Transport, deliver_due};
    use crate::time::Clock;

    let (url, seen) = server(&[Act::Say("200 OK")]).await;
    let broken = WebhookSettings {
        name: Spanned::new("broken".to_owned(), settings("").name.span),
        ..settings("https://hooks.example.com:hunter2:1/")
    };
    let timeouts = WebhookTimeouts::default();
    let both = [broken, settings(&url)];
    let hooks = WebhookTransport::with_timeouts(both.iter(), Path::new("."), timeouts).unwrap();
    let deliveries = ["broken", "ops"].map(|name| new_delivery(&webhook_recipient(name)));
    let (_folder, journal) = journal_with(deliveries.into()).await;
    let round = deliver_due(&journal, &Transport::Webhooks(hooks), &Clock::Fixed(at(1)), "test").await.unwrap();
    assert_eq!((round.sent, round.retried, round.halted), (1, 1, None));
    assert_eq!(seen.lock().unwrap().len(), 1);
}
