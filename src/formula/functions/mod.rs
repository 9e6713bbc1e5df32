//! The function library: one file per function, each with its documentation and examples as data. This file holds
//! what a function is and the list; how they get into Rhai is in `formula::engine`.

mod abs;
mod across;
mod avg;
mod baseline;
mod ceil;
mod contains;
mod count;
mod csat;
mod distinct;
mod ends_with;
mod example_rows;
mod floor;
mod hour;
mod if_null;
mod interval_s;
mod is_null;
mod max;
mod median;
mod min;
mod nps;
mod per_hour;
mod percent;
mod percentile;
mod previous;
mod ratio;
mod round;
mod same_time;
mod sqrt;
mod starts_with;
mod stddev;
mod sum;
mod weekday;

pub use example_rows::EXAMPLE_ROWS;

use std::ops::RangeInclusive;
use std::sync::Arc;

use super::aggregate::{Aggregate, AggregateFunction};
use super::evaluation::State;
use super::expression::{Binary, Exact, Expression, Kind, TextTest};
use super::mistake::Mistake;
use super::operand::Operand;
use super::operators;
use crate::time::Bucket;

/// A function of the formula language.
#[derive(Debug)]
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// How it is written, one line for each form.
    pub usage: &'static [&'static str],
    /// What it gives, in one sentence.
    pub summary: &'static str,
    /// The formula with its denominator, and what happens when there is nothing to compute from.
    pub formula: &'static str,
    /// Examples over the example rows of the function reference; each is run as a test.
    pub examples: &'static [Example],
    /// How many arguments it takes.
    pub(crate) arity: RangeInclusive<usize>,
    /// What it does.
    pub(crate) call: fn(&mut Call<'_>) -> Result<Operand, Mistake>,
}

/// A formula and what it gives.
#[derive(Debug)]
pub struct Example {
    /// The formula.
    pub formula: &'static str,
    /// Its value; none for "no data".
    pub result: Option<f64>,
}

/// A call of a function in a running formula.
pub(crate) struct Call<'a> {
    /// What the evaluation knows.
    pub(crate) state: &'a mut State,
    /// The arguments.
    pub(crate) arguments: Vec<Operand>,
    /// The function's name, for messages.
    pub(crate) name: &'static str,
}

/// Every function, by name.
pub fn all() -> &'static [&'static Function] {
    &[
        &abs::ABS,
        &across::ACROSS,
        &avg::AVG,
        &baseline::BASELINE,
        &ceil::CEIL,
        &contains::CONTAINS,
        &count::COUNT,
        &csat::CSAT,
        &distinct::DISTINCT,
        &ends_with::ENDS_WITH,
        &floor::FLOOR,
        &hour::HOUR,
        &if_null::IF_NULL,
        &interval_s::INTERVAL_S,
        &is_null::IS_NULL,
        &max::MAX,
        &median::MEDIAN,
        &min::MIN,
        &nps::NPS,
        &per_hour::PER_HOUR,
        &percent::PERCENT,
        &percentile::PERCENTILE,
        &previous::PREVIOUS,
        &ratio::RATIO,
        &round::ROUND,
        &same_time::SAME_TIME,
        &sqrt::SQRT,
        &starts_with::STARTS_WITH,
        &stddev::STDDEV,
        &sum::SUM,
        &weekday::WEEKDAY,
    ]
}

