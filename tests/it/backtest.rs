//! `callbrief backtest` as its users meet it: a rule on the past, in words, as JSON, with other numbers; nothing is written.

use serde_json::Value;

use super::program::{copy, run, succeeded};

/// The noon after the evening of a bad call.
const NOON: &str = "2026-11-22T09:00:30Z";

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy("tests/workspaces/small", folder.path());
    copy("tests/workspaces/alerting", folder.path());
    succeeded(folder.path(), &["import", folder.path().join("calls.csv").to_str().unwrap(), "--table=calls"]);
    folder
}

fn backtest(folder: &tempfile::TempDir, arguments: &[&str]) -> String {
    let told = succeeded(folder.path(), &[&["--now", NOON, "backtest", "service_level_low"], arguments].concat());
    // Lengths do not break at the end of a line.
    told.replace('\u{a0}', " ")
}

#[test]
fn a_rule_on_the_past_in_words_and_as_json() {
    let folder = workspace();
    let told = backtest(&folder, &["--from", "2026-11-21", "--by-group"]);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines[0], "Service level is low (service_level_low), 2026-11-21 00:00 – 2026-11-22 12:00");
    assert!(told.contains("Evaluated 2,161 times, every 1 min, over 3 h each."), "{told}");
    assert!(told.contains("the source was asked as well and said the same"), "{told}");
    assert!(told.contains("It would have fired once, for 22 h 31 min."), "{told}");
    let drawn = lines.iter().find(|line| line.starts_with("Support ")).unwrap();
    assert!(drawn.contains('█') && drawn.contains('·') && drawn.chars().count() == 80, "{told}");
    assert!(told.contains("21 November 2026"), "{told}");

    let json: Value = serde_json::from_str(&backtest(&folder, &["--from", "2026-11-21", "--json"])).unwrap();
    let only = &json["runs"][0];
    assert_eq!((&only["fired"], &only["flaps"], &only["mails"]), (&Value::from(1), &Value::from(0), &Value::from(2)));
    let episode = &only["episodes"][0];
    assert_eq!(episode["labels"]["queue"], "Support");
    assert_eq!(
        (&episode["fired_at"], &episode["lasted_s"]),
        (&Value::from("2026-11-21T09:41:00+00:00"), &Value::from(81_060))
    );
    assert!(!folder.path().join("callbrief.db").exists(), "a backtest writes no journal");
    assert!(!folder.path().join("outbox").exists(), "a backtest sends nothing");

    let settings = folder.path().join("callbrief.yaml");
    let russian = std::fs::read_to_string(&settings).unwrap().replace("locale: en", "locale: ru");
    std::fs::write(settings, russian).unwrap();
    let told = backtest(&folder, &["--from", "2026-11-21"]);
    assert!(
        told.contains("Правило сработало бы 1 раз, всего на 22 ч 31 мин") && told.contains("21 ноября 2026"),
        "{told}"
    );
}

#[test]
fn other_numbers_in_turn() {
    let folder = workspace();
    let told = backtest(&folder, &["--from", "2026-11-21", "--set", "service_level=0..50/25"]);
    let rows: Vec<Vec<&str>> = told.lines().rev().take(3).map(|line| line.split_whitespace().collect()).collect();
    let fired: Vec<(&str, &str)> = rows.iter().map(|row| (row[0], row[1])).collect();
    // A level of nothing is not below nothing.
    assert_eq!(fired, [("50", "1"), ("25", "1"), ("0", "0")], "{told}");
}

#[test]
fn what_cannot_be_tried_says_why() {
    let folder = workspace();
    let check = |arguments: &[&str], expected: &str| {
        let ran = run(folder.path(), &[&["--now", NOON, "backtest"], arguments].concat());
        assert!(ran.code == 2 && ran.err.contains(expected), "{arguments:?}: {}", ran.err);
    };
    check(&["service_level_lw"], "there is no alert rule `service_level_lw`\nhelp: did you mean `service_level_low`?");
    check(&["service_level_low", "--set", "offered=1..2/1"], "compares no KPI `offered` with a number");
    check(&["service_level_low", "--set", "offered=1..2"], "there is no step behind `/`");
    check(&["service_level_low", "--from", "2026-12-01"], "must be before --to");
    check(&["service_level_low", "--flap", "soon"], "`soon` is no length of time");
}
