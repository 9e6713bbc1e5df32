//! The formula language: Rhai with its limits, column expressions, aggregates, functions. No I/O, no clock: a formula
//! is evaluated against what is already known and tells which aggregates it still misses; the KPI room fetches them.

mod aggregate;
mod brackets;
mod check;
mod comparison;
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
mod schema;
mod script;
mod sql;
mod syntax;
mod wording;

pub(crate) use check::Wanted;
pub(crate) use evaluation::Evaluated;

pub use aggregate::{Aggregate, AggregateFunction};
pub use comparison::{Compared, Comparison};
pub use engine::{Formula, FormulaEngine};
pub use evaluation::{Known, Outcome, Unfetched};
pub use expression::{Binary, Column, Exact, Expression, Kind, TextTest};
pub use functions::{
    Accepts, Category, EXAMPLE_ROWS, Example, Function, Parameter, all as functions,
    documentation as function_reference,
};
pub use reference::{Elsewhere, Reference};
pub use sql::{ROWS, SqlWriter};
