//! The formula language: Rhai with its limits, column expressions, aggregates, functions. No I/O, no clock: a formula
//! is evaluated against what is already known and tells which aggregates it still misses; the KPI room fetches them.

mod aggregate;
mod brackets;
mod engine;
mod evaluation;
mod expression;
mod failure;
mod functions;
mod mistake;
mod operand;
mod operators;
mod reference;
mod reference_call;
mod script;
mod sql;
mod syntax;

pub use aggregate::{Aggregate, AggregateFunction};
pub use engine::{Formula, FormulaEngine};
pub use evaluation::{Known, Outcome, Unfetched};
pub use expression::{Binary, Column, Exact, Expression, Kind, TextTest};
pub use functions::{EXAMPLE_ROWS, Example, Function, all as functions};
pub use reference::{Elsewhere, Reference};
pub use sql::{ROWS, SqlWriter};
