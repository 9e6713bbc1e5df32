//! `floor`: the next whole number below.

use super::{Accepts, Category, Example, Function, Parameter};

pub(super) const FLOOR: Function = Function {
    name: "floor",
    category: Category::Numbers,
    usage: &["floor(number)"],
    summary: "The largest whole number that is not above.",
    parameters: &[Parameter::required("number", Accepts::Number, "the number")],
    result: "a whole number",
    formula: "⌊x⌋; no data gives no data",
    elsewhere: None,
    examples: &[Example { formula: "floor(7 / 2)", result: Some(3.0) }],
    arity: 1..=1,
    call: |call| call.of_number(f64::floor),
};
