//! `ceil`: the next whole number above.

use super::{Example, Function};

pub(super) const CEIL: Function = Function {
    name: "ceil",
    usage: &["ceil(number)"],
    summary: "The smallest whole number that is not below.",
    formula: "⌈x⌉; no data gives no data",
    examples: &[Example { formula: "ceil(7 / 2)", result: Some(4.0) }],
    arity: 1..=1,
    call: |call| call.of_number(f64::ceil),
};
