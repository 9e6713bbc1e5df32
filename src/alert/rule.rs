//! Alert rules compiled: their conditions must parse, know their KPIs and give yes or no, before they wake anyone.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};

use super::Verdict;
use crate::diagnostics::Diagnostic;
use crate::formula::{Formula, Reference};
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
    /// The KPIs elsewhere that the conditions need.
    references: IndexSet<Reference>,
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
                diagnostics.extend(when.err().into_iter().chain(recovers_when.err()).flatten());
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
        let formulas = std::iter::once(&when).chain(&recovers_when);
        let references = formulas.flat_map(Formula::references).cloned().collect();
        Self { when, recovers_when, kpis, of_when, references }
    }

    /// The KPIs the conditions need; those of `when` first.
    pub fn kpis(&self) -> &[String] {
        &self.kpis
    }

    /// The KPIs elsewhere that the conditions need.
    pub fn references(&self) -> &IndexSet<Reference> {
        &self.references
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::fixture::workspace;

    /// The verdict of a rule with these conditions on these readings.
    fn judge(when: &str, recovers_when: Option<&str>, readings: &[(&str, Reading)]) -> Verdict {
        let recovers_when = recovers_when.map(|text| format!("recovers_when: {text}")).unwrap_or_default();
        let (catalog, kpis) = workspace(&format!(
            "alerts:\n  low:\n    when: {when}\n    window: 30m\n    notify: [floor]\n    {recovers_when}\n"
        ));
        let (rules, mistakes) = compile(&catalog, &kpis);
        assert!(mistakes.is_empty(), "{mistakes:?}");
        let readings = readings.iter().map(|(id, reading)| ((*id).to_owned(), reading.clone())).collect();
        rules["low"].judge(&kpis, &readings)
    }

    #[test]
    fn conditions_over_readings() {
        let check = |level: Reading, offered: Reading, expected: Verdict| {
            let readings = [("service_level", level), ("offered", offered)];
            let verdict = judge("service_level < 70 and offered >= 20", Some("service_level >= 75"), &readings);
            assert_eq!(verdict, expected, "{readings:?}");
        };
        let value = Reading::Value;
        check(value(69.9), value(20.0), Verdict::Met);
        check(value(69.9), value(19.0), Verdict::Between);
        check(value(72.0), value(50.0), Verdict::Between);
        check(value(75.0), value(50.0), Verdict::Clear);
        check(Reading::NoData, value(0.0), Verdict::NoData("no data for `service_level`".to_owned()));
        let gone = Reading::Failed("the source is gone".to_owned());
        let reason = "`service_level` could not be computed: the source is gone";
        check(gone, value(50.0), Verdict::Error(reason.to_owned()));
        // A count of nothing is a number to compare.
        assert_eq!(judge("offered < 5", None, &[("offered", value(0.0))]), Verdict::Met);
        assert_eq!(judge("offered < 5", None, &[("offered", value(5.0))]), Verdict::Clear);
        // Without data it is not known that the alert may recover.
        let readings = [("service_level", Reading::NoData), ("offered", value(1.0))];
        assert_eq!(judge("offered > 5", Some("service_level >= 75"), &readings), Verdict::Between);
    }

    #[test]
    fn kpis_stand_in_the_order_of_their_mention() {
        let (catalog, kpis) = workspace(
            "alerts:\n  low:\n    when: service_level < 70 and service_level > 0\n    recovers_when: offered > 5\n    \
             window: 30m\n    notify: [floor]\n",
        );
        let (rules, _) = compile(&catalog, &kpis);
        assert_eq!(rules["low"].kpis(), ["service_level", "offered"]);
        assert_eq!(rules["low"].kpis_of_when(), ["service_level"]);
    }

    #[test]
    fn what_would_never_be_evaluated_is_a_mistake() {
        let check = |when: &str, message: &str| {
            let rule = format!("alerts:\n  low:\n    when: {when}\n    window: 30m\n    notify: [floor]\n");
            let (catalog, kpis) = workspace(&rule);
            let (rules, mistakes) = compile(&catalog, &kpis);
            assert!(rules.is_empty());
            assert!(mistakes[0].message.contains(message), "{}", mistakes[0].message);
        };
        check("count(calls.wait_s > 60) > 5", "is computed from rows");
        check("offered > 5 and sum(calls.wait_s) > 5", "is computed from rows");
        check("service_level", "gives a number instead of yes or no");
        check("servce_level < 5", "servce_level");
    }
}
