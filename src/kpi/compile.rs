//! All KPIs of a workspace compiled and checked: formulas, names, kinds, circles; in the order they can be computed in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use super::snapshot::Reading;
use crate::diagnostics::{Code, Diagnostic};
use crate::formula::{Formula, FormulaEngine, Known, Outcome, Reference, Wanted};
use crate::workspace::{Catalog, FormulaText, KpiDefinition};

/// Every KPI of a workspace, ready to be evaluated.
pub struct KpiSet {
    pub(super) engine: FormulaEngine,
    /// By id, each after those it needs.
    pub(super) kpis: IndexMap<String, CompiledKpi>,
    /// KPIs that cannot be computed, with the reason.
    pub(super) broken: BTreeMap<String, Box<Diagnostic>>,
}

/// What came of a condition over KPIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is true.
    Yes,
    /// It is false.
    No,
    /// There is nothing to decide it from; the KPIs without data, as far as it names any.
    NoData(Vec<String>),
    /// It failed, with the reason in words.
    Failed(String),
}

/// One KPI, ready to be evaluated.
pub struct CompiledKpi {
    pub(super) formula: Formula,
    pub(super) dataset: Option<String>,
    /// The KPIs of the same group it is computed from.
    pub(super) needs: Vec<String>,
    /// The KPIs elsewhere it may be computed from.
    pub(super) refers: Vec<Reference>,
}

impl KpiSet {
    /// Compiles the workspace's KPIs. KPIs with mistakes are left out; the mistakes are returned, all of them.
    pub fn compile(catalog: &Catalog) -> (Self, Vec<Diagnostic>) {
        let (engine, mut diagnostics) = FormulaEngine::new(catalog);
        let (mut compiled, mut broken) = (BTreeMap::new(), BTreeMap::new());
        for (id, definition) in &catalog.kpis {
            // Its mistakes were told when the workspace was read.
            if let Some(mistake) = catalog.faulty_kpis.get(id) {
                broken.insert(id.clone(), Box::new(mistake.clone()));
                // So are those of its formula, where it is certain which columns it may name.
                let dataset = definition.dataset.as_ref().filter(|name| catalog.datasets.contains_key(&name.value));
                if dataset.is_some() && !definition.formula.text.is_empty() {
                    diagnostics.extend(compile(&engine, catalog, definition).err().into_iter().flatten());
                }
                continue;
            }
            match compile(&engine, catalog, definition) {
                Ok(kpi) => {
                    compiled.insert(id.clone(), kpi);
                }
                Err(mistakes) => {
                    broken.extend(mistakes.first().map(|mistake| (id.clone(), Box::new(mistake.clone()))));
                    diagnostics.extend(mistakes);
                }
            }
        }
        let (order, circles) = order(catalog, &compiled);
        let sorted = order.into_iter().filter_map(|id| compiled.remove_entry(&id));
        let mut set = Self { engine, kpis: sorted.collect(), broken };
        // What is left is part of a circle or needs a part of one; the circle is told once.
        for id in compiled.into_keys() {
            let own = circles.iter().find(|(members, _)| members.contains(&id)).or_else(|| circles.first());
            if let Some((_, circle)) = own {
                set.broken.insert(id, Box::new(circle.clone()));
            }
        }
        diagnostics.extend(circles.into_iter().map(|(_, circle)| circle));
        (set, diagnostics)
    }

    /// Compiles and checks a condition over KPIs, such as an alert rule's. All its mistakes are told.
    pub fn compile_condition(&self, text: &FormulaText) -> Result<Formula, Vec<Diagnostic>> {
        let formula = self.engine.compile(text).map_err(|mistake| vec![*mistake])?;
        let mistakes = self.engine.check(&formula, None, Wanted::Condition);
        if mistakes.is_empty() { Ok(formula) } else { Err(mistakes) }
    }

    /// Evaluates a condition over the readings of one group; those elsewhere by the names formulas give them.
    pub fn answer(&self, condition: &Formula, readings: &BTreeMap<String, Reading>) -> Answer {
        let outcome = |(id, reading): (&String, &Reading)| {
            let outcome = match reading {
                Reading::Value(number) => Outcome::Number(*number),
                Reading::NoData => Outcome::NoData,
                Reading::Failed(reason) => Outcome::Failed(Box::new(Diagnostic::without_place(
                    Code::FormulaFailed,
                    format!("`{id}` could not be computed: {reason}"),
                ))),
            };
            (id.clone(), outcome)
        };
        let elsewhere = condition.references().iter().filter_map(|reference| {
            Some((reference.clone(), outcome(readings.get_key_value(&reference.to_string())?).1))
        });
        let known = Known {
            references: Arc::new(elsewhere.collect()),
            kpis: Arc::new(readings.iter().map(outcome).collect()),
            ..Known::default()
        };
        match self.engine.evaluate(condition, None, &known).outcome {
            Outcome::Truth(true) => Answer::Yes,
            Outcome::Truth(false) => Answer::No,
            Outcome::NoData => {
                let empty = |(_, reading): &(&String, &Reading)| matches!(reading, Reading::NoData);
                Answer::NoData(readings.iter().filter(empty).map(|(id, _)| id.clone()).collect())
            }
            Outcome::Number(_) => Answer::Failed("the condition gives a number instead of yes or no".to_owned()),
            Outcome::Pending => Answer::Failed("the condition is computed from rows instead of KPIs".to_owned()),
            // What made the KPI fail says more than that the condition needs it.
            Outcome::Failed(mistake) => {
                let cause = known.kpis.values().find_map(|outcome| match outcome {
                    Outcome::Failed(cause) => Some(cause.message.clone()),
                    _ => None,
                });
                Answer::Failed(cause.unwrap_or(mistake.message))
            }
        }
    }

