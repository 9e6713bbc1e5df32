//! The measured numbers as a page: every group of every data block as it came, and how fresh the data are. For people who
//! write templates and rules.

use super::shell::document;
use crate::kpi::{GroupedResult, KeyPart, Reading, Snapshot};
use crate::pipeline::Measurement;
use crate::report::charts::escape;

/// No more groups of one result than this are shown; there may be as many as rows in the database.
const MOST_GROUPS: usize = 2_000;

/// The page.
pub(super) fn page(measured: &Measurement) -> String {
    let mut body = of(&measured.current, &measured.period.label);
    if let Some(previous) = &measured.previous {
        body.push_str(&of(previous, "compared with"));
    }
    for (block, trend) in &measured.trends {
        body.push_str(&of(trend, block));
    }
    document("data", &format!("<main class=\"data\">\n{body}</main>"))
}

fn of(snapshot: &Snapshot, heading: &str) -> String {
    let mut made = format!("<h1>{}</h1>\n<p>{} to {}</p>\n", escape(heading), snapshot.window.from, snapshot.window.to);
    for (dataset, freshness) in &snapshot.freshness {
        let newest = freshness.newest.map(|newest| format!(", the newest of {newest}")).unwrap_or_default();
        made.push_str(&format!("<p>{}: {} rows{newest}</p>\n", escape(dataset), freshness.rows));
    }
    made.extend(snapshot.results.iter().map(table));
    made
}

fn table(result: &GroupedResult) -> String {
    let by: Vec<&str> = result.by.iter().map(|grouping| grouping.name()).collect();
    let caption = if by.is_empty() { "total".to_owned() } else { format!("by {}", by.join(", ")) };
    let headings = by.iter().copied().chain(result.kpis.iter().map(String::as_str));
    let headings: String = headings.map(|name| format!("<th scope=\"col\">{}</th>", escape(name))).collect();
    let row = |(key, readings): (&Vec<KeyPart>, &Vec<Reading>)| {
        let key: String =
            key.iter().map(|part| format!("<th scope=\"row\">{}</th>", escape(&part_text(part)))).collect();
        let readings: String = readings.iter().map(|reading| format!("<td>{}</td>", escape(&value(reading)))).collect();
        format!("<tr>{key}{readings}</tr>\n")
    };
    let rows: String = result.groups.iter().take(MOST_GROUPS).map(row).collect();
    let left_out = result.groups.len().saturating_sub(MOST_GROUPS);
    let left_out = if left_out > 0 { format!("<p>and {left_out} more groups</p>\n") } else { String::new() };
    format!(
        "<table><caption>{}</caption><thead><tr>{headings}</tr></thead>\n<tbody>{rows}</tbody></table>\n{left_out}",
        escape(&caption)
    )
}

fn part_text(part: &KeyPart) -> String {
    match part {
        KeyPart::Text(text) => text.clone(),
        KeyPart::NoValue => "—".to_owned(),
        KeyPart::Hour(instant) => instant.to_rfc3339(),
        KeyPart::Date(day) => day.to_string(),
        KeyPart::Number(number) => number.to_string(),
    }
}

fn value(reading: &Reading) -> String {
    match reading {
        Reading::Value(value) => value.to_string(),
        Reading::NoData => "no data".to_owned(),
        Reading::Failed(reason) => format!("failed: {reason}"),
    }
}
