//! Alert rules compiled: their conditions must parse, know their KPIs and give yes or no, before they wake anyone.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};

use super::machine::{Judgement, Verdict};
use crate::diagnostics::Diagnostic;
use crate::formula::{Binary, Compared, Elsewhere, Formula, Reference};
use crate::kpi::{Answer, KpiSet, Reading};
use crate::workspace::{AlertDefinition, AlertSeverity, Catalog, Direction, FormulaText};

/// A rule's conditions, ready to be evaluated.
pub struct CompiledRule {
    /// The mildest severity first.
    levels: Vec<CompiledLevel>,
    minimum: Option<Formula>,
    /// The KPIs of the conditions; those that make it fire first, each in the order of its first mention.
    kpis: Vec<String>,
    /// How many of them make it fire.
    of_when: usize,
    /// The KPIs elsewhere that the conditions need.
    references: IndexSet<Reference>,
}

struct CompiledLevel {
    severity: AlertSeverity,
    when: Formula,
    recovers_when: Option<Formula>,
}

/// Where a condition's threshold lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// How the KPI is compared with it.
    pub sign: Binary,
    /// Where it lies, in the KPI's unit.
    pub value: f64,
}

/// The readings of a group's KPIs by their ids; those elsewhere by the names formulas give them.
pub type Readings = BTreeMap<String, Reading>;

/// Compiles the conditions of all rules. Rules with mistakes are left out; the mistakes are returned, all of them.
pub fn compile(catalog: &Catalog, kpis: &KpiSet) -> (IndexMap<String, CompiledRule>, Vec<Diagnostic>) {
    let mut rules = IndexMap::new();
    let mut diagnostics = Vec::new();
    for (id, definition) in &catalog.alerts {
        match CompiledRule::new(definition, catalog, kpis) {
            Ok(rule) => {
                rules.insert(id.clone(), rule);
            }
            Err(mistakes) => diagnostics.extend(mistakes),
        }
    }
    (rules, diagnostics)
}

impl CompiledRule {
    fn new(definition: &AlertDefinition, catalog: &Catalog, kpis: &KpiSet) -> Result<Self, Vec<Diagnostic>> {
        let mut mistakes = Vec::new();
        let mut condition = |text: &FormulaText| match kpis.compile_condition(text) {
            Ok(formula) => Some(formula),
            Err(found) => {
                mistakes.extend(found);
                None
            }
        };
        let levels: Vec<_> = definition
            .levels
            .iter()
            .map(|level| (level.severity, condition(&level.when), level.recovers_when.as_ref().map(&mut condition)))
            .collect();
        let minimum = definition.minimum.as_ref().map(&mut condition);
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        // Without a mistake every condition is there.
        let levels = levels.into_iter().filter_map(|(severity, when, recovers_when)| {
            Some(CompiledLevel { severity, when: when?, recovers_when: recovers_when.flatten() })
        });
        let (levels, minimum) = (levels.collect::<Vec<_>>(), minimum.flatten());
        let mut all: IndexSet<String> = levels.iter().flat_map(|level| mentioned(&level.when, catalog)).collect();
        let of_when = all.len();
        let others = || levels.iter().filter_map(|level| level.recovers_when.as_ref()).chain(&minimum);
        all.extend(others().flat_map(|formula| mentioned(formula, catalog)));
        let formulas = levels.iter().map(|level| &level.when).chain(others());
        let references = formulas.flat_map(Formula::references).cloned().collect();
        Ok(Self { kpis: all.into_iter().collect(), of_when, references, levels, minimum })
    }

    /// The KPIs the conditions need; those that make it fire first.
    pub fn kpis(&self) -> &[String] {
        &self.kpis
    }

    /// The KPIs elsewhere that the conditions need.
    pub fn references(&self) -> &IndexSet<Reference> {
        &self.references
    }

    /// The KPIs that make it fire, in the order of their first mention: what an alert's reader wants to see.
    pub fn kpis_of_when(&self) -> &[String] {
        &self.kpis[..self.of_when]
    }

