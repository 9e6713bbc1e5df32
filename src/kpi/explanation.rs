//! How a KPI's total came about: its formula, the parts it was computed from, and their values.

use super::snapshot::Reading;

/// Everything needed to check a number by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Explanation {
    /// The KPI's id.
    pub kpi: String,
    /// What came of it.
    pub reading: Reading,
    /// The formula as it was written.
    pub formula: String,
    /// `file:line:column` of the formula.
    pub place: String,
    /// The parts, in the order the formula uses them.
    pub parts: Vec<Part>,
}

/// One part of a KPI: an aggregate, or another KPI.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// The part as formulas write it.
    pub what: String,
    /// The dataset whose rows it was computed from; none for another KPI.
    pub dataset: Option<String>,
    /// Its value; none for "no data".
    pub value: Option<f64>,
}
