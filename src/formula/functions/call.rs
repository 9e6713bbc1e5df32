//! A call of a function in a running formula: its arguments as the kinds that functions need, each misfit as a mistake
//! with a way out, and the aggregates it asks for.

use std::sync::Arc;

use crate::formula::aggregate::{Aggregate, AggregateFunction};
use crate::formula::evaluation::State;
use crate::formula::expression::{Expression, Kind, TextTest};
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;
use crate::time::Bucket;

/// A call of a function in a running formula.
pub(crate) struct Call<'a> {
    /// What the evaluation knows.
    pub(crate) state: &'a mut State,
    /// The arguments.
    pub(crate) arguments: Vec<Operand>,
    /// The function's name, for messages.
    pub(crate) name: &'static str,
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
            ))
            .of_argument(0);
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
            .hint("write a comparison such as `wait_s <= 20`, or a yes/no column")
            .of_argument(index)),
        }
    }

    /// The column expression at this place.
    pub(crate) fn row_argument(&self, index: usize) -> Result<Arc<Expression>, Mistake> {
        let hint = match self.argument(index) {
            Some(Operand::Row(expression)) => return Ok(Arc::clone(expression)),
            Some(Operand::Dataset(dataset)) => format!("name a column of it, as `{}({dataset}.column)`", self.name),
            _ => format!("write a column or something computed from columns, as in `{}(wait_s)`", self.name),
        };
        Err(self.unfit(index, "a column").hint(hint))
    }

    /// The number at this place; call it after [`Call::unknown`].
    pub(crate) fn number(&self, index: usize) -> Result<f64, Mistake> {
        match self.argument(index) {
            Some(Operand::Number(number)) => Ok(*number),
            Some(Operand::Row(expression)) => {
                let hint = match expression.kind() {
                    Kind::Bool => format!("to count the rows where it holds, write `count({expression})`"),
                    _ => format!("make one number of it first, for example `sum({expression})` or `avg({expression})`"),
                };
                Err(self.unfit(index, "a number").hint(hint))
            }
            _ => Err(self.unfit(index, "a number")),
        }
    }

    /// The name at this place, which the parser has read as a text.
    pub(crate) fn name_argument(&self, index: usize) -> Result<Arc<str>, Mistake> {
        match self.argument(index) {
            Some(Operand::Text(name)) => Ok(Arc::clone(name)),
            _ => {
                Err(Mistake::kind(format!("`{}` takes a KPI by its name, not a computation", self.name))
                    .of_argument(index))
            }
        }
    }

    /// That something else stands at this place than is needed.
    fn unfit(&self, index: usize, needed: &str) -> Mistake {
        let found = self.argument(index).map_or_else(String::new, |found| format!(", but has {}", found.words()));
        Mistake::kind(format!("`{}` needs {needed}{found}", self.name)).of_argument(index)
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
                .hint(format!("write it as in `count({}(queue, \"VIP\"))`", self.name))
                .of_argument(usize::from(column.kind() == Kind::Text))),
        }
    }

    /// A part of an instant in local time.
    pub(crate) fn time_part(&self, part: Bucket) -> Result<Operand, Mistake> {
        match self.row_argument(0)? {
            instant if instant.kind() == Kind::Time => Ok(Operand::Row(Arc::new(Expression::TimePart(part, instant)))),
            other => Err(Mistake::kind(format!(
                "`{}` needs a time column, but `{other}` is {}",
                self.name,
                other.kind().words()
            ))
            .hint("a time column is one of `type: time` in the dataset")
            .of_argument(0)),
        }
    }
}
