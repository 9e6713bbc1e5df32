//! `round`: a number with fewer decimals.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::operand::Operand;

pub(super) const ROUND: Function = Function {
    name: "round",
    category: Category::Numbers,
    usage: &["round(number)", "round(number, decimals)"],
    summary: "A number rounded to whole ones, or to so many decimals; halves away from zero.",
    parameters: &[
        Parameter::required("number", Accepts::Number, "the number"),
        Parameter::optional("decimals", Accepts::Number, "how many decimals are kept, 0 to 9", "0"),
    ],
    result: "a number in the same unit",
    formula: "x rounded; no data gives no data",
    elsewhere: None,
    examples: &[
        Example { formula: "round(2.5)", result: Some(3.0) },
        Example { formula: "round(2.71828, 1)", result: Some(2.7) },
    ],
    arity: 1..=2,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let decimals = if call.arguments.len() == 2 { call.number(1)?.clamp(0.0, 9.0) } else { 0.0 };
        let scale = 10_f64.powi(decimals as i32);
        Ok(Operand::number((call.number(0)? * scale).round() / scale))
    },
};
