//! Whole reports from hand-made snapshots: the shipped weekly template in both languages, and everything that can be
//! wrong with a template or with the data.

use std::collections::BTreeMap;

use chrono_tz::Tz;

use super::document::{Block, Cell, Document, ExplainedPart, Status, Trend, plain_text};
use super::samples::{catalog, data, folder, instant, period, report, snapshot};
use super::*;
use crate::alert::Episode;
use crate::diagnostics::{Code, Diagnostic};
use crate::kpi::Snapshot;
use crate::locale::Language;
use crate::time::Period;
use crate::workspace::{Catalog, DataDefinition, ReportDefinition};

mod content;
mod documentation;
mod headlines;

/// A report's parts, so that tests can change one before they build.
struct Case {
    catalog: Catalog,
    report: ReportDefinition,
    template: Template,
    period: Period,
    current: Snapshot,
    previous: Option<Snapshot>,
    trends: BTreeMap<String, Snapshot>,
    episodes: Vec<Episode>,
    language: Language,
}

type Answers<'a> = &'a [&'a [(&'a str, &'a str)]];

impl Case {
    fn new(files: &[(&str, &str)], data: Vec<DataDefinition>, current: Answers<'_>, previous: Answers<'_>) -> Self {
        let (catalog, report) = (catalog(), report(data));
        let template = compile_template(&folder(files)).expect("the template is right");
        let period = period("2026-11-16", "2026-11-22", Tz::Europe__Moscow);
        let questions = questions(&report, &template, &catalog);
        let current = snapshot(&questions, &period, current);
        let previous = (!previous.is_empty()).then(|| snapshot(&questions, &period.previous(), previous));
        let language = Language::English;
        let (trends, episodes) = (BTreeMap::new(), Vec::new());
        Self { catalog, report, template, period, current, previous, trends, episodes, language }
    }

    fn request(&self) -> BuildRequest<'_> {
        BuildRequest {
            report: &self.report,
            template: &self.template,
            catalog: &self.catalog,
            period: &self.period,
            current: &self.current,
            previous: self.previous.as_ref(),
            trends: &self.trends,
            episodes: &self.episodes,
            language: self.language,
            run_at: instant("2026-11-23T05:00:00Z"),
            notices: &[],
        }
    }

    fn build(&self) -> Document {
        build(&self.request()).expect("the report is right")
    }
}

fn weekly() -> Case {
    let files = [
        ("report.md", include_str!("../../report-templates/weekly/report.md")),
        ("subject.txt", include_str!("../../report-templates/weekly/subject.txt")),
    ];
    let blocks = vec![
        data("by_day", "day", "offered service_level", None, None),
        data("by_queue", "queue", "offered service_level aht", Some("service_level"), Some(3)),
        data("by_weekday_and_hour", "weekday hour_of_day", "offered", None, None),
        data("by_agent", "agent", "answered aht csat", Some("aht"), None),
    ];
    Case::new(
        &files,
        blocks,
        &[
            &[("", "10482 78.2 31.4 252 6.1 4.51 9800")],
            &[
                ("2026-11-16", "1900 74.5"),
                ("2026-11-17", "1800 79.96"),
                ("2026-11-18", "1700 81.0"),
                ("2026-11-20", "1650 80.2"),
                ("2026-11-21", "900 83.0"),
            ],
            &[
                ("Sales", "5000 84.0 240"),
                ("Billing", "3000 61.0 310"),
                ("Night", "12 10.0 100"),
                ("-", "470 - -"),
                ("Support", "2000 79.0 229"),
            ],
            &[("1 / 8", "900"), ("1 / 9", "1480"), ("5 / 11", "1400")],
            &[("Иванова А.", "400 260 4.4"), ("O'Neil <b>", "300 241 4.8")],
        ],
        &[
            &[("", "9800 81.3 28.0 252 6.1 - 9200")],
            &[("2026-11-09", "1850 80.0"), ("2026-11-12", "1500 82.0")],
            &[("Billing", "2900 70.0 300"), ("Closed line", "40 90.0 200")],
            &[("1 / 9", "1300"), ("6 / 18", "20")],
            &[("Иванова А.", "390 255 4.5")],
        ],
    )
}

