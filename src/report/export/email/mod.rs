//! The report as the body of a mail: tables and inline styles, because that is what mail programs understand; numbers
//! as text, because many block pictures; charts as pictures that travel with the mail. Its size is kept below what
//! Gmail shows without clipping. No transport is known here.

mod blocks;
mod chart;
mod explained;
mod frame;
mod style;
mod table;

use self::style::Style;
use super::markup;
use crate::report::document::{Block, Document};
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
    let pictures = chart::pictures(blocks);
    let make = |cut: Cut| frame::frame(document, blocks, &pictures, &style, cut);

    let longest = blocks.iter().map(|block| if let Block::Table(table) = block { table.rows.len() } else { 0 }).max();
    let whole = Cut { rows: longest.unwrap_or(0), blocks: blocks.len() };
    let cut = cut(whole, |cut| make(cut).len() <= MOST_BYTES);

    // Painting takes far longer than writing, so only charts that are shown are painted. One that cannot be painted
    // leaves its sentence in the mail.
    let images: Vec<Option<InlineImage>> = blocks
        .iter()
        .zip(&pictures)
        .take(cut.blocks)
        .map(|(block, content_id)| chart::paint(block, content_id.as_deref()?, document, theme))
        .collect();
    let painted: Vec<Option<String>> =
        images.iter().map(|image| image.as_ref().map(|image| image.content_id.clone())).collect();
    let html = frame::frame(document, blocks, &painted, &style, cut);
    EmailBody { html, images: images.into_iter().flatten().collect() }
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
