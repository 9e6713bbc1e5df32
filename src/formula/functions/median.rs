//! `median`: the middle value.

use super::{Accepts, CONDITION, Category, Example, Function, Parameter};
use crate::formula::aggregate::AggregateFunction;
use crate::formula::expression::Exact;

pub(super) const MEDIAN: Function = Function {
    name: "median",
    category: Category::Aggregates,
    usage: &["median(column)", "median(column, condition)"],
    summary: "The middle value: half of the rows have this value or a smaller one.",
    parameters: &[Parameter::required("column", Accepts::Numbers, "the value of each row"), CONDITION],
    result: "a number in the column's unit",
    formula: "percentile(x, 50); no data when there are no values",
    elsewhere: None,
    examples: &[Example { formula: "median(wait_s)", result: Some(10.0) }],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Percentile(Exact(50.0)), 1),
};
