//! Charts: a drawing's shapes as marks, under the chart's title. What a chart shows is laid out in `charts`.

use super::flow::{MARGIN, Strip, WIDTH};
use super::fonts::Face;
use super::mark::Mark;
use super::text::{Look, clean};
use crate::locale::Language;
use crate::report::charts::{self, Anchor, Drawing, Shape, TextWeight};
use crate::report::document::Chart;
use crate::report::theme::Theme;

const HEIGHT: f64 = 180.0;
const TITLE_HEIGHT: f64 = 20.0;

/// A chart with its title; never cut.
pub(super) fn strip(chart: &Chart, theme: &Theme, language: Language) -> Strip {
    let title = Look { face: Face::Bold, size: 10.0, color: theme.ink };
    let drawing = charts::layout(chart, WIDTH, HEIGHT, theme, language);
    let mut marks = vec![title.mark(MARGIN, 6.5, title.fit(&chart.title, WIDTH))];
    let height = TITLE_HEIGHT + drawing.height;
    marks.extend(paint(drawing).into_iter().map(|mark| mark.moved(MARGIN, TITLE_HEIGHT)));
    Strip { height, marks, ..Strip::default() }
}

/// The drawing's shapes as marks, in its own coordinates.
fn paint(drawing: Drawing) -> Vec<Mark> {
    drawing
        .shapes
        .into_iter()
        .map(|shape| match shape {
            Shape::Rectangle { x, y, width, height, color } => Mark::rectangle(x, y, width, height, color),
            Shape::Line { points, color, width, dash } => Mark::Line { points, color, width, dash },
            Shape::Circle { x, y, radius, color } => Mark::Circle { x, y, radius, color },
            Shape::Text { x, y, text, size, color, anchor, weight } => {
                let face = match weight {
                    TextWeight::Regular => Face::Regular,
                    TextWeight::Bold => Face::Bold,
                };
                let look = Look { face, size, color };
                let text = clean(&text).into_owned();
                let width = look.width(&text);
                let x = match anchor {
                    Anchor::Start => x,
                    Anchor::Middle => x - width / 2.0,
                    Anchor::End => x - width,
                };
                // Drawings give the baseline itself.
                look.mark(x, 0.0, text).moved(0.0, y - super::text::HALF_CAPITAL * size)
            }
        })
        .collect()
}
