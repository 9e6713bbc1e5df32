//! The program from the outside: a manager's mistakes and a call centre's strange names, what is printed, and the exit
//! code: 0 all right, 1 something was found or failed, 2 it could not be tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};
use tempfile::TempDir;

/// The Monday after the calls' week.
const NOW: &str = "2026-11-23T08:00:00Z";

const CALLS: &str = "CREATE TABLE calls (started_at TEXT, queue TEXT, answered INTEGER, wait_s INTEGER);
INSERT INTO calls VALUES ('2026-11-16 08:00:00', 'Sales', 1, 5), ('2026-11-17 08:00:00', 'Sales', 1, 10),
    ('2026-11-18 08:00:00', 'Support', 0, 90), ('2026-11-10 08:00:00', 'Sales', 1, 5);";

const WITHIN: &str = "parameters:
  sl_threshold: { value: 5, unit: duration }
  least: 1
kpis:
  within:
    title: { en: 'Answered within {sl_threshold}', ru: 'Принято за {sl_threshold}' }
    dataset: calls
    formula: |
      let all = count();
      if all < least { () } else { percent(count(wait_s <= sl_threshold), all) }
    unit: percent
";

/// A workspace with a few calls.
pub(super) struct Desk {
    folder: TempDir,
}

impl Desk {
    async fn new() -> Self {
        Self::with_calls(CALLS).await
    }

    pub(super) async fn with_calls(sql: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        super::diagnostics::copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/good"), folder.path());
        let desk = Self { folder };
        desk.edit("callbrief.yaml", |text| text.replace("locale: ru", "locale: en"));
        desk.write("report-templates/weekly/report.md", REPORT);
        fs::create_dir_all(desk.path("var")).unwrap();
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(desk.path("var/calls.db"));
        let mut connection = options.create_if_missing(true).connect().await.unwrap();
        connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
        connection.close().await.unwrap();
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.path(name), text).unwrap();
    }

    pub(super) fn edit(&self, name: &str, edit: impl FnOnce(String) -> String) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        let edited = edit(text.clone());
        assert_ne!(edited, text, "{name} was to be changed");
        fs::write(self.path(name), edited).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin("callbrief"));
        command.args(["--workspace", self.folder.path().to_str().unwrap()]);
        if !arguments.contains(&"--now") {
            command.args(["--now", NOW]);
        }
        command.args(arguments).env_clear().env("COLUMNS", "80").stdin(Stdio::null());
        command
    }

    pub(super) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a call printed and its exit code, without the folder's name.
    fn told(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        let told = format!(
            "callbrief {}\nexit code {}\n{}{}",
            arguments.join(" "),
            output.status.code().unwrap(),
            if out.is_empty() { String::new() } else { format!("── printed\n{out}") },
            if err.is_empty() { String::new() } else { format!("── complained\n{err}") },
        );
        assert!(!told.contains("panicked"), "{told}");
        told.replace(self.folder.path().to_str().unwrap(), "WORKSPACE")
    }

    /// What several calls printed.
    pub(super) fn all_told(&self, calls: &[&[&str]]) -> String {
        calls.iter().map(|arguments| self.told(arguments)).collect::<Vec<_>>().join("\n════\n")
    }
}

const REPORT: &str = "# {{ report.title }}

**{{ headline }}**

```table
{ data: by_queue }
```
";

#[tokio::test]
async fn a_workspace_without_mistakes() {
    let desk = Desk::new().await;
    insta::assert_snapshot!(desk.all_told(&[
        &["check"],
        &["check", "--format", "json"],
        &["kpi"],
        &["kpi", "service_level", "--by", "queue"],
        &["kpi", "offered", "--by", "day", "--json"],
        &["schedule", "--count", "2"],
        &["runs"],
    ]));
}

#[tokio::test]
async fn arguments_that_fit_nothing() {
    let desk = Desk::new().await;
    insta::assert_snapshot!(desk.all_told(&[
        &["kpi", "servise_level"],
        &["kpi", "--period", "last_weak"],
        &["kpi", "--by", "quue"],
        &["report", "weakly", "--out", "out"],
        &["report", "weekly", "--out", "out", "--period", "2026-W99"],
        &["report", "weekly", "--send", "--to", "nobody"],
        &["schedule", "weakly"],
        &["--now", "yesterday", "check"],
        &["chekc"],
    ]));
}

#[tokio::test]
async fn a_folder_without_a_workspace() {
    let desk = Desk::new().await;
    fs::remove_file(desk.path("callbrief.yaml")).unwrap();
    insta::assert_snapshot!(desk.all_told(&[&["check"], &["kpi"], &["report", "weekly", "--send"], &["runs"]]));
}

#[tokio::test]
async fn files_that_are_no_yaml() {
    let desk = Desk::new().await;
    desk.write("rules/kpis/service.yaml", "kpis:\n  offered: [\n");
    insta::assert_snapshot!(desk.all_told(&[&["check"], &["kpi"], &["check", "--format", "json"]]));
}

#[tokio::test]
async fn a_formula_with_a_mistake_leaves_the_others_alone() {
    let desk = Desk::new().await;
    desk.edit("rules/kpis/service.yaml", |text| text.replace("formula: count()", "formula: count(anwsered)"));
    insta::assert_snapshot!(desk.all_told(&[&["check"], &["kpi"], &["kpi", "--by", "queue"]]));
}

