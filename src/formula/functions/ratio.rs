//! `ratio`: one number divided by another.

use super::{Example, Function};
use crate::formula::operand::Operand;

pub(super) const RATIO: Function = Function {
    name: "ratio",
    usage: &["ratio(part, whole)"],
    summary: "The first number divided by the second.",
    formula: "part / whole; no data when the whole is 0",
    examples: &[Example { formula: "ratio(sum(talk_s), count(answered))", result: Some(180.0) }],
    arity: 2..=2,
    call: |call| match call.unknown() {
        Some(unknown) => Ok(unknown),
        None => Ok(Operand::number(call.number(0)? / call.number(1)?)),
    },
};
