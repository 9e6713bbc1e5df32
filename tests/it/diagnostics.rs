//! What users are told about their mistakes. Each folder of `tests/diagnostics/` is one case: its files are laid over
//! those of `good/`, and `expected.txt` is what is told. `UPDATE_GOLDEN=1` writes the expectations anew: read them.
//!
//! `remove.txt` lists files of `good/` that the case does without, `environment.txt` variables as `NAME=value`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use callbrief::diagnostics::{Diagnostic, Severity, Span, Style, render_text};
use callbrief::pipeline::prepare;
use callbrief::workspace;

/// Files of a case that are no part of its workspace.
const ABOUT_THE_CASE: [&str; 3] = ["expected.txt", "remove.txt", "environment.txt"];

#[test]
fn every_mistake_is_told_as_expected() {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in folders(&cases) {
        let told = told(&cases.join("good"), &case);
        let expected = case.join("expected.txt");
        if update {
            fs::write(&expected, &told).expect("the expectation can be written");
        }
        if fs::read_to_string(&expected).unwrap_or_default() != told {
            wrong.push(format!("{}:\n{told}", case.display()));
        }
        count += 1;
    }
    assert!(count > 40, "only {count} cases found");
    assert!(wrong.is_empty(), "{} of {count} cases differ:\n{}", wrong.len(), wrong.join("\n"));
}

/// The rendered diagnostics of a case, with the temporary folder's name taken out.
fn told(good: &Path, case: &Path) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    copy(good, folder.path());
    copy(case, folder.path());
    for name in lines(&case.join("remove.txt")) {
        fs::remove_file(folder.path().join(name)).expect("a file of good/");
    }
    let environment: BTreeMap<_, _> = lines(&case.join("environment.txt"))
        .iter()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let loaded = workspace::load(folder.path(), &environment);
    // Mistakes in rule tests hurt nothing but them.
    let is_of_a_test = |span: &Span| span.file.path.starts_with("rules/tests/");
    let hurts = |diagnostic: &Diagnostic| {
        diagnostic.severity == Severity::Error && !diagnostic.span.as_ref().is_some_and(is_of_a_test)
    };
    let has_errors = loaded.diagnostics.iter().any(hurts);
    let is_hurt = loaded.catalog.is_none_or(|catalog| !catalog.faulty_kpis.is_empty());
    assert_eq!(is_hurt, has_errors, "{}: a whole catalog exactly when there is no error", case.display());
    // A Wednesday in November, when the clocks of Moscow and Berlin stand still.
    let now = "2026-11-18T12:00:00Z".parse().expect("an instant");
    let prepared = prepare(folder.path(), &environment, now);
    let told = render_text(&prepared.diagnostics, Style::Plain);
    assert!(!told.contains("hunter2"), "{}: the password is told", case.display());
    told.replace(&folder.path().display().to_string(), "WORKSPACE")
}

fn folders(path: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<_> = fs::read_dir(path).expect("cases").map(|entry| entry.expect("a case").path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder");
            copy(&entry.path(), &target);
        } else if !ABOUT_THE_CASE.iter().any(|name| entry.file_name() == *name) {
            fs::copy(entry.path(), &target).expect("a copy");
        }
    }
}
