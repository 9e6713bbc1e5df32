//! The report as the body of a mail: tables and inline styles, because that is what mail programs understand; numbers
//! as text, because many block pictures; charts as pictures that travel with the mail. Its size is kept below what
//! Gmail shows without clipping. No transport is known here.

mod blocks;
mod chart;
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
    let images = chart::images(blocks, document, theme);
    let make = |cut: Cut| frame::frame(document, blocks, &images, &style, cut);

    let longest = blocks.iter().map(|block| if let Block::Table(table) = block { table.rows.len() } else { 0 }).max();
    let whole = Cut { rows: longest.unwrap_or(0), blocks: blocks.len() };
    let mut html = make(whole);
    if html.len() > MOST_BYTES {
        let fits = |cut: Cut| make(cut).len() <= MOST_BYTES;
        let cut = |rows: usize| Cut { rows, ..whole };
        let cut = match largest(whole.rows, |rows| fits(cut(rows))) {
            Some(rows) if rows >= FEWEST_ROWS => cut(rows),
            _ => {
                let cut = |blocks: usize| Cut { rows: FEWEST_ROWS, blocks };
                cut(largest(whole.blocks, |blocks| fits(cut(blocks))).unwrap_or(0))
            }
        };
        html = make(cut);
    }
    let shown = |image: &chart::Image| html.contains(&format!("cid:{}", image.content_id));
    let images = images.into_iter().flatten().filter(shown).collect();
    EmailBody { html, images }
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
