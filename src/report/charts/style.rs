//! How series look: the present period in the brand's colours, the one before in grey. Sizes are in points.

use super::Color;
use crate::report::document::{Chart, ChartKind, SeriesRole};
use crate::report::theme::Theme;

/// Dash and gap of the previous period's line.
pub(super) const PREVIOUS_DASH: (f64, f64) = (2.5, 2.0);
/// Dash and gap of the target's line, longer than those of the previous period.
pub(super) const TARGET_DASH: (f64, f64) = (6.0, 3.0);

/// The colour of a series. Several present ones are shades of the brand, so that no status colour is suggested.
pub(in crate::report) fn series_color(chart: &Chart, index: usize, theme: &Theme) -> Color {
    let before = chart.series.iter().take(index).filter(|series| series.role != SeriesRole::Previous).count();
    match chart.series.get(index).map(|series| series.role) {
        Some(SeriesRole::Previous) => match chart.kind {
            ChartKind::Line => theme.line.mix(theme.muted, 0.7),
            _ => theme.line.mix(theme.muted, 0.25),
        },
        _ => theme.brand.mix(Color::hex(0xff_ff_ff), [0.0, 0.45, 0.25, 0.65][before % 4]),
    }
}
