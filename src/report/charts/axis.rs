//! The plot area and its two axes: where values and categories lie, grid lines, and category labels that never overlap.

use super::metrics::{self, ASCENT, LINE_HEIGHT, MIDDLE};
use super::ticks::Ticks;
use super::{Anchor, Color, Shape};
use crate::report::document::ChartKind;
use crate::report::theme::Theme;
use crate::report::typeface::Face;

/// The font size of all labels, in points.
pub(super) const LABEL_SIZE: f64 = 9.0;
/// The least distance between two labels on a line, in points.
pub(super) const LABEL_GAP: f64 = 6.0;

/// The least distance between two category labels, in points.
const CATEGORY_GAP: f64 = 6.5;

/// Where the values and categories lie.
#[derive(Clone, Debug)]
pub(super) struct Plot {
    /// The left edge.
    pub(super) left: f64,
    /// The right edge.
    pub(super) right: f64,
    /// The y of the axis' highest value.
    pub(super) top: f64,
    /// The y of the axis' lowest value.
    pub(super) bottom: f64,
    /// The value axis.
    pub(super) ticks: Ticks,
    /// How many categories share the width.
    pub(super) categories: usize,
}

impl Plot {
    /// The y of a value; values beyond the axis stay at its ends.
    pub(super) fn y(&self, value: f64) -> f64 {
        let share = ((value - self.ticks.low) / (self.ticks.high - self.ticks.low)).clamp(0.0, 1.0);
        self.bottom - share * (self.bottom - self.top)
    }

    /// The width each category has.
    pub(super) fn slot(&self) -> f64 {
        (self.right - self.left) / self.categories.max(1) as f64
    }

    /// The middle of a category.
    pub(super) fn x(&self, category: usize) -> f64 {
        self.left + (category as f64 + 0.5) * self.slot()
    }

    /// Hairlines at the ticks with their labels; the zero line is stronger.
    pub(super) fn grid(&self, labels: &[String], theme: &Theme) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for (value, label) in self.ticks.values.iter().zip(labels) {
            let y = self.y(*value);
            let color = if value.abs() < 1e-9 * self.ticks.high.abs().max(1e-9) {
                theme.muted.mix(theme.line, 0.5)
            } else {
                theme.line
            };
            shapes.push(horizontal(self.left, self.right, y, color));
            let label = metrics::fit(label, LABEL_SIZE, theme.regular(), self.left - LABEL_GAP);
            if !label.is_empty() {
                shapes.push(Shape::Text {
                    x: self.left - LABEL_GAP,
                    y: y + MIDDLE * LABEL_SIZE,
                    text: label,
                    size: LABEL_SIZE,
                    color: theme.muted,
                    anchor: Anchor::End,
                    face: theme.regular(),
                });
            }
        }
        shapes
    }
}

/// A hairline.
fn horizontal(left: f64, right: f64, y: f64, color: Color) -> Shape {
    Shape::Line { points: vec![(left, y), (right, y)], color, width: 0.6, dash: None }
}

/// The labels under the plot: which categories have one, and how it is broken into lines.
#[derive(Clone, Debug)]
pub(super) struct CategoryLabels {
    /// The category and the lines of its label.
    labels: Vec<(usize, Vec<String>)>,
    face: Face,
}

impl CategoryLabels {
    /// Chooses the labels for a width: all of them on one line, else all on two lines, else on three and shortened for a few bars
    /// (a bar without its name says nothing), else every second, third and so on.
    pub(super) fn choose(
        categories: &[String],
        kind: ChartKind,
        (left, right): (f64, f64),
        box_width: f64,
        face: Face,
    ) -> Self {
        let count = categories.len();
        let slot = (right - left) / count.max(1) as f64;
        let lines = |width: f64, most: usize| -> Self {
            let wrap = |text: &String| metrics::wrap(text, LABEL_SIZE, face, width, most);
            Self { labels: categories.iter().map(wrap).enumerate().collect(), face }
        };
        let whole = lines(0.4 * (right - left).max(slot), 1);
        let fits = |chosen: &Self| !chosen.overlaps(left, slot, box_width);
        if fits(&whole) {
            return whole;
        }
        if count <= 16 {
            // Broken at the same place where that is possible: "Mon 16" beside "Tue" over "17" looks like a mistake.
            let widest = categories
                .iter()
                .flat_map(|text| text.split_whitespace())
                .map(|word| label_width(word, face))
                .fold(0.0, f64::max);
            let whole =
                |chosen: &Self| !chosen.labels.iter().flat_map(|(_, lines)| lines).any(|line| line.ends_with('…'));
            for wrapped in [lines(widest, 2), lines(slot - CATEGORY_GAP, 2)] {
                if fits(&wrapped) && whole(&wrapped) {
                    return wrapped;
                }
            }
            let shortened = lines(slot - CATEGORY_GAP, 3);
            if matches!(kind, ChartKind::Bar | ChartKind::StackedBar) && slot > 28.0 && fits(&shortened) {
                return shortened;
            }
        }
        (2..=count.max(2))
            .filter(|stride| STRIDES.contains(stride) || stride % 30 == 0)
            .map(|stride| Self { labels: whole.labels.iter().step_by(stride).cloned().collect(), face })
            .find(fits)
            .unwrap_or_else(|| Self { labels: whole.labels.into_iter().take(1).collect(), face })
    }

    /// How many lines the tallest label has.
    pub(super) fn lines(&self) -> usize {
        self.labels.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0)
    }

    /// The labels as shapes under the plot, from this y on.
    pub(super) fn shapes(&self, plot: &Plot, top: f64, box_width: f64, theme: &Theme) -> Vec<Shape> {
        let mut shapes = Vec::new();
        for (category, lines) in &self.labels {
            for (row, text) in lines.iter().enumerate() {
                shapes.push(Shape::Text {
                    x: centre(plot.x(*category), label_width(text, self.face), box_width),
                    y: top + (ASCENT + row as f64 * LINE_HEIGHT) * LABEL_SIZE,
                    text: text.clone(),
                    size: LABEL_SIZE,
                    color: theme.muted,
                    anchor: Anchor::Middle,
                    face: self.face,
                });
            }
        }
        shapes
    }

    /// Whether two neighbours come closer than they may.
    fn overlaps(&self, left: f64, slot: f64, box_width: f64) -> bool {
        let span = |(category, lines): &(usize, Vec<String>)| {
            let width = lines.iter().map(|line| label_width(line, self.face)).fold(0.0, f64::max);
            let middle = centre(left + (*category as f64 + 0.5) * slot, width, box_width);
            (middle - width / 2.0, middle + width / 2.0)
        };
        self.labels.windows(2).any(|pair| span(&pair[1]).0 - span(&pair[0]).1 < CATEGORY_GAP)
    }
}

/// Strides people count in: hours by 2, 3, 4, 6, 12; days by weeks.
const STRIDES: [usize; 12] = [2, 3, 4, 5, 6, 7, 10, 12, 14, 20, 21, 28];

/// The width of a label in points.
fn label_width(text: &str, face: Face) -> f64 {
    metrics::text_width(text, LABEL_SIZE, face)
}

/// The middle of a label, moved so that it stays inside the box.
fn centre(wanted: f64, width: f64, box_width: f64) -> f64 {
    wanted.max(width / 2.0).min((box_width - width / 2.0).max(width / 2.0))
}
