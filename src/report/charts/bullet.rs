//! Lying bars, one for each category: the value in front, the period before as a broad band behind it, the target as an
//! upright mark. Names stand to the left, values to the right.

use super::axis::{LABEL_GAP, LABEL_SIZE};
use super::legend::{self, Key, Legend};
use super::metrics::{self, LINE_HEIGHT, MIDDLE};
use super::ticks::{Ticks, ticks};
use super::{Anchor, Color, Shape, usable};
use crate::report::document::{Chart, ChartKind, Series, SeriesRole, Status};
use crate::report::theme::Theme;

/// The height a row has where there is enough, in points: two lines of a long name.
pub(super) const ROW: f64 = 2.0 * LABEL_SIZE * LINE_HEIGHT + 2.0;
/// What the axis under the rows takes, in points.
pub(super) const AXIS: f64 = LABEL_SIZE * LINE_HEIGHT + LABEL_GAP;

/// The shapes of a chart with at least one value; none when the box has no room for a line of text in each row.
pub(super) fn shapes(
    chart: &Chart,
    width: f64,
    height: f64,
    theme: &Theme,
    write: impl Fn(f64, u8) -> String,
) -> Option<Vec<Shape>> {
    let rows = chart.categories.len();
    let of_role = |role: SeriesRole| chart.series.iter().find(|series| series.role == role);
    let (current, previous) = (of_role(SeriesRole::Current)?, of_role(SeriesRole::Previous));
    let target = chart.target.as_ref().filter(|target| usable(Some(target.value)).is_some());
    let legend = legend(target.map(|target| target.label.as_str()), previous, width, theme);
    let row = ((height - legend.height - AXIS) / rows as f64).min(1.6 * ROW);
    if row < LABEL_SIZE * LINE_HEIGHT {
        return None;
    }
    let value = |series: &Series, row: usize| usable(series.values.get(row).copied().flatten());
    let known = |series: &Series| -> Vec<f64> { (0..rows).filter_map(|row| value(series, row)).collect() };
    let texts: Vec<String> = (0..rows)
        .map(|row| value(current, row).map_or_else(|| "–".to_owned(), |value| write(value, chart.scale.decimals)))
        .collect();
    let widest = |texts: &[String], most: f64| {
        let of = |text: &String| metrics::text_width(text, LABEL_SIZE, theme.regular());
        texts.iter().map(of).fold(0.0, f64::max).min(most)
    };
    let left = widest(&chart.categories, 0.36 * width) + LABEL_GAP;
    let right = width - widest(&texts, 0.2 * width) - LABEL_GAP;
    if right - left < 30.0 {
        return None;
    }
    let mut values = known(current);
    values.extend(previous.map(known).unwrap_or_default());
    values.extend(target.map(|target| target.value));
    let most = ((right - left) / 60.0).clamp(1.0, 6.0) as usize;
    let scale = Scale { ticks: ticks(&values, chart.scale.unit, ChartKind::Bullet, most), left, right };

    let bottom = legend.height + row * rows as f64;
    let mut shapes = scale.grid(legend.height, bottom, width, theme, |value| write(value, scale.ticks.decimals));
    for (index, text) in texts.iter().enumerate() {
        let middle = legend.height + (index as f64 + 0.5) * row;
        shapes.extend(name(&chart.categories[index], left - LABEL_GAP, middle, row, theme));
        if let Some(before) = previous.and_then(|series| value(series, index)) {
            shapes.push(scale.bar(before, middle, (0.62 * row).min(14.0), theme.line));
        }
        if let Some(now) = value(current, index) {
            let color = match chart.statuses.get(index).copied().unwrap_or_default() {
                Status::Neutral => theme.brand,
                judged => theme.status(judged),
            };
            shapes.push(scale.bar(now, middle, (0.3 * row).min(7.0), color));
        }
        if let Some(target) = target {
            let height = (0.74 * row).min(17.0);
            let x = scale.x(target.value) - 1.0;
            shapes.push(Shape::Rectangle { x, y: middle - height / 2.0, width: 2.0, height, color: theme.ink });
        }
        shapes.push(Shape::Text {
            x: width,
            y: middle + MIDDLE * LABEL_SIZE,
            text: metrics::fit(text, LABEL_SIZE, theme.regular(), width - right - LABEL_GAP),
            size: LABEL_SIZE,
            color: theme.ink,
            anchor: Anchor::End,
            face: theme.regular(),
        });
    }
    shapes.extend(legend.shapes);
    Some(shapes)
}

