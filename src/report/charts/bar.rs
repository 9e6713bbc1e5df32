//! Bars beside each other, standing on or hanging from zero, with their values above them where there is room.

use super::axis::{LABEL_SIZE, Plot};
use super::metrics::{self, ASCENT};
use super::style;
use super::{Anchor, Color, Shape};
use crate::report::document::Chart;
use crate::report::theme::Theme;

/// The bars of a chart, in the order of its series.
pub(super) fn bars(chart: &Chart, plot: &Plot, theme: &Theme) -> Vec<Shape> {
    let count = chart.series.len().max(1) as f64;
    let group = plot.slot() * if chart.categories.len() > 40 { 0.86 } else { 0.72 };
    let (width, zero) = (group / count, plot.y(0.0));
    let mut shapes = Vec::new();
    for (index, series) in chart.series.iter().enumerate() {
        let color = style::series_color(chart, index, theme);
        for (category, value) in series.values.iter().take(plot.categories).enumerate() {
            let Some(value) = super::usable(*value) else { continue };
            let y = plot.y(value);
            let x = plot.x(category) - group / 2.0 + index as f64 * width;
            let air = if count > 1.0 { (0.08 * width).min(1.0) } else { 0.0 };
            // A bar of zero is a value, not a gap: it leaves a hairline.
            let height = (y - zero).abs().max(0.6);
            let top = if value < 0.0 { zero } else { zero - height };
            shapes.push(Shape::Rectangle { x, y: top, width: (width - air).max(0.2), height, color });
        }
    }
    shapes
}

/// The heights of bars above them, when every one of them finds room. They are drawn above the target's line, which
/// leaves a gap where it would cross one out.
pub(super) fn values(
    heights: &[Option<f64>],
    plot: &Plot,
    target: Option<f64>,
    theme: &Theme,
    write: impl Fn(f64) -> String,
) -> Vec<Shape> {
    let target = super::usable(target).map(|target| plot.y(target));
    let mut shapes = Vec::new();
    for (category, value) in heights.iter().take(plot.categories).enumerate() {
        let Some(value) = super::usable(*value) else { continue };
        let text = write(value);
        let width = metrics::text_width(&text, LABEL_SIZE, theme.regular());
        if width > plot.slot() - 4.0 {
            return Vec::new();
        }
        let y = if value < 0.0 { plot.y(value) + ASCENT * LABEL_SIZE + 2.0 } else { plot.y(value) - 3.5 };
        let top = y - ASCENT * LABEL_SIZE;
        if target.is_some_and(|target| (top - 1.0..=y + 1.0).contains(&target)) {
            let x = plot.x(category) - width / 2.0 - 1.0;
            let color = Color::hex(0xff_ff_ff);
            shapes.push(Shape::Rectangle { x, y: top, width: width + 2.0, height: ASCENT * LABEL_SIZE + 1.0, color });
        }
        let (x, size, face) = (plot.x(category), LABEL_SIZE, theme.regular());
        shapes.push(Shape::Text { x, y, text, size, color: theme.ink, anchor: Anchor::Middle, face });
    }
    shapes
}
