//! `ends_with`: whether a text ends with another.

use super::{Example, Function};
use crate::formula::expression::TextTest;

pub(super) const ENDS_WITH: Function = Function {
    name: "ends_with",
    usage: &["ends_with(column, text)"],
    summary: "Whether the row's text ends with the given one; upper and lower case differ.",
    formula: "yes or no; unknown where there is no text",
    examples: &[Example { formula: "count(ends_with(queue, \"port\"))", result: Some(2.0) }],
    arity: 2..=2,
    call: |call| call.text_test(TextTest::EndsWith),
};