#[tokio::test]
async fn a_parameter_has_another_value_in_one_run() {
    let desk = Desk::new().await;
    desk.write("rules/kpis/within.yaml", WITHIN);
    insta::assert_snapshot!(desk.all_told(&[
        &["kpi", "within"],
        &["kpi", "within", "--set", "sl_threshold=90", "--set", "least=3"],
        &["kpi", "within", "--set", "sl_treshold=90"],
        &["kpi", "within", "--set", "sl_threshold=90s"],
    ]));
}

#[tokio::test]
async fn a_query_that_fails_leaves_the_others_alone() {
    let desk = Desk::new().await;
    let activity = fs::read_to_string(desk.path("rules/datasets/calls.yaml")).unwrap();
    desk.write(
        "rules/datasets/chats.yaml",
        &activity.replace("dataset: calls", "dataset: chats").replace("FROM calls", "FROM chats"),
    );
    desk.write(
        "rules/kpis/chats.yaml",
        "kpis:\n  chats_offered: { title: { en: Chats }, dataset: chats, formula: count(), unit: count }\n",
    );
    desk.write(
        "rules/datasets/mails.yaml",
        &activity.replace("dataset: calls", "dataset: mails").replace("wait_s: duration", "delay_s: duration"),
    );
    insta::assert_snapshot!(desk.all_told(&[&["check"], &["kpi"], &["kpi", "chats_offered", "--explain"]]));
}

#[tokio::test]
async fn a_database_that_is_not_there() {
    let desk = Desk::new().await;
    fs::remove_file(desk.path("var/calls.db")).unwrap();
    insta::assert_snapshot!(desk.all_told(&[
        &["check"],
        &["check", "--offline"],
        &["kpi"],
        &["report", "weekly", "--out", "out"]
    ]));
    assert!(!desk.path("var/calls.db").exists(), "a source is never written");
}

#[tokio::test]
async fn a_database_that_is_none() {
    let desk = Desk::new().await;
    desk.write("var/calls.db", &"this is no database ".repeat(100));
    insta::assert_snapshot!(desk.all_told(&[&["check"], &["kpi", "offered"]]));
}

/// Names that would break a page, a mail or a table if they were taken as they are.
fn strange_names() -> Vec<String> {
    vec![
        "<script>alert(1)</script>".to_owned(),
        "line\r\nBcc: all@example.com\r\n\r\nbody".to_owned(),
        "quotes \" ' ` and {{ braces }} {% raw %} | pipe".to_owned(),
        "emoji 📞👩🏽‍💻 and \u{202e}backwards".to_owned(),
        "x".repeat(10_000),
        "=1+1".to_owned(),
        "**bold** [link](javascript:alert(1))".to_owned(),
        "nul \u{1} \u{7f} \u{1b}[31mred".to_owned(),
    ]
}

fn strange_calls() -> String {
    let rows = strange_names().iter().map(|name| name.replace('\'', "''")).collect::<Vec<_>>();
    let rows: Vec<String> = rows.iter().map(|name| format!("('2026-11-17 08:00:00', '{name}', 0, 99)")).collect();
    format!("{CALLS}\nINSERT INTO calls VALUES {};", rows.join(", "))
}

#[tokio::test]
async fn strange_names_stay_what_they_are() {
    let desk = Desk::with_calls(&strange_calls()).await;
    desk.write("report-templates/weekly/subject.txt", "{{ headline }}");
    insta::assert_snapshot!(desk.all_told(&[&["kpi", "offered", "service_level", "--by", "queue"]]));
    let out = desk.path("out");
    for arguments in [vec!["report", "weekly", "--out", out.to_str().unwrap()], vec!["report", "weekly", "--send"]] {
        let output = desk.run(&arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let html = fs::read_to_string(out.join("weekly-2026-W47.html")).unwrap();
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script>"));
    assert!(html.contains("{{ braces }} {% raw %} | pipe") && !html.contains("href=\"javascript"));
    assert!(html.contains("=1+1"));
    assert!(!html.contains(['\u{1}', '\u{1b}', '\u{202e}']), "control characters stay in the page");
    assert!(fs::read(out.join("weekly-2026-W47.pdf")).unwrap().starts_with(b"%PDF-"));
    let mails: Vec<PathBuf> = fs::read_dir(desk.path("var/outbox")).unwrap().map(|mail| mail.unwrap().path()).collect();
    assert_eq!(mails.len(), 2, "one for each director");
    for mail in mails {
        check_mail(&fs::read_to_string(mail).unwrap());
    }
}

/// A mail whose header says what it should and nothing a name smuggled in.
fn check_mail(mail: &str) {
    let (header, body) = mail.split_once("\r\n\r\n").expect("a header and a body");
    let fields = header.lines().filter(|line| !line.starts_with([' ', '\t']));
    let names: Vec<&str> = fields.map(|line| line.split_once(':').unwrap_or_else(|| panic!("{line}")).0).collect();
    assert!(!names.iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{header}");
    for once in ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"] {
        let times = names.iter().filter(|name| name.eq_ignore_ascii_case(once)).count();
        assert_eq!(times, 1, "{once} in {header}");
    }
    assert!(mail.lines().all(|line| line.len() <= 998), "a line is too long for mail");
    assert!(mail.is_ascii(), "a byte above 127 needs a server that takes it");
    let boundary = header.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a boundary");
    assert!(body.trim_end().ends_with(&format!("--{boundary}--")), "the last part is closed");
}

#[tokio::test]
async fn a_closed_pipe_ends_the_program_quietly() {
    let desk = Desk::new().await;
    for arguments in [&["kpi", "--json"][..], &["check"], &["kpi", "--sql"], &["schedule", "--count", "1000"]] {
        let mut child = desk.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{arguments:?}");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
}
