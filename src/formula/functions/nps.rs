//! `nps`: Net Promoter Score from answers on the scale 0 to 10.

use std::sync::Arc;

use super::{Example, Function, percent_difference};
use crate::formula::expression::Binary;

pub(super) const NPS: Function = Function {
    name: "nps",
    usage: &["nps(column)", "nps(column, condition)"],
    summary: "Net Promoter Score from answers on the scale 0 to 10, from −100 to 100.",
    formula: "(answers of 9 and 10 − answers of 0 to 6) / all answers × 100; no data when nobody answered",
    examples: &[Example { formula: "nps(nps)", result: Some(25.0) }],
    arity: 1..=2,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let column = call.row_argument(0)?;
        percent_difference(call, Arc::clone(&column), (Binary::GreaterOrEqual, 9.0), Some((Binary::LessOrEqual, 6.0)))
    },
};
