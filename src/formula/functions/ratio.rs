//! `ratio`: one number divided by another.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::operand::Operand;

pub(super) const RATIO: Function = Function {
    name: "ratio",
    category: Category::Rates,
    usage: &["ratio(part, whole)"],
    summary: "The first number divided by the second.",
    parameters: &[
        Parameter::required("part", Accepts::Number, "what is divided"),
        Parameter::required("whole", Accepts::Number, "the denominator"),
    ],
    result: "a number: how much of the first there is for each one of the second",
    formula: "part / whole; no data when the whole is 0",
    elsewhere: None,
    examples: &[Example { formula: "ratio(sum(talk_s), count(answered))", result: Some(180.0) }],
    arity: 2..=2,
    call: |call| match call.unknown() {
        Some(unknown) => Ok(unknown),
        None => Ok(Operand::number(call.number(0)? / call.number(1)?)),
    },
};
