//! How long it takes to import a million calls from a CSV file, and to generate the demo's quarter of a year.
//! `cargo bench --bench import`; what was measured is printed, nothing is asserted.
#![expect(clippy::print_stdout, reason = "a bench tells what it measured")]

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use callbrief::demo::{DemoPlan, Stage, generate};
use callbrief::import::{BadRows, Delimiter, Existing, ImportRequest, import};
use callbrief::locale::Language;

const ROWS: u32 = 1_000_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    time_import(folder.path()).await?;
    time_demo(folder.path()).await
}

async fn time_import(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let file = folder.join("calls.csv");
    std::fs::write(&file, calls())?;
    let request = ImportRequest {
        file: file.clone(),
        table: "calls".to_owned(),
        database: folder.join("imported.db"),
        delimiter: Delimiter::Auto,
        columns: Vec::new(),
        bad_rows: BadRows::Refuse,
        existing: Existing::Refuse,
        zone: None,
    };
    let start = Instant::now();
    let summary = import(&request, &mut |_| ()).await?;
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = std::fs::metadata(&file)?.len() as f64 / 1e6;
    let columns = summary.columns.len();
    println!("import: {} rows of {columns} columns, {megabytes:.0} MB, in {seconds:.2} s", summary.rows);
    Ok(())
}

async fn time_demo(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let plan = DemoPlan {
        seed: 1,
        until: "2026-11-23".parse()?,
        zone: chrono_tz::Europe::Moscow,
        weeks: 13,
        language: Language::Russian,
    };
    let path = folder.join("demo.db");
    let start = Instant::now();
    let mut played = start;
    let summary = generate(&plan, &path, &mut |progress| {
        if progress.stage == Stage::Calling {
            played = Instant::now();
        }
    })
    .await?;
    let (seconds, playing) = (start.elapsed().as_secs_f64(), (played - start).as_secs_f64());
    let megabytes = std::fs::metadata(&path)?.len() as f64 / 1e6;
    let rows = summary.calls + summary.activity;
    println!("demo: {rows} rows, {megabytes:.0} MB, in {seconds:.2} s, of which {playing:.2} s playing the days");
    Ok(())
}

/// Rows as a telephony system exports them; the figures are a pattern, for only their width matters here.
fn calls() -> String {
    let mut text = "Call Id,Agent,Date,Time,Queue,Answered,Resolved,Wait,Talk,Rating\n".to_owned();
    for row in 0..ROWS {
        let (day, second) = (row / 12_000 % 28 + 1, row * 7 % 86_400);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        let answered = if row % 19 == 0 { "N" } else { "Y" };
        let (wait, talk) = (row % 125, row % 420);
        let _ = writeln!(
            text,
            "ID{row:07},Agent {},2026-10-{day:02},{hour:02}:{minute:02}:{second:02},Queue {},{answered},Y,{wait},\
             00:{:02}:{:02},{}",
            row % 40,
            row % 6,
            talk / 60,
            talk % 60,
            row % 5 + 1,
        );
    }
    text
}
