//! Alert rules compiled: their conditions must parse, know their KPIs and give yes or no, before they wake anyone.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::Verdict;
use crate::diagnostics::Diagnostic;
use crate::formula::Formula;
use crate::kpi::{Answer, KpiSet, Reading};
use crate::workspace::Catalog;

/// A rule's conditions, ready to be evaluated.
pub struct CompiledRule {
    when: Formula,
    recovers_when: Option<Formula>,
    /// The KPIs of the conditions; those of `when` first, each in the order of its first mention.
    kpis: Vec<String>,
    /// How many of them are of `when`.
    of_when: usize,
}

/// Compiles the conditions of all rules. Rules with mistakes are left out; the mistakes are returned, all of them.
pub fn compile(catalog: &Catalog, kpis: &KpiSet) -> (IndexMap<String, CompiledRule>, Vec<Diagnostic>) {
    let mut rules = IndexMap::new();
    let mut diagnostics = Vec::new();
    for (id, definition) in &catalog.alerts {
        let when = kpis.compile_condition(&definition.when);
        let recovers_when = definition.recovers_when.as_ref().map(|text| kpis.compile_condition(text)).transpose();
        match (when, recovers_when) {
            (Ok(when), Ok(recovers_when)) => {
                rules.insert(id.clone(), CompiledRule::new(when, recovers_when, catalog));
            }
            (when, recovers_when) => {
                diagnostics.extend(when.err().into_iter().chain(recovers_when.err()).map(|mistake| *mistake));
            }
        }
    }
    (rules, diagnostics)
}

impl CompiledRule {
    fn new(when: Formula, recovers_when: Option<Formula>, catalog: &Catalog) -> Self {
        let mut kpis = mentioned(&when, catalog);
        let of_when = kpis.len();
        for kpi in recovers_when.iter().flat_map(|formula| mentioned(formula, catalog)) {
            if !kpis.contains(&kpi) {
                kpis.push(kpi);
            }
        }
        Self { when, recovers_when, kpis, of_when }
    }

    /// The KPIs the conditions need; those of `when` first.
    pub fn kpis(&self) -> &[String] {
        &self.kpis
    }

    /// The KPIs of `when`, in the order of their first mention: what an alert's reader wants to see.
    pub fn kpis_of_when(&self) -> &[String] {
        &self.kpis[..self.of_when]
    }

    /// What the conditions give on the readings of one group.
    pub fn judge(&self, set: &KpiSet, readings: &BTreeMap<String, Reading>) -> Verdict {
        match (set.answer(&self.when, readings), &self.recovers_when) {
            (Answer::Yes, _) => Verdict::Met,
            (Answer::No, None) => Verdict::Clear,
            (Answer::No, Some(recovers_when)) => match set.answer(recovers_when, readings) {
                Answer::Yes => Verdict::Clear,
                // Without data it is not known to be true, and only then does the alert recover.
                Answer::No | Answer::NoData(_) => Verdict::Between,
                Answer::Failed(reason) => Verdict::Error(reason),
            },
            (Answer::NoData(kpis), _) if kpis.is_empty() => Verdict::NoData("the condition has no data".to_owned()),
            (Answer::NoData(kpis), _) => {
                let names: Vec<String> = kpis.iter().map(|kpi| format!("`{kpi}`")).collect();
                Verdict::NoData(format!("no data for {}", names.join(", ")))
            }
            (Answer::Failed(reason), _) => Verdict::Error(reason),
        }
    }
}

/// The KPIs a condition mentions, in the order of its text.
fn mentioned(formula: &Formula, catalog: &Catalog) -> Vec<String> {
    let text = &formula.text().text;
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let known: BTreeSet<&str> =
        formula.names().iter().map(String::as_str).filter(|name| catalog.kpis.contains_key(*name)).collect();
    let mut kpis: Vec<String> = Vec::new();
    for word in text.split(|character| !is_part(character)).filter(|word| known.contains(word)) {
        if !kpis.iter().any(|kpi| kpi == word) {
            kpis.push(word.to_owned());
        }
    }
    kpis
}
