//! `ends_with`: whether a text ends with another.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::expression::TextTest;

pub(super) const ENDS_WITH: Function = Function {
    name: "ends_with",
    category: Category::Rows,
    usage: &["ends_with(column, text)"],
    summary: "Whether the row's text ends with the given one; upper and lower case differ.",
    parameters: &[
        Parameter::required("column", Accepts::Texts, "the text that is looked at"),
        Parameter::required("text", Accepts::Text, "the end that is looked for"),
    ],
    result: "yes or no for each row",
    formula: "yes or no; unknown where there is no text",
    elsewhere: None,
    examples: &[Example { formula: "count(ends_with(queue, \"port\"))", result: Some(2.0) }],
    arity: 2..=2,
    call: |call| call.text_test(TextTest::EndsWith),
};
