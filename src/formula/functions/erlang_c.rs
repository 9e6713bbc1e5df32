//! `erlang_c`: the probability that a caller has to wait.

use super::erlang::{AGENTS, AHT_S, CALLS, INTERVAL_S, Queue, agents};
use super::{Category, Example, Function};
use crate::formula::operand::Operand;

pub(super) const ERLANG_C: Function = Function {
    name: "erlang_c",
    category: Category::Staffing,
    usage: &["erlang_c(calls, aht_s, interval_s, agents)"],
    summary: "The probability that a caller has to wait, by the Erlang C model: nobody hangs up, every agent takes every \
              call.",
    parameters: &[CALLS, AHT_S, INTERVAL_S, AGENTS],
    result: "a probability, 0 to 1",
    formula: "n B / (n − A + A B), with the load A = calls × aht_s / interval_s, n agents and B of the recursion B = A B / \
              (n + A B) from one agent less; 1 with no more agents than load, 0 without calls",
    elsewhere: None,
    examples: &[
        Example { formula: "erlang_c(100, 180, 1800, 14)", result: Some(0.174_131_933_595_049_8) },
        Example { formula: "erlang_c(100, 180, 1800, 10)", result: Some(1.0) },
        Example { formula: "erlang_c(100, 180, 0, 14)", result: None },
    ],
    arity: 4..=4,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let (queue, agents) = (Queue::of(call)?, agents(call, 3)?);
        Ok(queue.zip(agents).map_or(Operand::NoData, |(queue, agents)| Operand::number(queue.waiting(agents))))
    },
};
