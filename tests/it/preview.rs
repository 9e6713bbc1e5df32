//! `callbrief preview` as a browser meets it: a change of a template is told and shown, a mistake is shown in its place
//! while the report stays as it was made last, and nobody but this machine is answered.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::program::{callbrief, run, succeeded};
use super::serve::until;

const MONDAY: &str = "2026-11-23T05:00:20Z";
/// Nothing here takes as long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A preview at work.
struct Preview {
    process: Child,
    /// `127.0.0.1:PORT`.
    address: String,
}

impl Preview {
    fn start(workspace: &Path, report: &str) -> Self {
        let mut command = callbrief(workspace, &["--now", MONDAY, "preview", report, "--language", "en"]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").and_then(|rest| rest.strip_suffix('/'));
        let address = address.unwrap_or_else(|| panic!("no address: {line:?}")).to_owned();
        Self { process, address }
    }

    /// Sends a request and gives the whole answer, head and body.
    fn ask(&self, method: &str, path: &str, host: &str) -> Vec<u8> {
        let mut stream = connect(&self.address);
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        answer
    }

    /// What is at a path, which must be there.
    fn get(&self, path: &str) -> String {
        String::from_utf8_lossy(&self.bytes(path)).into_owned()
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        let answer = self.ask("GET", path, &self.address);
        let end = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&answer[..end]).into_owned();
        assert!(head.starts_with("HTTP/1.1 200 "), "{path}: {head}");
        assert!(head.contains("content-security-policy: default-src 'none'"), "{path}: {head}");
        answer[end + 4..].to_vec()
    }

    fn status(&self, method: &str, path: &str, host: &str) -> String {
        let answer = self.ask(method, path, host);
        String::from_utf8_lossy(&answer[9..12]).into_owned()
    }

    fn events(&self) -> Events {
        let mut stream = connect(&self.address);
        write!(stream, "GET /events HTTP/1.1\r\nHost: {}\r\n\r\n", self.address).unwrap();
        Events { lines: BufReader::new(stream) }
    }

