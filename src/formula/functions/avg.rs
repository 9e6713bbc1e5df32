//! `avg`: the mean over the rows.

use super::{Example, Function};
use crate::formula::aggregate::AggregateFunction;

pub(super) const AVG: Function = Function {
    name: "avg",
    usage: &["avg(column)", "avg(column, condition)"],
    summary: "The mean over the rows that have a value.",
    formula: "Σ x / number of rows that have a value; no data when there are none",
    examples: &[
        Example { formula: "avg(wait_s, answered)", result: Some(20.0) },
        Example { formula: "avg(csat, queue == \"nobody\")", result: None },
    ],
    arity: 1..=2,
    call: |call| call.aggregate(AggregateFunction::Average, 1),
};
