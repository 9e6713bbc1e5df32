//! Which rows entered an aggregate: the aggregates that count them, and how their values are read. When they are asked
//! for is decided in `compute`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::formula::{Aggregate, AggregateFunction, Expression};

/// The rows of a dataset in a group and window, by what they are to one aggregate.
#[derive(Clone, Debug, PartialEq)]
pub struct RowCounts {
    /// All of them.
    pub all: u64,
    /// Those the value is computed from.
    pub entered: u64,
    /// Those left out because the condition does not hold.
    pub outside: u64,
    /// Those left out because a value is missing: the one that is aggregated, or one the condition needs.
    pub missing: u64,
    /// What a mean's values add up to, the mean being this by the rows that entered.
    pub sum: Option<f64>,
}

/// The aggregates that tell the rows of another one.
pub(super) struct Counting {
    all: Aggregate,
    entered: Aggregate,
    outside: Option<Aggregate>,
    sum: Option<Aggregate>,
}

impl Counting {
    pub(super) fn of(aggregate: &Aggregate) -> Self {
        let count = |argument: Option<&Arc<Expression>>, condition: Option<Arc<Expression>>| Aggregate {
            function: AggregateFunction::Count,
            dataset: Arc::clone(&aggregate.dataset),
            argument: argument.cloned(),
            condition,
        };
        // Counted, and not what is left over: a condition over a missing value neither holds nor fails.
        let outside = aggregate.condition.as_ref().filter(|_| !counts_values(aggregate));
        let opposite = |condition: &Arc<Expression>| Arc::new(Expression::Not(Arc::clone(condition)));
        let is_mean = aggregate.function == AggregateFunction::Average;
        Self {
            all: count(None, None),
            entered: count(aggregate.argument.as_ref(), aggregate.condition.clone()),
            outside: outside.map(|condition| count(None, Some(opposite(condition)))),
            sum: is_mean.then(|| Aggregate { function: AggregateFunction::Sum, ..aggregate.clone() }),
        }
    }

    pub(super) fn into_aggregates(self) -> impl Iterator<Item = Aggregate> {
        [self.all, self.entered].into_iter().chain(self.outside).chain(self.sum)
    }

    /// The rows, when all that tells them is known.
    pub(super) fn read(&self, known: &HashMap<Aggregate, Option<f64>>) -> Option<RowCounts> {
        let count = |aggregate: &Aggregate| known.get(aggregate).copied().flatten().map(|count| count as u64);
        let (all, entered) = (count(&self.all)?, count(&self.entered)?);
        let outside = match &self.outside {
            Some(outside) => count(outside)?,
            None => 0,
        };
        let sum = match &self.sum {
            Some(sum) => *known.get(sum)?,
            None => None,
        };
        Some(RowCounts { all, entered, outside, missing: all.saturating_sub(entered + outside), sum })
    }
}

/// Whether it is a count of values, `count(csat)`: that leaves out nothing but rows without one.
fn counts_values(aggregate: &Aggregate) -> bool {
    let is_there = |condition: &Expression| match condition {
        Expression::Not(inner) => matches!(**inner, Expression::IsNull(_)),
        _ => false,
    };
    aggregate.function == AggregateFunction::Count && aggregate.condition.as_deref().is_some_and(is_there)
}
