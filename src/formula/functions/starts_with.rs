//! `starts_with`: whether a text begins with another.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::expression::TextTest;

pub(super) const STARTS_WITH: Function = Function {
    name: "starts_with",
    category: Category::Rows,
    usage: &["starts_with(column, text)"],
    summary: "Whether the row's text begins with the given one; upper and lower case differ.",
    parameters: &[
        Parameter::required("column", Accepts::Texts, "the text that is looked at"),
        Parameter::required("text", Accepts::Text, "the beginning that is looked for"),
    ],
    result: "yes or no for each row",
    formula: "yes or no; unknown where there is no text",
    elsewhere: None,
    examples: &[Example { formula: "count(starts_with(queue, \"S\"))", result: Some(5.0) }],
    arity: 2..=2,
    call: |call| call.text_test(TextTest::StartsWith),
};
