//! Charts: a drawing's shapes as marks, under the chart's title; two small ones stand side by side. What a chart shows is
//! laid out in `charts`.

use super::flow::Strip;
use super::mark::Mark;
use super::paper::{MARGIN, Sheet};
use super::setup::Setup;
use super::structure::Structure;
use super::text::{HALF_CAPITAL, Look};
use crate::report::charts::{self, Anchor, Drawing, Shape};
use crate::report::document::{Chart, ChartKind};

const TITLE_HEIGHT: f64 = 20.0;
const GAP: f64 = 22.0;
/// The width a category needs in a chart that has only half the page.
const LEAST_SLOT: f64 = 29.0;
/// The share of a page that no chart exceeds.
const MOST_OF_PAGE: f64 = 0.75;

/// Whether two charts that follow each other stand side by side.
pub(super) fn side_by_side(left: &Chart, right: &Chart, sheet: Sheet) -> bool {
    let half = (sheet.measure() - GAP) / 2.0;
    [left, right].iter().all(|chart| match chart.kind {
        ChartKind::Line | ChartKind::Bar | ChartKind::StackedBar => chart.categories.len() as f64 * LEAST_SLOT <= half,
        ChartKind::HeatMap | ChartKind::Bullet => false,
    })
}

/// Charts beside each other with their titles; never cut.
pub(super) fn strip(charts: &[&Chart], setup: Setup<'_>, structure: &mut Structure) -> Strip {
    let title = Look { face: setup.theme.bold(), size: 10.0, color: setup.theme.ink };
    let count = charts.len().max(1) as f64;
    let width = (setup.sheet.measure() - GAP * (count - 1.0)) / count;
    let height = match charts {
        [chart] => charts::height(chart, 180.0).min(MOST_OF_PAGE * setup.sheet.room()),
        _ => 160.0,
    };
    let mut marks = Vec::new();
    for (index, chart) in charts.iter().enumerate() {
        let x = MARGIN + index as f64 * (width + GAP);
        let drawing = charts::layout(chart, width, height, setup.theme, setup.language);
        let figure = structure.figure(&format!("{}. {}", chart.title, chart.alternative), None);
        marks.push(Mark::Part(Some(figure)));
        marks.push(title.mark(x, 6.5, title.fit(&chart.title, width)));
        marks.extend(paint(drawing).into_iter().map(|mark| mark.moved(x, TITLE_HEIGHT)));
    }
    Strip { height: TITLE_HEIGHT + height, marks, ..Strip::default() }
}

/// The drawing's shapes as marks, in its own coordinates.
pub(super) fn paint(drawing: Drawing) -> Vec<Mark> {
    drawing
        .shapes
        .into_iter()
        .map(|shape| match shape {
            Shape::Rectangle { x, y, width, height, color } => Mark::rectangle(x, y, width, height, color),
            Shape::Line { points, color, width, dash } => Mark::Line { points, color, width, dash },
            Shape::Circle { x, y, radius, color } => Mark::Circle { x, y, radius, color },
            Shape::Text { x, y, text, size, color, anchor, face } => {
                let look = Look { face, size, color };
                // A sign for a missing character may be wider than what the drawing reckoned with.
                let room = match anchor {
                    Anchor::Start => drawing.width - x,
                    Anchor::Middle => 2.0 * x.min(drawing.width - x),
                    Anchor::End => x,
                };
                let text = look.fit(&text, room + 0.75);
                let width = look.width(&text);
                let x = match anchor {
                    Anchor::Start => x,
                    Anchor::Middle => x - width / 2.0,
                    Anchor::End => x - width,
                };
                // Drawings give the baseline itself.
                look.mark(x, 0.0, text).moved(0.0, y - HALF_CAPITAL * size)
            }
        })
        .collect()
}
