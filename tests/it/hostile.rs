//! What callers and files may hold, and broken rules: the process lives, says what is wrong, and everything else stays
//! as it was.

use std::path::Path;
use std::process::Command;

use super::letters::Letter;
use super::program::{Ran, copy, kpi_groups, run, succeeded};

const NAMES: [&str; 9] = [
    "<script>alert(1)</script>",
    "\"quoted\", 'single' & more",
    "a\r\nBcc: victim@example.org",
    "🚒 Rettung",
    "{{ 7 * 7 }} {% raw %}",
    "| a | b | ```",
    "[link](javascript:alert(1)) **bold**",
    "Очередь\u{202e}txt.exe",
    "LONG",
];

/// A workspace whose calls of one day come in queues of these names, two in each.
async fn workspace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy("tests/workspaces/small", folder.path());
    let mut calls = String::from("started_at,queue,answered,wait_s\n");
    for (hour, name) in NAMES.iter().enumerate() {
        let name = name.replace("LONG", &"x".repeat(10_000)).replace('"', "\"\"");
        for minute in [10, 50] {
            calls.push_str(&format!("2026-11-22 {:02}:{minute}:00,\"{name}\",yes,5\n", hour + 9));
        }
    }
    let file = folder.path().join("calls.csv");
    std::fs::write(&file, calls).unwrap();
    succeeded(folder.path(), &["import", file.to_str().unwrap(), "--table=calls"]);
    // An import makes all line ends alike; a telephony system would not.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("calls.db"));
    let mut database = sqlx::ConnectOptions::connect(&options).await.unwrap();
    sqlx::query("UPDATE calls SET queue = replace(queue, char(10), char(13, 10))")
        .execute(&mut database)
        .await
        .unwrap();
    folder
}

fn add(file: &Path, text: &str) {
    let old = std::fs::read_to_string(file).unwrap_or_default();
    std::fs::write(file, old + text).unwrap();
}

const DAY: [&str; 2] = ["--period", "2026-11-22"];

#[tokio::test]
async fn names_stay_names() {
    let folder = workspace().await;
    let workspace = folder.path();
    let out = workspace.join("out");
    let report = ["report", "daily", "--send", "--to=x@example.org", "--out", out.to_str().unwrap()];
    let told = succeeded(workspace, &[&report[..], &DAY].concat());
    let path = told.lines().find_map(|line| line.strip_prefix("sent x@example.org: ")).unwrap();
    let letter = Letter::read(&std::fs::read(path).unwrap());
    assert!(letter.headers["Bcc"].is_null(), "{}", letter.headers);
    let page = std::fs::read_to_string(out.join("daily-2026-11-22.html")).unwrap();
    for html in [page.as_str(), letter.text("text/html")] {
        assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script"), "{html:.3000}");
        assert!(html.contains("{{ 7 * 7 }}") && html.contains("🚒 Rettung") && !html.contains("href=\"javascript"));
        assert!(!html.contains('\u{202e}'), "text that runs the other way");
    }
    let pdf = out.join("daily-2026-11-22.pdf");
    let text = Command::new("pdftotext").arg("-layout").arg(pdf).arg("-").output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    for name in ["<script>alert(1)</script>", "{{ 7 * 7 }}", "| a | b |", "Очередьtxt.exe", "xxx…"] {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
    let by_queue = kpi_groups(workspace, &[&DAY[..], &["--by=queue", "offered"]].concat());
    let mut found: Vec<&str> = by_queue.iter().map(|(group, _)| group["queue"].as_str().unwrap()).collect();
    found.retain(|name| NAMES.contains(name));
    assert_eq!(found.len(), NAMES.len() - 1, "all but the long one, unchanged: {found:?}");
    let table = succeeded(workspace, &[&["kpi"], &DAY[..], &["--by=queue"]].concat());
    assert!(table.lines().count() == NAMES.len() + 3 && !table.contains('\r'), "{table}");
}

#[tokio::test]
async fn broken_rules_fail_alone() {
    let folder = workspace().await;
    let workspace = folder.path();
    add(
        &workspace.join("rules/kpis/calls.yaml"),
        "  endless: { dataset: calls, unit: number, formula: \"let n = 0; loop { n += 1; } n\" }\n  \
         huge: { dataset: calls, unit: number, formula: \"let s = `x`; while true { s += s; } count()\" }\n  \
         lost: { dataset: lost, unit: count, formula: count() }\n  \
         misspelt: { dataset: calls, unit: count, formla: count() }\n  \
         mistyped: { dataset: calls, unit: count, formula: count(), target: soon }\n  \
         nowhere: { dataset: cals, unit: count, formula: count() }\n  \
         dependent: { unit: number, formula: misspelt * 2 }\n",
    );
    let dataset = std::fs::read_to_string(workspace.join("rules/datasets/calls.yaml")).unwrap();
    let lost = dataset.replace("dataset: calls", "dataset: lost").replace("FROM calls", "FROM nowhere");
    add(&workspace.join("rules/datasets/lost.yaml"), &lost);
    let check = run(workspace, &["check"]);
    assert_eq!(check.code, 1, "{}", check.out);
    for told in [
        "takes too many steps",
        "texts cannot be joined",
        "rules/kpis/calls.yaml:17:",
        "rules/kpis/calls.yaml:16:",
        "no such table: nowhere",
        "rules/datasets/lost.yaml:4:",
        "there is no key `formla` in a KPI",
        "did you mean `formula`?",
        "rules/kpis/calls.yaml:20:",
        "did you mean `calls`?",
    ] {
        assert!(check.out.contains(told), "{told:?} is not in\n{}", check.out);
    }
    let ran = run(workspace, &[&["kpi", "--json"], &DAY[..]].concat());
    assert_eq!(ran.code, 1, "{}", ran.err);
    let answer: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let kpis = &answer["groups"][0]["kpis"];
    assert_eq!(kpis["offered"]["value"].as_f64(), Some(18.0));
    assert_eq!(kpis["service_level"]["value"].as_f64(), Some(100.0));
    for broken in ["endless", "huge", "lost", "misspelt", "mistyped", "nowhere", "dependent"] {
        assert!(kpis[broken]["value"].is_null() && kpis[broken]["error"].is_string(), "{kpis}");
    }
    let report: Ran = run(workspace, &[&["report", "daily", "--send", "--to=x@example.org"], &DAY[..]].concat());
    assert_eq!(report.code, 0, "a report without broken parts goes out: {}", report.err);
}

#[tokio::test]
async fn a_database_that_is_gone_is_told() {
    let folder = workspace().await;
    let workspace = folder.path();
    std::fs::remove_file(workspace.join("calls.db")).unwrap();
    let missing = "calls.db` of source `pbx` does not exist";
    let kpi = run(workspace, &[&["kpi", "offered"], &DAY[..]].concat());
    assert!(kpi.code == 1 && kpi.out.split_whitespace().collect::<Vec<_>>().join(" ").contains(missing), "{}", kpi.out);
    let report = run(workspace, &[&["report", "daily", "--send", "--to=x@example.org"], &DAY[..]].concat());
    assert!(report.code == 2 && report.err.contains(missing), "{}", report.err);
    let runs = succeeded(workspace, &["runs"]);
    assert!(runs.contains("daily 2026-11-22  failed (manual") && runs.contains(missing), "{runs}");
    std::fs::write(workspace.join("calls.db"), "this is no database").unwrap();
    let check = run(workspace, &["check"]);
    assert!(check.code == 1 && check.out.contains("file is not a database"), "{}{}", check.out, check.err);
}
