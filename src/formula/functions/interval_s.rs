//! `interval_s`: how long the group's interval is.

use super::Function;

pub(super) const INTERVAL_S: Function = Function {
    name: "interval_s",
    usage: &["interval_s()"],
    summary: "How long the group's interval is, in seconds: the hour, the weekday, … of the row, or the whole window.",
    formula: "the seconds of the window that lie in the row's time bucket",
    examples: &[],
    arity: 0..=0,
    call: |call| Ok(call.state.interval()),
};
