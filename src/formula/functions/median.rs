//! `median`: the middle value.

use super::{Example, Function};
use crate::formula::aggregate::AggregateFunction;
use crate::formula::expression::Exact;

pub(super) const MEDIAN: Function = Function {
    name: "median",
    usage: &["median(column)", "median(column, condition)"],
    summary: "The middle value: half of the rows have this value or a smaller one.",
    formula: "percentile(x, 50); no data when there are no values",
    examples: &[Example { formula: "median(wait_s)", result: Some(10.0) }],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Percentile(Exact(50.0)), 1),
};
