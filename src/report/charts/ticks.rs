//! Where the grid lines of a value axis lie: round steps that a person reads at a glance. No drawing here.

use super::super::document::ChartKind;
use crate::workspace::Unit;

/// A value axis: its ends and the values that get a line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ticks {
    /// The lowest value on the axis.
    pub(super) low: f64,
    /// The highest value on the axis; always above `low`.
    pub(super) high: f64,
    /// The values with a line, rising, from `low` to `high`.
    pub(super) values: Vec<f64>,
    /// Digits after the decimal point that the step needs.
    pub(super) decimals: u8,
}

/// The axis for finite values, of which there is at least one, with at most `most` steps.
pub(super) fn ticks(values: &[f64], unit: Unit, kind: ChartKind, most: usize) -> Ticks {
    let (low, high) = ends(values, unit, kind);
    let step = step(high - low, unit, most.max(1));
    let first = (low / step + ROUNDING).floor();
    let last = (high / step - ROUNDING).ceil().max(first + 1.0);
    let count = (last - first) as usize;
    let values: Vec<f64> = (0..=count).map(|index| (first + index as f64) * step).collect();
    Ticks { low: first * step, high: last * step, values, decimals: decimals(step, unit) }
}

/// A value on an axis may be off a tick by rounding only; that must not add a step.
const ROUNDING: f64 = 1e-6;

/// Steps in seconds that people count time in.
const DURATION_STEPS: [f64; 22] = [
    1.0,
    2.0,
    5.0,
    10.0,
    15.0,
    30.0,
    60.0,
    120.0,
    300.0,
    600.0,
    900.0,
    1800.0,
    3600.0,
    7200.0,
    10_800.0,
    21_600.0,
    43_200.0,
    86_400.0,
    172_800.0,
    432_000.0,
    864_000.0,
    1_728_000.0,
];

/// The values the axis has to show. Bars stand on zero; lines start at zero only when that costs little height.
fn ends(values: &[f64], unit: Unit, kind: ChartKind) -> (f64, f64) {
    let lowest = values.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let from_zero = match kind {
        ChartKind::Line => lowest >= 0.0 && lowest < 0.35 * highest,
        _ => true,
    };
    let (low, high) = if from_zero { (lowest.min(0.0), highest.max(0.0)) } else { (lowest, highest) };

    // A flat line is drawn in the middle of a small range, and a range below what numbers can tell apart is widened.
    let least = match unit {
        Unit::Count => 2.0,
        Unit::Percent => 2.0,
        Unit::Duration => 4.0,
        Unit::Number | Unit::Money => 0.02,
    };
    let least = f64::max(least, 1e-4 * lowest.abs().max(highest.abs()));
    let missing = (least - (high - low)).max(0.0);
    if missing == 0.0 {
        return (low, high);
    }
    match () {
        () if low == 0.0 => (0.0, least),
        () if high == 0.0 => (-least, 0.0),
        // No KPI in percent goes beyond all of its calls, so an axis does not promise more either.
        () if unit == Unit::Percent && high <= 100.0 && high + missing / 2.0 > 100.0 => (100.0 - least, 100.0),
        () if low > 0.0 && low < missing / 2.0 => (0.0, high + missing - low),
        () => (low - missing / 2.0, high + missing / 2.0),
    }
}

/// The smallest round step that covers the span with at most `most` steps, give or take the rounding of the ends.
fn step(span: f64, unit: Unit, most: usize) -> f64 {
    let exact = span / most as f64;
    let known = DURATION_STEPS.into_iter().find(|step| *step >= exact);
    if let (Unit::Duration, Some(step)) = (unit, known) {
        return step;
    }
    let mut power = 10_f64.powi(exact.log10().floor() as i32);
    if unit == Unit::Count {
        power = power.max(1.0);
    }
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= exact * (1.0 - ROUNDING))
        .unwrap_or(10.0 * power)
}

/// Digits after the point that tell neighbouring ticks apart.
fn decimals(step: f64, unit: Unit) -> u8 {
    match unit {
        Unit::Count | Unit::Duration => 0,
        Unit::Percent | Unit::Number | Unit::Money => (-step.log10().floor()).clamp(0.0, 4.0) as u8,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[f64], unit: Unit, kind: ChartKind, expected: &[f64]) {
        let ticks = ticks(values, unit, kind, 5);
        let close = ticks.values.len() == expected.len()
            && ticks
                .values
                .iter()
                .zip(expected)
                .all(|(value, expected)| (value - expected).abs() < 1e-9 * expected.abs().max(1.0));
        assert!(close, "{:?} instead of {expected:?}", ticks.values);
    }

    #[test]
    fn steps_are_round() {
        use ChartKind::{Bar, Line};
        check(&[83.4, 79.9, 86.0], Unit::Percent, Line, &[78.0, 80.0, 82.0, 84.0, 86.0]);
        check(&[12.0, 88.0], Unit::Percent, Line, &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        check(&[99.9, 100.0], Unit::Percent, Line, &[98.0, 98.5, 99.0, 99.5, 100.0]);
        check(&[5.0], Unit::Count, Line, &[4.0, 5.0, 6.0]);
        check(&[0.0], Unit::Count, Bar, &[0.0, 1.0, 2.0]);
        check(&[3.0, 340.0], Unit::Count, Bar, &[0.0, 100.0, 200.0, 300.0, 400.0]);
        check(&[80.0, 95.0], Unit::Count, Bar, &[0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        check(&[-30.0, 45.0], Unit::Number, Bar, &[-40.0, -20.0, 0.0, 20.0, 40.0, 60.0]);
        check(&[-3.0, -1.0], Unit::Number, Bar, &[-3.0, -2.0, -1.0, 0.0]);
    }

    #[test]
    fn durations_step_in_seconds_minutes_and_hours() {
        use ChartKind::{Bar, Line};
        check(&[12.0, 64.0], Unit::Duration, Bar, &[0.0, 15.0, 30.0, 45.0, 60.0, 75.0]);
        check(&[230.0, 260.0], Unit::Duration, Line, &[230.0, 240.0, 250.0, 260.0]);
        check(&[0.0, 7000.0], Unit::Duration, Line, &[0.0, 1800.0, 3600.0, 5400.0, 7200.0]);
    }
}
