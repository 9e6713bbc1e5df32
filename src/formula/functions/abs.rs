//! `abs`: a number without its sign.

use super::{Accepts, Category, Example, Function, Parameter};

pub(super) const ABS: Function = Function {
    name: "abs",
    category: Category::Numbers,
    usage: &["abs(number)"],
    summary: "A number without its sign.",
    parameters: &[Parameter::required("number", Accepts::Number, "the number")],
    result: "a number in the same unit",
    formula: "|x|; no data gives no data",
    elsewhere: None,
    examples: &[Example { formula: "abs(2 - 5)", result: Some(3.0) }],
    arity: 1..=1,
    call: |call| call.of_number(f64::abs),
};
