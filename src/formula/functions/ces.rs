//! `ces`: customer effort as the mean mark.

use super::answers::{ANSWERS, answers, mean};
use super::{CONDITION, Category, Example, Function};

/// What the two forms of the customer effort score have in common with no other score.
pub(super) const DIRECTION: &str = "the scale's direction differs between surveys: \"it was easy\", where 7 is good, or \"how much effort was it\", where \
     7 is bad; say `better: higher` or `better: lower` in the KPI";

pub(super) const CES: Function = Function {
    name: "ces",
    category: Category::Surveys,
    usage: &["ces(column)", "ces(column, condition)"],
    summary: "Customer effort score: the mean mark on the scale 1 to 7.",
    parameters: &[ANSWERS, CONDITION],
    result: "a mark, 1 to 7",
    formula: "Σ marks / number of answers; no data when nobody answered",
    elsewhere: Some(DIRECTION),
    examples: &[
        Example { formula: "ces(ces)", result: Some(4.75) },
        Example { formula: "ces(ces, queue == \"nobody\")", result: None },
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
