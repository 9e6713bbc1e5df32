//! What 500 KPIs cost: reading and checking them, and evaluating them without the database's part.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use callbrief::kpi::{Evaluation, EvaluationRequest, Question, Reach, Step};
use callbrief::pipeline::{Workspace, prepare};
use callbrief::source::{Dialect, Rows, Value};
use callbrief::time::{Frame, Period};
use callbrief::workspace::Grouping;
use chrono_tz::Europe::Moscow;

use crate::{Failure, median};

const KPIS: usize = 500;

pub(crate) async fn measure() -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    callbrief::workspace::embedded::write_to(folder.path(), callbrief::workspace::embedded::Existing::Replace)?;
    std::fs::write(folder.path().join("rules/kpis/many.yaml"), many())?;
    let mut times = Vec::new();
    let mut prepared = None;
    for _ in 0..11 {
        let start = Instant::now();
        prepared = Some(prepare(folder.path(), &BTreeMap::new(), "2026-11-23T00:00:00Z".parse()?));
        times.push(start.elapsed());
    }
    let prepared = prepared.ok_or("nothing was prepared")?;
    let told: Vec<&str> = prepared.diagnostics.iter().map(|told| told.message.as_str()).collect();
    if !told.is_empty() {
        return Err(told.join("; ").into());
    }
    let workspace = prepared.workspace.ok_or("the workspace has mistakes")?;
    println!("500 KPIs: read and checked in {:.0} ms", milliseconds(median(times)));
    for (by, groups) in [(None, 1), (Some("queue"), 6), (Some("agent"), 40)] {
        let mut times: Vec<Duration> = (0..11).map(|_| evaluated(&workspace, by, groups)).collect::<Result<_, _>>()?;
        times.sort();
        println!(
            "500 KPIs: evaluated for {groups} groups in {:.1} ms besides the database",
            milliseconds(median(times))
        );
    }
    Ok(())
}

/// Everything an evaluation does but wait for the database; the rows are made up.
fn evaluated(workspace: &Workspace, by: Option<&str>, groups: i64) -> Result<Duration, Failure> {
    let first = "2026-11-16".parse()?;
    let period = Period::of_days(first, first + chrono::Days::new(6), Moscow);
    let question = Question {
        by: by.into_iter().map(Grouping::parse).collect(),
        kpis: (0..KPIS).map(|index| format!("many_{index}")).collect(),
        ..Question::default()
    };
    let mut paused = Duration::ZERO;
    let start = Instant::now();
    let request = EvaluationRequest {
        frame: Frame::Period(period),
        questions: vec![question],
        dialects: BTreeMap::from([("pbx".to_owned(), Ok(Dialect::Sqlite))]),
        reach: Reach::Everything,
    };
    let mut evaluation = Evaluation::new(&workspace.kpis, &workspace.catalog, request);
    while let Step::Fetch(fetches) = evaluation.step() {
        let pause = Instant::now();
        let answers: Vec<_> = fetches.iter().map(|fetch| (fetch.id, made_up(&fetch.statement.sql, groups))).collect();
        paused += pause.elapsed();
        for (id, rows) in answers {
            evaluation.supply(id, Ok(rows));
        }
    }
    let snapshot = evaluation.finish();
    let time = start.elapsed() - paused;
    let values = snapshot.results[0].groups.values().flatten().filter(|reading| reading.number().is_some()).count();
    if values < KPIS * groups as usize {
        return Err(format!("only {values} values of {} groups", snapshot.results[0].groups.len()).into());
    }
    Ok(time)
}

/// As many groups and columns as the statement asks for.
fn made_up(sql: &str, groups: i64) -> Rows {
    let list = sql.split("\nFROM").next().unwrap_or_default();
    let columns = list.split(",\n").count();
    let grouped = sql.contains("GROUP BY");
    let row = |group: i64| {
        let key = grouped.then(|| Value::Text(format!("group {group}")));
        let numbers = columns - usize::from(grouped);
        key.into_iter().chain((0..numbers as i64).map(|place| Value::Integer(100 + place % 7 + group))).collect()
    };
    Rows { columns: Vec::new(), rows: (0..groups).map(row).collect() }
}

/// KPIs as a workspace has them: counts, shares, means, KPIs of KPIs; with different thresholds.
fn many() -> String {
    let mut yaml = "kpis:\n".to_owned();
    for index in 0..KPIS {
        let seconds = index / 10 + 5;
        let formula = match index % 10 {
            0 => format!("count(wait_s <= {seconds})"),
            1 => format!("percent(count(answered and wait_s <= {seconds}), count())"),
            2 => format!("avg(wait_s, answered and wait_s <= {seconds})"),
            3 => format!("avg(talk_s + hold_s + wrap_s, answered and talk_s > {seconds})"),
            4 => format!("let first = count(answered and wait_s > {seconds}); percent(first, count(answered))"),
            5 => format!("max(wait_s, talk_s > {seconds}) - min(wait_s)"),
            6 => format!("percent(count(csat >= 4 and wait_s <= {seconds}), count(csat >= 1))"),
            7 => format!("if count() > {seconds} {{ count(answered) / count() }} else {{ 0 }}"),
            8 => format!("sum(talk_s, queue in [\"A\", \"B\"] and wait_s > {seconds}) / 3600"),
            _ => format!("many_{} + many_{}", index - 9, index - 8),
        };
        let dataset = if index % 10 == 9 { "" } else { "dataset: calls, " };
        // Infallible: a String takes everything.
        let _ = writeln!(
            yaml,
            "  many_{index}: {{ {dataset}unit: number, title: {{ en: Many {index} }}, formula: '{formula}' }}"
        );
    }
    yaml
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
