//! The service as its operator meets it: health and metrics over HTTP, files that change while it runs, and a log in which
//! no password, address or row ever stands.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::program::{callbrief, run};
use super::serve::{MONDAY, SUNDAY, Served, all_sent, count, first_day, letters, until, workspace};

/// A port that is free now.
fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port()
}

/// Lets the service answer on a port, and adds lines to the settings.
fn settings(workspace: &Path, more: &str) -> u16 {
    let port = free_port();
    let path = workspace.join("callbrief.yaml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(path, format!("{text}service: {{ http: \"127.0.0.1:{port}\" }}\n{more}")).unwrap();
    port
}

/// The status and the body of an answer.
fn get(port: u16, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// The names of what is not as it should be.
fn unready(port: u16) -> Vec<String> {
    let (status, body) = get(port, "/readyz");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status == 200, answer["ready"] == true, "{body}");
    let checks = answer["checks"].as_array().unwrap().iter();
    checks.filter(|check| check["ok"] == false).map(|check| check["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that is skipped must say so")]
fn health_and_metrics_are_answered() {
    let folder = workspace();
    let workspace = folder.path();
    let port = settings(workspace, "");
    first_day(workspace);
    let served = Served::start(workspace, MONDAY);
    until("the delivery", || all_sent(workspace));
    assert_eq!(get(port, "/healthz"), (200, "alive\n".to_owned()));
    assert_eq!(unready(port), Vec::<String>::new());
    assert_eq!(get(port, "/").0, 404);
    let sent = "callbrief_deliveries_total{channel=\"mail\",outcome=\"sent\"} 3\n";
    until("the count of deliveries", || get(port, "/metrics").1.contains(sent));
    let (status, page) = get(port, "/metrics");
    assert_eq!(status, 200);
    for line in [
        "callbrief_runs_total{outcome=\"queued\"} 1",
        "callbrief_runs_total{outcome=\"failed\"} 0",
        // Due at 08:00:00, made at 08:00:20.
        "callbrief_run_lateness_seconds_bucket{le=\"15\"} 0",
        "callbrief_run_lateness_seconds_bucket{le=\"60\"} 1",
        "callbrief_run_lateness_seconds_sum 20",
        "callbrief_report_last_sent_timestamp_seconds{report=\"daily\"} 1795410020",
        "callbrief_outbox_messages{channel=\"mail\"} 0",
        "callbrief_journal_up 1",
        "callbrief_workspace_valid 1",
    ] {
        assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
    }
    assert!(!page.contains('@'), "{page}");
    served.stop();

    let checked = Command::new("promtool").args(["check", "metrics"]).stdin(Stdio::piped()).spawn();
    match checked {
        Ok(mut promtool) => {
            promtool.stdin.take().unwrap().write_all(page.as_bytes()).unwrap();
            assert!(promtool.wait().unwrap().success(), "{page}");
        }
        Err(_) => eprintln!("NOT CHECKED: the metrics' names, because promtool is not installed"),
    }
}

#[test]
fn a_service_without_its_database_lives_and_is_not_ready() {
    let folder = workspace();
    let workspace = folder.path();
    let port = settings(workspace, "");
    fs::remove_file(workspace.join("calls.db")).unwrap();
    let served = Served::start(workspace, SUNDAY);
    assert_eq!(get(port, "/healthz").0, 200);
    assert_eq!(unready(port), ["source pbx"]);
    served.stop();

    // Nor does one start that cannot be asked.
    let _taken = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let refused = run(workspace, &["serve"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains(&format!("cannot listen on 127.0.0.1:{port} (`service: http`)")), "{}", refused.err);
}

#[test]
fn changed_files_are_taken_when_all_of_them_are_right() {
    let folder = workspace();
    let workspace = folder.path();
    let port = settings(workspace, "operator: operator@example.org\n");
    let served = Served::start(workspace, SUNDAY);
    until("the first look at the schedule", || count(workspace, "SELECT COUNT(*) FROM schedules") == 1);
    let cursor = count(workspace, "SELECT cursor_utc FROM schedules WHERE report = 'daily'");
    let file = workspace.join("rules/reports/daily.yaml");
    let right = fs::read_to_string(&file).unwrap();
    let logged = |text: &str| served.log().matches(text).count();
    let operator = || letters(workspace).iter().filter(|to| *to == "operator@example.org").count();

    // A mistake, beside a new report that is right: none of both is taken.
    let evening = right.replace("  daily:", "  evening:").replace("0 8 * * *", "0 20 * * *");
    fs::write(workspace.join("rules/reports/evening.yaml"), &evening).unwrap();
    fs::write(&file, right.replace("period: yesterday", "period: yesterdy")).unwrap();
    until("the refusal", || logged("the changed files are not taken") > 0);
    assert!(served.log().contains("rules/reports/daily.yaml:5:13: "), "{}", served.log());
    until("the operator's mail", || operator() == 1);
    assert_eq!(unready(port), ["workspace"]);
    assert!(get(port, "/metrics").1.contains("callbrief_workspace_valid 0\n"));
    assert_eq!(count(workspace, "SELECT COUNT(*) FROM schedules"), 1);
    // The same mistake again is logged and not mailed.
    let before = logged("the changed files are not taken");
    served.signal("-HUP");
    until("the second refusal", || logged("the changed files are not taken") > before);
    assert_eq!(count(workspace, "SELECT COUNT(*) FROM runs"), 1);

    // All right again, with another hour: the schedule goes on where it stood.
    fs::write(&file, right.replace("0 8 * * *", "0 9 * * *")).unwrap();
    until("the files to be taken", || logged("the files as they are now are in use") == 1);
    until("the look at the new report's schedule", || count(workspace, "SELECT COUNT(*) FROM schedules") == 2);
    assert_eq!(count(workspace, "SELECT cursor_utc FROM schedules WHERE report = 'daily'"), cursor);
    assert_eq!(unready(port), Vec::<String>::new());

    // What needs a new start is said; on a signal files are read though none has changed.
    let settings = fs::read_to_string(workspace.join("callbrief.yaml")).unwrap();
    fs::write(workspace.join("callbrief.yaml"), settings.replace("sqlite:callbrief.db", "sqlite:other.db")).unwrap();
    until("the word about the journal", || logged("the changed setting `journal` is taken when") == 1);
    let before = logged("the files as they are now are in use");
    served.signal("-HUP");
    until("the files to be read again", || logged("the files as they are now are in use") > before);
    assert!(!workspace.join("other.db").exists());
    // Mistakes that are gone would be news.
    assert_eq!(count(workspace, "SELECT COUNT(*) FROM told"), 0);
}

/// Stands for everything that must not be seen.
const CANARY: &str = "k4n4r13nv0g3l";

/// A mail server that takes the login and refuses every recipient, with the address in its answer.
fn refusing_server() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut answers = stream.try_clone().unwrap();
            let mut say = |text: &str| answers.write_all(text.as_bytes()).is_ok();
            say("220 stub\r\n");
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let goes_on = match line.split([' ', ':']).next().unwrap_or_default().to_uppercase().as_str() {
                    "EHLO" => say("250-stub\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME\r\n"),
                    "AUTH" => say("235 welcome\r\n"),
                    "RCPT" => say(&format!("550 5.1.1 nobody here: {line}\r\n")),
                    "QUIT" => {
                        say("221 bye\r\n");
                        false
                    }
                    _ => say("250 fine\r\n"),
                };
                if !goes_on {
                    break;
                }
            }
        }
    });
    port
}

