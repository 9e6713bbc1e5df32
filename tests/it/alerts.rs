//! Alerts by the service as a process: one mail to each recipient when a threshold is crossed and one when that is over,
//! also when the service is started again in between. `--now` makes it the evening of a bad call and the noon after.

use std::path::Path;

use super::letters::Letter;
use super::program::{copy, run, succeeded};
use super::serve::{Served, count, until};

const EVENING: &str = "2026-11-21T15:00:30Z";
/// A minute later: a new evaluation with the same answer.
const STILL: &str = "2026-11-21T15:01:30Z";
const NOON: &str = "2026-11-22T09:00:30Z";

/// Recipient, subject and text of every mail of the rule, sorted.
fn notices(workspace: &Path) -> Vec<(String, String, String)> {
    let Ok(files) = std::fs::read_dir(workspace.join("outbox")) else { return Vec::new() };
    let paths = files.map(|entry| entry.unwrap().path());
    let of_the_rule = paths.filter(|path| {
        let name = path.file_name().unwrap().to_str().unwrap();
        name.starts_with("alert-service_level_low.") && name.ends_with(".eml")
    });
    let mut notices: Vec<_> = of_the_rule
        .map(|path| {
            let letter = Letter::read(&std::fs::read(path).unwrap());
            let header = |name: &str| letter.headers[name].as_str().unwrap().to_owned();
            (header("To"), header("Subject"), letter.text("text/plain").to_owned())
        })
        .collect();
    notices.sort();
    notices
}

/// Serves until the rule was evaluated for this minute and its mails are out.
fn serve_at(workspace: &Path, now: &str, evaluated: &'static str) {
    let served = Served::start(workspace, now);
    until("the evaluation", || count(workspace, evaluated) == 1);
    until("the delivery", || count(workspace, "SELECT COUNT(*) FROM deliveries WHERE state <> 'sent'") == 0);
    served.stop();
}

#[test]
fn one_mail_when_it_begins_and_one_when_it_is_over() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path();
    copy("tests/workspaces/small", workspace);
    copy("tests/workspaces/alerting", workspace);
    let calls = workspace.join("calls.csv");
    succeeded(workspace, &["import", calls.to_str().unwrap(), "--table=calls"]);

    serve_at(workspace, EVENING, "SELECT COUNT(*) FROM runs WHERE report = 'alert:service_level_low'");
    let begun = notices(workspace);
    let told: Vec<&str> = begun.iter().map(|(to, ..)| to.as_str()).collect();
    assert_eq!(told, ["ANNA@example.org", "vera@example.org"]);
    for (_, subject, text) in &begun {
        assert!(
            subject.contains("Service level is low") && text.contains("Support") && text.contains("0.0%"),
            "{text}"
        );
        assert!(!text.contains("Sales"), "{text}");
    }
    let standing = run(workspace, &["--now", EVENING, "alerts"]);
    assert!(standing.code == 1 && standing.out.contains("Support   firing"), "{}", standing.out);

    let served = Served::start(workspace, STILL);
    until("the evaluation a minute later", || run(workspace, &["--now", STILL, "alerts"]).out.contains("18:02:00"));
    served.stop();
    assert_eq!(notices(workspace), begun, "an alert that goes on is not told again");

    serve_at(workspace, NOON, "SELECT COUNT(*) - 1 FROM runs WHERE report = 'alert:service_level_low'");
    let over: Vec<_> = notices(workspace).into_iter().filter(|notice| !begun.contains(notice)).collect();
    assert_eq!(over.len(), 2, "{over:?}");
    for (_, subject, text) in &over {
        assert!(subject.contains("Service level is low") && text.contains("100.0%") && text.contains("0.0%"), "{text}");
    }
    let standing = succeeded(workspace, &["--now", NOON, "alerts"]);
    assert!(standing.contains("Support   inactive"), "{standing}");
    let history = succeeded(workspace, &["--now", NOON, "alerts", "--history"]);
    let lines: Vec<&str> = history.trim_end().lines().collect();
    let line = lines[lines.len() - 2..].join("\n");
    for part in ["service_level_low", "Support", "critical", "2026-11-21 18:00", "2026-11-22 12:00", "18 h", "0.0%"] {
        assert!(line.contains(part), "{history}");
    }
    insta::assert_snapshot!("alert_begins", begun[0].2);
    insta::assert_snapshot!("alert_is_over", over[0].2);
}

#[test]
fn silences_are_set_shown_and_ended() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path();
    copy("tests/workspaces/small", workspace);
    copy("tests/workspaces/alerting", workspace);
    let silence = |arguments: &[&str]| run(workspace, &[&["--now", EVENING, "silence"], arguments].concat());
    let said = |arguments: &[&str], code: i32, expected: &str| {
        let ended = silence(arguments);
        let text = format!("{}{}", ended.out, ended.err);
        assert!(ended.code == code && text.contains(expected), "{arguments:?}: {} {text}", ended.code);
    };
    said(&["list"], 0, "nothing is silenced");
    let add = ["add", "service_level_low", "queue=Support", "--for=2h", "--author=anna", "--reason=a line test"];
    said(&add, 0, "silence 1 holds until Sat 2026-11-21 20:00 MSK");
    said(&["add", "all", "--until=2026-11-22T09:00:00Z", "--author=vera", "--reason=move"], 0, "silence 2 holds");
    let shown = silence(&["list"]).out;
    for part in ["service_level_low", "Support", "Sat 2026-11-21 20:00", "anna", "a line test", "all"] {
        assert!(shown.contains(part), "{shown}");
    }
    said(&["expire", "1"], 0, "silence 1 is over");
    said(&["expire", "1"], 2, "there is no silence 1 that still holds");
    assert_eq!(silence(&["list", "--json"]).out.matches("\"holds\": true").count(), 1);
    said(&["list", "--all"], 0, "over since Sat 2026-11-21 18:00");
    // What would hold back nothing is refused, as it would give false peace of mind.
    said(&["add", "service_level_lwo", "--for=2h", "--reason=x"], 2, "did you mean `service_level_low`?");
    said(&["add", "service_level_low", "agent=Anna", "--for=2h", "--author=a", "--reason=x"], 2, "there are `queue`");
    said(&["add", "service_level_low", "--for=0s", "--author=a", "--reason=x"], 2, "would end before it begins");
    said(&["add", "service_level_low", "--for=2", "--reason=x"], 2, "write a number with s, m, h, d or w");
}
