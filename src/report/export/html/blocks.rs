//! The page's blocks other than tables.

use super::super::clean::{MOST_IN_TEXT, clean};
use super::super::marks;
use super::super::markup::{self, InlineAttributes, cell, inlines};
use super::explained::explained;
use super::table::table;
use crate::report::charts;
use crate::report::document::{Block, Chart, Document, Headline, Marker, Sparkline, Status, Tile};
use crate::report::theme::Theme;

/// One block as elements.
pub(super) fn block(block: &Block, document: &Document, theme: &Theme) -> String {
    let plain = InlineAttributes::default();
    match block {
        Block::Heading { level, text } => {
            let level = heading_level(*level, document);
            format!("<h{level}>{}</h{level}>", inlines(text, &plain))
        }
        Block::Headline(content) => headline(content, document),
        Block::Paragraph(text) => format!("<p>{}</p>", inlines(text, &plain)),
        Block::List { marker, items } => {
            let name = match marker {
                Marker::Bullet => "ul",
                Marker::Number => "ol",
            };
            let items: String = items.iter().map(|item| format!("<li>{}</li>", inlines(item, &plain))).collect();
            format!("<{name}>{items}</{name}>")
        }
        Block::Tiles(tiles) => {
            let tiles: String = tiles.iter().map(|content| tile(content, document, theme)).collect();
            format!("<ul class=\"tiles\">\n{tiles}</ul>")
        }
        Block::Table(content) => table(content, document),
        Block::Chart(content) => chart(content, document, theme),
        Block::Note(text) => format!("<div class=\"note\" role=\"note\">{}</div>", inlines(text, &plain)),
        Block::Explained(content) => explained(content),
        Block::PageBreak => "<div class=\"break\"></div>".to_owned(),
    }
}

/// The level of a heading on the page, whose only first-level heading is its title. The others follow without a gap,
/// which is how they are found by ear.
fn heading_level(level: u8, document: &Document) -> u8 {
    let is_first = |block: &Block| matches!(block, Block::Heading { level: 0 | 1, .. });
    let shift = u8::from(markup::body(document).iter().any(is_first));
    (level.clamp(1, 3) + shift).max(2)
}

/// What matters first, with the sign of its status at the side and the status in words for those who listen.
fn headline(headline: &Headline, document: &Document) -> String {
    let words = marks::words(headline.status, document.language);
    let words = if words.is_empty() { words } else { format!("<span class=\"hidden\">{}: </span>", cell(&words)) };
    let remark = headline.remark.as_ref().map(|remark| format!("<p class=\"remark\">{}</p>", cell(remark)));
    format!(
        "<div class=\"lede {}\"><span class=\"mark\" aria-hidden=\"true\">{}</span><div><p>{words}{}</p>{}</div></div>",
        marks::class(headline.status),
        marks::sign(headline.status),
        inlines(&headline.text, &InlineAttributes::default()),
        remark.unwrap_or_default()
    )
}

/// A KPI with its status in words beside the colour.
fn tile(tile: &Tile, document: &Document, theme: &Theme) -> String {
    let mut facts = String::new();
    if tile.status != Status::Neutral {
        facts.push_str(&format!(
            "<span class=\"state {}\">{} {}</span>",
            marks::class(tile.status),
            marks::sign(tile.status),
            cell(&marks::words(tile.status, document.language))
        ));
    }
    if let Some(target) = &tile.target {
        facts.push_str(&format!("<span>{}</span>", cell(target)));
    }
    let change = tile.change.as_ref().map(|change| {
        format!(
            "<p class=\"change {} text\" title=\"{}\">{}</p>",
            marks::class(change.status),
            cell(&document.words.previous),
            cell(&marks::change(change))
        )
    });
    if !facts.is_empty() {
        facts = format!("<p class=\"facts\">{facts}</p>");
    }
    let course = tile.sparkline.as_ref().map(|line| course(line, theme));
    let words = if marks::is_number(&tile.value) { "" } else { " words" };
    format!(
        "<li class=\"tile {}\"><p class=\"name\">{}</p><p class=\"value{words}\">{}</p>{facts}{}{}</li>\n",
        marks::class(tile.status),
        cell(&tile.title),
        cell(&tile.value),
        change.unwrap_or_default(),
        course.unwrap_or_default()
    )
}

/// The course below a tile's figures; nothing when there is none to see.
fn course(line: &Sparkline, theme: &Theme) -> String {
    let drawing = charts::sparkline(line, 168.0, 30.0, theme);
    if drawing.shapes.is_empty() {
        return String::new();
    }
    format!("<div class=\"course\">{}</div>", charts::svg(&drawing, &clean(&line.alternative, MOST_IN_TEXT)))
}

/// A chart in two shapes, of which the style sheet shows the one that can be read at the window's width.
fn chart(chart: &Chart, document: &Document, theme: &Theme) -> String {
    let drawing = |(name, width, height): (&str, f64, f64)| {
        let drawing = charts::layout(chart, width, charts::height(chart, height), theme, document.language);
        format!("<div class=\"{name}\">{}</div>\n", charts::svg(&drawing, &clean(&chart.alternative, MOST_IN_TEXT)))
    };
    let drawings: String = [("wide", 660.0, 212.0), ("narrow", 300.0, 192.0)].into_iter().map(drawing).collect();
    format!("<figure><figcaption>{}</figcaption>\n{drawings}</figure>", cell(&chart.title))
}
