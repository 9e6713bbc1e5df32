//! `abs`: a number without its sign.

use super::{Example, Function};

pub(super) const ABS: Function = Function {
    name: "abs",
    usage: &["abs(number)"],
    summary: "A number without its sign.",
    formula: "|x|; no data gives no data",
    examples: &[Example { formula: "abs(2 - 5)", result: Some(3.0) }],
    arity: 1..=1,
    call: |call| call.of_number(f64::abs),
};
