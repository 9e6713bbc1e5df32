//! `percent`: a part of a whole, times 100.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::operand::Operand;

pub(super) const PERCENT: Function = Function {
    name: "percent",
    category: Category::Rates,
    usage: &["percent(part, whole)"],
    summary: "The part as a percentage of the whole.",
    parameters: &[
        Parameter::required("part", Accepts::Number, "how many of the whole"),
        Parameter::required("whole", Accepts::Number, "the denominator"),
    ],
    result: "percent",
    formula: "part / whole × 100; no data when the whole is 0",
    elsewhere: None,
    examples: &[
        Example { formula: "percent(count(answered), count(offered))", result: Some(80.0) },
        Example { formula: "percent(3, 0)", result: None },
    ],
    arity: 2..=2,
    call: |call| match call.unknown() {
        Some(unknown) => Ok(unknown),
        // Multiplied before dividing: 7 of 10 is then exactly 70.
        None => Ok(Operand::number(100.0 * call.number(0)? / call.number(1)?)),
    },
};
