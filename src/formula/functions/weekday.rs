//! `weekday`: the day of the week.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::time::Bucket;

pub(super) const WEEKDAY: Function = Function {
    name: "weekday",
    category: Category::Rows,
    usage: &["weekday(time column)"],
    summary: "The day of the week, Monday = 1 to Sunday = 7, in the report's time zone.",
    parameters: &[Parameter::required("time column", Accepts::Times, "the instant")],
    result: "1 to 7 for each row",
    formula: "local ISO weekday of the instant",
    elsewhere: None,
    examples: &[Example { formula: "count(weekday(started_at) == 1)", result: Some(5.0) }],
    arity: 1..=1,
    call: |call| call.time_part(Bucket::Weekday),
};
