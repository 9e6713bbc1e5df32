//! `callbrief test` from the outside: tests that pass, tests that fail with a diff, `JUnit`, patterns, mistakes. Nothing of
//! it needs the workspace's databases: they are not there.

use std::fs;
use std::path::Path;

use callbrief::workspace::embedded::Existing;

use super::program::{Ran, copy, run, succeeded};
use super::readme::{blocks, file};

fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy("tests/workspaces/rule_tests", folder.path());
    folder
}

fn write(workspace: &Path, tests: &str) {
    fs::write(workspace.join("rules/tests/more.yaml"), tests).unwrap();
}

/// What was printed, without the time it took.
fn told(ran: &Ran) -> String {
    let lines = ran.out.lines().map(|line| line.rsplit_once(", in ").map_or(line, |(counts, _)| counts));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn tests_pass_without_any_database() {
    let folder = workspace();
    let out = succeeded(folder.path(), &["test"]);
    assert!(out.contains("9 tests, 0 failed"), "{out}");
    assert!(!folder.path().join("journal.db").exists() && !folder.path().join("outbox").exists());
}

#[test]
fn the_documented_examples_pass() {
    let folder = workspace();
    fs::remove_dir_all(folder.path().join("rules/tests")).unwrap();
    fs::create_dir(folder.path().join("rules/tests")).unwrap();
    for block in blocks(include_str!("../../docs/rule-tests.md")) {
        fs::write(folder.path().join(file(&block).unwrap()), &block.text).unwrap();
    }
    let out = succeeded(folder.path(), &["test"]);
    assert!(out.contains("2 tests, 0 failed"), "{out}");
}

#[test]
fn the_shipped_rules_pass_their_tests() {
    let folder = tempfile::tempdir().unwrap();
    callbrief::workspace::embedded::write_to(folder.path(), Existing::Keep).unwrap();
    let out = succeeded(folder.path(), &["test"]);
    assert!(out.contains(" tests, 0 failed"), "{out}");
    // Every shipped rule is tried.
    for rule in [
        "service_level_low",
        "many_abandon",
        "long_wait",
        "nobody_answers",
        "unusual_volume",
        "feed_silent",
        "agent_paused_long",
        "csat_drop",
    ] {
        let tries =
            |file: &str| fs::read_to_string(folder.path().join(file)).unwrap().contains(&format!("      {rule}:\n"));
        assert!(
            ["service", "volume", "people"].iter().any(|name| tries(&format!("rules/tests/{name}.yaml"))),
            "{rule}"
        );
    }
}

#[test]
fn what_came_otherwise_is_shown_as_a_diff() {
    let folder = workspace();
    write(folder.path(), include_str!("rule_tests/failing.yaml"));
    let ran = run(folder.path(), &["test", "more.yaml", "--junit", folder.path().join("junit.xml").to_str().unwrap()]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""));
    insta::assert_snapshot!("failing", told(&ran));
    let xml = fs::read_to_string(folder.path().join("junit.xml")).unwrap();
    let document = roxmltree::Document::parse(&xml).unwrap();
    let cases = document.descendants().filter(|node| node.has_tag_name("testcase"));
    let case = |node: roxmltree::Node<'_, '_>| {
        let failures: Vec<&str> = node.children().filter_map(|child| child.attribute("message")).collect();
        format!("{} {}: {}", node.attribute("classname").unwrap(), node.attribute("line").unwrap(), failures.join(", "))
    };
    insta::assert_snapshot!("failing_junit", cases.map(case).collect::<Vec<_>>().join("\n"));
    let suites = document.root_element();
    assert_eq!((suites.attribute("tests"), suites.attribute("failures")), (Some("4"), Some("4")));
    let failure = document.descendants().find(|node| node.has_tag_name("failure")).unwrap();
    assert!(failure.text().unwrap().contains("-Billing & <co>  3        100"), "{xml}");
}

#[test]
fn a_pattern_chooses_tests_and_one_that_matches_nothing_is_an_error() {
    let folder = workspace();
    let out = succeeded(folder.path(), &["test", "DEAD feed"]);
    assert!(out.contains("\n1 test, 0 failed"), "{out}");
    let ran = run(folder.path(), &["test", "no such test"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert!(ran.err.contains("no test matches \"no such test\""), "{}", ran.err);
    fs::remove_dir_all(folder.path().join("rules/tests")).unwrap();
    let ran = run(folder.path(), &["test"]);
    assert!(ran.code == 2 && ran.err.contains("the workspace has no tests"), "{}", ran.err);
}

#[test]
fn tests_with_mistakes_are_told_and_hurt_nothing_else() {
    let folder = workspace();
    write(
        folder.path(),
        "tests:\n  broken:\n    start: 2026-11-23 10:00\n    rows: { calls: [{ queue: A, wait: 3 }] }\n    kpis: [{ period: today, values: { offered: 1 } }]\n",
    );
    let ran = run(folder.path(), &["test"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("9 tests, 0 failed"), "{}", ran.out);
    assert!(ran.err.contains("the dataset `calls` has no column `wait`"), "{}", ran.err);
    // Everything else works on: only `check` and `test` fail.
    succeeded(folder.path(), &["schedule"]);
    assert_eq!(run(folder.path(), &["check", "--offline"]).code, 1);
}
