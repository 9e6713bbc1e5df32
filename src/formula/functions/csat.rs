//! `csat`: customer satisfaction as the share of the two best marks.

use super::answers::{ANSWERS, SCALE, answers, scale_and_condition, share};
use super::{CONDITION, Category, Example, Function};
use crate::formula::expression::Binary;

pub(super) const CSAT: Function = Function {
    name: "csat",
    category: Category::Surveys,
    usage: &["csat(column)", "csat(column, condition)", "csat(column, scale)", "csat(column, scale, condition)"],
    summary: "Customer satisfaction: the share of the two best marks, 4 and 5 on the usual scale (top two boxes).",
    parameters: &[ANSWERS, SCALE, CONDITION],
    result: "percent, 0 to 100",
    formula: "answers of scale − 1 and scale / all answers × 100; no data when nobody answered",
    elsewhere: Some(
        "the mean (`csat_mean`) and the mean as a share of the scale (`csat_share`) are called CSAT too; on one published \
         file the three are 49.9 %, 3.40 and 68.1 %",
    ),
    examples: &[
        Example { formula: "csat(csat)", result: Some(200.0 / 3.0) },
        Example { formula: "csat(csat, queue == \"Support\")", result: Some(100.0) },
        Example { formula: "csat(nps, 10)", result: Some(50.0) },
        Example { formula: "csat(csat, queue == \"nobody\")", result: None },
    ],
    arity: 1..=3,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let answers = answers(call)?;
        let (scale, condition) = scale_and_condition(call)?;
        share(call, &answers, condition.as_ref(), (Binary::GreaterOrEqual, scale - 1.0), None)
    },
};
