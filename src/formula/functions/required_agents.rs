//! `required_agents`: how many agents a target needs.

use super::erlang::{AHT_S, CALLS, INTERVAL_S, Queue, THRESHOLD_S};
use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;

pub(super) const REQUIRED_AGENTS: Function = Function {
    name: "required_agents",
    category: Category::Staffing,
    usage: &["required_agents(calls, aht_s, interval_s, target_percent, threshold_s)"],
    summary: "The fewest agents on the line with whom a service level can be expected, by the Erlang C model; pauses, \
              training and absence come on top.",
    parameters: &[
        CALLS,
        AHT_S,
        INTERVAL_S,
        Parameter::required(
            "target_percent",
            Accepts::Number,
            "the service level to reach: 80 for 80 %; below 100, which no number of agents reaches",
        ),
        THRESHOLD_S,
    ],
    result: "a whole number of agents",
    formula: "the smallest n with `erlang_service_level` of n agents ≥ target_percent; 0 without calls",
    elsewhere: Some("planning tools add shrinkage: divide by 1 − shrinkage to compare"),
    examples: &[
        Example { formula: "required_agents(100, 180, 1800, 80, 20)", result: Some(14.0) },
        Example { formula: "required_agents(0, 180, 1800, 80, 20)", result: Some(0.0) },
    ],
    arity: 5..=5,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        let (queue, target, threshold) = (Queue::of(call)?, call.number(3)?, call.number(4)?);
        if !(0.0..100.0).contains(&target) {
            return Err(Mistake::kind(format!("`required_agents` takes a target from 0 to below 100, not {target}"))
                .hint("for 80 % within 20 seconds write `required_agents(calls, aht_s, interval_s, 80, 20)`")
                .of_argument(3));
        }
        Ok(match queue {
            Some(queue) if threshold >= 0.0 => Operand::number(queue.required_agents(target / 100.0, threshold)),
            _ => Operand::NoData,
        })
    },
};
