//! How good a value is against its target, and how good a change is. No wording here.

use std::cmp::Ordering;

use super::document::{Scale, Status, Trend};
use crate::locale::{Unit, compare_shown};
use crate::workspace::{Direction, KpiDefinition};

/// How many digits after the point readers see of this KPI.
pub fn decimals(definition: &KpiDefinition) -> u8 {
    definition.decimals.unwrap_or(definition.unit.default_decimals())
}

/// How many digits after the point readers see of this value. A share that falls short of all, or of nothing, by less
/// than they show gets more of them when all or nothing is the target: 99.99% must not read as 100.0%.
pub(super) fn decimals_of(definition: &KpiDefinition, value: f64) -> u8 {
    const MOST: u8 = 4;
    let usual = decimals(definition);
    let bound = definition.target.filter(|target| *target == 0.0 || *target == 100.0);
    let Some(bound) = bound.filter(|bound| definition.unit == Unit::Percent && value != *bound) else { return usual };
    let told_apart = |decimals: &u8| compare_shown(bound, value, definition.unit, *decimals).is_ne();
    (usual..=MOST.max(usual)).find(told_apart).unwrap_or(usual)
}

/// How readers see numbers of this KPI.
pub fn scale(definition: &KpiDefinition) -> Scale {
    Scale { unit: definition.unit, decimals: decimals(definition) }
}

/// The status of a value, judged as it is shown: what reads "80.0%" never misses a target of 80.
pub fn status(definition: &KpiDefinition, value: Option<f64>) -> Status {
    let (Some(value), Some(target)) = (value, definition.target) else { return Status::Neutral };
    let reaches = |limit: f64| {
        let order = compare_shown(limit, value, definition.unit, decimals_of(definition, value));
        match definition.better {
            Direction::Higher => order.is_ge(),
            Direction::Lower => order.is_le(),
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
pub fn trend(definition: &KpiDefinition, previous: f64, value: f64) -> Trend {
    match compare_shown(previous, value, definition.unit, decimals(definition)) {
        Ordering::Greater => Trend::Up,
        Ordering::Less => Trend::Down,
        Ordering::Equal => Trend::Flat,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn check(better: Direction, target: Option<f64>, warn: Option<f64>, cases: &[(Option<f64>, Status)]) {
        let mut definition = samples::kpi("k", "K");
        (definition.better, definition.target, definition.warn) = (better, target, warn);
        for (value, expected) in cases {
            assert_eq!(status(&definition, *value), *expected, "{better:?} {target:?} {warn:?} {value:?}");
        }
    }

    #[test]
    fn judged_as_shown() {
        use Status::{Bad, Good, Near, Neutral};
        check(
            Direction::Higher,
            Some(80.0),
            Some(75.0),
            &[
                (Some(80.0), Good),
                (Some(79.96), Good),
                (Some(79.94), Near),
                (Some(75.0), Near),
                (Some(74.9), Bad),
                (None, Neutral),
            ],
        );
        check(
            Direction::Lower,
            Some(5.0),
            Some(8.0),
            &[(Some(5.04), Good), (Some(5.06), Near), (Some(8.0), Near), (Some(8.1), Bad)],
        );
        check(Direction::Higher, Some(-10.0), None, &[(Some(-10.0), Good), (Some(-11.0), Bad)]);
        check(
            Direction::Higher,
            Some(100.0),
            None,
            &[(Some(99.99), Bad), (Some(99.94), Bad), (Some(100.0), Good), (Some(99.999_999), Good)],
        );
        check(Direction::Lower, Some(0.0), None, &[(Some(0.01), Bad), (Some(0.0), Good)]);
        check(Direction::Neither, Some(80.0), Some(75.0), &[(Some(10.0), Neutral)]);
        check(Direction::Higher, None, Some(75.0), &[(Some(10.0), Neutral)]);
    }

    #[test]
    fn changes_are_judged_by_direction() {
        let definition = samples::kpi("k", "K");
        assert_eq!(trend(&definition, 78.16, 78.24), Trend::Flat);
        assert_eq!(trend(&definition, 78.16, 78.26), Trend::Up);
        assert_eq!(change_status(Direction::Lower, Trend::Up), Status::Bad);
        assert_eq!(change_status(Direction::Higher, Trend::Up), Status::Good);
        assert_eq!(change_status(Direction::Neither, Trend::Up), Status::Neutral);
        assert_eq!(change_status(Direction::Higher, Trend::Flat), Status::Neutral);
    }
}