/// A document as text, one line for each thing a reader sees.
fn outline(document: &Document) -> String {
    let mut lines = vec![
        format!("title    {} | {}", document.title, document.subtitle),
        format!("mail     {}", document.preheader),
    ];
    let mark = |status: Status| match status {
        Status::Good => "✓",
        Status::Near => "~",
        Status::Bad => "✗",
        Status::Neutral => "",
    };
    let cells = |cells: &[Cell]| {
        let bar = |share: Option<f64>| share.map(|share| format!(" [{share:.2}]")).unwrap_or_default();
        let cell = |cell: &Cell| format!("{}{}{}", cell.text, mark(cell.status), bar(cell.share));
        cells.iter().map(cell).collect::<Vec<_>>().join(" | ")
    };
    for block in &document.blocks {
        match block {
            Block::Heading { level, text } => {
                lines.push(format!("{} {}", "#".repeat(usize::from(*level)), plain_text(text)))
            }
            Block::Headline(headline) => {
                lines.push(format!("first    {}{}", plain_text(&headline.text), mark(headline.status)));
                lines.extend(headline.remark.iter().map(|remark| format!("         {remark}")));
            }
            Block::Paragraph(text) => lines.push(plain_text(text)),
            Block::Note(text) => lines.push(format!("note     {}", plain_text(text))),
            Block::PageBreak => lines.push("page".to_owned()),
            Block::Explained(explained) => {
                for kpi in &explained.kpis {
                    let target = kpi.target.as_ref().map(|target| format!(" ({target})")).unwrap_or_default();
                    lines.push(format!("explain  {} = {}{target}", kpi.title, kpi.value));
                    lines.extend(kpi.definition.iter().chain(&kpi.formula).map(|line| format!("         {line}")));
                    let part =
                        |part: &ExplainedPart| format!("         - {} = {}: {}", part.what, part.value, part.origin);
                    lines.extend(kpi.parts.iter().map(part));
                }
                lines.extend(explained.facts.iter().map(|(name, fact)| format!("fact     {name}: {fact}")));
            }
            Block::List { items, .. } => lines.extend(items.iter().map(|item| format!("- {}", plain_text(item)))),
            Block::Tiles(tiles) => lines.extend(tiles.iter().map(|tile| {
                let target = tile.target.as_deref().unwrap_or("");
                let change = tile.change.as_ref().map(|change| {
                    let arrow = match change.trend {
                        Trend::Up => "↑",
                        Trend::Down => "↓",
                        Trend::Flat => "=",
                    };
                    format!("{arrow} {}{}", change.text, mark(change.status))
                });
                let change = change.unwrap_or_default();
                let course = tile.sparkline.as_ref().map(|line| format!(" | {} points", line.values.len()));
                let course = course.unwrap_or_default();
                format!("tile     {} | {}{} | {target} | {change}{course}", tile.title, tile.value, mark(tile.status))
            })),
            Block::Table(table) => {
                let titles: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
                lines.extend(table.caption.iter().map(|caption| format!("caption  {caption}")));
                lines.push(format!("table    {}", titles.join(" | ")));
                lines.extend(table.rows.iter().map(|row| format!("         {}", cells(row))));
                lines.extend(table.total.iter().map(|row| format!("total    {}", cells(row))));
                lines.extend(table.omitted.iter().map(|omitted| format!("omitted  {omitted}")));
            }
            Block::Chart(chart) => {
                let target = chart.target.as_ref().map(|target| target.label.as_str()).unwrap_or("");
                lines.push(format!(
                    "chart    {:?} {} | {target} | {}",
                    chart.kind,
                    chart.title,
                    chart.categories.join(", ")
                ));
                lines.extend(chart.series.iter().map(|series| {
                    let values: Vec<String> = series
                        .values
                        .iter()
                        .map(|value| value.map_or_else(|| "·".to_owned(), |value| value.to_string()))
                        .collect();
                    format!("         {} {:?}: {}", series.name, series.role, values.join(" "))
                }));
                if !chart.statuses.is_empty() {
                    lines.push(format!(
                        "         {}",
                        chart.statuses.iter().map(|status| mark(*status)).collect::<Vec<_>>().join(" ")
                    ));
                }
                lines.push(format!("         {}", chart.alternative));
            }
        }
    }
    lines.extend(document.footnotes.iter().map(|note| format!("foot     {note}")));
    lines.join("\n")
}

fn shown(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let at = diagnostic.span.as_ref().expect("a place").position();
            format!(
                "{} {}:{} {} {}",
                diagnostic.code,
                at.line,
                at.column,
                diagnostic.message,
                diagnostic.hints.join(" ")
            )
        })
        .collect()
}

#[test]
fn the_weekly_report_in_english() {
    let case = weekly();
    insta::assert_snapshot!(outline(&case.build()));
    assert_eq!(subject(&case.request()).unwrap(), "Weekly report, week 47, 16–22 November 2026");
}

