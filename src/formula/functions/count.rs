//! `count`: how many rows.

use std::sync::Arc;

use super::{Accepts, Category, Example, Function, Parameter};
use crate::formula::aggregate::{Aggregate, AggregateFunction};
use crate::formula::expression::{Binary, Expression, Kind};
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;

pub(super) const COUNT: Function = Function {
    name: "count",
    category: Category::Aggregates,
    usage: &["count()", "count(condition)", "count(column)", "count(column, condition)", "count(dataset)"],
    summary: "How many rows there are, or how many fulfil a condition, or have a value in a column.",
    parameters: &[
        Parameter::optional("condition", Accepts::Condition, "which rows are counted", "all rows"),
        Parameter::optional("column", Accepts::Column, "only rows that have a value in it are counted", "all rows"),
        Parameter::optional("dataset", Accepts::Dataset, "whose rows are counted", "the KPI's dataset"),
    ],
    result: "how many",
    formula: "number of rows; 0 when there are none",
    elsewhere: None,
    examples: &[
        Example { formula: "count()", result: Some(5.0) },
        Example { formula: "count(answered and wait_s <= 20)", result: Some(3.0) },
        Example { formula: "count(csat)", result: Some(3.0) },
        Example { formula: "count(queue == \"nobody\")", result: Some(0.0) },
    ],
    arity: 0..=2,
    call: |call| {
        if let Some(unknown) = call.unknown() {
            return Ok(unknown);
        }
        if let Some(Operand::Dataset(dataset)) = call.argument(0) {
            let aggregate = Aggregate {
                function: AggregateFunction::Count,
                dataset: Arc::clone(dataset),
                argument: None,
                condition: call.condition_argument(1)?,
            };
            return Ok(call.state.aggregate(aggregate));
        }
        let counted = match call.argument(0) {
            None => None,
            Some(Operand::Row(expression)) if expression.kind() == Kind::Bool => Some(Arc::clone(expression)),
            Some(Operand::Row(expression)) => {
                Some(Arc::new(Expression::Not(Arc::new(Expression::IsNull(Arc::clone(expression))))))
            }
            Some(other) => {
                return Err(Mistake::kind(format!("`count` counts rows, but has {}", other.words()))
                    .hint("write a condition such as `count(wait_s <= 20)`")
                    .of_argument(0));
            }
        };
        let condition = match (counted, call.condition_argument(1)?) {
            (Some(counted), Some(condition)) => Some(Arc::new(Expression::Binary(Binary::And, counted, condition))),
            (counted, condition) => counted.or(condition),
        };
        call.fetch(AggregateFunction::Count, None, condition)
    },
};
