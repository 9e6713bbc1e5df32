//! How far a figure can be trusted: whether there are enough calls behind it, and whether a difference is more than
//! chance. No wording here.

use super::build::BuildRequest;
use super::rows::{Row, Rows};
use crate::kpi::{Origin, Snapshot};
use crate::locale::Unit;
use crate::workspace::{Direction, KpiDefinition};

/// A group with fewer calls than this is not judged: three lost calls of five say nothing.
pub(super) const ENOUGH_CALLS: f64 = 20.0;

/// Means of fewer calls than this jump by themselves.
const ENOUGH_FOR_A_MEAN: f64 = 100.0;
/// A mean, a sum or a number of calls that changed by less than this share is not worth a sentence.
const WORTH_TELLING: f64 = 0.05;
/// Differences within so many standard errors happen by chance once in twenty times.
const STANDARD_ERRORS: f64 = 2.0;

/// A value and the number of calls behind it, where that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measure {
    /// The value.
    pub(super) value: f64,
    /// The calls, or answers, or whatever the KPI is computed from.
    pub(super) calls: Option<f64>,
}

/// The number of rows a total is computed from: as its explanation tells, else the calls that are counted beside it. The
/// rows of a sum are not asked: they may be sums themselves, such as those of an archive of months.
pub(super) fn calls_behind(request: &BuildRequest<'_>, snapshot: &Snapshot, definition: &KpiDefinition) -> Option<f64> {
    let explanation = snapshot.explained_total().and_then(|total| total.of(&definition.id.value));
    let counted = explanation.into_iter().flat_map(|explanation| &explanation.parts).filter_map(|part| {
        let Origin::Rows { counts: Some(counts), .. } = &part.origin else { return None };
        (!part.what.starts_with("sum(")).then_some(counts.entered as f64)
    });
    counted.reduce(f64::max).or_else(|| {
        let total = snapshot.by(&[])?;
        let counts = |id: &&String| {
            let other = request.catalog.kpis.get(*id);
            other.is_some_and(|other| {
                let (own, of_other) = (&definition.dataset, &other.dataset);
                let same = own.as_ref().map(|id| &id.value) == of_other.as_ref().map(|id| &id.value);
                other.unit == Unit::Count && (same || own.is_none())
            })
        };
        let volume = total.kpis.iter().find(counts)?;
        total.reading(&[], volume)?.number()
    })
}

/// Whether two values of a KPI differ by more than chance and by enough to speak of.
///
/// Shares are compared by the two-proportion z-test with pooled variance, numbers of calls as Poisson counts, each at two
/// standard errors; means, whose spread is not known, by a least number of calls and a least relative change.
pub(super) fn differs(definition: &KpiDefinition, one: Measure, other: Measure) -> bool {
    let difference = (one.value - other.value).abs();
    let relative = difference / one.value.abs().max(other.value.abs()).max(1e-9);
    let is_share = |value: f64| (0.0..=100.0).contains(&value);
    match (definition.unit, one.calls, other.calls) {
        (Unit::Percent, Some(first), Some(second)) if is_share(one.value) && is_share(other.value) => {
            if first < 1.0 || second < 1.0 {
                return false;
            }
            let pooled = (one.value * first + other.value * second) / (first + second) / 100.0;
            let error = 100.0 * (pooled * (1.0 - pooled) * (1.0 / first + 1.0 / second)).sqrt();
            difference > STANDARD_ERRORS * error
        }
        (Unit::Count, ..) => {
            let error = (one.value.max(0.0) + other.value.max(0.0)).sqrt();
            relative >= WORTH_TELLING && difference > STANDARD_ERRORS * error
        }
        (_, first, second) => {
            let enough = |calls: Option<f64>| calls.is_none_or(|calls| calls >= ENOUGH_FOR_A_MEAN);
            relative >= WORTH_TELLING && enough(first) && enough(second)
        }
    }
}

