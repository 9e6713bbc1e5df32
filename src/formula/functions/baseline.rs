//! `baseline`: what a KPI usually is at this time of the week.

use super::{Accepts, Category, Function, Parameter, same_time};
use crate::formula::operand::Operand;
use crate::formula::reference::{Elsewhere, Reference};

pub(super) const BASELINE: Function = Function {
    name: "baseline",
    category: Category::Elsewhere,
    usage: &["baseline(kpi, weeks)"],
    summary: "What the KPI usually is at this weekday and time of day: the middle of its values of the last weeks.",
    parameters: &[
        Parameter::required("kpi", Accepts::Kpi, "the KPI, by its name alone"),
        Parameter::required("weeks", Accepts::Weeks, "how many weeks back"),
    ],
    result: "a number in the KPI's unit",
    formula: "median of same_time(kpi, 1) to same_time(kpi, weeks), of those with data; of an even number the mean of the two \
              middle ones; no data when none has any",
    elsewhere: None,
    examples: &[],
    arity: 2..=2,
    call: |call| {
        let kpi = call.name_argument(0)?;
        let weeks = same_time::weeks(call)?;
        let mut values = Vec::new();
        let mut is_pending = false;
        for week in 1..=weeks {
            let place = Elsewhere::WeeksAgo(week);
            match call.state.reference(Reference { kpi: kpi.clone(), place })? {
                Operand::Number(number) => values.push(number),
                Operand::Pending => is_pending = true,
                _ => {}
            }
        }
        Ok(if is_pending { Operand::Pending } else { median(values) })
    },
};

fn median(mut values: Vec<f64>) -> Operand {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    match (values.get(middle), values.len() % 2) {
        (None, _) => Operand::NoData,
        (Some(value), 1) => Operand::number(*value),
        (Some(value), _) => Operand::number((values[middle - 1] + value) / 2.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_of_few_values() {
        for (values, expected) in [
            (vec![], Operand::NoData),
            (vec![7.0], Operand::Number(7.0)),
            (vec![9.0, 1.0], Operand::Number(5.0)),
            (vec![9.0, 1.0, 2.0], Operand::Number(2.0)),
            (vec![4.0, 1.0, 100.0, 2.0], Operand::Number(3.0)),
        ] {
            assert_eq!(median(values.clone()), expected, "{values:?}");
        }
    }
}
