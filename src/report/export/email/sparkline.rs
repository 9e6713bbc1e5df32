//! The course in a tile of the mail: a picture without a ground, so that it stands on the tile by day and by night.

use super::super::clean::{MOST_IN_CELL, clean};
use super::super::markup::cell;
use super::InlineImage;
use super::style::Style;
use crate::report::charts;
use crate::report::document::Sparkline;

/// The size it is shown at, in pixels; on a phone it is as wide as the tile.
const SHOWN: (u32, u32) = (168, 30);
/// So much larger than it is laid out, for a line that is seen when a phone makes it smaller again.
const LARGER: f64 = 1.4;

/// The course as a picture; none when there is nothing to see.
pub(super) fn paint(line: &Sparkline, content_id: &str, style: &Style) -> Option<InlineImage> {
    let [width, height] = [SHOWN.0, SHOWN.1].map(|side| f64::from(side) / LARGER);
    let drawing = charts::sparkline(line, width, height, &style.on_any_ground());
    if drawing.shapes.is_empty() {
        return None;
    }
    let bytes = charts::png_without_ground(&drawing, 2.0 * LARGER).ok()?;
    let alternative = clean(&line.alternative, MOST_IN_CELL);
    Some(InlineImage { content_id: content_id.to_owned(), media_type: "image/png", bytes, alternative })
}

/// The picture as an element.
pub(super) fn element(line: &Sparkline, content_id: &str, style: &Style) -> String {
    let (width, height) = SHOWN;
    format!(
        "<p style=\"margin:8px 0 0\"><img src=\"cid:{content_id}\" width=\"{width}\" height=\"{height}\" alt=\"{}\" \
         style=\"display:block;width:100%;max-width:{width}px;height:auto;border:0;{}\"></p>",
        cell(&line.alternative),
        style.text(11, 14, &style.muted)
    )
}