impl Call<'_> {
    /// The argument at this place, if it was given.
    pub(crate) fn argument(&self, index: usize) -> Option<&Operand> {
        self.arguments.get(index)
    }

    /// What the whole call gives when one of its arguments is pending or has no data.
    pub(crate) fn unknown(&self) -> Option<Operand> {
        [Operand::Pending, Operand::NoData].into_iter().find(|unknown| self.arguments.contains(unknown))
    }

    /// The value of an aggregate over the first argument, with the condition that may follow at `condition`.
    pub(crate) fn aggregate(&mut self, function: AggregateFunction, condition: usize) -> Result<Operand, Mistake> {
        if let Some(unknown) = self.unknown() {
            return Ok(unknown);
        }
        let argument = self.row_argument(0)?;
        let kind = argument.kind();
        if function != AggregateFunction::Distinct && kind != Kind::Number {
            let mistake = Mistake::kind(format!(
                "`{}` needs a number for each row, but `{argument}` is {}",
                self.name,
                kind.words()
            ));
            return Err(match kind {
                Kind::Bool => mistake.hint(format!("to count rows where it holds, write `count({argument})`")),
                Kind::Text => mistake.hint(format!("to count different values, write `distinct({argument})`")),
                Kind::Number | Kind::Time => mistake,
            });
        }
        let condition = self.condition_argument(condition)?;
        self.fetch(function, Some(argument), condition)
    }

    /// The value of an aggregate, or "pending" with a note that it is missing.
    pub(crate) fn fetch(
        &mut self,
        function: AggregateFunction,
        argument: Option<Arc<Expression>>,
        condition: Option<Arc<Expression>>,
    ) -> Result<Operand, Mistake> {
        let of = |expression: &Option<Arc<Expression>>| {
            expression.as_ref().and_then(|expression| expression.dataset().cloned())
        };
        let (from_argument, from_condition) = (of(&argument), of(&condition));
        if let (Some(one), Some(other)) = (&from_argument, &from_condition)
            && one != other
        {
            return Err(Mistake::kind(format!(
                "`{}` takes rows of `{one}`, but its condition is about `{other}`",
                self.name
            ))
            .hint(format!("the condition may name columns of `{one}` only")));
        }
        let Some(dataset) = from_argument.or(from_condition).or_else(|| self.state.dataset.clone()) else {
            return Err(Mistake::kind(format!("`{}` does not know which dataset's rows to take", self.name))
                .hint("add `dataset:` to the KPI, or name a column as `dataset.column`"));
        };
        Ok(self.state.aggregate(Aggregate { function, dataset, argument, condition }))
    }

    /// The condition at this place, if one was given.
    pub(crate) fn condition_argument(&self, index: usize) -> Result<Option<Arc<Expression>>, Mistake> {
        let Some(operand) = self.argument(index) else { return Ok(None) };
        match operand.expression() {
            Some(expression) if expression.kind() == Kind::Bool => Ok(Some(expression)),
            _ => Err(Mistake::kind(format!(
                "the condition of `{}` must be yes or no for each row, but it is {}",
                self.name,
                operand.words()
            ))
            .hint("write a comparison such as `wait_s <= 20`, or a yes/no column")),
        }
    }

    /// The column expression at this place.
    pub(crate) fn row_argument(&self, index: usize) -> Result<Arc<Expression>, Mistake> {
        match self.argument(index) {
            Some(Operand::Row(expression)) => Ok(Arc::clone(expression)),
            Some(other @ Operand::Dataset(dataset)) => {
                Err(Mistake::kind(format!("`{}` needs a column, but has {}", self.name, other.words()))
                    .hint(format!("name a column of it, as `{}({dataset}.column)`", self.name)))
            }
            Some(other) => Err(Mistake::kind(format!("`{}` needs a column, but has {}", self.name, other.words()))
                .hint(format!("write a column or something computed from columns, as in `{}(wait_s)`", self.name))),
            None => Err(Mistake::kind(format!("`{}` needs a column", self.name))),
        }
    }

    /// The number at this place; call it after [`Call::unknown`].
    pub(crate) fn number(&self, index: usize) -> Result<f64, Mistake> {
        match self.argument(index) {
            Some(Operand::Number(number)) => Ok(*number),
            Some(other @ Operand::Row(expression)) => {
                let hint = match expression.kind() {
                    Kind::Bool => format!("to count the rows where it holds, write `count({expression})`"),
                    _ => format!("make one number of it first, for example `sum({expression})` or `avg({expression})`"),
                };
                Err(Mistake::kind(format!("`{}` needs a number, but has {}", self.name, other.words())).hint(hint))
            }
            Some(other) => Err(Mistake::kind(format!("`{}` needs a number, but has {}", self.name, other.words()))),
            None => Err(Mistake::kind(format!("`{}` needs a number", self.name))),
        }
    }

    /// The name at this place, which the parser has read as a text.
    pub(crate) fn name_argument(&self, index: usize) -> Result<Arc<str>, Mistake> {
        match self.argument(index) {
            Some(Operand::Text(name)) => Ok(Arc::clone(name)),
            _ => Err(Mistake::kind(format!("`{}` takes a KPI by its name, not a computation", self.name))),
        }
    }

    /// A function of one number.
    pub(crate) fn of_number(&self, apply: fn(f64) -> f64) -> Result<Operand, Mistake> {
        match self.unknown() {
            Some(unknown) => Ok(unknown),
            None => Ok(Operand::number(apply(self.number(0)?))),
        }
    }

    /// A test on a text column.
    pub(crate) fn text_test(&self, test: TextTest) -> Result<Operand, Mistake> {
        let column = self.row_argument(0)?;
        match self.argument(1) {
            Some(Operand::Text(text)) if column.kind() == Kind::Text => {
                Ok(Operand::Row(Arc::new(Expression::TextTest(test, column, Arc::clone(text)))))
            }
            _ => Err(Mistake::kind(format!("`{}` needs a text column and a text", self.name))
                .hint(format!("write it as in `count({}(queue, \"VIP\"))`", self.name))),
        }
    }
}

impl Call<'_> {
    /// A part of an instant in local time.
    pub(crate) fn time_part(&self, part: Bucket) -> Result<Operand, Mistake> {
        match self.row_argument(0)? {
            instant if instant.kind() == Kind::Time => Ok(Operand::Row(Arc::new(Expression::TimePart(part, instant)))),
            other => Err(Mistake::kind(format!(
                "`{}` needs a time column, but `{other}` is {}",
                self.name,
                other.kind().words()
            ))
            .hint("a time column is one of `type: time` in the dataset")),
        }
    }
}

/// The share of answers that pass one comparison, minus the share that pass another, in percent of all answers.
fn percent_difference(
    call: &mut Call<'_>,
    column: Arc<Expression>,
    good: (Binary, f64),
    bad: Option<(Binary, f64)>,
) -> Result<Operand, Mistake> {
    if column.kind() != Kind::Number {
        return Err(Mistake::kind(format!(
            "`{}` needs answers as numbers, but `{column}` is {}",
            call.name,
            column.kind().words()
        ))
        .hint("give the column `type: number` in the dataset, if the database holds numbers"));
    }
    let condition = call.condition_argument(1)?;
    let mut count = |answers: Expression| {
        let answers = Arc::new(answers);
        let rows = match &condition {
            Some(condition) => Arc::new(Expression::Binary(Binary::And, answers, Arc::clone(condition))),
            None => answers,
        };
        call.fetch(AggregateFunction::Count, None, Some(rows))
    };
    let compared = |(operator, mark): (Binary, f64)| {
        Expression::Binary(operator, Arc::clone(&column), Arc::new(Expression::Number(Exact(mark))))
    };
    let answered = count(Expression::Not(Arc::new(Expression::IsNull(Arc::clone(&column)))))?;
    let mut share = count(compared(good))?;
    if let Some(bad) = bad {
        share = operators::binary(Binary::Subtract, &share, &count(compared(bad))?)?;
    }
    operators::binary(Binary::Divide, &operators::binary(Binary::Multiply, &Operand::Number(100.0), &share)?, &answered)
}
