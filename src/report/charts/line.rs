//! Lines with points. Where there is no data the line is broken, never drawn through.

use super::axis::Plot;
use super::style::{self, PREVIOUS_DASH};
use super::{Color, Shape};
use crate::report::document::{Chart, SeriesRole};
use crate::report::theme::Theme;

/// The lines of a chart: the previous period first, so that it lies behind.
pub(super) fn lines(chart: &Chart, plot: &Plot, theme: &Theme) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for role in [SeriesRole::Previous, SeriesRole::Current] {
        for (index, series) in chart.series.iter().enumerate().filter(|(_, series)| series.role == role) {
            let color = style::series_color(chart, index, theme);
            shapes.extend(line(&series.values, role, color, plot));
        }
    }
    shapes
}

/// One series as runs between gaps, with points where there is room and wherever a value has no neighbours.
fn line(values: &[Option<f64>], role: SeriesRole, color: Color, plot: &Plot) -> Vec<Shape> {
    let points: Vec<Option<(f64, f64)>> = values
        .iter()
        .take(plot.categories)
        .enumerate()
        .map(|(category, value)| super::usable(*value).map(|value| (plot.x(category), plot.y(value))))
        .collect();
    let roomy = plot.slot() >= 9.0;
    let mut shapes = Vec::new();
    let mut dots = Vec::new();
    for run in points.split(Option::is_none) {
        let run: Vec<(f64, f64)> = run.iter().flatten().copied().collect();
        match role {
            SeriesRole::Current if roomy || run.len() == 1 => dots.extend(run.iter().map(|point| (*point, 2.4))),
            SeriesRole::Current => dots.extend(run.last().map(|point| (*point, 2.4))),
            SeriesRole::Previous if run.len() == 1 => dots.extend(run.iter().map(|point| (*point, 1.4))),
            SeriesRole::Previous | SeriesRole::Part => {}
        }
        if run.len() > 1 {
            let (width, dash) = if role == SeriesRole::Current { (1.8, None) } else { (1.2, Some(PREVIOUS_DASH)) };
            shapes.push(Shape::Line { points: run, color, width, dash });
        }
    }
    shapes.extend(dots.into_iter().map(|((x, y), radius)| Shape::Circle { x, y, radius, color }));
    shapes
}
