//! `is_null`: whether a row has no value.

use std::sync::Arc;

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::expression::Expression;
use crate::formula::operand::Operand;

pub(super) const IS_NULL: Function = Function {
    name: "is_null",
    category: Category::Rows,
    usage: &["is_null(column)"],
    summary: "Whether a row has no value in the column; always yes or no.",
    parameters: &[Parameter::required("column", Accepts::Column, "the value that may be missing")],
    result: "yes or no for each row",
    formula: "yes where the value is missing",
    elsewhere: None,
    examples: &[Example { formula: "count(is_null(csat))", result: Some(2.0) }],
    arity: 1..=1,
    call: |call| Ok(Operand::Row(Arc::new(Expression::IsNull(call.row_argument(0)?)))),
};
