//! The report as the body of a mail: tables and inline styles, because that is what mail programs understand; numbers
//! as text, because many block pictures; charts as pictures that travel with the mail. Its size is kept below what
//! Gmail shows without clipping. No transport is known here.

mod blocks;
mod chart;
mod density;
mod explained;
mod frame;
mod logo;
mod sparkline;
mod style;
mod table;

use self::density::Setting;
use self::style::Style;
use super::markup;
use crate::report::document::{Block, Document, Tile};
use crate::report::theme::Theme;

/// The most bytes of HTML a mail has. Gmail clips at about 102 kB; transport encodings and tracking add some.
pub const MOST_BYTES: usize = 80_000;

/// A mail's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailBody {
    /// The HTML; its pictures are referred to by `cid:` and their content id.
    pub html: String,
    /// The pictures, in the order they are shown.
    pub images: Vec<InlineImage>,
}

/// A picture that travels with the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InlineImage {
    /// Its id without angle brackets, such as `chart-1@callbrief`; unique within the mail, the same in every run.
    pub content_id: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The picture in a sentence, for those who do not see it.
    pub alternative: String,
}

/// The document as a mail's body. When it would be longer than [`MOST_BYTES`], long tables lose rows at their end, and
/// then the mail its last blocks; both say so in words and point to the attachment.
pub fn render(document: &Document, theme: &Theme) -> EmailBody {
    let style = Style::new(theme);
    let blocks = markup::body(document);
    let sides = frame::sides(document, theme);
    let room = MOST_BYTES.saturating_sub(sides.before.len() + sides.after.len());
    let mut prepared = prepare(blocks);

    let longest = blocks.iter().map(|block| if let Block::Table(table) = block { table.rows.len() } else { 0 }).max();
    let whole = Cut { rows: longest.unwrap_or(0), blocks: blocks.len() };
    let cut = cut(whole, |cut| frame::content(document, blocks, &prepared, &style, cut).len() <= room);

    // Painting takes far longer than writing, so only what is shown is painted. A picture that cannot be painted leaves its
    // sentence in the mail.
    let mut images: Vec<InlineImage> = Vec::new();
    for (block, prepared) in blocks.iter().zip(&mut prepared).take(cut.blocks) {
        let painted = paint(block, &prepared.pictures, document, &style);
        prepared.pictures = painted.iter().map(|image| image.as_ref().map(|image| image.content_id.clone())).collect();
        images.extend(painted.into_iter().flatten());
    }
    let content = frame::content(document, blocks, &prepared, &style, cut);
    let html = format!("{}{content}{}", sides.before, sides.after);
    let logo =
        theme.logo.as_deref().map(logo::picture).filter(|logo| html.contains(&format!("cid:{}", logo.content_id)));
    EmailBody { html, images: logo.into_iter().chain(images).collect() }
}

/// What is found out about a block once, however often it is written.
struct Prepared {
    /// The content ids of its pictures: one for a chart, one for each tile, none where there is nothing to show.
    pictures: Vec<Option<String>>,
    /// How a table is set; of no meaning for other blocks.
    setting: Setting,
}

/// Looks at each block once.
fn prepare(blocks: &[Block]) -> Vec<Prepared> {
    let (mut charts, mut courses) = (0, 0);
    let next = |number: &mut usize, name: &str| {
        *number += 1;
        Some(format!("{name}-{number}@callbrief"))
    };
    let mut of_block = |block: &Block| {
        let pictures = match block {
            Block::Chart(_) => vec![next(&mut charts, "chart")],
            Block::Tiles(tiles) => {
                tiles.iter().map(|tile| tile.sparkline.as_ref().and_then(|_| next(&mut courses, "course"))).collect()
            }
            _ => Vec::new(),
        };
        let setting = if let Block::Table(table) = block { density::setting(table) } else { Setting::default() };
        Prepared { pictures, setting }
    };
    blocks.iter().map(&mut of_block).collect()
}

/// A block's pictures, in the order of their content ids; none in place of one that cannot be painted.
fn paint(block: &Block, ids: &[Option<String>], document: &Document, style: &Style) -> Vec<Option<InlineImage>> {
    let id = |index: usize| ids.get(index).and_then(Option::as_deref);
    match block {
        Block::Chart(chart) => vec![id(0).and_then(|id| chart::paint(chart, id, document, &style.theme))],
        Block::Tiles(tiles) => {
            let course = |(index, tile): (usize, &Tile)| sparkline::paint(tile.sparkline.as_ref()?, id(index)?, style);
            tiles.iter().enumerate().map(course).collect()
        }
        _ => Vec::new(),
    }
}

/// The largest part of a document that fits: with fewer rows in its tables, or else with fewer blocks.
fn cut(whole: Cut, fits: impl Fn(Cut) -> bool) -> Cut {
    if fits(whole) {
        return whole;
    }
    let with_rows = |rows: usize| Cut { rows, ..whole };
    match largest(whole.rows, |rows| fits(with_rows(rows))) {
        Some(rows) if rows >= FEWEST_ROWS => with_rows(rows),
        _ => {
            let with_blocks = |blocks: usize| Cut { rows: FEWEST_ROWS, blocks };
            with_blocks(largest(whole.blocks, |blocks| fits(with_blocks(blocks))).unwrap_or(0))
        }
    }
}

/// How much of a document is shown.
#[derive(Clone, Copy, Debug)]
struct Cut {
    /// The most rows a table has.
    rows: usize,
    /// How many blocks there are.
    blocks: usize,
}

/// A table with fewer rows than this says too little; then later blocks give way.
const FEWEST_ROWS: usize = 5;

/// The largest number below `beyond` that fits, when what fits is all up to some number; none when not even 0 does.
fn largest(beyond: usize, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let (mut low, mut high) = (0, beyond);
    while low < high {
        let middle = low + (high - low) / 2;
        if fits(middle) { low = middle + 1 } else { high = middle }
    }
    low.checked_sub(1)
}

#[cfg(test)]
mod tests;
