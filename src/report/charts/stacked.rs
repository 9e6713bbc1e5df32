//! Bars on top of each other: parts of a whole, rising from zero; what is negative hangs from it.

use super::axis::Plot;
use super::style;
use super::{Color, Shape, usable};
use crate::report::document::Chart;
use crate::report::theme::Theme;

/// The height of each bar from zero: what is stacked upwards, and what hangs down; none for a category without data.
pub(super) fn sums(chart: &Chart) -> Vec<Option<(f64, f64)>> {
    let of = |category: usize| {
        let values = chart.series.iter().filter_map(|series| usable(series.values.get(category).copied().flatten()));
        values.fold(None, |sums: Option<(f64, f64)>, value| {
            let (up, down) = sums.unwrap_or_default();
            Some((up + value.max(0.0), down + value.min(0.0)))
        })
    };
    (0..chart.categories.len()).map(of).collect()
}

/// The wholes that are written above the bars; none where parts hang down, since then no height shows the whole.
pub(super) fn wholes(chart: &Chart) -> Vec<Option<f64>> {
    let sums = sums(chart);
    let hangs = sums.iter().flatten().any(|(_, down)| *down < 0.0);
    sums.into_iter().map(|sum| sum.map(|(up, _)| up).filter(|_| !hangs)).collect()
}

/// The bars, the first series at the bottom.
pub(super) fn bars(chart: &Chart, plot: &Plot, theme: &Theme) -> Vec<Shape> {
    let width = plot.slot() * if chart.categories.len() > 40 { 0.86 } else { 0.66 };
    let mut shapes = Vec::new();
    for category in 0..plot.categories {
        let x = plot.x(category) - width / 2.0;
        let (mut up, mut down) = (0.0, 0.0);
        for (index, series) in chart.series.iter().enumerate() {
            let Some(value) = usable(series.values.get(category).copied().flatten()) else { continue };
            let reached = if value < 0.0 { &mut down } else { &mut up };
            let (from, to) = (plot.y(*reached), plot.y(*reached + value));
            *reached += value;
            let (top, height) = (from.min(to), (from - to).abs());
            if height < 0.05 {
                continue;
            }
            let color = style::series_color(chart, index, theme);
            shapes.push(Shape::Rectangle { x, y: top, width: width.max(0.2), height, color });
            // Neighbouring shades are told apart by a hair of paper between them.
            if height > 3.0 {
                let color = Color::hex(0xff_ff_ff);
                shapes.push(Shape::Rectangle { x, y: top, width: width.max(0.2), height: 0.6, color });
            }
        }
    }
    shapes
}
