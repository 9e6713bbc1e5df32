//! `min`: the smallest value over the rows, or the smaller of two numbers.

use super::{Accepts, CONDITION, Call, Category, Example, Function, Parameter};
use crate::formula::aggregate::AggregateFunction;
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;

pub(super) const MIN: Function = Function {
    name: "min",
    category: Category::Aggregates,
    usage: &["min(column)", "min(column, condition)", "min(number, number)"],
    summary: "The smallest value over the rows, or the smaller of two numbers.",
    parameters: &[
        Parameter::required("column", Accepts::Numbers, "the value of each row"),
        CONDITION,
        Parameter::required("number", Accepts::Number, "one of two numbers"),
    ],
    result: "a number in the column's unit",
    formula: "smallest x; no data when there are no values",
    elsewhere: None,
    examples: &[
        Example { formula: "min(wait_s)", result: Some(5.0) },
        Example { formula: "min(3, 2)", result: Some(2.0) },
    ],
    arity: 1..=2,
    call: |call| extreme(call, AggregateFunction::Minimum, f64::min),
};

/// `min` and `max` differ in nothing but the comparison.
pub(super) fn extreme(
    call: &mut Call<'_>,
    function: AggregateFunction,
    of_two: fn(f64, f64) -> f64,
) -> Result<Operand, Mistake> {
    if call.arguments.len() == 2 && !matches!(call.argument(0), Some(Operand::Row(_))) {
        return match call.unknown() {
            Some(unknown) => Ok(unknown),
            None => Ok(Operand::number(of_two(call.number(0)?, call.number(1)?))),
        };
    }
    call.aggregate(function, 1)
}