    /// The datasets these KPIs are computed from, those of the KPIs they need included.
    pub fn datasets_of(&self, catalog: &Catalog, kpis: &[String]) -> BTreeSet<String> {
        let mut open: Vec<&str> = kpis.iter().map(String::as_str).collect();
        let (mut seen, mut datasets) = (BTreeSet::new(), BTreeSet::new());
        while let Some(id) = open.pop() {
            let Some(kpi) = self.kpis.get(id).filter(|_| seen.insert(id)) else { continue };
            datasets.extend(kpi.dataset.clone());
            datasets.extend(kpi.formula.names().iter().filter(|name| catalog.datasets.contains_key(*name)).cloned());
            open.extend(kpi.dependencies());
        }
        datasets
    }

    /// Whether this KPI compiled.
    pub fn contains(&self, id: &str) -> bool {
        self.kpis.contains_key(id)
    }

    /// The ids of all KPIs that compiled, each after those it needs.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.kpis.keys().map(String::as_str)
    }
}

impl CompiledKpi {
    /// The KPIs it is computed from, here or elsewhere.
    fn dependencies(&self) -> impl Iterator<Item = &str> {
        self.needs.iter().map(String::as_str).chain(self.refers.iter().map(|reference| &*reference.kpi))
    }
}

/// Compiles one KPI and checks it, whichever way its formula may go.
fn compile(
    engine: &FormulaEngine,
    catalog: &Catalog,
    definition: &KpiDefinition,
) -> Result<CompiledKpi, Vec<Diagnostic>> {
    let formula = engine.compile(&definition.formula).map_err(|mistake| vec![*mistake])?;
    let dataset = definition.dataset.as_ref().map(|dataset| dataset.value.clone());
    let mistakes = engine.check(&formula, dataset.as_deref(), Wanted::Number);
    if !mistakes.is_empty() {
        return Err(mistakes);
    }
    let columns = dataset.as_ref().and_then(|dataset| catalog.datasets.get(dataset));
    // A column hides a KPI of the same name, as it does when the formula runs.
    let is_kpi = |name: &&String| {
        catalog.kpis.contains_key(*name) && !columns.is_some_and(|dataset| dataset.columns.contains_key(*name))
    };
    let needs = formula.names().iter().filter(is_kpi).cloned().collect();
    let refers = formula.references().to_vec();
    Ok(CompiledKpi { formula, dataset, needs, refers })
}

/// KPIs that need each other, and how that is told.
type Circle = (Vec<String>, Diagnostic);

/// The order in which each KPI comes after those it needs; circles, and what needs one, are left out.
fn order(catalog: &Catalog, compiled: &BTreeMap<String, CompiledKpi>) -> (Vec<String>, Vec<Circle>) {
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let mut order = Vec::with_capacity(compiled.len());
    loop {
        let ready: Vec<&str> = catalog
            .kpis
            .keys()
            .map(String::as_str)
            .filter(|id| !done.contains(id))
            .filter(|id| {
                let waits = |needed: &str| compiled.contains_key(needed) && !done.contains(needed);
                compiled.get(*id).is_some_and(|kpi| !kpi.dependencies().any(waits))
            })
            .collect();
        if ready.is_empty() {
            break;
        }
        done.extend(&ready);
        order.extend(ready.into_iter().map(str::to_owned));
    }
    let stuck: Vec<&str> = compiled.keys().map(String::as_str).filter(|id| !done.contains(id)).collect();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    let mut circles = Vec::new();
    for start in &stuck {
        if told.contains(start) {
            continue;
        }
        // Each stuck KPI needs a stuck one, so walking along comes back to one that was seen: that is the circle.
        let mut path = vec![*start];
        let circle = loop {
            let last = path[path.len() - 1];
            let next = compiled[last].dependencies().find(|needed| stuck.contains(needed));
            let Some(next) = next else { break Vec::new() };
            if let Some(position) = path.iter().position(|id| *id == next) {
                break path[position..].to_vec();
            }
            path.push(next);
        };
        if circle.iter().any(|id| told.contains(id)) || circle.is_empty() {
            continue;
        }
        told.extend(&circle);
        circles.push((circle.iter().map(|id| (*id).to_owned()).collect(), cycle(catalog, &circle)));
    }
    (order, circles)
}

fn cycle(catalog: &Catalog, circle: &[&str]) -> Diagnostic {
    let steps: Vec<String> = circle.iter().chain(&circle[..1]).map(|id| format!("`{id}`")).collect();
    let message = match circle {
        [one] => format!("the KPI `{one}` needs itself"),
        _ => format!("these KPIs need each other in a circle: {}", steps.join(" → ")),
    };
    let place = |id: &str| {
        let formula = &catalog.kpis[id].formula;
        let next = circle[(circle.iter().position(|step| *step == id).unwrap_or(0) + 1) % circle.len()];
        whole_word(&formula.text, next)
            .map_or_else(|| formula.span.clone(), |start| formula.span_of(start..start + next.len()))
    };
    let mut diagnostic = Diagnostic::error(Code::KpiCycle, place(circle[0]), message)
        .hint("break the circle: one of them must be computed from columns alone");
    for id in &circle[1..] {
        diagnostic = diagnostic.related(place(id), format!("`{id}` is part of the circle"));
    }
    diagnostic
}

/// Where a name stands in a formula, not as a part of a longer one.
fn whole_word(text: &str, name: &str) -> Option<usize> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    text.match_indices(name)
        .map(|(start, _)| start)
        .find(|start| !text[..*start].ends_with(is_word) && !text[start + name.len()..].starts_with(is_word))
}
