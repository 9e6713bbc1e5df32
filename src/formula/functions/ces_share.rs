//! `ces_share`: customer effort as the share of the marks 5 to 7.

use super::answers::{ANSWERS, answers, share};
use super::ces::DIRECTION;
use super::{CONDITION, Category, Example, Function};
use crate::formula::expression::Binary;

pub(super) const CES_SHARE: Function = Function {
    name: "ces_share",
    category: Category::Surveys,
    usage: &["ces_share(column)", "ces_share(column, condition)"],
    summary: "Customer effort score as the share of the marks 5 to 7 on the scale 1 to 7.",
    parameters: &[ANSWERS, CONDITION],
    result: "percent, 0 to 100",
    formula: "answers of 5, 6 and 7 / all answers × 100; no data when nobody answered",
    elsewhere: Some(DIRECTION),
    examples: &[Example { formula: "ces_share(ces)", result: Some(75.0) }],
    arity: 1..=2,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let answers = answers(call)?;
        let condition = call.condition_argument(1)?;
        share(call, &answers, condition.as_ref(), (Binary::GreaterOrEqual, 5.0), None)
    },
};
