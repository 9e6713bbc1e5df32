//! Running the formulas of one group on what is known of it, each after those it needs. What is fetched, and when, is
//! decided in `evaluation`.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::evaluation::{Computed, Evaluation, GroupingState};
use super::question::Question;
use super::snapshot::{GroupKey, Reading};
use crate::diagnostics::{Code, Diagnostic};
use crate::formula::{Aggregate, Known, Outcome};
use crate::workspace::Grouping;

impl Evaluation<'_> {
    /// The aggregates that some formula misses in some group and that were not fetched yet.
    pub(super) fn missing(&self, state: &GroupingState) -> IndexSet<Aggregate> {
        let mut missing = IndexSet::new();
        let first = state.groups.is_empty().then_some(None);
        for key in first.into_iter().chain(state.groups.keys().map(Some)) {
            missing.extend(self.compute(state, key).1);
        }
        missing.retain(|aggregate| {
            !state.fetched.contains(aggregate) && self.obstacle(state, &aggregate.dataset).is_none()
        });
        missing
    }

    /// Runs the formulas of a group, each after those it needs.
    pub(super) fn compute(
        &self,
        state: &GroupingState,
        key: Option<&GroupKey>,
    ) -> (IndexMap<String, Computed>, IndexSet<Aggregate>) {
        self.run(state, Known { aggregates: Arc::new(self.values(state, key)), ..Known::default() })
    }

    pub(super) fn run(
        &self,
        state: &GroupingState,
        mut known: Known,
    ) -> (IndexMap<String, Computed>, IndexSet<Aggregate>) {
        let mut all = IndexMap::with_capacity(state.kpis.len());
        let mut missing = IndexSet::new();
        for id in &state.kpis {
            let Some(kpi) = self.set.kpis.get(id) else { continue };
            for needed in &kpi.needs {
                if let Some(diagnostic) = self.set.broken.get(needed) {
                    Arc::make_mut(&mut known.kpis).insert(needed.clone(), Outcome::Failed(diagnostic.clone()));
                }
            }
            let evaluated = self.set.engine.evaluate(&kpi.formula, kpi.dataset.as_deref(), &known);
            let obstacle = evaluated.used.iter().find_map(|aggregate| {
                self.obstacle(state, &aggregate.dataset).or_else(|| state.refused.get(aggregate).cloned())
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
            let outcome = match (&evaluated.outcome, &reading) {
                // What waits for rows that never come has failed, and so has what needs it.
                (Outcome::Pending, _) if !is_obstructed => Outcome::Pending,
                (_, Reading::Value(number)) => Outcome::Number(*number),
                (_, Reading::NoData) => Outcome::NoData,
                (Outcome::Failed(diagnostic), _) => Outcome::Failed(diagnostic.clone()),
                (_, Reading::Failed(reason)) => {
                    Outcome::Failed(Box::new(Diagnostic::without_place(Code::FormulaFailed, reason.clone())))
                }
            };
            Arc::make_mut(&mut known.kpis).insert(id.clone(), outcome);
            missing.extend(evaluated.missing);
            all.insert(id.clone(), Computed { reading, used: evaluated.used });
        }
        (all, missing)
    }

    /// The aggregates known in a group; where a dataset has no rows for it, they are those of nothing.
    pub(super) fn values(&self, state: &GroupingState, key: Option<&GroupKey>) -> HashMap<Aggregate, Option<f64>> {
        let Some(found) = key.and_then(|key| state.groups.get(key)) else { return HashMap::new() };
        let of_nothing = |aggregate: &Aggregate| aggregate.function.is_zero_for_nothing().then_some(0.0);
        let value = |aggregate: &Aggregate| found.get(aggregate).copied().unwrap_or_else(|| of_nothing(aggregate));
        state.fetched.iter().map(|aggregate| (aggregate.clone(), value(aggregate))).collect()
    }

    /// Why a dataset cannot serve a grouping: it could not be read, or it has no such column.
    pub(super) fn obstacle(&self, state: &GroupingState, dataset: &Arc<str>) -> Option<String> {
        if let Some(reason) = self.broken.get(dataset) {
            return Some(reason.clone());
        }
        let definition = self.catalog.datasets.get(&**dataset)?;
        match self.request.dialects.get(&definition.source.value) {
            Some(Ok(_)) => {}
            Some(Err(reason)) => return Some(reason.clone()),
            None => return Some(format!("the source `{}` is not connected", definition.source.value)),
        }
        state.by.iter().find_map(|grouping| match grouping {
            Grouping::Dimension(column) if !definition.columns.contains_key(column) => {
                Some(format!("the dataset `{dataset}` has no column `{column}` to group by"))
            }
            _ => None,
        })
    }

    /// The readings a question asks for, of what was computed for a group.
    pub(super) fn asked(&self, question: &Question, computed: &IndexMap<String, Computed>) -> Vec<Reading> {
        let reading =
            |kpi: &String| computed.get(kpi).map_or_else(|| self.left_out(kpi), |computed| computed.reading.clone());
        question.kpis.iter().map(reading).collect()
    }

    fn left_out(&self, kpi: &str) -> Reading {
        Reading::Failed(match self.set.broken.get(kpi) {
            Some(diagnostic) => diagnostic.message.clone(),
            None => format!("there is no KPI `{kpi}`"),
        })
    }
}
