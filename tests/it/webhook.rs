//! Webhooks over TLS: told where the certificate is trusted and nowhere else, and by the service when an alert fires.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use super::databases::server;
use super::program::{copy, run, succeeded};
use super::readme::blocks;
use super::serve::{Served, count, until};

const EVENING: &str = "2026-11-21T15:00:30Z";

/// A server that takes everything and writes what it was told into a file: a line of JSON for each request.
const SERVER: &str = r#"
import http.server, json, ssl, sys
class Hook(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with open(sys.argv[1], "a") as log:
            log.write(json.dumps({"headers": {name.lower(): value for name, value in self.headers.items()}, "body": body}) + "\n")
        self.send_response(204); self.end_headers()
    def log_message(self, *_): pass
hooks = http.server.HTTPServer(("127.0.0.1", 0), Hook)
if len(sys.argv) > 2:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain(sys.argv[2])
    hooks.socket = context.wrap_socket(hooks.socket, server_side=True)
print(hooks.server_port, flush=True)
hooks.serve_forever()
"#;

struct Hook {
    process: Child,
    port: String,
    log: PathBuf,
}

impl Hook {
    fn start(folder: &Path, certificate: Option<&Path>) -> Self {
        let log = folder.join("hook.log");
        let mut command = Command::new("/usr/bin/python3");
        command.arg("-c").arg(SERVER).arg(&log).args(certificate).stdout(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { process, port: port.trim().to_owned(), log }
    }

    /// What it was told.
    fn told(&self) -> Vec<Value> {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl Drop for Hook {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A workspace whose one alert fires in the evening and is told to the webhook.
fn workspace(folder: &Path, webhook: &str) {
    copy("tests/workspaces/small", folder);
    copy("tests/workspaces/alerting", folder);
    let mut settings = std::fs::OpenOptions::new().append(true).open(folder.join("callbrief.yaml")).unwrap();
    writeln!(settings, "webhooks:\n  ops: {{ {webhook}, secret_file: secret }}").unwrap();
    std::fs::write(folder.join("secret"), "a secret\n").unwrap();
    Command::new("chmod").args(["600", folder.join("secret").to_str().unwrap()]).status().unwrap();
    std::fs::write(folder.join("rules/recipients.yaml"), "recipients:\n  managers:\n    - { webhook: ops }\n").unwrap();
    std::fs::remove_dir_all(folder.join("rules/reports")).ok();
    succeeded(folder, &["import", folder.join("calls.csv").to_str().unwrap(), "--table=calls"]);
}

#[test]
fn the_service_tells_a_webhook_and_signs_it() {
    let folder = tempfile::tempdir().unwrap();
    let hook = Hook::start(folder.path(), None);
    workspace(folder.path(), &format!("url: \"http://127.0.0.1:{}/token-hunter2\"", hook.port));
    let served = Served::start(folder.path(), EVENING);
    until("the delivery", || count(folder.path(), "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'") == 1);
    served.stop();
    let told = hook.told();
    assert_eq!(told.len(), 1, "{told:?}");
    let body: Value = serde_json::from_str(told[0]["body"].as_str().unwrap()).unwrap();
    assert_eq!((&body["version"], &body["rule"]["id"]), (&Value::from(1), &Value::from("service_level_low")));
    assert_eq!(told[0]["headers"]["idempotency-key"], body["id"]);
    let alert = &body["alerts"][0];
    assert_eq!((&alert["labels"]["queue"], &alert["notice"]), (&Value::from("Support"), &Value::from("fired")));
    assert_eq!((&alert["severity"], &alert["threshold"]), (&Value::from("critical"), &Value::from(50.0)));
    check_documented(&told[0], &body);
    let runs = run(folder.path(), &["--now", EVENING, "runs"]);
    assert!(runs.out.contains("sent webhook:ops") && !runs.out.contains("hunter2"), "{}", runs.out);
}

/// `docs/webhook.md` shows what is sent, and how to see who sent it.
fn check_documented(told: &Value, body: &Value) {
    let markdown = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/webhook.md")).unwrap();
    let text = |language: &str| blocks(&markdown).into_iter().find(|block| block.language == language).unwrap().text;
    let example: Value = serde_json::from_str(&text("json")).unwrap();
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&example), keys(body));
    assert_eq!(keys(&example["rule"]), keys(&body["rule"]));
    assert_eq!(keys(&example["alerts"][0]), keys(&body["alerts"][0]));
    // Once as it came, and then as nobody may accept it: later, with another secret, and changed on the way.
    let verify = text("python")
        + r#"
import json, sys
told = json.loads(sys.stdin.read()); header = told["headers"]["callbrief-signature"]; body = told["body"].encode()
at = int(header.split(",")[0][2:])
said = [is_from_callbrief(b"a secret", header, body, at + 299), is_from_callbrief(b"a secret", header, body, at + 301),
        is_from_callbrief(b"no secret", header, body, at), is_from_callbrief(b"a secret", header, body + b" ", at)]
print(said)"#;
    let mut python = Command::new("/usr/bin/python3");
    python.arg("-c").arg(verify).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn().unwrap();
    python.stdin.take().unwrap().write_all(told.to_string().as_bytes()).unwrap();
    let said = python.wait_with_output().unwrap().stdout;
    assert_eq!(String::from_utf8(said).unwrap().trim(), "[True, False, False, False]");
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_not_told_anything() {
    let certificates = PathBuf::from(server("CALLBRIEF_TEST_SMTP_CA"));
    let folder = tempfile::tempdir().unwrap();
    let hook = Hook::start(folder.path(), Some(&certificates.with_file_name("server.pem")));
    let url = format!("url: \"https://localhost:{}/\"", hook.port);
    workspace(folder.path(), &url);
    let served = Served::start(folder.path(), EVENING);
    until("the attempt", || count(folder.path(), "SELECT COUNT(*) FROM deliveries WHERE last_error IS NOT NULL") == 1);
    served.stop();
    let runs = run(folder.path(), &["--now", EVENING, "runs"]);
    let told = "the certificate is not to be trusted: nobody who is known here has signed it";
    assert!(runs.out.contains("due webhook:ops") && runs.out.contains(told), "{}", runs.out);
    assert_eq!(hook.told(), Vec::<Value>::new());

    let trusted = tempfile::tempdir().unwrap();
    workspace(trusted.path(), &format!("{url}, ca_file: \"{}\"", certificates.display()));
    let served = Served::start(trusted.path(), EVENING);
    until("the delivery", || count(trusted.path(), "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'") == 1);
    served.stop();
    assert_eq!(hook.told().len(), 1);
}
