//! `sqrt`: the square root.

use super::{Example, Function};

pub(super) const SQRT: Function = Function {
    name: "sqrt",
    usage: &["sqrt(number)"],
    summary: "The square root.",
    formula: "√x; no data for negative numbers",
    examples: &[Example { formula: "sqrt(16)", result: Some(4.0) }, Example { formula: "sqrt(-1)", result: None }],
    arity: 1..=1,
    call: |call| call.of_number(f64::sqrt),
};
