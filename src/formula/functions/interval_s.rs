//! `interval_s`: how long the group's interval is.

use super::{Category, Function};

pub(super) const INTERVAL_S: Function = Function {
    name: "interval_s",
    category: Category::Staffing,
    usage: &["interval_s()"],
    summary: "How long the group's interval is, in seconds: the hour, the weekday, … of the row, or the whole window.",
    parameters: &[],
    result: "seconds",
    formula: "the seconds of the window that lie in the row's time bucket",
    elsewhere: None,
    examples: &[],
    arity: 0..=0,
    call: |call| Ok(call.state.interval()),
};
