//! `stddev`: how far values scatter.

use super::{Accepts, CONDITION, Category, Example, Function, Parameter};
use crate::formula::aggregate::AggregateFunction;

pub(super) const STDDEV: Function = Function {
    name: "stddev",
    category: Category::Aggregates,
    usage: &["stddev(column)", "stddev(column, condition)"],
    summary: "The standard deviation over the rows that have a value.",
    parameters: &[Parameter::required("column", Accepts::Numbers, "the value of each row"), CONDITION],
    result: "a number in the column's unit",
    formula: "√(Σ (x − mean)² / n), of the whole group (population); no data when there are no values",
    elsewhere: Some("divided by n − 1 it is the estimate from a sample, as `STDEV` of spreadsheets gives it"),
    examples: &[Example { formula: "stddev(csat)", result: Some(0.816_496_580_927_726) }],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Deviation, 1),
};
