//! `avg`: the mean over the rows.

use super::{Accepts, CONDITION, Category, Example, Function, Parameter};
use crate::formula::aggregate::AggregateFunction;

pub(super) const AVG: Function = Function {
    name: "avg",
    category: Category::Aggregates,
    usage: &["avg(column)", "avg(column, condition)"],
    summary: "The mean over the rows that have a value.",
    parameters: &[Parameter::required("column", Accepts::Numbers, "the value of each row"), CONDITION],
    result: "a number in the column's unit",
    formula: "Σ x / number of rows that have a value; no data when there are none",
    elsewhere: None,
    examples: &[
        Example { formula: "avg(wait_s, answered)", result: Some(20.0) },
        Example { formula: "avg(csat, queue == \"nobody\")", result: None },
    ],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Average, 1),
};
