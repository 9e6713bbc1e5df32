//! The legend above the plot: a key and a name for each series. A chart of one series has none.

use super::axis::{LABEL_GAP, LABEL_SIZE};
use super::metrics::{self, LINE_HEIGHT, MIDDLE};
use super::style::{self, PREVIOUS_DASH};
use super::{Anchor, Shape, TextWeight};
use crate::report::document::{Chart, ChartKind, SeriesRole};
use crate::report::theme::Theme;

/// The legend laid out, and how much height it takes.
#[derive(Debug, Default)]
pub(super) struct Legend {
    /// Its keys and names.
    pub(super) shapes: Vec<Shape>,
    /// Its height with the distance to the plot; zero without a legend.
    pub(super) height: f64,
}

/// The legend of a chart with more than one series, in rows within the width.
pub(super) fn legend(chart: &Chart, width: f64, theme: &Theme) -> Legend {
    if chart.series.len() < 2 {
        return Legend::default();
    }
    let mut shapes = Vec::new();
    let (mut x, mut row) = (0.0, 0);
    for (index, series) in chart.series.iter().enumerate() {
        let name = metrics::fit(&series.name, LABEL_SIZE, TextWeight::Regular, width - KEY_WIDTH - LABEL_GAP);
        let entry = KEY_WIDTH + LABEL_GAP + metrics::text_width(&name, LABEL_SIZE, TextWeight::Regular);
        if x > 0.0 && x + entry > width {
            (x, row) = (0.0, row + 1);
        }
        if row >= MOST_ROWS {
            break;
        }
        let middle = (0.5 + row as f64) * ROW;
        let color = style::series_color(chart, index, theme);
        match (chart.kind, series.role) {
            (ChartKind::Bar | ChartKind::StackedBar | ChartKind::HeatMap | ChartKind::Bullet, _) => {
                shapes.push(Shape::Rectangle { x, y: middle - 4.0, width: 8.0, height: 8.0, color });
            }
            (ChartKind::Line, role) => {
                let points = vec![(x, middle), (x + KEY_WIDTH, middle)];
                let (width, dash) = if role == SeriesRole::Current { (1.8, None) } else { (1.2, Some(PREVIOUS_DASH)) };
                shapes.push(Shape::Line { points, color, width, dash });
                if role == SeriesRole::Current {
                    shapes.push(Shape::Circle { x: x + KEY_WIDTH / 2.0, y: middle, radius: 2.4, color });
                }
            }
        }
        let key = if chart.kind == ChartKind::Line { KEY_WIDTH } else { 8.0 };
        shapes.push(Shape::Text {
            x: x + key + LABEL_GAP - 1.0,
            y: middle + MIDDLE * LABEL_SIZE,
            text: name,
            size: LABEL_SIZE,
            color: theme.ink,
            anchor: Anchor::Start,
            weight: TextWeight::Regular,
        });
        x += entry + key - KEY_WIDTH + 2.5 * LABEL_GAP;
    }
    Legend { shapes, height: (row.min(MOST_ROWS - 1) + 1) as f64 * ROW + LABEL_GAP }
}

/// The length of a line's key in points.
const KEY_WIDTH: f64 = 16.0;
/// The height of a legend's row in points.
const ROW: f64 = LABEL_SIZE * LINE_HEIGHT + 2.0;
/// A legend that needs more rows than this would leave no room for the chart.
const MOST_ROWS: usize = 3;
