//! The function reference in `docs/` says what the program says. `UPDATE_GOLDEN=1` writes it anew.

use std::path::Path;

use super::program::succeeded;

#[test]
fn the_function_reference_is_up_to_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("docs/functions.md");
    let told = succeeded(root, &["functions", "--markdown"]);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &told).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == told, "docs/functions.md is out of date: run `callbrief functions --markdown > docs/functions.md`");
}

#[test]
fn a_function_that_nobody_knows_is_answered_by_the_nearest() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let ran = super::program::run(root, &["functions", "servise_level"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_eq!(ran.err, "error: there is no function `servise_level`\nhelp: did you mean `service_level`?\n");
    assert!(succeeded(root, &["functions", "service_level"]).starts_with("service_level(threshold, method)\n"));
}
