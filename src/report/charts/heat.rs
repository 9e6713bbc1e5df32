//! A grid of coloured fields: categories are its columns, series its rows. The more, the darker; a field without data is
//! crossed out, because an empty one would look like the least.

use super::axis::{CategoryLabels, LABEL_GAP, LABEL_SIZE, Plot};
use super::legend::ROW as LEGEND_ROW;
use super::metrics::{self, LINE_HEIGHT, MIDDLE};
use super::ticks::Ticks;
use super::{Anchor, Color, Shape, usable};
use crate::report::document::{Chart, ChartKind};
use crate::report::theme::Theme;
use crate::report::typeface::Face;

/// The height a row of fields has where there is enough, in points.
pub(super) const ROW: f64 = 18.0;
/// What the legend above and the labels under the grid take together, in points.
pub(super) const AROUND: f64 = LEGEND_ROW + LABEL_GAP + LABEL_SIZE * LINE_HEIGHT + 2.0 * LABEL_GAP;
/// The font size of numbers inside fields, in points.
const IN_FIELD: f64 = 7.5;
/// The smallest field that can be told from its neighbours, in points.
const LEAST: f64 = 3.0;
/// Fields of the legend, from the least to the most.
const STEPS: usize = 5;

/// The words of the grid.
pub(super) struct Words<'a> {
    /// What stands for a crossed-out field.
    pub(super) no_data: &'a str,
    /// How a number is written.
    pub(super) write: &'a dyn Fn(f64) -> String,
}

