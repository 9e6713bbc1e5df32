//! What a newcomer sees first: `callbrief demo`. The same seed and date give the same bytes, and the numbers of mail,
//! page, PDF and `kpi` are those that plain SQL finds in the call database.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};

use super::letters::Letter;
use super::program::{kpi_total, succeeded};

/// Runs the demo in a folder and gives what it printed.
fn demo(folder: &Path, language: &str) -> String {
    let target = folder.to_str().unwrap();
    let told = succeeded(folder, &["demo", target, "--until", "2026-11-23", "--weeks", "3", "--language", language]);
    told.replace(target, "DEMO")
}

/// The call database and every rendered file by name.
fn products(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut products = BTreeMap::from([("calls.db".to_owned(), std::fs::read(folder.join("calls.db")).unwrap())]);
    for inside in ["outbox", "reports"] {
        for entry in std::fs::read_dir(folder.join(inside)).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{inside}/{}", entry.file_name().to_str().unwrap());
            products.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
    products
}

fn pdf_text(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let output = Command::new("pdftotext").arg("-raw").arg(file.path()).arg("-").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Without spaces of any kind: where lines break and digits are grouped is another test's business.
fn tight(text: &str) -> String {
    text.replace("&nbsp;", " ").chars().filter(|letter| !letter.is_whitespace()).collect()
}

/// Every text stands in the other, each behind the one before.
fn assert_in_order(text: &str, wanted: &[String], whose: &str) {
    let text = tight(text);
    let mut from = 0;
    for part in wanted.iter().map(|part| tight(part)) {
        let Some(place) = text[from..].find(&part) else {
            panic!("{whose}: {part:?} is not behind place {from} of {text:.3000}");
        };
        from += place + part.len();
    }
}

struct Expected {
    offered: i64,
    answered: i64,
    within: i64,
}

/// The numbers of the week 2026-W47 in Moscow, by a statement of our own.
async fn counted(database: &Path) -> Expected {
    let mut connection = SqliteConnectOptions::new().filename(database).read_only(true).connect().await.unwrap();
    let row = sqlx::query(
        "SELECT COUNT(*), SUM(answered), SUM(answered AND wait_s <= 20) FROM calls \
         WHERE offered AND started_at BETWEEN '2026-11-15 21:00:00' AND '2026-11-22 20:59:59'",
    )
    .fetch_one(&mut connection)
    .await
    .unwrap();
    Expected { offered: row.get(0), answered: row.get(1), within: row.get(2) }
}

async fn check(language: &str, title: &str, tiles: [&str; 3], alert: &str, decimal: char) {
    let (first, second) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let folder = first.path();
    let told = demo(folder, language);
    assert_eq!(told, demo(second.path(), language), "what is printed");
    let (products, again) = (products(folder), products(second.path()));
    let names: Vec<&str> = products.keys().map(String::as_str).collect();
    let named = |ending: &str| *names.iter().find(|name| name.ends_with(ending)).expect(ending);
    let (message, html, pdf, text) = (named(".eml"), named(".html"), named(".pdf"), named(".txt"));
    assert!(message.starts_with("outbox/weekly.2026-W47.1."), "{names:?}");
    assert_eq!((html, pdf), ("reports/weekly-2026-W47.html", "reports/weekly-2026-W47.pdf"));
    assert!(named(".xlsx").starts_with("reports/") && named("by_queue.csv").starts_with("reports/"), "{names:?}");
    for (name, bytes) in &products {
        assert!(again.get(name) == Some(bytes), "{name} has other bytes the second time");
    }
    assert!(names[1..].iter().all(|name| told.contains(&format!("DEMO/{name}"))), "{told}");

    let expected = counted(&folder.join("calls.db")).await;
    assert!(expected.offered > 5_000 && expected.answered < expected.offered, "a week of calls");
    let share = 100.0 * expected.within as f64 / expected.offered as f64;
    let period = ["--period", "2026-W47", "offered", "answered", "service_level"];
    let values = kpi_total(folder, &period);
    assert_eq!(values["offered"]["value"].as_f64(), Some(expected.offered as f64));
    assert_eq!(values["answered"]["value"].as_f64(), Some(expected.answered as f64));
    assert_eq!(values["service_level"]["value"].as_f64(), Some(share));

    let [service_level, offered, answered] = tiles;
    let share = format!("{share:.1}%").replace('.', &decimal.to_string());
    let group = if decimal == '.' { "," } else { "" };
    let count = format!("{}{group}{:03}", expected.offered / 1_000, expected.offered % 1_000);
    let numbers = [title, service_level, &share, offered, &count].map(str::to_owned);
    assert_in_order(&pdf_text(&products[pdf]), &numbers, "the PDF");
    let utf8 = |name: &str| String::from_utf8(products[name].clone()).unwrap();
    assert_in_order(&utf8(text), &numbers, "the text");
    assert_in_order(&utf8(html), &[title, alert].map(str::to_owned), "the page");
    assert_in_order(&utf8(html), &[service_level, &share].map(str::to_owned), "the page");
    assert_in_order(&utf8(html), &[offered, &count].map(str::to_owned), "the page");
    let answers = format!("{}{group}{:03}", expected.answered / 1_000, expected.answered % 1_000);
    assert_in_order(&told, &[answered.to_owned(), answers], "the table");
    assert_in_order(&told, &[offered.to_owned(), count.clone()], "the table");

    let letter = Letter::read(&products[message]);
    assert_eq!(
        letter.types(),
        [
            "multipart/mixed",
            "multipart/alternative",
            "text/plain",
            "multipart/related",
            "text/html",
            "image/png",
            "image/png",
            "image/png",
            "image/png",
            "image/png",
            "image/png",
            "image/png",
            "image/png",
            "image/png",
            "application/pdf",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ]
    );
    assert!(letter.headers["Subject"].as_str().unwrap().starts_with(title), "{}", letter.headers["Subject"]);
    assert_in_order(letter.text("text/plain"), &numbers, "the mail's text");
    let body = letter.text("text/html");
    assert_in_order(body, &[service_level, &share].map(str::to_owned), "the mail's body");
    assert_in_order(body, &[offered, &count].map(str::to_owned), "the mail's body");
    assert!(body.len() < 80_000, "mail programs cut bodies of {} bytes", body.len());
    for id in letter.picture_ids() {
        assert!(body.contains(&format!("cid:{id}")), "the picture {id} is not shown");
    }
    assert!(letter.bytes("image/png").starts_with(b"\x89PNG"));
    assert_eq!(letter.file("application/pdf"), ("weekly-2026-W47.pdf", "attachment"));
    assert!(letter.bytes("application/pdf") == products[pdf], "the PDF attached is the PDF written");

    assert!(succeeded(folder, &["check"]).starts_with("no mistakes:"));
}

#[tokio::test]
async fn the_demo_in_english() {
    check(
        "en",
        "Weekly call-centre report",
        ["Service level", "Calls offered", "Calls answered"],
        "Service level is low (critical)",
        '.',
    )
    .await;
}

#[tokio::test]
async fn the_demo_in_russian() {
    let tiles = ["Уровень сервиса", "Поступило звонков", "Принято звонков"];
    check("ru", "Еженедельный отчёт колл-центра", tiles, "Низкий уровень сервиса (критично)", ',').await;
}