#[test]
fn the_weekly_report_in_russian() {
    let case = Case { language: Language::Russian, ..weekly() };
    insta::assert_snapshot!(outline(&case.build()));
}

#[test]
fn the_weekly_template_is_right_without_data() {
    let case = weekly();
    assert_eq!(check(&case.report, &case.template, &case.catalog, &case.period), Vec::new());
}

/// A report of `files` over one queue table, with the total `current` and the queue rows given.
fn small(report_md: &str, total: &str, queues: &[(&str, &str)]) -> Case {
    let blocks = vec![data("by_queue", "queue", "offered service_level", Some("service_level"), None)];
    Case::new(&[("report.md", report_md)], blocks, &[&[("", total)], queues], &[])
}

fn check_mistakes(report_md: &str, expected: &[&str]) {
    let case = small(report_md, "100 80", &[]);
    let found = shown(&build(&case.request()).expect_err("the report is wrong"));
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\nexpected {expected}");
    }
    let checked = check(&case.report, &case.template, &case.catalog, &case.period);
    assert!(checked.len() >= expected.len(), "a check finds them too: {checked:#?}");
}

#[test]
fn mistakes_have_places_and_hints() {
    check_mistakes(
        "a\n\n```kpis\n[offered, service_levle]\n```\n\n```table\n{data: by_queu}\n```\n",
        &[
            "CB203 4:11 no KPI is called `service_levle` did you mean `service_level`?",
            "CB207 8:8 the report `weekly` has no data block `by_queu` did you mean `by_queue`?",
        ],
    );
    check_mistakes(
        "```chart\n{kind: bar, data: by_queue, kpi: aht}\n```",
        &["CB203 2:34 the data block `by_queue` does not hold `aht` add `aht` to its `kpis:` in the report"],
    );
    check_mistakes(
        "```chart\n{kind: bar, data: by_queue, kpis: [offered, service_level]}\n```",
        &["CB503 2:45 `offered` and `service_level` have different units"],
    );
    check_mistakes(
        "x\n\n```table\ndata: by_queue\nlimt: 3\n```",
        &["CB503 5:1 the `table` block cannot be read: unknown field `limt`"],
    );
    check_mistakes(
        "```tabel\n{data: by_queue}\n```",
        &["CB503 1:4 no report block is called `tabel` did you mean `table`?"],
    );
    check_mistakes(
        "{{ kpi.service_levle.text }}",
        &["CB203 1:8 no KPI is called `service_levle` did you mean `service_level`?"],
    );
    check_mistakes(
        "{% for row in data.queues %}{% endfor %}",
        &["CB207 1:20 the report `weekly` has no data block `queues`"],
    );
    check_mistakes(
        "{{ periode.text }}",
        &["CB502 1:4 variable `periode` is not defined did you mean `period`? there are alerts, data, data_freshness,"],
    );
    check_mistakes("{{ kpi.offered.txt }}", &["CB502 1:16 field `txt` is not defined did you mean `text`?"]);
    check_mistakes(
        "```kpis\noffered\n```",
        &["CB503 2:1 the `kpis` block cannot be read: expected sequence start write it as"],
    );
    check_mistakes("{{ data.by_queue[0].name }}", &["CB502 1:4 "]);
}

#[test]
fn a_check_looks_into_loops_over_rows() {
    let case = small("{% for row in data.by_queue %}{{ row.kpi.oferred.text }}{% endfor %}", "100 80", &[]);
    assert!(build(&case.request()).is_ok());
    let found = shown(&check(&case.report, &case.template, &case.catalog, &case.period));
    assert_eq!(found, ["CB203 1:42 no KPI is called `oferred` did you mean `offered`?"]);
}

