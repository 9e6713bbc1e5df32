//! `csat_mean`: customer satisfaction as the mean mark.

use super::answers::{ANSWERS, answers, mean};
use super::{CONDITION, Category, Example, Function};

pub(super) const CSAT_MEAN: Function = Function {
    name: "csat_mean",
    category: Category::Surveys,
    usage: &["csat_mean(column)", "csat_mean(column, condition)"],
    summary: "Customer satisfaction as the mean mark.",
    parameters: &[ANSWERS, CONDITION],
    result: "a mark on the survey's own scale, 1 to 5 on the usual one",
    formula: "Σ marks / number of answers; no data when nobody answered",
    elsewhere: Some("CSAT mostly means the share of the two best marks: `csat`"),
    examples: &[
        Example { formula: "csat_mean(csat)", result: Some(4.0) },
        Example { formula: "csat_mean(csat, queue == \"Support\")", result: Some(4.5) },
    ],
    arity: 1..=2,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let answers = answers(call)?;
        let condition = call.condition_argument(1)?;
        mean(call, answers, condition)
    },
};
