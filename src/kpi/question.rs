//! A question to the evaluation: which KPIs by which grouping, in how much detail.

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
    /// How much is to be told of the KPIs.
    pub detail: Detail,
}

impl Question {
    /// What its groups are one of when the rows are kept apart by these dimensions.
    pub(super) fn by_with(&self, apart: &[String]) -> Vec<Grouping> {
        apart.iter().cloned().map(Grouping::Dimension).chain(self.by.iter().cloned()).collect()
    }
}

/// How much an answer tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The values.
    #[default]
    Values,
    /// Also how they came about. Counting the rows makes the statements longer, not more.
    Explained {
        /// So many groups are explained, the first ones.
        groups: usize,
    },
}
