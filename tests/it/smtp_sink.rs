//! The faults that smtp-sink, Postfix's test server, makes on demand, and certificates that are wrong: what each means for
//! the message and for the others.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use callbrief::delivery::{FailureKind, SmtpTimeouts, SmtpTransport};
use callbrief::workspace::{SmtpSettings, TlsMode};

use super::databases::server;
use super::smtp::{sent, settings};

/// A server of the test's own, on a port that was free a moment ago.
struct Own {
    process: Child,
    port: u16,
}

impl Own {
    fn start(mut command: Command, port: u16) -> Self {
        let process = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let own = Self { process, port };
        let began = Instant::now();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(30), "it does not listen");
            std::thread::yield_now();
        }
        own
    }

    /// smtp-sink with these options.
    fn sink(options: &[&str]) -> Self {
        let port = free_port();
        let words = server("CALLBRIEF_TEST_SMTP_SINK");
        let mut words = words.split(' ');
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args(options).arg(format!("127.0.0.1:{port}")).arg("10");
        Self::start(command, port)
    }

    /// A TLS server with this certificate; it speaks no SMTP.
    fn tls(certificate: &str) -> Self {
        let port = free_port();
        let file = std::path::PathBuf::from(server("CALLBRIEF_TEST_SMTP_CA")).with_file_name(certificate);
        let mut command = Command::new("openssl");
        command.args(["s_server", "-quiet", "-accept", &port.to_string(), "-cert"]).arg(&file).arg("-key").arg(&file);
        Self::start(command, port)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

fn open(port: u16) -> SmtpSettings {
    SmtpSettings { port, ..settings(TlsMode::None) }
}

#[tokio::test]
async fn each_fault_has_its_meaning() {
    use FailureKind::{Configuration, PermanentRecipient, Temporary, Uncertain, Unreachable};
    let check = async |options: &[&str], kind: FailureKind, text: &str| {
        let sink = Own::sink(options);
        let error = sent(&open(sink.port), "anna@example.org", "to a sink").await.unwrap_err();
        assert_eq!(error.kind, kind, "{options:?}: {error}");
        assert!(error.to_string().contains(text), "{options:?}: {error}");
    };
    // -r refuses for now, -f for good, -q hangs up, -Q says 421 and hangs up.
    check(&["-r", "CONNECT"], Unreachable, "greeting").await;
    check(&["-f", "CONNECT"], Configuration, "greeting").await;
    check(&["-q", "CONNECT"], Unreachable, "greeting").await;
    check(&["-Q", "EHLO"], Unreachable, "421").await;
    check(&["-r", "MAIL"], Temporary, "naming the sender: 450").await;
    check(&["-f", "MAIL"], Configuration, "naming the sender: 500").await;
    check(&["-r", "RCPT"], Temporary, "naming the recipient: 450").await;
    check(&["-f", "RCPT"], PermanentRecipient, "naming the recipient: 500").await;
    check(&["-f", "RCPT", "-B", "550 5.1.1 no such user"], FailureKind::DeadAddress, "550 5.1.1").await;
    check(&["-Q", "RCPT"], Unreachable, "421").await;
    check(&["-q", "RCPT"], Temporary, "naming the recipient").await;
    check(&["-r", "DATA"], Temporary, "announcing the message: 450").await;
    check(&["-f", "DATA"], PermanentRecipient, "announcing the message: 500").await;
    check(&["-q", "DATA"], Temporary, "announcing the message").await;
    check(&["-r", "."], Temporary, "sending the message: 450").await;
    check(&["-f", "."], PermanentRecipient, "sending the message: 500").await;
    check(&["-Q", "."], Unreachable, "sending the message: 421").await;
    check(&["-q", "."], Uncertain, "sending the message").await;
    // A server without 8BITMIME gets no message that needs it.
    check(&["-8"], PermanentRecipient, "other than ASCII").await;
}

#[tokio::test]
async fn a_slow_server_is_waited_for_and_one_that_is_too_slow_is_not() {
    let sink = Own::sink(&["-W", ".:1"]);
    let transport = SmtpTransport::new(&open(sink.port), std::path::Path::new("."), "example.com").unwrap();
    let send = async |message: Duration| {
        let timeouts = SmtpTimeouts { message, ..SmtpTimeouts::default() };
        let transport = transport.clone().with_timeouts(timeouts);
        let mut session = transport.session();
        let answer = session.send("reports@example.com", "anna@example.org", b"Subject: slow\r\n\r\nslow\r\n").await;
        session.close().await;
        answer
    };
    assert!(send(Duration::from_secs(30)).await.unwrap().starts_with("250 "));
    assert_eq!(send(Duration::from_millis(200)).await.unwrap_err().kind, FailureKind::Uncertain);
}

#[tokio::test]
async fn a_certificate_that_is_wrong_is_a_fault_in_the_settings() {
    for (certificate, fault) in [("expired.pem", "expired"), ("other-host.pem", "for another host")] {
        let tls = Own::tls(certificate);
        let settings = SmtpSettings { port: tls.port, login: None, ..settings(TlsMode::Tls) };
        let error = sent(&settings, "anna@example.org", "never").await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Configuration, "{certificate}: {error}");
        assert!(error.text.contains("not to be trusted") && error.text.contains(fault), "{certificate}: {error}");
    }
}

#[tokio::test]
async fn a_server_that_says_nothing_holds_nobody_up() {
    let silent = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let limit = Duration::from_millis(300);
    let timeouts = SmtpTimeouts { connect: limit, command: limit, message: limit };
    for tls in [TlsMode::None, TlsMode::StartTls, TlsMode::Tls] {
        let settings = SmtpSettings { port: silent.local_addr().unwrap().port(), ..settings(tls) };
        let transport = SmtpTransport::new(&settings, std::path::Path::new("."), "example.com").unwrap();
        let transport = transport.with_timeouts(timeouts);
        let began = Instant::now();
        let error = transport.session().send("r@example.com", "a@example.org", b"x").await.unwrap_err();
        assert_eq!(error.kind, FailureKind::Unreachable, "{tls:?}: {error}");
        assert!(began.elapsed() < Duration::from_secs(5), "{tls:?}: {:?}", began.elapsed());
    }
}
