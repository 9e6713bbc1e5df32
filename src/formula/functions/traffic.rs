//! `traffic`: the load that calls are, in Erlang.

use super::erlang::{AHT_S, CALLS, INTERVAL_S, Queue};
use super::{Category, Example, Function};
use crate::formula::operand::Operand;

pub(super) const TRAFFIC: Function = Function {
    name: "traffic",
    category: Category::Staffing,
    usage: &["traffic(calls, aht_s, interval_s)"],
    summary: "The load of the calls: how many agents they would keep busy without a pause.",
    parameters: &[CALLS, AHT_S, INTERVAL_S],
    result: "Erlang: a number of agents",
    formula: "calls × aht_s / interval_s; no data when the interval has no length",
    elsewhere: None,
    examples: &[Example { formula: "traffic(100, 180, 1800)", result: Some(10.0) }],
    arity: 3..=3,
    call: |call| match call.unknown() {
        Some(unknown) => Ok(unknown),
        None => Ok(Queue::of(call)?.map_or(Operand::NoData, |queue| Operand::number(queue.load))),
    },
};
