//! The text's blocks other than tiles, tables and charts: headings, paragraphs, lists.

use super::super::clean::{MOST_IN_TEXT, clean, safe_address};
use super::super::marks;
use super::chart::chart;
use super::explained::explained;
use super::table::table;
use super::tiles::tiles;
use super::width::{self, WIDTH};
use crate::report::document::{Block, Document, Headline, Inline, Marker};

/// One block without an empty line at its end.
pub(super) fn block(block: &Block, document: &Document) -> String {
    match block {
        Block::Heading { level, text } => heading(*level, &words(text)),
        Block::Headline(content) => headline(content),
        Block::Paragraph(text) => paragraph(&words(text), "", ""),
        Block::List { marker, items } => list(*marker, items),
        Block::Tiles(content) => tiles(content),
        Block::Table(content) => table(content).trim_end().to_owned(),
        Block::Chart(content) => chart(content, document).join("\n"),
        Block::Note(text) => paragraph(&words(text), "! ", "  "),
        Block::Explained(content) => explained(content),
        Block::PageBreak => String::new(),
    }
}

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

/// What matters first, with the sign of its status before it and what goes with it below.
fn headline(headline: &Headline) -> String {
    let (first, next) = match marks::sign(headline.status) {
        "" => (String::new(), ""),
        sign => (format!("{sign} "), "  "),
    };
    let mut lines = vec![paragraph(&words(&headline.text), &first, next)];
    lines.extend(headline.remark.as_ref().map(|remark| paragraph(&clean(remark, MOST_IN_TEXT), next, next)));
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
