//! A question to the evaluation: which KPIs by which grouping.

use crate::formula::Reference;
use crate::workspace::Grouping;

/// KPIs by a grouping; the total when `by` is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// What the rows are.
    pub by: Vec<Grouping>,
    /// The KPIs' ids.
    pub kpis: Vec<String>,
    /// KPIs elsewhere; they are answered behind the others, under the name formulas give them.
    pub references: Vec<Reference>,
}
