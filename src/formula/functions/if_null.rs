//! `if_null`: another value where a row has none.

use std::sync::Arc;

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::expression::Expression;
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;

pub(super) const IF_NULL: Function = Function {
    name: "if_null",
    category: Category::Rows,
    usage: &["if_null(column, other)"],
    summary: "The row's value, or the other one where the row has none.",
    parameters: &[
        Parameter::required("column", Accepts::Column, "the value that may be missing"),
        Parameter::required("other", Accepts::Column, "what stands for it then: a value or a column of the same kind"),
    ],
    result: "a value of the column's kind for each row",
    formula: "x where there is one, else the other",
    elsewhere: None,
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
            .hint("write it as in `sum(if_null(csat, 0))`")
            .of_argument(1)),
        }
    },
};
