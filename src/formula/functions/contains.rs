//! `contains`: whether a text holds another.

use super::{Example, Function};
use crate::formula::expression::TextTest;

pub(super) const CONTAINS: Function = Function {
    name: "contains",
    usage: &["contains(column, text)"],
    summary: "Whether the row's text holds the given one; upper and lower case differ.",
    formula: "yes or no; unknown where there is no text",
    examples: &[Example { formula: "count(contains(queue, \"al\"))", result: Some(3.0) }],
    arity: 2..=2,
    call: |call| call.text_test(TextTest::Contains),
};
