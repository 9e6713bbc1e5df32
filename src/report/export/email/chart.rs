//! The mail's charts: pictures at twice their size on the screen, and their sentence for programs that block pictures.

use super::super::clean::{MOST_IN_CELL, clean};
use super::super::markup::cell;
use super::InlineImage;
use super::blocks::remark;
use super::style::{SIDE, Style, WIDTH};
use crate::report::charts;
use crate::report::document::{Chart, Document};
use crate::report::theme::Theme;

/// The size a chart is laid out at, in points: small, so that its labels can still be read on a phone.
const LAYOUT: (f64, f64) = (356.0, 176.0);
/// The width a chart is shown at, in pixels.
const SHOWN: u32 = WIDTH - 2 * SIDE;

/// The picture of a chart; none when it cannot be painted.
pub(super) fn paint(chart: &Chart, content_id: &str, document: &Document, theme: &Theme) -> Option<InlineImage> {
    let (width, height) = LAYOUT;
    let drawing = charts::layout(chart, width, charts::height(chart, height), theme, document.language);
    let bytes = charts::png(&drawing, f64::from(2 * SHOWN) / width).ok()?;
    let alternative = clean(&chart.alternative, MOST_IN_CELL);
    Some(InlineImage { content_id: content_id.to_owned(), media_type: "image/png", bytes, alternative })
}

/// A chart with its title above.
pub(super) fn figure(chart: &Chart, content_id: Option<&str>, style: &Style) -> String {
    let title = format!(
        "<p class=\"ink\" style=\"margin:0 0 8px;{};font-weight:600\">{}</p>",
        style.text(15, 21, &style.ink),
        cell(&chart.title)
    );
    match content_id {
        Some(content_id) => format!(
            "{title}<img class=\"plate\" src=\"cid:{}\" width=\"{SHOWN}\" alt=\"{}\" style=\"display:block;width:100%;max-width:{SHOWN}px;height:auto;\
             box-sizing:border-box;border:0;{}\">",
            content_id,
            cell(&chart.alternative),
            style.text(14, 20, &style.muted)
        ),
        None => format!("{title}{}", remark(&cell(&chart.alternative), style)),
    }
}
