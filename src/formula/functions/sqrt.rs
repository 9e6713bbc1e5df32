//! `sqrt`: the square root.

use super::{Accepts, Category, Example, Function, Parameter};

pub(super) const SQRT: Function = Function {
    name: "sqrt",
    category: Category::Numbers,
    usage: &["sqrt(number)"],
    summary: "The square root.",
    parameters: &[Parameter::required("number", Accepts::Number, "the number")],
    result: "a number",
    formula: "√x; no data for negative numbers",
    elsewhere: None,
    examples: &[Example { formula: "sqrt(16)", result: Some(4.0) }, Example { formula: "sqrt(-1)", result: None }],
    arity: 1..=1,
    call: |call| call.of_number(f64::sqrt),
};
