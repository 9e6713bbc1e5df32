//! `baseline`: what a KPI usually is at this time of the week.

use super::usual::{Weeks, last_weeks, median};
use super::{Accepts, Category, Function, Parameter, same_time};
use crate::formula::operand::Operand;

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
        Ok(match last_weeks(call, &kpi, weeks)? {
            Weeks::Pending => Operand::Pending,
            Weeks::Known(mut values) => median(&mut values).map_or(Operand::NoData, Operand::number),
        })
    },
};
