//! `hour`: the hour of the day.

use super::{Example, Function};
use crate::time::Bucket;

pub(super) const HOUR: Function = Function {
    name: "hour",
    usage: &["hour(time column)"],
    summary: "The hour of the day, 0 to 23, in the report's time zone.",
    formula: "local hour of the instant",
    examples: &[Example { formula: "count(hour(started_at) == 9)", result: Some(3.0) }],
    arity: 1..=1,
    call: |call| call.time_part(Bucket::HourOfDay),
};
