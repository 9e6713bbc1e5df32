//! `stddev`: how far values scatter.

use super::{Example, Function};
use crate::formula::aggregate::AggregateFunction;

pub(super) const STDDEV: Function = Function {
    name: "stddev",
    usage: &["stddev(column)", "stddev(column, condition)"],
    summary: "The standard deviation over the rows that have a value.",
    formula: "√(Σ (x − mean)² / n), of the whole group (population); no data when there are no values",
    examples: &[Example { formula: "stddev(csat)", result: Some(0.816_496_580_927_726) }],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Deviation, 1),
};
