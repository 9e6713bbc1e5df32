//! How good a value is against its target, and how good a change is. No wording here.

use super::document::{Status, Trend};
use crate::workspace::{Direction, KpiDefinition};

/// The status of a value, judged as it is shown: what reads "80.0%" never misses a target of 80.
///
/// `decimals` is how many digits after the point the reader sees.
pub fn status(definition: &KpiDefinition, value: Option<f64>, decimals: u8) -> Status {
    let (Some(value), Some(target)) = (value, definition.target) else { return Status::Neutral };
    let reaches = |limit: f64| {
        let (value, limit) = (as_shown(value, decimals), as_shown(limit, decimals));
        match definition.better {
            Direction::Higher => value >= limit,
            Direction::Lower => value <= limit,
            Direction::Neither => false,
        }
    };
    match definition.better {
        Direction::Neither => Status::Neutral,
        _ if reaches(target) => Status::Good,
        _ if definition.warn.is_some_and(reaches) => Status::Near,
        _ => Status::Bad,
    }
}

/// Which way a value went, as far as its decimals show.
pub fn trend(value: f64, previous: f64, decimals: u8) -> Trend {
    let (value, previous) = (as_shown(value, decimals), as_shown(previous, decimals));
    match value.total_cmp(&previous) {
        std::cmp::Ordering::Greater => Trend::Up,
        std::cmp::Ordering::Less => Trend::Down,
        std::cmp::Ordering::Equal => Trend::Flat,
    }
}

/// Whether a trend is good for a KPI of this direction.
pub fn change_status(better: Direction, trend: Trend) -> Status {
    match (better, trend) {
        (Direction::Neither, _) | (_, Trend::Flat) => Status::Neutral,
        (Direction::Higher, Trend::Up) | (Direction::Lower, Trend::Down) => Status::Good,
        (Direction::Higher, Trend::Down) | (Direction::Lower, Trend::Up) => Status::Bad,
    }
}

/// The value rounded to the decimals that are shown; never minus zero.
pub(super) fn as_shown(value: f64, decimals: u8) -> f64 {
    let scale = 10_f64.powi(i32::from(decimals));
    let scaled = value * scale;
    // Beyond 2^53 there is no fraction left to round, and multiplying might overflow.
    if scaled.abs() >= 9_007_199_254_740_992.0 { value } else { scaled.round() / scale + 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn check(better: Direction, target: Option<f64>, warn: Option<f64>, cases: &[(Option<f64>, Status)]) {
        let mut definition = samples::kpi("k", "K");
        (definition.better, definition.target, definition.warn) = (better, target, warn);
        for (value, expected) in cases {
            assert_eq!(status(&definition, *value, 1), *expected, "{better:?} {target:?} {warn:?} {value:?}");
        }
    }

    #[test]
    fn judged_as_shown() {
        use Status::{Bad, Good, Near, Neutral};
        check(Direction::Higher, Some(80.0), Some(75.0), &[
            (Some(80.0), Good),
            (Some(79.96), Good),
            (Some(79.94), Near),
            (Some(75.0), Near),
            (Some(74.9), Bad),
            (None, Neutral),
        ]);
        check(Direction::Lower, Some(5.0), Some(8.0), &[
            (Some(5.04), Good),
            (Some(5.06), Near),
            (Some(8.0), Near),
            (Some(8.1), Bad),
        ]);
        check(Direction::Higher, Some(-10.0), None, &[(Some(-10.0), Good), (Some(-11.0), Bad)]);
        check(Direction::Neither, Some(80.0), Some(75.0), &[(Some(10.0), Neutral)]);
        check(Direction::Higher, None, Some(75.0), &[(Some(10.0), Neutral)]);
    }

    #[test]
    fn changes_are_judged_by_direction() {
        assert_eq!(trend(78.24, 78.16, 1), Trend::Flat);
        assert_eq!(trend(78.26, 78.16, 1), Trend::Up);
        assert_eq!(change_status(Direction::Lower, Trend::Up), Status::Bad);
        assert_eq!(change_status(Direction::Higher, Trend::Up), Status::Good);
        assert_eq!(change_status(Direction::Neither, Trend::Up), Status::Neutral);
        assert_eq!(change_status(Direction::Higher, Trend::Flat), Status::Neutral);
        assert!(as_shown(-0.04, 1).is_sign_positive());
        assert_eq!(as_shown(1e300, 2), 1e300);
    }
}
