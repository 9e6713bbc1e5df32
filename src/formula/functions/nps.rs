//! `nps`: Net Promoter Score from answers on the scale 0 to 10.

use super::answers::{answers, share};
use super::{Accepts, CONDITION, Category, Example, Function, Parameter};
use crate::formula::expression::Binary;

pub(super) const NPS: Function = Function {
    name: "nps",
    category: Category::Surveys,
    usage: &["nps(column)", "nps(column, condition)"],
    summary: "Net Promoter Score from answers on the scale 0 to 10; of staff's answers it is the eNPS.",
    parameters: &[
        Parameter::required(
            "column",
            Accepts::Numbers,
            "the answers; rows without one must be empty there, as a 0 is the worst answer",
        ),
        CONDITION,
    ],
    result: "a number from −100 to 100, not a percentage",
    formula: "(answers of 9 and 10 − answers of 0 to 6) / all answers × 100; no data when nobody answered",
    elsewhere: None,
    examples: &[
        Example { formula: "nps(nps)", result: Some(25.0) },
        Example { formula: "nps(nps, nps < 7)", result: Some(-100.0) },
    ],
    arity: 1..=2,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let answers = answers(call)?;
        let condition = call.condition_argument(1)?;
        let (promoters, detractors) = ((Binary::GreaterOrEqual, 9.0), (Binary::LessOrEqual, 6.0));
        share(call, &answers, condition.as_ref(), promoters, Some(detractors))
    },
};
