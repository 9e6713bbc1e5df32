//! The legend above the plot: a key and a name for each thing that is drawn. A chart of one series has none.

use super::axis::{LABEL_GAP, LABEL_SIZE};
use super::metrics::{self, LINE_HEIGHT, MIDDLE};
use super::style::{self, PREVIOUS_DASH};
use super::{Anchor, Color, Shape};
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

/// What stands before a name.
#[derive(Clone, Copy, Debug)]
pub(super) enum Key {
    /// A filled field, for bars and areas.
    Field(Color),
    /// A line with a point, for the period the chart is about.
    Line(Color),
    /// A dashed line, for the period before.
    Dashed(Color),
    /// An upright mark, for the target of a lying bar.
    Mark(Color),
}

/// The legend of a chart with more than one series.
pub(super) fn legend(chart: &Chart, width: f64, theme: &Theme) -> Legend {
    if chart.series.len() < 2 {
        return Legend::default();
    }
    let entries = chart.series.iter().enumerate().map(|(index, series)| {
        let color = style::series_color(chart, index, theme);
        let key = match (chart.kind, series.role) {
            (ChartKind::Line, SeriesRole::Previous) => Key::Dashed(color),
            (ChartKind::Line, SeriesRole::Current | SeriesRole::Part) => Key::Line(color),
            _ => Key::Field(color),
        };
        (key, series.name.as_str())
    });
    rows(entries, width, theme)
}

/// Entries in rows within the width; what does not find room in them is left out.
pub(super) fn rows<'a>(entries: impl Iterator<Item = (Key, &'a str)>, width: f64, theme: &Theme) -> Legend {
    let mut shapes = Vec::new();
    let (mut x, mut row) = (0.0, 0);
    for (key, name) in entries {
        let key_width = key.width();
        let name = metrics::fit(name, LABEL_SIZE, theme.regular(), width - key_width - LABEL_GAP);
        let entry = key_width + LABEL_GAP + metrics::text_width(&name, LABEL_SIZE, theme.regular());
        if x > 0.0 && x + entry > width {
            (x, row) = (0.0, row + 1);
        }
        if row >= MOST_ROWS {
            break;
        }
        let middle = (0.5 + row as f64) * ROW;
        shapes.extend(key.shapes(x, middle));
        shapes.push(Shape::Text {
            x: x + key_width + LABEL_GAP - 1.0,
            y: middle + MIDDLE * LABEL_SIZE,
            text: name,
            size: LABEL_SIZE,
            color: theme.ink,
            anchor: Anchor::Start,
            face: theme.regular(),
        });
        x += entry + 2.5 * LABEL_GAP;
    }
    Legend { shapes, height: (row.min(MOST_ROWS - 1) + 1) as f64 * ROW + LABEL_GAP }
}

impl Key {
    /// How much room it takes.
    fn width(self) -> f64 {
        match self {
            Self::Field(_) => 8.0,
            Self::Line(_) | Self::Dashed(_) => 16.0,
            Self::Mark(_) => 3.0,
        }
    }

    /// The key with its left end at this x, around a middle line.
    fn shapes(self, x: f64, middle: f64) -> Vec<Shape> {
        let stroke = |color, width, dash| {
            let points = vec![(x, middle), (x + self.width(), middle)];
            Shape::Line { points, color, width, dash }
        };
        match self {
            Self::Field(color) => vec![Shape::Rectangle { x, y: middle - 4.0, width: 8.0, height: 8.0, color }],
            Self::Line(color) => {
                let point = Shape::Circle { x: x + self.width() / 2.0, y: middle, radius: 2.4, color };
                vec![stroke(color, 1.8, None), point]
            }
            Self::Dashed(color) => vec![stroke(color, 1.2, Some(PREVIOUS_DASH))],
            Self::Mark(color) => {
                vec![Shape::Rectangle { x: x + 0.5, y: middle - 4.5, width: 2.0, height: 9.0, color }]
            }
        }
    }
}

/// The height of a legend's row in points.
pub(super) const ROW: f64 = LABEL_SIZE * LINE_HEIGHT + 2.0;
/// A legend that needs more rows than this would leave no room for the chart.
const MOST_ROWS: usize = 3;
