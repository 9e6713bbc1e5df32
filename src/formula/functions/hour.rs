//! `hour`: the hour of the day.

use super::{Accepts, Category, Example, Function, Parameter};
use crate::time::Bucket;

pub(super) const HOUR: Function = Function {
    name: "hour",
    category: Category::Rows,
    usage: &["hour(time column)"],
    summary: "The hour of the day, 0 to 23, in the report's time zone.",
    parameters: &[Parameter::required("time column", Accepts::Times, "the instant")],
    result: "0 to 23 for each row",
    formula: "local hour of the instant",
    elsewhere: None,
    examples: &[Example { formula: "count(hour(started_at) == 9)", result: Some(3.0) }],
    arity: 1..=1,
    call: |call| call.time_part(Bucket::HourOfDay),
};