/// The shapes of a chart with at least one value; none when the box has no room for its fields.
pub(super) fn shapes(chart: &Chart, width: f64, height: f64, theme: &Theme, words: &Words<'_>) -> Option<Vec<Shape>> {
    let (rows, columns) = (chart.series.len(), chart.categories.len());
    let value = |row: usize, column: usize| usable(chart.series[row].values.get(column).copied().flatten());
    let values = || (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let known: Vec<f64> = values().filter_map(|(row, column)| value(row, column)).collect();
    let tone = Tone::of(&known, theme)?;
    let crossed = known.len() < rows * columns;

    let name_width = |name: &str| metrics::text_width(name, LABEL_SIZE, theme.regular());
    let names = chart.series.iter().map(|series| name_width(&series.name)).fold(0.0, f64::max).min(0.3 * width);
    let (left, right) = (names + LABEL_GAP, width - 1.0);
    let labels = CategoryLabels::choose(&chart.categories, ChartKind::HeatMap, (left, right), width, theme.regular());
    let below = LABEL_GAP / 2.0 + labels.lines() as f64 * LABEL_SIZE * LINE_HEIGHT + 2.0;
    let top = LEGEND_ROW + LABEL_GAP;
    let field_height = ((height - top - below) / rows as f64).min(2.0 * ROW);
    let plot = Plot {
        left,
        right,
        top,
        bottom: top + field_height * rows as f64,
        ticks: Ticks { low: 0.0, high: 1.0, values: Vec::new(), decimals: 0 },
        categories: columns,
    };
    if field_height < LEAST || plot.slot() < LEAST {
        return None;
    }
    let gap = if plot.slot().min(field_height) > 8.0 { 1.0 } else { 0.3 };
    let field = |row: usize, column: usize| Field {
        x: left + column as f64 * plot.slot(),
        y: top + row as f64 * field_height,
        width: plot.slot() - gap,
        height: field_height - gap,
    };
    let widest = known
        .iter()
        .map(|value| (words.write)(*value))
        .map(|text| metrics::text_width(&text, IN_FIELD, theme.regular()))
        .fold(0.0, f64::max);
    let numbers = widest + 2.0 < plot.slot() - gap && field_height >= IN_FIELD * LINE_HEIGHT + 1.0;

    let mut shapes = Vec::new();
    for (row, column) in values() {
        let field = field(row, column);
        match value(row, column) {
            Some(value) => {
                shapes.push(field.filled(tone.color(value)));
                if numbers {
                    shapes.push(field.number((words.write)(value), tone.on(value), theme.regular()));
                }
            }
            None => shapes.extend(field.crossed(theme)),
        }
    }
    let stride = (LABEL_SIZE * LINE_HEIGHT / field_height).ceil().max(1.0) as usize;
    for (row, series) in chart.series.iter().enumerate().step_by(stride) {
        shapes.push(Shape::Text {
            x: left - LABEL_GAP,
            y: top + (row as f64 + 0.5) * field_height + MIDDLE * LABEL_SIZE,
            text: metrics::fit(&series.name, LABEL_SIZE, theme.regular(), names + 0.01),
            size: LABEL_SIZE,
            color: theme.ink,
            anchor: Anchor::End,
            face: theme.regular(),
        });
    }
    shapes.extend(labels.shapes(&plot, plot.bottom + LABEL_GAP / 2.0, width, theme));
    shapes.extend(tone.legend(left, width, theme, words, crossed));
    Some(shapes)
}

/// One field of the grid.
struct Field {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

impl Field {
    fn filled(&self, color: Color) -> Shape {
        Shape::Rectangle { x: self.x, y: self.y, width: self.width, height: self.height, color }
    }

    fn number(&self, text: String, color: Color, face: Face) -> Shape {
        Shape::Text {
            x: self.x + self.width / 2.0,
            y: self.y + self.height / 2.0 + MIDDLE * IN_FIELD,
            text,
            size: IN_FIELD,
            color,
            anchor: Anchor::Middle,
            face,
        }
    }

    /// A field without data: pale, with a stroke across.
    fn crossed(&self, theme: &Theme) -> Vec<Shape> {
        let points = vec![(self.x, self.y + self.height), (self.x + self.width, self.y)];
        let stroke = Shape::Line { points, color: theme.line, width: 0.6, dash: None };
        vec![self.filled(theme.stripe), stroke]
    }
}

/// How dark a value is.
struct Tone {
    low: f64,
    high: f64,
    light: Color,
    dark: Color,
    ink: Color,
}

impl Tone {
    /// The tones of these values; none when there are none. The lightest is zero where that costs little contrast.
    fn of(values: &[f64], theme: &Theme) -> Option<Self> {
        let lowest = values.iter().copied().reduce(f64::min)?;
        let high = values.iter().copied().reduce(f64::max)?;
        let low = if lowest >= 0.0 && lowest < 0.5 * high { 0.0 } else { lowest };
        Some(Self { low, high, light: theme.brand_tint, dark: theme.brand, ink: theme.ink })
    }

    /// From 0, the lightest, to 1; values that are all alike lie in the middle, unless they are nothing.
    fn share(&self, value: f64) -> f64 {
        match self.high - self.low {
            span if span > 0.0 => (value - self.low) / span,
            _ if value == 0.0 => 0.0,
            _ => 0.5,
        }
    }

    fn color(&self, value: f64) -> Color {
        self.light.mix(self.dark, self.share(value))
    }

    /// The colour of a number on that field: white or ink, whichever stands out more.
    fn on(&self, value: f64) -> Color {
        let field = self.color(value).luminance() + 0.05;
        let white = Color::hex(0xff_ff_ff);
        if (white.luminance() + 0.05) / field > field / (self.ink.luminance() + 0.05) { white } else { self.ink }
    }

    /// "0 ▢▢▢▢▢ 120", and what a crossed-out field means; as much of it as there is room for.
    fn legend(&self, left: f64, width: f64, theme: &Theme, words: &Words<'_>, crossed: bool) -> Vec<Shape> {
        let side = LEGEND_ROW - 4.0;
        let field = |x: f64| Field { x, y: 2.0, width: side, height: side };
        let mut shapes = Vec::new();
        let mut x = left;
        let text = |shapes: &mut Vec<Shape>, x: &mut f64, text: String| {
            let wide = metrics::text_width(&text, LABEL_SIZE, theme.regular());
            let (y, size, color) = (LEGEND_ROW / 2.0 + MIDDLE * LABEL_SIZE, LABEL_SIZE, theme.muted);
            let (anchor, face) = (Anchor::Start, theme.regular());
            shapes.push(Shape::Text { x: *x, y, text, size, color, anchor, face });
            *x += wide + LABEL_GAP;
        };
        let [low, high] = [self.low, self.high].map(|value| (words.write)(value));
        let needed = |text: &str| metrics::text_width(text, LABEL_SIZE, theme.regular()) + LABEL_GAP;
        let steps = if self.high > self.low { STEPS } else { 1 };
        if x + needed(&low) + needed(&high) + steps as f64 * side + LABEL_GAP <= width {
            if steps > 1 {
                text(&mut shapes, &mut x, low);
            }
            for step in 0..steps {
                let value = self.low + step as f64 / (STEPS - 1) as f64 * (self.high - self.low);
                shapes.push(field(x).filled(self.color(value)));
                x += side;
            }
            x += LABEL_GAP;
            text(&mut shapes, &mut x, high);
            x += LABEL_GAP;
        }
        if crossed && x + side + needed(words.no_data) + LABEL_GAP <= width {
            shapes.extend(field(x).crossed(theme));
            x += side + LABEL_GAP;
            text(&mut shapes, &mut x, words.no_data.to_owned());
        }
        shapes
    }
}
