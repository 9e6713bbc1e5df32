//! What a KPI usually is at this time of the week and how much it varies: what `baseline`, `deviation` and `unusual` are
//! made of.

use std::sync::Arc;

use super::Call;
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;
use crate::formula::reference::{Elsewhere, Reference};

/// With fewer weeks than this nobody can say what is usual.
pub(super) const FEWEST_WEEKS: usize = 4;

/// Makes the median of absolute deviations comparable with a standard deviation, for values that scatter normally.
const MAD_TO_DEVIATION: f64 = 1.4826;

/// The spread is taken to be at least this part of what is usual: a KPI that hardly ever moves is not unusual as soon as
/// it does.
const LEAST_SPREAD: f64 = 0.05;

/// What a KPI was at this time in the last weeks, those with data.
pub(super) fn last_weeks(call: &mut Call<'_>, kpi: &Arc<str>, weeks: u32) -> Result<Weeks, Mistake> {
    let mut values = Vec::new();
    let mut is_pending = false;
    for week in 1..=weeks {
        let reference = Reference { kpi: Arc::clone(kpi), place: Elsewhere::WeeksAgo(week) };
        match call.state.reference(reference)? {
            Operand::Number(number) => values.push(number),
            Operand::Pending => is_pending = true,
            _ => {}
        }
    }
    Ok(if is_pending { Weeks::Pending } else { Weeks::Known(values) })
}

/// Values of earlier weeks.
pub(super) enum Weeks {
    /// They are not all fetched yet.
    Pending,
    /// Those with data.
    Known(Vec<f64>),
}

/// How many times its usual spread the KPI of the first argument lies above what it usually is; below it the number is
/// negative. No data when too few weeks have some.
pub(super) fn deviation(call: &mut Call<'_>, weeks: u32) -> Result<Operand, Mistake> {
    let kpi = call.name_argument(0)?;
    let now = call.state.reference(Reference { kpi: Arc::clone(&kpi), place: Elsewhere::WeeksAgo(0) })?;
    let is_count = call.state.schema().counts(&kpi);
    Ok(match (now, last_weeks(call, &kpi, weeks)?) {
        (Operand::Pending, _) | (_, Weeks::Pending) => Operand::Pending,
        (Operand::Number(now), Weeks::Known(mut values)) => {
            // A count of nothing may also mean that there were no data yet, or a holiday.
            values.retain(|value| !is_count || *value != 0.0);
            if values.len() < FEWEST_WEEKS { Operand::NoData } else { of(now, values, is_count) }
        }
        _ => Operand::NoData,
    })
}

fn of(now: f64, mut values: Vec<f64>, is_count: bool) -> Operand {
    let Some(usual) = median(&mut values) else { return Operand::NoData };
    let mut distances: Vec<f64> = values.iter().map(|value| (value - usual).abs()).collect();
    let spread = median(&mut distances).unwrap_or(0.0) * MAD_TO_DEVIATION;
    // Calls come by chance: how many varies by the square root of how many.
    let by_chance = if is_count { usual.max(1.0).sqrt() } else { 0.0 };
    let spread = spread.max(LEAST_SPREAD * usual.abs()).max(by_chance);
    if spread > 0.0 {
        return Operand::number((now - usual) / spread);
    }
    // What is always zero deviates by more than any spread as soon as it is not.
    Operand::number(if now == usual { 0.0 } else { (now - usual).signum() * f64::from(u32::MAX) })
}

/// The middle value; of an even number the mean of the two middle ones.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), values.len() % 2) {
        (None, _) => None,
        (Some(value), 1) => Some(*value),
        (Some(value), _) => Some((values[middle - 1] + value) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_few_values() {
        for (mut values, expected) in [
            (vec![], None),
            (vec![7.0], Some(7.0)),
            (vec![9.0, 1.0], Some(5.0)),
            (vec![9.0, 1.0, 2.0], Some(2.0)),
            (vec![4.0, 1.0, 100.0, 2.0], Some(3.0)),
        ] {
            assert_eq!(median(&mut values), expected, "{values:?}");
        }
    }

    #[test]
    fn deviations_are_robust_and_never_of_nothing() {
        let check = |now: f64, values: &[f64], is_count: bool, expected: f64| {
            let Operand::Number(found) = of(now, values.to_vec(), is_count) else { panic!("{values:?}") };
            assert!((found - expected).abs() < 0.005, "{now} {values:?}: {found}");
        };
        // One wild week changes little: the median is 100, the middle distance 4.
        check(118.0, &[100.0, 96.0, 104.0, 98.0, 900.0], false, 3.04);
        check(82.0, &[100.0, 96.0, 104.0, 98.0, 900.0], false, -3.04);
        // Five in a hundred are no spread to speak of.
        check(90.0, &[80.0, 80.0, 80.0, 80.0], false, 2.5);
        // A count varies at least by chance.
        check(130.0, &[100.0, 100.0, 100.0, 100.0], true, 3.0);
        check(3.0, &[0.25, 0.25, 0.25, 0.25], true, 2.75);
        check(0.0, &[0.0, 0.0, 0.0, 0.0], false, 0.0);
        check(-1.0, &[0.0, 0.0, 0.0, 0.0], false, -f64::from(u32::MAX));
    }
}
