//! Running the formulas of each group on what is known of it, each after those it needs. What is fetched, and when, is
//! decided in `evaluation`.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use indexmap::{IndexMap, IndexSet};

use super::evaluation::Evaluation;
use super::question::{Detail, Question};
use super::row_counts::Counting;
use super::slice::Slice;
use super::snapshot::{GroupKey, Reading};
use crate::diagnostics::{Code, Diagnostic};
use crate::formula::{Aggregate, Elsewhere, Evaluated, Known, Outcome, Reference, Unfetched};
use crate::workspace::Grouping;

/// What came of the KPIs of a slice.
#[derive(Default)]
pub(super) struct Computed {
    pub(super) groups: BTreeMap<GroupKey, Group>,
    /// What the KPIs are in a group without rows; computed when it is asked for.
    nothing: OnceLock<Group>,
}

/// What came of the KPIs in one group, by id, each after those it needs.
pub(super) type Group = IndexMap<String, OfKpi>;

/// What came of a KPI in a group, and what it was computed from.
#[derive(Clone)]
pub(super) struct OfKpi {
    pub(super) reading: Reading,
    pub(super) outcome: Outcome,
    pub(super) used: IndexSet<Aggregate>,
    pub(super) references: IndexSet<Reference>,
    pub(super) parameters: BTreeMap<Arc<str>, f64>,
    pub(super) interval_s: Option<f64>,
}

impl Evaluation<'_> {
    /// Runs every formula; gives for each slice the aggregates that some formula misses and that were not fetched yet.
    pub(super) fn compute(&mut self) -> Vec<IndexSet<Aggregate>> {
        self.computed = Vec::with_capacity(self.slices.len());
        let mut all_missing = Vec::with_capacity(self.slices.len());
        for index in 0..self.slices.len() {
            self.slices[index].complete();
            let slice = &self.slices[index];
            let mut missing = IndexSet::new();
            let mut computed = Computed::default();
            for (key, aggregates) in &slice.groups {
                let known =
                    Known { aggregates: Arc::clone(aggregates), interval_s: slice.interval_s(key), ..Known::default() };
                let elsewhere = |reference: &_, own: &_| self.elsewhere(slice, Some(key), reference, own);
                let (group, open) = self.run(slice, known, &elsewhere);
                missing.extend(open.into_iter().chain(self.counts(slice, &group)));
                computed.groups.insert(key.clone(), group);
            }
            if slice.groups.is_empty() {
                let (group, open) = self.run(slice, Known::default(), &nothing_yet);
                missing.extend(open.into_iter().chain(self.counts(slice, &group)));
            }
            missing.retain(|aggregate| {
                !slice.fetched.contains(aggregate) && self.obstacle(slice, &aggregate.dataset).is_none()
            });
            all_missing.push(missing);
            self.computed.push(computed);
        }
        all_missing
    }

    /// What counts the rows of the parts of these KPIs, if they are to be explained. It is fetched with what they miss.
    fn counts(&self, slice: &Slice, group: &Group) -> IndexSet<Aggregate> {
        if slice.detail == Detail::Values {
            return IndexSet::new();
        }
        let used = group.values().flat_map(|kpi| &kpi.used).filter(|used| !slice.refused.contains_key(*used));
        used.flat_map(|used| Counting::of(used).into_aggregates()).collect()
    }

    /// What comes of a slice's KPIs in one group, and the aggregates that are missing. What a KPI is elsewhere, `elsewhere`
    /// tells from what was computed before it in the same group.
    pub(super) fn run(
        &self,
        slice: &Slice,
        mut known: Known,
        elsewhere: &dyn Fn(&Reference, &Group) -> Outcome,
    ) -> (Group, IndexSet<Aggregate>) {
        let mut all = Group::with_capacity(slice.kpis.len());
        let mut missing = IndexSet::new();
        for id in &slice.kpis {
            let Some(kpi) = self.set.kpis.get(id) else { continue };
            for needed in &kpi.needs {
                if let Some(diagnostic) = self.set.broken.get(needed) {
                    Arc::make_mut(&mut known.kpis).insert(needed.clone(), Outcome::Failed(diagnostic.clone()));
                }
            }
            for reference in &kpi.refers {
                Arc::make_mut(&mut known.references).insert(reference.clone(), elsewhere(reference, &all));
            }
            let evaluated = self.set.engine.evaluate(&kpi.formula, kpi.dataset.as_deref(), &known);
            let obstacle = evaluated.used.iter().find_map(|aggregate| {
                self.obstacle(slice, &aggregate.dataset).or_else(|| slice.refused.get(aggregate).cloned())
            });
            let is_obstructed = obstacle.is_some();
            let reading = match (&evaluated.outcome, obstacle) {
                (_, Some(reason)) => Reading::Failed(reason),
                (Outcome::Number(number), None) => Reading::Value(*number),
                (Outcome::NoData, None) => {
                    let instead = self.catalog.kpis.get(id).and_then(|definition| definition.no_data);
                    instead.map_or(Reading::NoData, Reading::Value)
                }
                (Outcome::Truth(_), None) => Reading::Failed("the formula gives yes or no".to_owned()),
                (Outcome::Pending, None) => Reading::Failed("the formula needs too many rounds of fetching".to_owned()),
                (Outcome::Failed(diagnostic), None) => Reading::Failed(diagnostic.message.clone()),
            };
            let outcome = match (evaluated.outcome.clone(), &reading) {
                // What waits for rows that never come has failed, and so has what needs it.
                (Outcome::Pending, _) if !is_obstructed => Outcome::Pending,
                (Outcome::Failed(diagnostic), _) => Outcome::Failed(diagnostic),
                (_, Reading::Value(number)) => Outcome::Number(*number),
                (_, Reading::NoData) => Outcome::NoData,
                (_, Reading::Failed(reason)) => failed(reason.clone()),
            };
            Arc::make_mut(&mut known.kpis).insert(id.clone(), outcome.clone());
            missing.extend(evaluated.missing.iter().cloned());
            let Evaluated { used, references, parameters, interval_s, .. } = evaluated;
            all.insert(id.clone(), OfKpi { reading, outcome, used, references, parameters, interval_s });
        }
        (all, missing)
    }

    /// What a KPI is elsewhere; `own` is what was computed before it in the same group.
    pub(super) fn elsewhere(
        &self,
        slice: &Slice,
        key: Option<&GroupKey>,
        reference: &Reference,
        own: &Group,
    ) -> Outcome {
        let of = |group: &Group| group.get(&*reference.kpi).map(|kpi| kpi.outcome.clone());
        self.outcome(reference, || match slice.links.get(&reference.place) {
            None => of(own),
            Some(link) => {
                let group = key.and_then(|key| link.key(key));
                let group = group.and_then(|group| self.computed.get(link.target)?.groups.get(&group));
                group.or_else(|| self.nothing(link.target)).and_then(of)
            }
        })
    }

    /// What a KPI is that is found so, or why it is nowhere.
    pub(super) fn outcome(&self, reference: &Reference, found: impl FnOnce() -> Option<Outcome>) -> Outcome {
        match self.set.broken.get(&*reference.kpi) {
            Some(diagnostic) => Outcome::Failed(diagnostic.clone()),
            None => found().unwrap_or_else(|| failed(format!("there is no KPI `{}`", reference.kpi))),
        }
    }

    /// What the KPIs of a slice are in a group without rows.
    fn nothing(&self, index: usize) -> Option<&Group> {
        let (slice, computed) = (self.slices.get(index)?, self.computed.get(index)?);
        let known = Known { unfetched: Unfetched::NoData, ..Known::default() };
        let elsewhere = |reference: &_, own: &_| self.elsewhere(slice, None, reference, own);
        Some(computed.nothing.get_or_init(|| self.run(slice, known, &elsewhere).0))
    }

    /// Why a dataset cannot serve a slice: it could not be read, or it has no such column.
    pub(super) fn obstacle(&self, slice: &Slice, dataset: &Arc<str>) -> Option<String> {
        if let Some(reason) = self.broken.get(dataset) {
            return Some(reason.clone());
        }
        let definition = self.catalog.datasets.get(&**dataset)?;
        match self.request.dialects.get(&definition.source.value) {
            Some(Ok(_)) => {}
            Some(Err(reason)) => return Some(reason.clone()),
            None => return Some(format!("the source `{}` is not connected", definition.source.value)),
        }
        if let Some(column) = self.request.reach.lacking(definition) {
            return Some(format!("the dataset `{dataset}` has no column `{column}` to be limited by"));
        }
        slice.by.iter().find_map(|grouping| match grouping {
            Grouping::Dimension(column) if !definition.columns.contains_key(column) => {
                Some(format!("the dataset `{dataset}` has no column `{column}` to group by"))
            }
            _ => None,
        })
    }

    /// The readings a question asks for in a group; of a group without rows when there is no key.
    pub(super) fn asked(&self, question: &Question, index: usize, key: Option<&GroupKey>) -> Vec<Reading> {
        let (slice, computed) = (&self.slices[index], &self.computed[index]);
        let group = key.and_then(|key| computed.groups.get(key)).or_else(|| self.nothing(index));
        let reading = |kpi: &String| match group.and_then(|group| group.get(kpi)) {
            Some(of_kpi) => of_kpi.reading.clone(),
            None => self.left_out(kpi),
        };
        let referred = |reference: &Reference| {
            reading_of(self.elsewhere(slice, key, reference, group.unwrap_or(&Group::new())), &reference.kpi)
        };
        question.kpis.iter().map(reading).chain(question.references.iter().map(referred)).collect()
    }

    pub(super) fn left_out(&self, kpi: &str) -> Reading {
        Reading::Failed(match self.set.broken.get(kpi) {
            Some(diagnostic) => diagnostic.message.clone(),
            None => format!("there is no KPI `{kpi}`"),
        })
    }
}

