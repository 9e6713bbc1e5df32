//! `contains`: whether a text holds another.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::expression::TextTest;

pub(super) const CONTAINS: Function = Function {
    name: "contains",
    category: Category::Rows,
    usage: &["contains(column, text)"],
    summary: "Whether the row's text holds the given one; upper and lower case differ.",
    parameters: &[
        Parameter::required("column", Accepts::Texts, "the text that is searched"),
        Parameter::required("text", Accepts::Text, "what is looked for"),
    ],
    result: "yes or no for each row",
    formula: "yes or no; unknown where there is no text",
    elsewhere: None,
    examples: &[Example { formula: "count(contains(queue, \"al\"))", result: Some(3.0) }],
    arity: 2..=2,
    call: |call| call.text_test(TextTest::Contains),
};
