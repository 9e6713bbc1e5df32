//! The report as plain text for mail programs and terminals: 76 columns, aligned by how wide characters are shown.
//! No markup is left, links show where they lead.

mod blocks;
mod chart;
mod explained;
mod table;
mod tiles;
mod width;

pub use self::width::wrap;

use self::width::WIDTH;
use super::clean::{MOST_IN_CELL, MOST_IN_TEXT, clean};
use super::markup;
use crate::report::document::Document;

/// The document as plain text; lines end with a line feed and hold no spaces at their end.
pub fn render(document: &Document) -> String {
    let mut parts = vec![head(document)];
    parts.extend(markup::body(document).iter().map(|block| blocks::block(block, document)));
    if document.footnotes.iter().any(|footnote| !footnote.trim().is_empty()) {
        let wrap = |footnote: &String| width::wrap(&clean(footnote, MOST_IN_TEXT), WIDTH, "", "  ");
        let footnotes: Vec<String> = document.footnotes.iter().flat_map(wrap).collect();
        parts.push(format!("{}\n{}", "-".repeat(WIDTH), footnotes.join("\n")));
    }
    let whole = parts.into_iter().filter(|part| !part.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
    let lines: Vec<&str> = whole.lines().map(|line| line.trim_end_matches([' ', '\u{a0}'])).collect();
    format!("{}\n", lines.join("\n"))
}

/// The title with the period below, and whose report it is.
fn head(document: &Document) -> String {
    let line = |text: &str| width::wrap(&clean(text, MOST_IN_CELL), WIDTH, "", "");
    let title = line(&document.title);
    let rule = "=".repeat(title.iter().map(|line| width::of(line)).max().unwrap_or(0));
    let below = [&document.subtitle, &document.author].into_iter().flat_map(|text| line(text));
    title.into_iter().chain((!rule.is_empty()).then_some(rule)).chain(below).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests;
