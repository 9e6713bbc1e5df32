//! `percentile`: the value that a given share of the rows does not exceed.

use super::{Accepts, CONDITION, Category, Example, Function, Parameter};
use crate::formula::aggregate::AggregateFunction;
use crate::formula::expression::Exact;
use crate::formula::mistake::Mistake;

pub(super) const PERCENTILE: Function = Function {
    name: "percentile",
    category: Category::Aggregates,
    usage: &["percentile(column, share)", "percentile(column, share, condition)"],
    summary: "The smallest value that the given share of the rows (0 to 100) does not exceed.",
    parameters: &[
        Parameter::required("column", Accepts::Numbers, "the value of each row"),
        Parameter::required("share", Accepts::Number, "how many percent of the values, 0 to 100"),
        CONDITION,
    ],
    result: "a number in the column's unit, always one that occurs",
    formula: "nearest rank: the value at position ⌈share / 100 × n⌉ of the n sorted values; no data when there are none",
    elsewhere: Some("some tools give a value between two that occur"),
    examples: &[
        Example { formula: "percentile(wait_s, 80)", result: Some(30.0) },
        Example { formula: "percentile(wait_s, 80, answered)", result: Some(55.0) },
        Example { formula: "percentile(wait_s, 0)", result: Some(5.0) },
    ],
    arity: 2..=3,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let share = call.number(1)?;
        if !(0.0..=100.0).contains(&share) {
            return Err(Mistake::kind(format!("`percentile` takes a share from 0 to 100, not {share}"))
                .hint("the 95th percentile of the wait is `percentile(wait_s, 95)`")
                .of_argument(1));
        }
        call.aggregate(AggregateFunction::Percentile(Exact(share)), 2)
    },
};
