//! `starts_with`: whether a text begins with another.

use super::{Example, Function};
use crate::formula::expression::TextTest;

pub(super) const STARTS_WITH: Function = Function {
    name: "starts_with",
    usage: &["starts_with(column, text)"],
    summary: "Whether the row's text begins with the given one; upper and lower case differ.",
    formula: "yes or no; unknown where there is no text",
    examples: &[Example { formula: "count(starts_with(queue, \"S\"))", result: Some(5.0) }],
    arity: 2..=2,
    call: |call| call.text_test(TextTest::StartsWith),
};
