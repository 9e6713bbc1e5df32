//! `per_thousand`: a part of a whole, times 1,000.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::operand::Operand;

pub(super) const PER_THOUSAND: Function = Function {
    name: "per_thousand",
    category: Category::Rates,
    usage: &["per_thousand(part, whole)"],
    summary: "How many there are for each thousand of the whole, as complaints per thousand calls.",
    parameters: &[
        Parameter::required("part", Accepts::Number, "how many of the whole"),
        Parameter::required("whole", Accepts::Number, "the denominator"),
    ],
    result: "a number for each thousand",
    formula: "part / whole × 1,000; no data when the whole is 0",
    elsewhere: None,
    examples: &[
        Example { formula: "per_thousand(count(abandoned), count(answered))", result: Some(250.0) },
        Example { formula: "per_thousand(3, 0)", result: None },
    ],
    arity: 2..=2,
    call: |call| match call.unknown() {
        Some(unknown) => Ok(unknown),
        None => Ok(Operand::number(1000.0 * call.number(0)? / call.number(1)?)),
    },
};
