//! `erlang_wait`: the speed of answer that a number of agents can be expected to reach.

use super::erlang::{AGENTS, AHT_S, CALLS, INTERVAL_S, Queue, agents};
use super::{Category, Example, Function};
use crate::formula::operand::Operand;

pub(super) const ERLANG_WAIT: Function = Function {
    name: "erlang_wait",
    category: Category::Staffing,
    usage: &["erlang_wait(calls, aht_s, interval_s, agents)"],
    summary: "The average speed of answer that so many agents can be expected to reach, by the Erlang C model.",
    parameters: &[CALLS, AHT_S, INTERVAL_S, AGENTS],
    result: "seconds",
    formula: "C × aht_s / (n − A), with C = `erlang_c`, n agents and the load A; no data with no more agents than load, as \
              the queue only grows; 0 without calls",
    elsewhere: None,
    examples: &[
        Example { formula: "erlang_wait(100, 180, 1800, 14)", result: Some(7.835_937_011_777_246) },
        Example { formula: "erlang_wait(100, 180, 1800, 10)", result: None },
    ],
    arity: 4..=4,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let (queue, agents) = (Queue::of(call)?, agents(call, 3)?);
        Ok(queue.zip(agents).map_or(Operand::NoData, |(queue, agents)| Operand::number(queue.mean_wait(agents))))
    },
};
