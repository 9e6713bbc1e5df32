//! The days on which the clocks change, lived through by the real binary: `libfaketime` makes ten minutes of a second.
//! Each run is made once and at its hour, also when the service is started again inside the hour that comes twice.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::program::{callbrief, copy, succeeded};
use super::serve::{Served, count, letters, until};

/// Every hour, at a time that may be left out or come twice, and in the morning; each with one reader.
const REPORTS: &str = r#"
reports:
  hourly: { period: today, template: daily, schedule: { cron: "0 * * * *", misfire: fire_all }, formats: [html], recipients: [directors] }
  nightly: { period: yesterday, template: daily, schedule: { cron: "30 2 * * *" }, formats: [html], recipients: [directors] }
  morning: { period: yesterday, template: daily, schedule: { cron: "0 4 * * *" }, formats: [html], recipients: [directors] }
"#;

/// How many times faster the service's clock goes.
const SPEED: u32 = 600;

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy("tests/workspaces/small", folder.path());
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let settings = std::fs::read_to_string(folder.path().join("callbrief.yaml")).unwrap();
    write("callbrief.yaml", &settings.replace("Europe/Moscow", "Europe/Berlin"));
    write("rules/reports/daily.yaml", REPORTS);
    write("rules/recipients.yaml", "recipients: { directors: [anna@example.org] }\n");
    write("report-templates/daily/report.md", "{{ report.title }}, {{ period.label }}\n");
    let calls = folder.path().join("calls.csv");
    succeeded(folder.path(), &["import", calls.to_str().unwrap(), "--table=calls"]);
    folder
}

/// A service whose clock shows this time in UTC when it starts.
fn start(workspace: &Path, time: &str) -> Served {
    let mut command = callbrief(workspace, &["serve"]);
    command
        .env("LD_PRELOAD", library())
        .env("FAKETIME", format!("@{time} x{SPEED}"))
        // Timers measure real time; only what a clock on the wall shows is made up.
        .env("FAKETIME_DONT_FAKE_MONOTONIC", "1")
        .env("TZ", "UTC");
    Served::spawn(command)
}

/// The library of the Debian package `faketime`.
fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path().join("faketime"));
    let mut found = folders.map(|folder| folder.join("libfaketimeMT.so.1")).filter(|library| library.exists());
    found.next().expect("the Debian package faketime is installed; `bash tests/run` does that")
}

/// The instants that each report stands for, in order, as `hour:minute` in UTC; every run was done and sent one mail.
fn runs(workspace: &Path, report: &str) -> Vec<String> {
    let runs: Vec<Value> = serde_json::from_str(&succeeded(workspace, &["runs", "--json"])).unwrap();
    let mut of_report: Vec<&Value> = runs.iter().filter(|run| run["report"] == report).collect();
    of_report.sort_by_key(|run| run["scheduled_for"].as_str().unwrap());
    let time = |run: &&Value| {
        assert_eq!(
            (run["state"].as_str(), run["deliveries"].as_array().map(Vec::len)),
            (Some("done"), Some(1)),
            "{run}"
        );
        run["scheduled_for"].as_str().unwrap()[11..16].to_owned()
    };
    of_report.iter().map(time).collect()
}

const DONE: &str = "SELECT COUNT(*) FROM runs WHERE state = 'done'";

#[test]
fn an_hour_that_comes_twice() {
    let folder = workspace();
    // 01:30 in Berlin; at 03:00, which is 01:00 UTC, the clocks go back by an hour.
    let served = start(folder.path(), "2026-10-24 23:30:00");
    until("the runs of the first pass", || count(folder.path(), DONE) == 3);
    served.stop();
    // 02:10 for the second time: half past two is over.
    let served = start(folder.path(), "2026-10-25 01:10:00");
    until("the morning", || count(folder.path(), DONE) == 6);
    served.stop();
    assert_eq!(runs(folder.path(), "nightly"), ["00:30"]);
    assert_eq!(runs(folder.path(), "hourly"), ["00:00", "01:00", "02:00", "03:00"]);
    assert_eq!(runs(folder.path(), "morning"), ["03:00"]);
    assert_eq!(letters(folder.path()).len(), 6);
}

#[test]
fn an_hour_that_is_left_out() {
    let folder = workspace();
    // 01:15 in Berlin; at 02:00, which is 01:00 UTC, the clocks go forward to three.
    let served = start(folder.path(), "2027-03-28 00:15:00");
    until("the morning", || count(folder.path(), DONE) == 4);
    served.stop();
    assert_eq!(runs(folder.path(), "nightly"), ["01:00"]);
    assert_eq!(runs(folder.path(), "hourly"), ["01:00", "02:00"]);
    assert_eq!(runs(folder.path(), "morning"), ["02:00"]);
    assert_eq!(letters(folder.path()).len(), 4);
}
