//! What the functions about surveys share: answers are a column of marks, and only rows with an answer count.

use std::sync::Arc;

use super::{Accepts, Call, Parameter};
use crate::formula::aggregate::AggregateFunction;
use crate::formula::expression::{Binary, Exact, Expression, Kind};
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;
use crate::formula::operators;

/// The column of answers.
pub(super) const ANSWERS: Parameter = Parameter::required(
    "column",
    Accepts::Numbers,
    "the answers; rows without one must be empty there, as a 0 would count as the worst answer",
);

/// The best mark of a scale that begins at 1.
pub(super) const SCALE: Parameter =
    Parameter::optional("scale", Accepts::Number, "the best mark of a scale that begins at 1", "5");

/// The answers as an expression over each row.
pub(super) fn answers(call: &Call<'_>) -> Result<Arc<Expression>, Mistake> {
    let column = call.row_argument(0)?;
    if column.kind() == Kind::Number {
        return Ok(column);
    }
    Err(Mistake::kind(format!("`{}` needs answers as numbers, but `{column}` is {}", call.name, column.kind().words()))
        .hint("give the column `type: number` in the dataset, if the database holds numbers")
        .of_argument(0))
}

/// The scale's best mark, and the condition: both stand after the answers and both may be left out.
pub(super) fn scale_and_condition(call: &Call<'_>) -> Result<(f64, Option<Arc<Expression>>), Mistake> {
    let has_scale = call.arguments.len() == 3 || matches!(call.argument(1), Some(Operand::Number(_)));
    if !has_scale {
        return Ok((5.0, call.condition_argument(1)?));
    }
    let scale = call.number(1)?;
    if scale < 3.0 {
        return Err(Mistake::kind(format!("`{}` takes a scale whose best mark is 3 or more, not {scale}", call.name))
            .hint(format!("a scale of 1 to 5 is the usual one: `{}(csat)`", call.name))
            .of_argument(1));
    }
    Ok((scale, call.condition_argument(2)?))
}

/// The mean of all answers.
pub(super) fn mean(
    call: &mut Call<'_>,
    answers: Arc<Expression>,
    condition: Option<Arc<Expression>>,
) -> Result<Operand, Mistake> {
    call.fetch(AggregateFunction::Average, Some(answers), condition)
}

/// The share of answers that pass one comparison, minus the share that pass another, in percent of all answers.
pub(super) fn share(
    call: &mut Call<'_>,
    answers: &Arc<Expression>,
    condition: Option<&Arc<Expression>>,
    good: (Binary, f64),
    bad: Option<(Binary, f64)>,
) -> Result<Operand, Mistake> {
    let mut count = |answers: Expression| {
        let answers = Arc::new(answers);
        let rows = match condition {
            Some(condition) => Arc::new(Expression::Binary(Binary::And, answers, Arc::clone(condition))),
            None => answers,
        };
        call.fetch(AggregateFunction::Count, None, Some(rows))
    };
    let compared = |(operator, mark): (Binary, f64)| {
        Expression::Binary(operator, Arc::clone(answers), Arc::new(Expression::Number(Exact(mark))))
    };
    let answered = count(Expression::Not(Arc::new(Expression::IsNull(Arc::clone(answers)))))?;
    let mut share = count(compared(good))?;
    if let Some(bad) = bad {
        share = operators::binary(Binary::Subtract, &share, &count(compared(bad))?)?;
    }
    operators::binary(Binary::Divide, &operators::binary(Binary::Multiply, &Operand::Number(100.0), &share)?, &answered)
}
