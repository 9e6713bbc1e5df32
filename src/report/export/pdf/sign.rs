//! Small signs drawn as shapes: a status that can be read without its colour, and the direction of a change.

use super::mark::Mark;
use crate::report::charts::Color;
use crate::report::document::{Status, Trend};
use crate::report::theme::Theme;

/// The sign of a status around a centre: a disc with a tick, a diamond with a bar, a square with a cross. Nothing for a
/// neutral one.
pub(super) fn status(status: Status, x: f64, y: f64, size: f64, theme: &Theme) -> Vec<Mark> {
    let half = size / 2.0;
    let color = theme.status(status);
    let white = |points: &[(f64, f64)]| Mark::Line {
        points: points.iter().map(|(right, down)| (x + right * half, y + down * half)).collect(),
        color: Color::hex(0x00ff_ffff),
        width: 0.14 * size,
        dash: None,
    };
    match status {
        Status::Good => {
            vec![Mark::Circle { x, y, radius: half, color }, white(&[(-0.45, 0.05), (-0.1, 0.4), (0.48, -0.35)])]
        }
        Status::Near => {
            let reach = 1.15 * half;
            let points = vec![(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
            vec![Mark::Polygon { points, color }, white(&[(-0.5, 0.0), (0.5, 0.0)])]
        }
        Status::Bad => vec![
            Mark::Rectangle { x: x - half, y: y - half, width: size, height: size, radius: 0.2 * size, color },
            white(&[(-0.42, -0.42), (0.42, 0.42)]),
            white(&[(-0.42, 0.42), (0.42, -0.42)]),
        ],
        Status::Neutral => Vec::new(),
    }
}

/// The sign of a trend around a centre: a triangle up or down, a bar where nothing changed.
pub(super) fn trend(trend: Trend, x: f64, y: f64, size: f64, color: Color) -> Mark {
    let half = size / 2.0;
    let rise = 0.86 * half;
    match trend {
        Trend::Up => Mark::Polygon { points: vec![(x - half, y + rise), (x + half, y + rise), (x, y - rise)], color },
        Trend::Down => Mark::Polygon { points: vec![(x - half, y - rise), (x + half, y - rise), (x, y + rise)], color },
        Trend::Flat => Mark::rectangle(x - half, y - 0.14 * size, size, 0.28 * size, color),
    }
}