/// Whether a value may lie on its side of a limit by chance alone: too few calls, or a share whose distance is within its
/// standard errors.
pub(super) fn may_be_chance(definition: &KpiDefinition, measure: Measure, limit: f64) -> bool {
    let Some(calls) = measure.calls else { return false };
    if definition.unit == Unit::Count {
        return false;
    }
    let share = measure.value / 100.0;
    let error = match definition.unit {
        // Of a handful of calls, none or all say little: one call of the other kind is reckoned with.
        Unit::Percent if (0.0..=1.0).contains(&share) => {
            let softened = (share * calls + 1.0) / (calls + 2.0);
            100.0 * (softened * (1.0 - softened) / calls.max(1.0)).sqrt()
        }
        _ => 0.0,
    };
    calls < ENOUGH_CALLS || (measure.value - limit).abs() <= STANDARD_ERRORS * error
}

/// The column that counts the calls of a data block's rows: its first KPI that counts.
pub(super) fn volume(rows: &Rows<'_>) -> Option<usize> {
    rows.kpis.iter().position(|definition| definition.unit == Unit::Count)
}

/// The calls of a row, where the block counts them.
pub(super) fn calls_of(rows: &Rows<'_>, row: &Row<'_>) -> Option<f64> {
    volume(rows).and_then(|column| rows.figure(row, column).number())
}

/// Whether a row has too few calls to be judged; never where the block does not count them.
pub(super) fn too_few(rows: &Rows<'_>, row: &Row<'_>) -> bool {
    volume(rows).is_some() && calls_of(rows, row).is_some_and(|calls| calls < ENOUGH_CALLS)
}

/// How much worse the first value is; negative when it is better.
pub(super) fn worse_by(better: Direction, value: f64, than: f64) -> f64 {
    match better {
        Direction::Lower => value - than,
        Direction::Higher | Direction::Neither => than - value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples;

    fn check(unit: Unit, one: (f64, Option<f64>), other: (f64, Option<f64>), expected: bool) {
        let definition = KpiDefinition { unit, ..samples::kpi("k", "K") };
        let measure = |(value, calls): (f64, Option<f64>)| Measure { value, calls };
        assert_eq!(differs(&definition, measure(one), measure(other)), expected, "{unit:?} {one:?} {other:?}");
        assert_eq!(differs(&definition, measure(other), measure(one)), expected, "{unit:?} {other:?} {one:?}");
    }

    #[test]
    fn differences_beyond_chance() {
        // The standard error of 50% against 60% of 100 calls each is 7.04 points.
        check(Unit::Percent, (50.0, Some(100.0)), (60.0, Some(100.0)), false);
        check(Unit::Percent, (50.0, Some(1_000.0)), (60.0, Some(1_000.0)), true);
        check(Unit::Percent, (0.0, Some(3.0)), (100.0, Some(3.0)), true);
        check(Unit::Percent, (80.0, Some(0.0)), (60.0, Some(1_000.0)), false);
        check(Unit::Percent, (100.0, Some(500.0)), (100.0, Some(500.0)), false);
        check(Unit::Percent, (80.0, None), (60.0, None), true);
        check(Unit::Count, (10_000.0, None), (10_300.0, None), false);
        check(Unit::Count, (10_000.0, None), (11_000.0, None), true);
        check(Unit::Count, (10.0, None), (14.0, None), false);
        check(Unit::Duration, (240.0, Some(50.0)), (300.0, Some(5_000.0)), false);
        check(Unit::Duration, (240.0, Some(500.0)), (300.0, Some(5_000.0)), true);
        check(Unit::Number, (-100.0, None), (-100.0, None), false);
    }

    fn check_limit(unit: Unit, value: f64, calls: Option<f64>, limit: f64, expected: bool) {
        let definition = KpiDefinition { unit, ..samples::kpi("k", "K") };
        assert_eq!(may_be_chance(&definition, Measure { value, calls }, limit), expected, "{value} {calls:?} {limit}");
    }

    #[test]
    fn limits_that_chance_may_cross() {
        check_limit(Unit::Percent, 78.0, Some(10_000.0), 80.0, false);
        check_limit(Unit::Percent, 78.0, Some(400.0), 80.0, true);
        check_limit(Unit::Percent, 0.0, Some(25.0), 5.0, true);
        check_limit(Unit::Percent, 20.0, Some(5.0), 80.0, true);
        check_limit(Unit::Duration, 240.0, Some(19.0), 200.0, true);
        check_limit(Unit::Duration, 240.0, Some(21.0), 200.0, false);
        check_limit(Unit::Percent, 78.0, None, 80.0, false);
        check_limit(Unit::Count, 3.0, Some(3.0), 80.0, false);
    }
}
