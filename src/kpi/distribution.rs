//! Percentiles and deviations from a distribution: every distinct value with its frequency. Exact, and the same on every
//! database, because no database computes them.

use crate::formula::{AggregateFunction, Exact};

/// The value of a function of a distribution, sorted by value; none when it is empty.
pub(super) fn of(function: AggregateFunction, values: &[(f64, u64)]) -> Option<f64> {
    let count: u64 = values.iter().map(|(_, frequency)| frequency).sum();
    if count == 0 {
        return None;
    }
    match function {
        AggregateFunction::Percentile(Exact(share)) => {
            // Nearest rank: position ⌈share / 100 × n⌉ of the sorted values, the first one for a share of 0.
            let rank = ((share / 100.0 * count as f64).ceil() as u64).clamp(1, count);
            let mut seen = 0;
            values
                .iter()
                .find(|(_, frequency)| {
                    seen += frequency;
                    seen >= rank
                })
                .map(|(value, _)| *value)
        }
        AggregateFunction::Deviation => {
            let total = count as f64;
            let mean = values.iter().map(|(value, frequency)| value * *frequency as f64).sum::<f64>() / total;
            let squares =
                values.iter().map(|(value, frequency)| (value - mean).powi(2) * *frequency as f64).sum::<f64>();
            Some((squares / total).sqrt())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(share: f64, values: &[(f64, u64)], expected: Option<f64>) {
        assert_eq!(of(AggregateFunction::Percentile(Exact(share)), values), expected);
    }

    #[test]
    fn percentiles_take_the_nearest_rank() {
        let values = [(5.0, 1), (10.0, 2), (30.0, 1), (55.0, 1)];
        check(0.0, &values, Some(5.0));
        check(20.0, &values, Some(5.0));
        check(21.0, &values, Some(10.0));
        check(50.0, &values, Some(10.0));
        check(80.0, &values, Some(30.0));
        check(100.0, &values, Some(55.0));
        check(50.0, &[], None);
    }
}
