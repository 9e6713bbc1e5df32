//! `max`: the largest value over the rows, or the larger of two numbers.

use super::{Accepts, CONDITION, Category, Example, Function, Parameter, min};
use crate::formula::aggregate::AggregateFunction;

pub(super) const MAX: Function = Function {
    name: "max",
    category: Category::Aggregates,
    usage: &["max(column)", "max(column, condition)", "max(number, number)"],
    summary: "The largest value over the rows, or the larger of two numbers.",
    parameters: &[
        Parameter::required("column", Accepts::Numbers, "the value of each row"),
        CONDITION,
        Parameter::required("number", Accepts::Number, "one of two numbers"),
    ],
    result: "a number in the column's unit",
    formula: "largest x; no data when there are no values",
    elsewhere: None,
    examples: &[
        Example { formula: "max(wait_s, answered)", result: Some(55.0) },
        Example { formula: "max(3, 2)", result: Some(3.0) },
    ],
    arity: 1..=2,
    call: |call| min::extreme(call, AggregateFunction::Maximum, f64::max),
};