impl Slice {
    /// Whether a KPI elsewhere is the one of the same group: no weeks ago, or across a dimension that is no grouping here.
    pub(super) fn is_here(&self, elsewhere: &Elsewhere) -> bool {
        match elsewhere {
            Elsewhere::Across(dimension) => {
                let asked = &self.by[self.apart..];
                !asked.iter().any(|by| matches!(by, Grouping::Dimension(name) if **name == **dimension))
            }
            Elsewhere::WeeksAgo(weeks) => *weeks == 0,
            Elsewhere::Previous => false,
        }
    }
}

/// What came of a KPI elsewhere, for those outside of formulas.
pub(super) fn reading_of(outcome: Outcome, kpi: &str) -> Reading {
    match outcome {
        Outcome::Number(number) => Reading::Value(number),
        Outcome::NoData => Reading::NoData,
        Outcome::Failed(diagnostic) => Reading::Failed(diagnostic.message),
        Outcome::Truth(_) | Outcome::Pending => Reading::Failed(format!("`{kpi}` could not be computed")),
    }
}

/// What a KPI is elsewhere as long as nothing is known of any group.
pub(super) fn nothing_yet(_: &Reference, _: &Group) -> Outcome {
    Outcome::Pending
}

fn failed(reason: String) -> Outcome {
    Outcome::Failed(Box::new(Diagnostic::without_place(Code::FormulaFailed, reason)))
}
