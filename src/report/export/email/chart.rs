//! The mail's charts: pictures at twice their size on the screen, and their sentence for programs that block pictures.

use super::super::clean::{MOST_IN_CELL, clean};
use super::super::markup::cell;
use super::InlineImage;
use super::blocks::remark;
use super::style::{SIDE, Style, WIDTH};
use crate::report::charts;
use crate::report::document::{Block, Chart, Document};
use crate::report::theme::Theme;

/// A chart's picture.
pub(super) type Image = InlineImage;

/// The size a chart is laid out at, in points: small, so that its labels can still be read on a phone.
const LAYOUT: (f64, f64) = (430.0, 190.0);
/// The width a chart is shown at, in pixels.
const SHOWN: u32 = WIDTH - 2 * SIDE;

/// The picture of each block that is a chart. A chart that cannot be painted has none, its sentence is shown instead.
pub(super) fn images(blocks: &[Block], document: &Document, theme: &Theme) -> Vec<Option<Image>> {
    let mut number = 0;
    let mut image = |chart: &Chart| {
        let (width, height) = LAYOUT;
        let drawing = charts::layout(chart, width, height, theme, document.language);
        let bytes = charts::png(&drawing, f64::from(2 * SHOWN) / width).ok()?;
        number += 1;
        Some(Image {
            content_id: format!("chart-{number}@callbrief"),
            media_type: "image/png",
            bytes,
            alternative: clean(&chart.alternative, MOST_IN_CELL),
        })
    };
    blocks.iter().map(|block| if let Block::Chart(chart) = block { image(chart) } else { None }).collect()
}

/// A chart with its title above.
pub(super) fn figure(chart: &Chart, image: Option<&Image>, style: &Style) -> String {
    let title = format!(
        "<p class=\"ink\" style=\"margin:0 0 8px;{};font-weight:600\">{}</p>",
        style.text(15, 21, &style.ink),
        cell(&chart.title)
    );
    match image {
        Some(image) => format!(
            "{title}<img src=\"cid:{}\" width=\"{SHOWN}\" alt=\"{}\" style=\"display:block;width:100%;max-width:{SHOWN}px;height:auto;\
             border:0;{}\">",
            image.content_id,
            cell(&chart.alternative),
            style.text(14, 20, &style.muted)
        ),
        None => format!("{title}{}", remark(&cell(&chart.alternative), style)),
    }
}
