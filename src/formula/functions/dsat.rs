//! `dsat`: dissatisfaction as the share of the two worst marks.

use super::answers::{ANSWERS, answers, share};
use super::{CONDITION, Category, Example, Function};
use crate::formula::expression::Binary;

pub(super) const DSAT: Function = Function {
    name: "dsat",
    category: Category::Surveys,
    usage: &["dsat(column)", "dsat(column, condition)"],
    summary: "Dissatisfaction: the share of the two worst marks, 1 and 2 (bottom two boxes).",
    parameters: &[ANSWERS, CONDITION],
    result: "percent, 0 to 100",
    formula: "answers of 1 and 2 / all answers × 100; no data when nobody answered",
    elsewhere: Some("usual practice, but no standard's text: some count the worst mark alone"),
    examples: &[
        Example { formula: "dsat(csat)", result: Some(0.0) },
        Example { formula: "dsat(ces)", result: Some(25.0) },
    ],
    arity: 1..=2,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let answers = answers(call)?;
        let condition = call.condition_argument(1)?;
        share(call, &answers, condition.as_ref(), (Binary::LessOrEqual, 2.0), None)
    },
};