    /// Asks it to stop; it has two seconds, also with browsers connected.
    fn stop(mut self) {
        let pid = self.process.id().to_string();
        let asked = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        until("the end of the preview", || self.process.try_wait().unwrap().is_some());
        let took = asked.elapsed();
        assert_eq!(self.process.wait().unwrap().code(), Some(0));
        assert!(took < Duration::from_secs(2), "stopping took {took:?}");
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // Also when the test has failed; one that has ended already is no mistake.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn connect(address: &str) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// What the preview tells browsers.
struct Events {
    lines: BufReader<TcpStream>,
}

impl Events {
    /// Waits for the next one.
    fn next(&mut self) -> Value {
        loop {
            let mut line = String::new();
            assert!(self.lines.read_line(&mut line).unwrap() > 0, "the preview ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).unwrap();
            }
        }
    }
}

/// A workspace with three weeks of calls, and its weekly template.
fn workspace() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().to_str().unwrap();
    succeeded(folder.path(), &["demo", target, "--until", "2026-11-23", "--weeks", "3", "--language", "en"]);
    let template = folder.path().join("report-templates/weekly/report.md");
    (folder, template)
}

#[test]
fn a_report_follows_its_files() {
    let (folder, template) = workspace();
    let original = std::fs::read_to_string(&template).unwrap();
    let preview = Preview::start(folder.path(), "weekly");
    let mut events = preview.events();
    let first = events.next();
    assert_eq!((&first["version"], &first["made"]), (&1.into(), &true.into()));
    assert!(!preview.get("/view/page").contains("A new heading"));

    std::fs::write(&template, format!("{original}\n\n## A new heading\n")).unwrap();
    let second = events.next();
    assert_eq!((&second["version"], &second["made"]), (&2.into(), &true.into()));
    for view in ["/view/page", "/view/mail", "/view/text"] {
        assert!(preview.get(view).contains("A new heading"), "{view}");
    }

    // A mistake stands in the report's place, escaped; the report stays as it was.
    std::fs::write(&template, format!("{original}\n\n```kpis\n[\"<script>alert(1)</script>\"]\n```\n")).unwrap();
    let third = events.next();
    assert_eq!((&third["version"], &third["made"]), (&3.into(), &false.into()));
    for page in ["/", "/state"] {
        let told = preview.get(page);
        assert!(told.contains("error[CB203]") && told.contains("--&gt; report-templates/weekly/report.md:"), "{told}");
        assert!(told.contains("as it was made last") && !told.contains("<script>alert"), "{told}");
    }
    assert!(preview.get("/view/page").contains("A new heading"));

    // Rules that cannot be read at all are told too, and all is well when both are mended.
    let settings = folder.path().join("callbrief.yaml");
    let right = std::fs::read_to_string(&settings).unwrap();
    std::fs::write(&settings, "timezone: [").unwrap();
    assert_eq!(events.next()["made"], false);
    assert!(preview.get("/").contains("callbrief.yaml:1:"));
    std::fs::write(&template, &original).unwrap();
    assert_eq!(events.next()["made"], false);
    std::fs::write(&settings, right).unwrap();
    let last = events.next();
    assert_eq!((&last["made"], &last["mistakes"]), (&true.into(), &0.into()));
    assert!(!preview.get("/view/page").contains("A new heading"));
    preview.stop();
}

#[test]
fn every_format_can_be_looked_at_and_nothing_else_is_answered() {
    let (folder, _) = workspace();
    let preview = Preview::start(folder.path(), "weekly");
    let files = preview.get("/view/files");
    for (name, beginning) in [
        ("weekly-2026-W47.html", "<!DOCTYPE html>"),
        ("weekly-2026-W47.pdf", "%PDF-"),
        ("weekly-2026-W47.txt", "Weekly"),
        ("weekly-2026-W47.xlsx", "PK"),
        ("weekly-2026-W47-by_queue.csv", "\u{feff}Queue,"),
    ] {
        assert!(files.contains(&format!("href=\"/file/{name}\"")), "{name} is not in {files}");
        let file = preview.get(&format!("/file/{name}"));
        assert!(file.starts_with(beginning), "{name}: {file:.80}");
    }
    let context: Value = serde_json::from_str(&preview.get("/view/context")).unwrap();
    assert_eq!(context["period"]["label"], "2026-W47");
    assert!(preview.get("/view/data").contains("<caption>by queue</caption>"));
    let mail = preview.get("/view/mail");
    let picture = mail.split("src=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    assert!(preview.bytes(picture).starts_with(b"\x89PNG"), "{picture}");
    assert!(preview.get("/view/mail?scheme=dark").contains("@media all{"), "the mail has no dark colours");
    assert!(preview.get("/?view=mail&width=phone&scheme=dark").contains("width=\"360\""));

    let own = preview.address.clone();
    let port = own.rsplit(':').next().unwrap();
    for (method, path, host, status) in [
        ("GET", "/", format!("localhost:{port}"), "200"),
        ("GET", "/", "attacker.example".to_owned(), "403"),
        ("GET", "/view/context", format!("attacker.example:{port}"), "403"),
        ("GET", "/file/weekly-2026-W47.pdf", "127.0.0.1:1".to_owned(), "403"),
        ("POST", "/", own.clone(), "405"),
        ("DELETE", "/file/weekly-2026-W47.pdf", own.clone(), "405"),
        ("GET", "/file/..%2f..%2fcallbrief.yaml", own.clone(), "404"),
        ("GET", "/file/weekly-2026-W46.pdf", own.clone(), "404"),
        ("GET", "/nix", own.clone(), "404"),
    ] {
        assert_eq!(preview.status(method, path, &host), status, "{method} {path} for {host}");
    }
    preview.stop();
}

#[test]
fn a_report_that_is_not_there_is_awaited() {
    let (folder, _) = workspace();
    let reports = folder.path().join("rules/reports/weekly.yaml");
    let preview = Preview::start(folder.path(), "wekly");
    let mut events = preview.events();
    assert_eq!(events.next()["made"], false);
    let page = preview.get("/");
    assert!(page.contains("there is no report `wekly`") && page.contains("did you mean `weekly`?"), "{page}");
    assert!(!page.contains("<iframe"));
    let text = std::fs::read_to_string(&reports).unwrap();
    std::fs::write(&reports, text.replace("  weekly:", "  wekly:")).unwrap();
    assert_eq!(events.next()["made"], true);
    assert!(preview.get("/").contains("<iframe"));
    preview.stop();
}

#[test]
fn what_templates_see_is_printed() {
    let (folder, _) = workspace();
    let arguments = ["--now", MONDAY, "report", "weekly", "--context", "--language", "ru"];
    let context: Value = serde_json::from_str(&succeeded(folder.path(), &arguments)).unwrap();
    assert_eq!((&context["lang"], &context["period"]["label"]), (&"ru".into(), &"2026-W47".into()));
    assert!(context["kpi"]["service_level"]["text"].as_str().is_some_and(|text| text.ends_with('%')), "{context}");

    let chosen = ["--now", MONDAY, "report", "weekly", "--out", "out", "--format", "xlsx", "--format", "csv"];
    let mut command = callbrief(folder.path(), &chosen);
    command.current_dir(folder.path());
    let told = super::program::ended(command);
    assert_eq!(told.code, 0, "{}", told.err);
    let names: Vec<&str> = told.out.lines().collect();
    assert_eq!(names[0], "out/weekly-2026-W47.xlsx");
    assert!(names.len() > 1 && names[1..].iter().all(|name| name.ends_with(".csv")), "{names:?}");
    let wrong = run(folder.path(), &["report", "weekly", "--out", "out", "--format", "docx"]);
    assert!(wrong.code == 2 && wrong.err.contains("known formats are html, pdf, text, xlsx, csv"), "{}", wrong.err);
}
