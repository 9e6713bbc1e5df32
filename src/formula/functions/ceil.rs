//! `ceil`: the next whole number above.

use super::{Accepts, Category, Example, Function, Parameter};

pub(super) const CEIL: Function = Function {
    name: "ceil",
    category: Category::Numbers,
    usage: &["ceil(number)"],
    summary: "The smallest whole number that is not below.",
    parameters: &[Parameter::required("number", Accepts::Number, "the number")],
    result: "a whole number",
    formula: "⌈x⌉; no data gives no data",
    elsewhere: None,
    examples: &[Example { formula: "ceil(7 / 2)", result: Some(4.0) }],
    arity: 1..=1,
    call: |call| call.of_number(f64::ceil),
};
