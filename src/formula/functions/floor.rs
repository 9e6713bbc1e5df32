//! `floor`: the next whole number below.

use super::{Example, Function};

pub(super) const FLOOR: Function = Function {
    name: "floor",
    usage: &["floor(number)"],
    summary: "The largest whole number that is not above.",
    formula: "⌊x⌋; no data gives no data",
    examples: &[Example { formula: "floor(7 / 2)", result: Some(3.0) }],
    arity: 1..=1,
    call: |call| call.of_number(f64::floor),
};
