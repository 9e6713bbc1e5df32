//! `csat`: customer satisfaction as the share of the two best marks on the scale 1 to 5.

use super::{Example, Function, percent_difference};
use crate::formula::expression::Binary;

pub(super) const CSAT: Function = Function {
    name: "csat",
    usage: &["csat(column)", "csat(column, condition)"],
    summary: "Customer satisfaction: the share of answers 4 and 5 on the scale 1 to 5 (top two boxes).",
    formula: "answers of 4 and 5 / all answers × 100; no data when nobody answered",
    examples: &[Example { formula: "csat(csat, queue == \"Support\")", result: Some(100.0) }],
    arity: 1..=2,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let column = call.row_argument(0)?;
        percent_difference(call, column, (Binary::GreaterOrEqual, 4.0), None)
    },
};