/// What the mark and the band mean; nothing when there is neither.
fn legend(target: Option<&str>, previous: Option<&Series>, width: f64, theme: &Theme) -> Legend {
    let target = target.map(|label| (Key::Mark(theme.ink), label));
    let previous = previous.map(|series| (Key::Field(theme.line), series.name.as_str()));
    if target.is_none() && previous.is_none() {
        return Legend::default();
    }
    legend::rows(target.into_iter().chain(previous), width, theme)
}

/// A category's name before its bar, over as many lines as the row has room for.
fn name(name: &str, right: f64, middle: f64, row: f64, theme: &Theme) -> Vec<Shape> {
    let most = ((row / (LABEL_SIZE * LINE_HEIGHT)) as usize).clamp(1, 2);
    let lines = metrics::wrap(name, LABEL_SIZE, theme.regular(), right, most);
    let first = middle - (lines.len() as f64 - 1.0) / 2.0 * LABEL_SIZE * LINE_HEIGHT;
    let line = |(index, text): (usize, String)| Shape::Text {
        x: right,
        y: first + index as f64 * LABEL_SIZE * LINE_HEIGHT + MIDDLE * LABEL_SIZE,
        text,
        size: LABEL_SIZE,
        color: theme.ink,
        anchor: Anchor::End,
        face: theme.regular(),
    };
    lines.into_iter().enumerate().map(line).collect()
}

/// The value axis along the width.
struct Scale {
    ticks: Ticks,
    left: f64,
    right: f64,
}

impl Scale {
    fn x(&self, value: f64) -> f64 {
        let share = ((value - self.ticks.low) / (self.ticks.high - self.ticks.low)).clamp(0.0, 1.0);
        self.left + share * (self.right - self.left)
    }

    /// A bar from zero; one of zero leaves a hairline.
    fn bar(&self, value: f64, middle: f64, height: f64, color: Color) -> Shape {
        let (zero, end) = (self.x(0.0), self.x(value));
        let width = (end - zero).abs().max(0.6);
        Shape::Rectangle { x: zero.min(end).min(self.right - width), y: middle - height / 2.0, width, height, color }
    }

    /// Upright hairlines with their numbers under the rows; numbers that would touch are left out.
    fn grid(&self, top: f64, bottom: f64, width: f64, theme: &Theme, write: impl Fn(f64) -> String) -> Vec<Shape> {
        let mut shapes = Vec::new();
        let mut taken = f64::NEG_INFINITY;
        for value in &self.ticks.values {
            let x = self.x(*value);
            let zero = value.abs() < 1e-9 * self.ticks.high.abs().max(1e-9);
            let color = if zero { theme.muted.mix(theme.line, 0.5) } else { theme.line };
            shapes.push(Shape::Line { points: vec![(x, top), (x, bottom)], color, width: 0.6, dash: None });
            let text = write(*value);
            let half = metrics::text_width(&text, LABEL_SIZE, theme.regular()) / 2.0;
            if x - half < taken + LABEL_GAP || x - half < 0.0 || x + half > width {
                continue;
            }
            taken = x + half;
            shapes.push(Shape::Text {
                x,
                y: bottom + AXIS - LABEL_GAP / 2.0 - 0.24 * LABEL_SIZE,
                text,
                size: LABEL_SIZE,
                color: theme.muted,
                anchor: Anchor::Middle,
                face: theme.regular(),
            });
        }
        shapes
    }
}
