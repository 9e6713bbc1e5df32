//! `per_hour`: how many in an hour of the given time.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::operand::Operand;

pub(super) const PER_HOUR: Function = Function {
    name: "per_hour",
    category: Category::Rates,
    usage: &["per_hour(number, seconds)"],
    summary: "How many there are in each hour of the given time.",
    parameters: &[
        Parameter::required("number", Accepts::Number, "how many"),
        Parameter::required("seconds", Accepts::Number, "the time, in seconds"),
    ],
    result: "a number for each hour",
    formula: "number / (seconds / 3600); no data when there is no time",
    elsewhere: None,
    examples: &[Example { formula: "per_hour(12, 7200)", result: Some(6.0) }],
    arity: 2..=2,
    call: |call| match call.unknown() {
        Some(unknown) => Ok(unknown),
        None => Ok(Operand::number(3600.0 * call.number(0)? / call.number(1)?)),
    },
};
