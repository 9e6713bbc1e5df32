//! How series look: the present period in the brand's colours, the one before in grey. Sizes are in points.

use super::Color;
use crate::report::document::{Chart, ChartKind, SeriesRole};
use crate::report::theme::Theme;

/// Dash and gap of the previous period's line.
pub(super) const PREVIOUS_DASH: (f64, f64) = (2.5, 2.0);
/// Dash and gap of the target's line, longer than those of the previous period.
pub(super) const TARGET_DASH: (f64, f64) = (6.0, 3.0);

/// Dash and gap of the target in a sparkline, where there is little room.
pub(super) const SPARKLINE_DASH: (f64, f64) = (1.5, 1.5);

/// The colour of a series. Several present ones and the parts of a whole are shades of the brand, so that no status
/// colour is suggested; what the parts leave over is grey.
pub(in crate::report) fn series_color(chart: &Chart, index: usize, theme: &Theme) -> Color {
    let before = chart.series.iter().take(index).filter(|series| series.role != SeriesRole::Previous).count();
    let shade = |share: f64| theme.brand.mix(Color::hex(0xff_ff_ff), share);
    match chart.series.get(index).map(|series| series.role) {
        Some(SeriesRole::Previous) => match chart.kind {
            ChartKind::Line => theme.line.mix(theme.muted, 0.7),
            _ => theme.line.mix(theme.muted, 0.25),
        },
        Some(SeriesRole::Part) if before >= PART_SHADES.len() => theme.line,
        Some(SeriesRole::Part) => shade(PART_SHADES[before]),
        _ => shade([0.0, 0.45, 0.25, 0.65][before % 4]),
    }
}

/// How much white the shades of parts hold; neighbours are far apart.
const PART_SHADES: [f64; 5] = [0.0, 0.52, 0.26, 0.74, 0.4];
