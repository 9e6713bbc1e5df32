//! `distinct`: how many different values.

use super::{Example, Function};
use crate::formula::aggregate::AggregateFunction;

pub(super) const DISTINCT: Function = Function {
    name: "distinct",
    usage: &["distinct(column)", "distinct(column, condition)"],
    summary: "How many different values there are.",
    formula: "number of different values; 0 when there are none",
    examples: &[Example { formula: "distinct(queue)", result: Some(2.0) }],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Distinct, 1),
};
