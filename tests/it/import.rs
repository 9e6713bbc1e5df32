//! `callbrief import` as its users meet it: what is said, and the exit code.

use std::path::Path;

use super::program::{Ran, run};

const CALLS: &str = "Call;Started;Wait\n1;23.11.2026 09:00;5\n2;soon;7\n3;23.11.2026 09:30;\n4;23.11.2026 10:00;1,5\n";

fn import(folder: &Path, arguments: &[&str]) -> Ran {
    run(folder, &[&["import", folder.join("calls.csv").to_str().unwrap(), "--table=calls"], arguments].concat())
}

/// Imports with these arguments and expects the exit code and every text, in what is printed or complained.
fn check(folder: &Path, arguments: &[&str], code: i32, told: &[&str]) {
    let ran = import(folder, arguments);
    assert_eq!(ran.code, code, "{arguments:?}\n{}{}", ran.out, ran.err);
    // Success is printed, failure and what was left out are complained of.
    let told_there = if code == 0 { format!("{}{}", ran.out, ran.err) } else { ran.err };
    for text in told {
        assert!(told_there.contains(text), "{arguments:?}: {text:?} is not in\n{told_there}");
    }
}

#[test]
fn bad_rows_are_told_by_line_and_left_out_on_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("calls.csv"), CALLS).unwrap();
    let bad = "line 3: Started: `soon` is not a date and time";
    check(path, &["--column=Started=at:datetime"], 1, &["1 row of ", bad, "help: `--skip-bad-rows` leaves them out"]);
    assert!(!path.join("calls.db").exists(), "nothing was to be written");
    check(
        path,
        &["--column=Started=at:datetime", "--skip-bad-rows"],
        0,
        &["3 rows are in table calls", "datetime, given"],
    );
    check(path, &["--replace", "--skip-bad-rows", "--column=Started=at:datetime"], 0, &["1 row was left out:", bad]);
}

#[test]
fn what_cannot_be_tried_is_told_with_a_way_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let missing = import(path, &[]);
    assert!(
        missing.code == 2 && missing.err.contains("cannot read") && missing.err.contains("calls.csv"),
        "{}",
        missing.err
    );
    std::fs::write(path.join("calls.csv"), CALLS.replace("soon", "23.11.2026 09:10")).unwrap();
    check(path, &["--column=Weit=wait_s"], 2, &["no column has the header `Weit`", "did you mean `Wait`?"]);
    check(path, &["--column=Wait=wait_s:minutes"], 2, &["`minutes` is not a kind of column", "duration"]);
    check(path, &["--delimiter=pipe"], 2, &["comma, tab, semicolon"]);
    check(path, &["--timezone=Europe/Moskow"], 2, &["Europe/Moskow"]);
    let elsewhere = path.join("var/telephony.db");
    let into = format!("--into={}", elsewhere.display());
    check(path, &[&into, "--timezone=Europe/Moscow"], 0, &["4 rows are in table calls"]);
    check(path, &[&into], 2, &["the table `calls` is already there", "help: `--replace` or `--append`"]);
    check(path, &[&into, "--append"], 0, &["4 rows"]);
    check(path, &[&into, "--append", "--replace"], 2, &["cannot be used with"]);
    assert!(!path.join("calls.db").exists(), "only the named database is written");
}