    /// Where the threshold of a KPI lies for a severity; none when it is compared with nothing that is known beforehand.
    pub fn threshold(&self, severity: AlertSeverity, kpi: &str, catalog: &Catalog) -> Option<Threshold> {
        let level = self.levels.iter().find(|level| level.severity == severity)?;
        let comparison = level.when.comparisons().into_iter().find(|comparison| comparison.name == kpi)?;
        let value = match comparison.with {
            Compared::Number(number) => number,
            Compared::Name(name) => catalog.parameters.get(&name)?.value,
        };
        Some(Threshold { sign: comparison.sign, value })
    }

    /// Which way a KPI is bad for this rule: as its mildest condition compares it, else as the KPI says.
    pub fn good_direction(&self, kpi: &str, catalog: &Catalog) -> Direction {
        let severity = self.levels.first().map(|level| level.severity);
        match severity.and_then(|severity| self.threshold(severity, kpi, catalog)).map(|threshold| threshold.sign) {
            Some(Binary::Less | Binary::LessOrEqual) => Direction::Higher,
            Some(Binary::Greater | Binary::GreaterOrEqual) => Direction::Lower,
            _ => catalog.kpis.get(kpi).map_or(Direction::Neither, |kpi| kpi.better),
        }
    }

    /// What the conditions give on the readings of one group.
    pub fn judge(&self, set: &KpiSet, readings: &Readings) -> Verdict {
        if let Some(minimum) = &self.minimum {
            match set.answer(minimum, readings) {
                Answer::Yes => {}
                Answer::No => {
                    let words = format!("too little to judge by: `{}` is not true", minimum.text().text.trim());
                    return Verdict::TooFew(words);
                }
                Answer::NoData(kpis) => return Verdict::NoData(without_data(&kpis)),
                Answer::Failed(reason) => return Verdict::Error(reason),
            }
        }
        let mut judgements = Vec::with_capacity(self.levels.len());
        let mut unknown = None;
        for level in &self.levels {
            judgements.push(match set.answer(&level.when, readings) {
                Answer::Yes => Judgement::Met,
                Answer::No => match level.recovers_when.as_ref().map(|formula| set.answer(formula, readings)) {
                    None | Some(Answer::Yes) => Judgement::Clear,
                    // Without data it is not known to be true, and only then does the alert recover.
                    Some(Answer::No | Answer::NoData(_)) => Judgement::Between,
                    Some(Answer::Failed(reason)) => return Verdict::Error(reason),
                },
                Answer::NoData(kpis) => {
                    unknown.get_or_insert_with(|| without_data(&kpis));
                    // Beside a condition that is true this one stays as it was.
                    Judgement::Between
                }
                Answer::Failed(reason) => return Verdict::Error(reason),
            });
        }
        match unknown {
            Some(reason) if !judgements.contains(&Judgement::Met) => Verdict::NoData(reason),
            _ => Verdict::Judged(judgements),
        }
    }
}

fn without_data(kpis: &[String]) -> String {
    if kpis.is_empty() {
        return "the condition has no data".to_owned();
    }
    let names: Vec<String> = kpis.iter().map(|kpi| format!("`{kpi}`")).collect();
    format!("no data for {}", names.join(", "))
}

/// The KPIs a condition mentions, in the order of its text.
fn mentioned(formula: &Formula, catalog: &Catalog) -> Vec<String> {
    let text = &formula.text().text;
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    // A KPI that is compared with what it usually is stands among the references.
    let here = formula.references().iter().filter(|reference| reference.place == Elsewhere::WeeksAgo(0));
    let names = formula.names().iter().map(String::as_str).chain(here.map(|reference| &*reference.kpi));
    let known: BTreeSet<&str> = names.filter(|name| catalog.kpis.contains_key(*name)).collect();
    let mut kpis: Vec<String> = Vec::new();
    for word in text.split(|character| !is_part(character)).filter(|word| known.contains(word)) {
        if !kpis.iter().any(|kpi| kpi == word) {
            kpis.push(word.to_owned());
        }
    }
    kpis
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
