//! `distinct`: how many different values.

use super::{Accepts, CONDITION, Category, Example, Function, Parameter};
use crate::formula::aggregate::AggregateFunction;

pub(super) const DISTINCT: Function = Function {
    name: "distinct",
    category: Category::Aggregates,
    usage: &["distinct(column)", "distinct(column, condition)"],
    summary: "How many different values there are.",
    parameters: &[Parameter::required("column", Accepts::Column, "the value of each row"), CONDITION],
    result: "how many",
    formula: "number of different values; 0 when there are none",
    elsewhere: None,
    examples: &[Example { formula: "distinct(queue)", result: Some(2.0) }],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Distinct, 1),
};
