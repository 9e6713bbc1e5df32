//! `weekday`: the day of the week.

use super::{Example, Function};
use crate::time::Bucket;

pub(super) const WEEKDAY: Function = Function {
    name: "weekday",
    usage: &["weekday(time column)"],
    summary: "The day of the week, Monday = 1 to Sunday = 7, in the report's time zone.",
    formula: "local ISO weekday of the instant",
    examples: &[Example { formula: "count(weekday(started_at) == 1)", result: Some(5.0) }],
    arity: 1..=1,
    call: |call| call.time_part(Bucket::Weekday),
};