/// A database server that hangs up.
fn deaf_server() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    port
}

#[test]
fn no_password_address_or_row_is_in_logs_and_metrics() {
    let folder = workspace();
    let workspace = folder.path();
    let smtp = refusing_server();
    fs::write(workspace.join("secret"), format!("{CANARY}-of-smtp")).unwrap();
    fs::set_permissions(workspace.join("secret"), fs::Permissions::from_mode(0o600)).unwrap();
    let path = workspace.join("callbrief.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace(
        "transport: folder, folder: outbox }",
        &format!(
            "transport: smtp, smtp: {{ host: 127.0.0.1, port: {smtp}, tls: none, user: reports, \
             password_file: secret }} }}"
        ),
    );
    // A database that is not there, with a password in its address; one whose rows hold what they should not.
    let text = text.replace(
        "sources:\n",
        &format!(
            "sources:\n  gone: {{ url: \"postgres://reader:${{GONE_PASSWORD}}@127.0.0.1:{}/calls\" }}\n",
            deaf_server()
        ),
    );
    fs::write(&path, text).unwrap();
    let port = settings(workspace, "operator: operator@example.org\n");
    let recipients = fs::read_to_string(workspace.join("rules/recipients.yaml")).unwrap();
    let recipients = recipients.replace("boris@", &format!("{CANARY}-boris@"));
    let recipients = format!("{recipients}  far: {{ source: gone, query: SELECT address FROM people }}\n");
    fs::write(workspace.join("rules/recipients.yaml"), recipients).unwrap();
    let dataset = "dataset: lost\nsource: gone\ntime: at\nquery: SELECT at FROM calls WHERE at >= :from AND at < :to\n\
                   columns: { at: { type: time, stored_as: timestamptz } }\n";
    fs::write(workspace.join("rules/datasets/lost.yaml"), dataset).unwrap();
    let rows = "dataset: odd\nsource: pbx\ntime: started_at\n\
                query: SELECT started_at, queue, queue AS wait FROM calls WHERE started_at >= :from AND started_at < :to\n\
                columns: { started_at: { type: time, stored_as: utc_text }, queue: text, wait: duration }\n";
    fs::write(workspace.join("rules/datasets/odd.yaml"), rows).unwrap();
    let kpis = "kpis:\n  lost: { dataset: lost, formula: count(), unit: count }\n  \
                odd: { dataset: odd, formula: sum(wait), unit: duration }\n";
    fs::write(workspace.join("rules/kpis/odd.yaml"), kpis).unwrap();
    let report = fs::read_to_string(workspace.join("rules/reports/daily.yaml")).unwrap();
    for (id, kpi) in [("lost", "lost"), ("odd", "odd")] {
        let other = report
            .replace("  daily:", &format!("  {id}:"))
            .replace("[offered, service_level], by: [queue], sort: service_level", &format!("[{kpi}]"));
        let other = if id == "lost" { other.replace("[directors, managers]", "[far]") } else { other };
        fs::write(workspace.join(format!("rules/reports/{id}.yaml")), other).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(workspace.join("calls.db"));
        let mut calls = sqlx::ConnectOptions::connect(&options).await.unwrap();
        sqlx::query("UPDATE calls SET queue = ?").bind(format!("{CANARY}-row")).execute(&mut calls).await.unwrap();
    });

    let start = |now| {
        let mut command = callbrief(workspace, &["--now", now, "serve"]);
        // Everything that can be logged at all.
        command.env("CALLBRIEF_LOG", "trace").env("GONE_PASSWORD", format!("{CANARY}-of-database"));
        Served::spawn(command)
    };
    let first = start(SUNDAY);
    until("the first look at the schedules", || count(workspace, "SELECT COUNT(*) FROM schedules") == 3);
    let mut logs = first.log();
    drop(first);
    let served = start(MONDAY);
    until("the refused messages", || count(workspace, "SELECT COUNT(*) FROM deliveries WHERE state = 'failed'") >= 3);
    until("the database that is gone", || served.log().contains("report lost 2026-11-22 failed"));
    until("the word about undelivered messages", || served.log().contains("is undelivered"));
    let (pages, broken) = ([get(port, "/metrics").1, get(port, "/readyz").1, get(port, "/healthz").1], "preevious");
    // A change with a mistake beside a secret that is written openly.
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(&path, settings.replace("password_file: secret", &format!("password: \"{CANARY}-open\", {broken}: 1")))
        .unwrap();
    until("the refusal", || served.log().contains("the changed files are not taken"));
    fs::write(&path, settings).unwrap();
    logs.push_str(&served.log());
    drop(served);

    let found: Vec<&str> = logs.lines().filter(|line| line.contains(CANARY)).collect();
    assert_eq!(found, Vec::<&str>::new());
    for page in pages {
        assert!(!page.contains(CANARY), "{page}");
    }
    // Who looks into the journal sees addresses and nothing more.
    let mut command = callbrief(workspace, &["runs"]);
    command.env("GONE_PASSWORD", "x");
    let runs = super::program::ended(command).out;
    assert!(runs.contains(&format!("{CANARY}-boris@")), "{runs}");
    for hidden in ["of-smtp", "of-database", "open", "row"] {
        assert!(!runs.contains(&format!("{CANARY}-{hidden}")), "{hidden}: {runs}");
    }
}
