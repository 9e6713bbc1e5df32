//! `per_hour`: how many in an hour of the given time.

use super::{Example, Function};
use crate::formula::operand::Operand;

pub(super) const PER_HOUR: Function = Function {
    name: "per_hour",
    usage: &["per_hour(number, seconds)"],
    summary: "How many there are in each hour of the given time.",
    formula: "number / (seconds / 3600); no data when there is no time",
    examples: &[Example { formula: "per_hour(12, 7200)", result: Some(6.0) }],
    arity: 2..=2,
    call: |call| match call.unknown() {
        Some(unknown) => Ok(unknown),
        None => Ok(Operand::number(3600.0 * call.number(0)? / call.number(1)?)),
    },
};
