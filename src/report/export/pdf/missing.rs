//! Characters the fonts cannot draw: which of a document's texts hold some, and the line of small print that says so.
//! What stands in their place is in `fonts`.

use std::collections::BTreeSet;

use super::fonts::is_missing;
use crate::locale;
use crate::report::document::{Block, Chart, Document, Table, Tile, plain_text};
use crate::report::typeface::Typeface;

/// So many of them are named.
const NAMED: usize = 6;

/// The line that tells what could not be shown; none when everything could.
pub(super) fn footnote(document: &Document, typeface: &Typeface) -> Option<String> {
    let mut found = BTreeSet::new();
    let mut see = |text: &str| {
        // The greater part of all texts is ASCII, which every typeface has.
        let known = |character: char| matches!(character, ' '..='~');
        found.extend(text.chars().filter(|character| !known(*character) && is_missing(*character, typeface)));
    };
    [&document.title, &document.subtitle, &document.author].into_iter().for_each(|text| see(text));
    document.footnotes.iter().for_each(|text| see(text));
    document.blocks.iter().for_each(|block| texts(block, &mut see));
    if found.is_empty() {
        return None;
    }
    let named: Vec<String> =
        found.iter().take(NAMED).map(|character| format!("U+{:04X}", u32::from(*character))).collect();
    let rest = if found.len() > NAMED { ", …" } else { "" };
    let list = format!("{}{rest}", named.join(", "));
    Some(locale::text(document.language, "pdf-missing", &[("count", found.len().into()), ("list", list.into())]))
}

fn texts(block: &Block, see: &mut dyn FnMut(&str)) {
    match block {
        Block::Heading { text, .. } | Block::Paragraph(text) | Block::Note(text) => see(&plain_text(text)),
        Block::List { items, .. } => items.iter().for_each(|item| see(&plain_text(item))),
        Block::Headline(headline) => {
            see(&plain_text(&headline.text));
            headline.remark.iter().for_each(|text| see(text));
        }
        Block::Tiles(tiles) => tiles.iter().for_each(|tile| tile_texts(tile, see)),
        Block::Table(table) => table_texts(table, see),
        Block::Chart(chart) => chart_texts(chart, see),
        Block::Explained(explained) => {
            for kpi in &explained.kpis {
                [&kpi.title, &kpi.value].into_iter().for_each(|text| see(text));
                kpi.target.iter().chain(&kpi.definition).chain(&kpi.formula).for_each(|text| see(text));
                kpi.parts.iter().flat_map(|part| [&part.what, &part.value, &part.origin]).for_each(|text| see(text));
            }
            explained.facts.iter().flat_map(|(name, fact)| [name, fact]).for_each(|text| see(text));
        }
        Block::PageBreak => {}
    }
}

fn tile_texts(tile: &Tile, see: &mut dyn FnMut(&str)) {
    see(&tile.title);
    see(&tile.value);
    tile.target.iter().chain(tile.change.iter().map(|change| &change.text)).for_each(|text| see(text));
}

fn table_texts(table: &Table, see: &mut dyn FnMut(&str)) {
    table.caption.iter().chain(&table.omitted).for_each(|text| see(text));
    table.columns.iter().for_each(|column| see(&column.title));
    table.rows.iter().chain(&table.total).flatten().for_each(|cell| see(&cell.text));
}

fn chart_texts(chart: &Chart, see: &mut dyn FnMut(&str)) {
    see(&chart.title);
    chart.categories.iter().for_each(|text| see(text));
    chart.series.iter().for_each(|series| see(&series.name));
    chart.target.iter().for_each(|target| see(&target.label));
}
