//! How a KPI's total came about: its formula, the parts it was computed from, and their values.

use super::compute::OfKpi;
use super::evaluation::Evaluation;
use super::slice::{Shift, Slice};
use super::snapshot::{GroupKey, Reading};

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

impl Evaluation<'_> {
    /// How the total of each KPI came about; empty when no total was asked for.
    pub fn explanations(&self) -> Vec<Explanation> {
        let total = |slice: &Slice| slice.shift == Shift::default() && slice.by.is_empty();
        let Some(index) = self.slices.iter().position(total) else { return Vec::new() };
        let slice = &self.slices[index];
        let group = self.computed.get(index).and_then(|computed| computed.groups.get(&GroupKey::new()));
        let (Some(group), Some(values)) = (group, slice.groups.get(&GroupKey::new())) else { return Vec::new() };
        let explain = |(id, one): (&String, &OfKpi)| {
            let compiled = self.set.kpis.get(id)?;
            // What could not be read has no value to be told.
            let read = one.used.iter().filter(|aggregate| self.obstacle(slice, &aggregate.dataset).is_none());
            let aggregates = read.map(|aggregate| Part {
                what: aggregate.to_string(),
                dataset: Some(aggregate.dataset.to_string()),
                value: values.get(aggregate).copied().flatten(),
            });
            let others = compiled.needs.iter().map(|needed| Part {
                what: needed.clone(),
                dataset: None,
                value: group.get(needed).and_then(|needed| needed.reading.number()),
            });
            let text = compiled.formula.text();
            let position = text.span_of(0..0).position();
            Some(Explanation {
                kpi: id.clone(),
                reading: one.reading.clone(),
                formula: text.text.trim().to_owned(),
                place: format!("{}:{}:{}", text.span.file.path, position.line, position.column),
                parts: aggregates.chain(others).collect(),
            })
        };
        group.iter().filter_map(explain).collect()
    }
}