#[test]
fn values_cannot_become_markup() {
    let names =
        ["**x**", "<script>alert(1)</script>", "```kpis", "[a](javascript:x)", "a|b\r\nc", "😀", "\u{202e}evil"];
    let rows: Vec<(&str, &str)> = names.iter().map(|name| (*name, "50 70")).collect();
    let template = "```table\n{data: by_queue, total: false}\n```\n\n{% for row in data.by_queue %}\n{{ row.name }}\n\n{% endfor %}\n\n```note\n{{ data.by_queue[0].name }}\n```";
    let case = small(template, "500 70", &rows);
    let document = case.build();
    let Block::Table(table) = &document.blocks[0] else { panic!("not a table") };
    let mut shown: Vec<&str> = table.rows.iter().map(|row| row[0].text.as_str()).collect();
    let paragraphs: Vec<String> = document.blocks[1..8]
        .iter()
        .map(|block| if let Block::Paragraph(text) = block { plain_text(text) } else { panic!("{block:?}") })
        .collect();
    assert_eq!(shown, paragraphs);
    assert!(matches!(&document.blocks[8..], [Block::Note(_)]), "{:?}", &document.blocks[8..]);
    shown.sort_unstable();
    let mut expected =
        vec!["**x**", "<script>alert(1)</script>", "```kpis", "[a](javascript:x)", "a|b c", "😀", "evil"];
    expected.sort_unstable();
    assert_eq!(shown, expected);
    let long = "я".repeat(10_000);
    let document = small("```table\n{data: by_queue}\n```", "500 70", &[(&long, "50 70")]).build();
    let Block::Table(table) = &document.blocks[0] else { panic!("not a table") };
    assert_eq!(table.rows[0][0].text.chars().count(), 80);
}

#[test]
fn a_failed_kpi_is_told_and_the_rest_stays() {
    let case = small(
        "```kpis\n[offered, service_level]\n```\n\n```table\n{data: by_queue}\n```",
        "100 division_failed",
        &[("A", "60 division_failed"), ("B", "40 90")],
    );
    insta::assert_snapshot!(outline(&case.build()));
}

#[test]
fn a_period_without_calls_says_so_first() {
    let mut case = small(
        "# {{ report.title }}\n\n{{ headline }}\n\n```kpis\n[offered, service_level]\n```\n\n```table\n{data: by_queue}\n```",
        "0 -",
        &[],
    );
    for known in case.current.freshness.values_mut() {
        *known = crate::kpi::Freshness { rows: 0, newest: None };
    }
    insta::assert_snapshot!(outline(&case.build()));
}

#[test]
fn data_that_ends_earlier_than_usual_is_told() {
    let mut case = weekly();
    let before = case.build().blocks.len();
    for known in case.current.freshness.values_mut() {
        known.newest = Some(instant("2026-11-20T10:00:00Z"));
    }
    let document = case.build();
    assert_eq!(document.blocks.len(), before + 1);
    let Block::Note(note) = &document.blocks[0] else { panic!("{:?}", document.blocks[0]) };
    assert!(plain_text(note).starts_with("calls: data ends on 20 Nov 2026"), "{note:?}");
}

#[test]
fn a_week_with_a_clock_change_has_all_its_hours() {
    let blocks = vec![data("by_hour", "hour", "offered", None, None), data("by_day", "day", "offered", None, None)];
    let chart = |name: &str| format!("```chart\n{{kind: bar, data: {name}, kpi: offered}}\n```\n\n");
    let template = chart("by_hour") + chart("by_day").as_str();
    let mut case = Case::new(&[("report.md", &template)], blocks, &[&[("", "3")], &[], &[("2026-10-25", "3")]], &[]);
    case.period = period("2026-10-19", "2026-10-25", Tz::Europe__Berlin);
    let document = case.build();
    let categories: Vec<usize> = document
        .blocks
        .iter()
        .map(|block| if let Block::Chart(chart) = block { chart.categories.len() } else { panic!("{block:?}") })
        .collect();
    assert_eq!(categories, [7 * 24 + 1, 7]);
}

#[test]
fn hours_that_are_still_to_come_are_no_zeroes() {
    let blocks = vec![data("by_day", "day", "offered", None, None)];
    let template = "```chart\n{kind: line, data: by_day, kpi: offered}\n```";
    let mut case = Case::new(&[("report.md", template)], blocks, &[&[("", "3")], &[("2026-11-23", "3")]], &[]);
    case.period = period("2026-11-22", "2026-11-25", Tz::UTC);
    let document = case.build();
    let Block::Chart(chart) = &document.blocks[0] else { panic!("not a chart") };
    assert_eq!(chart.series[0].values, [Some(0.0), Some(3.0), None, None]);
}

#[test]
fn questions_ask_for_totals_and_each_data_block() {
    let case = weekly();
    let asked = questions(&case.report, &case.template, &case.catalog);
    assert_eq!(asked.len(), 6);
    assert_eq!(asked[0].kpis, ["offered", "service_level", "asa", "aht", "abandon_rate", "csat", "answered"]);
    assert_eq!(asked[2].kpis, ["offered", "service_level", "aht"]);
    assert_eq!(context_json(&case.request())["kpi"]["service_level"]["change_text"], "\u{2212}3.1\u{a0}pp");
    assert_eq!(Code::UnknownData.to_string(), "CB207");
}
