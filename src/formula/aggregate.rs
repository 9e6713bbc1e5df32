//! Aggregates: what turns a column expression into one number for a group of rows.

use std::fmt;
use std::sync::Arc;

use super::{Exact, Expression};

/// An aggregate over the rows of one dataset. Equal aggregates are computed once, whichever KPIs ask for them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// What is computed.
    pub function: AggregateFunction,
    /// The dataset whose rows are taken.
    pub dataset: Arc<str>,
    /// The expression that is aggregated; none only for `count`.
    pub argument: Option<Arc<Expression>>,
    /// Which rows are taken; all when none.
    pub condition: Option<Arc<Expression>>,
}

/// What an aggregate computes. Rows whose argument is missing (NULL) never enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AggregateFunction {
    /// How many rows; 0 for none.
    Count,
    /// The sum; 0 for none.
    Sum,
    /// The mean; no data for none.
    Average,
    /// The smallest value; no data for none.
    Minimum,
    /// The largest value; no data for none.
    Maximum,
    /// How many different values; 0 for none.
    Distinct,
    /// The smallest value that at least this share of the values (0 to 100) does not exceed; no data for none.
    Percentile(Exact),
    /// The population standard deviation; no data for none.
    Deviation,
}

impl AggregateFunction {
    /// Whether the values of groups can be made into that of all of them.
    pub fn can_be_added_up(self) -> bool {
        matches!(self, Self::Count | Self::Sum | Self::Average | Self::Minimum | Self::Maximum)
    }

    /// Whether the value is computed from every different value and its frequency.
    pub fn needs_distribution(self) -> bool {
        matches!(self, Self::Percentile(_) | Self::Deviation)
    }

    /// Whether nothing to aggregate gives 0 and not "no data".
    pub fn is_zero_for_nothing(self) -> bool {
        matches!(self, Self::Count | Self::Sum | Self::Distinct)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Sum => "sum",
            Self::Average => "avg",
            Self::Minimum => "min",
            Self::Maximum => "max",
            Self::Distinct => "distinct",
            Self::Percentile(_) => "percentile",
            Self::Deviation => "stddev",
        }
    }
}

impl fmt::Display for Aggregate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}(", self.function.name())?;
        let mut parts: Vec<String> = self.argument.iter().map(ToString::to_string).collect();
        if let AggregateFunction::Percentile(Exact(share)) = self.function {
            parts.push(share.to_string());
        }
        parts.extend(self.condition.iter().map(ToString::to_string));
        write!(formatter, "{})", parts.join(", "))
    }
}
