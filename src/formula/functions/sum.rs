//! `sum`: the sum over the rows.

use super::{Accepts, CONDITION, Category, Example, Function, Parameter};
use crate::formula::aggregate::AggregateFunction;

pub(super) const SUM: Function = Function {
    name: "sum",
    category: Category::Aggregates,
    usage: &["sum(column)", "sum(column, condition)"],
    summary: "The sum over the rows.",
    parameters: &[Parameter::required("column", Accepts::Numbers, "the value of each row"), CONDITION],
    result: "a number in the column's unit",
    formula: "Σ x over rows that have a value; 0 when there are none",
    elsewhere: None,
    examples: &[
        Example { formula: "sum(talk_s)", result: Some(720.0) },
        Example { formula: "sum(talk_s, queue == \"Sales\")", result: Some(300.0) },
    ],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Sum, 1),
};
