//! `erlang_service_level`: the service level that a number of agents can be expected to reach.

use super::erlang::{AGENTS, AHT_S, CALLS, INTERVAL_S, Queue, THRESHOLD_S, agents};
use super::{Category, Example, Function};
use crate::formula::operand::Operand;

pub(super) const ERLANG_SERVICE_LEVEL: Function = Function {
    name: "erlang_service_level",
    category: Category::Staffing,
    usage: &["erlang_service_level(calls, aht_s, interval_s, agents, threshold_s)"],
    summary: "The service level that so many agents can be expected to reach, by the Erlang C model: to be held against the \
              one that was reached.",
    parameters: &[CALLS, AHT_S, INTERVAL_S, AGENTS, THRESHOLD_S],
    result: "percent, 0 to 100",
    formula: "(1 − C × e^(−(n − A) × threshold_s / aht_s)) × 100, with C = `erlang_c`, n agents and the load A; 0 with no \
              more agents than load, 100 without calls",
    elsewhere: Some("callers who hang up are not in the model, so a crowded queue does better than it says"),
    examples: &[
        Example { formula: "erlang_service_level(100, 180, 1800, 14, 20)", result: Some(88.835_001_917_946_69) },
        Example { formula: "erlang_service_level(100, 180, 1800, 10, 20)", result: Some(0.0) },
        Example {
            formula: "erlang_service_level(count(), avg(talk_s), 3600, 1, 20)",
            result: Some(76.998_889_634_266_92),
        },
    ],
    arity: 5..=5,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let (queue, agents, threshold) = (Queue::of(call)?, agents(call, 3)?, call.number(4)?);
        Ok(match (queue, agents) {
            (Some(queue), Some(agents)) if threshold >= 0.0 => {
                Operand::number(100.0 * queue.service_level(agents, threshold))
            }
            _ => Operand::NoData,
        })
    },
};
