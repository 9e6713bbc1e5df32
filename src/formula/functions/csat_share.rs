//! `csat_share`: customer satisfaction as the mean mark in proportion to the best one.

use super::answers::{ANSWERS, SCALE, answers, mean, scale_and_condition};
use super::{CONDITION, Category, Example, Function};
use crate::formula::expression::Binary;
use crate::formula::operand::Operand;
use crate::formula::operators;

pub(super) const CSAT_SHARE: Function = Function {
    name: "csat_share",
    category: Category::Surveys,
    usage: &[
        "csat_share(column)",
        "csat_share(column, condition)",
        "csat_share(column, scale)",
        "csat_share(column, scale, condition)",
    ],
    summary: "Customer satisfaction as the mean mark in proportion to the best mark.",
    parameters: &[ANSWERS, SCALE, CONDITION],
    result: "percent; as the worst mark is 1, never below 20 on the scale 1 to 5",
    formula: "(Σ marks / number of answers) / scale × 100; no data when nobody answered",
    elsewhere: Some("CSAT mostly means the share of the two best marks: `csat`"),
    examples: &[
        Example { formula: "csat_share(csat)", result: Some(80.0) },
        Example { formula: "csat_share(csat, queue == \"Support\")", result: Some(90.0) },
        Example { formula: "csat_share(nps, 10)", result: Some(72.5) },
    ],
    arity: 1..=3,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let answers = answers(call)?;
        let (scale, condition) = scale_and_condition(call)?;
        let mean = mean(call, answers, condition)?;
        let times = operators::binary(Binary::Multiply, &Operand::Number(100.0), &mean)?;
        operators::binary(Binary::Divide, &times, &Operand::Number(scale))
    },
};
