//! `if_null`: another value where a row has none.

use std::sync::Arc;

use super::{Example, Function};
use crate::formula::expression::Expression;
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;

pub(super) const IF_NULL: Function = Function {
    name: "if_null",
    usage: &["if_null(column, other)"],
    summary: "The row's value, or the other one where the row has none.",
    formula: "x where there is one, else the other",
    examples: &[Example { formula: "sum(if_null(csat, 0))", result: Some(12.0) }],
    arity: 2..=2,
    call: |call| {
        let column = call.row_argument(0)?;
        match call.argument(1).and_then(Operand::expression) {
            Some(other) if other.kind() == column.kind() => {
                Ok(Operand::Row(Arc::new(Expression::IfNull(column, other))))
            }
            _ => Err(Mistake::kind(format!(
                "the second value of `if_null` must be {}, as `{column}` is",
                column.kind().words()
            ))
            .hint("write it as in `sum(if_null(csat, 0))`")),
        }
    },
};
