//! What is asked of the evaluator: some KPIs by one grouping. No values here.

use crate::workspace::Grouping;

/// Some KPIs by one grouping; a snapshot holds one result for each question, in the order asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What the rows are; empty for the total.
    pub by: Vec<Grouping>,
    /// The KPIs' ids, each once.
    pub kpis: Vec<String>,
}
