//! The text's blocks other than tiles and tables: headings, paragraphs, lists, charts as bars of characters.

use super::super::clean::{MOST_IN_CELL, MOST_IN_TEXT, clean, safe_address};
use super::explained::explained;
use super::table::table;
use super::tiles::tiles;
use super::width::{self, WIDTH};
use crate::locale;
use crate::report::document::{Block, Chart, Document, Headline, Inline, Marker, SeriesRole};

/// One block without an empty line at its end.
pub(super) fn block(block: &Block, document: &Document) -> String {
    match block {
        Block::Heading { level, text } => heading(*level, &words(text)),
        Block::Headline(Headline { text, .. }) | Block::Paragraph(text) => paragraph(&words(text), "", ""),
        Block::List { marker, items } => list(*marker, items),
        Block::Tiles(content) => tiles(content),
        Block::Table(content) => table(content).trim_end().to_owned(),
        Block::Chart(content) => chart(content, document),
        Block::Note(text) => paragraph(&words(text), "! ", "  "),
        Block::Explained(content) => explained(content),
        Block::PageBreak => String::new(),
    }
}

/// The most categories a chart has that is shown as a list.
const MOST_BARS: usize = 31;
/// The columns of the longest bar.
const LONGEST_BAR: usize = 32;

/// A heading with a line under it that tells its level.
fn heading(level: u8, text: &str) -> String {
    let lines: Vec<String> = width::wrap(&text.replace('\n', " "), WIDTH, "", "");
    let sign = match level {
        0 | 1 => "=",
        2 => "-",
        _ => "·",
    };
    let rule = sign.repeat(lines.iter().map(|line| width::of(line)).max().unwrap_or(0));
    format!("{}\n{rule}", lines.join("\n"))
}

/// Running text in lines, with its own line breaks kept.
fn paragraph(text: &str, first: &str, next: &str) -> String {
    let mut lines = Vec::new();
    for part in text.split('\n') {
        let first = if lines.is_empty() { first } else { next };
        lines.extend(width::wrap(part, WIDTH, first, next));
    }
    lines.join("\n")
}

/// A list with hanging indents.
fn list(marker: Marker, items: &[Vec<Inline>]) -> String {
    let item = |(index, item): (usize, &Vec<Inline>)| {
        let marker = match marker {
            Marker::Bullet => "- ".to_owned(),
            Marker::Number => format!("{}. ", index + 1),
        };
        paragraph(&words(item), &marker, &" ".repeat(marker.len()))
    };
    let items: Vec<String> = items.iter().enumerate().map(item).filter(|item| !item.is_empty()).collect();
    items.join("\n")
}

/// A chart's title and sentence, and its present series as bars of characters when the categories are few.
fn chart(chart: &Chart, document: &Document) -> String {
    let mut lines = width::wrap(&clean(&chart.title, MOST_IN_CELL), WIDTH, "", "");
    lines.extend(width::wrap(&clean(&chart.alternative, MOST_IN_TEXT), WIDTH, "", ""));
    let series = chart.series.iter().find(|series| series.role == SeriesRole::Current);
    let Some(series) = series.filter(|series| series.values.iter().flatten().any(|value| value.is_finite())) else {
        return lines.join("\n");
    };
    if chart.categories.len() > MOST_BARS {
        return lines.join("\n");
    }
    let labels: Vec<String> = chart.categories.iter().map(|label| clean(label, 24)).collect();
    let label_width = labels.iter().map(|label| width::of(label)).max().unwrap_or(0);
    let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
    let values: Vec<String> = series
        .values
        .iter()
        .map(|value| match finite(value) {
            Some(value) => locale::format_value(value, chart.scale.unit, chart.scale.decimals, document.language),
            None => document.words.no_data.clone(),
        })
        .collect();
    let value_width = series.values.iter().zip(&values).filter(|(value, _)| finite(value).is_some());
    let value_width = value_width.map(|(_, text)| width::of(text)).max().unwrap_or(0);
    let most = series.values.iter().filter_map(finite).fold(0.0, f64::max);
    lines.push(String::new());
    for ((label, value), text) in labels.iter().zip(&series.values).zip(&values) {
        let share = finite(value).filter(|_| most > 0.0).map_or(0.0, |value| (value / most).max(0.0));
        let bar = "█".repeat((share * LONGEST_BAR as f64).round() as usize);
        let line = format!("{}  {}  {bar}", width::left(label, label_width), width::right(text, value_width));
        lines.push(line);
    }
    lines.join("\n")
}

/// Running text without markup; links show their address, and line breaks are line feeds.
fn words(inlines: &[Inline]) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) | Inline::Code(text) => clean(text, MOST_IN_TEXT),
            Inline::Strong(inner) | Inline::Emphasis(inner) => words(inner),
            Inline::Link { text, address } => {
                let text = words(text);
                match safe_address(address) {
                    Some(address) if address == text => format!("<{address}>"),
                    Some(address) => format!("{text} <{address}>"),
                    None => text,
                }
            }
            Inline::LineBreak => "\n".to_owned(),
        })
        .collect()
}
