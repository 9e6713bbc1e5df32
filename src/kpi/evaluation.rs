//! Evaluation in rounds. Every formula is run on what is known; the aggregates it misses are fetched, all of a dataset
//! and grouping in one statement; then it is run again, until nothing is missing. Usually that is one round.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use indexmap::{IndexMap, IndexSet};

use super::compile::KpiSet;
use super::explanation::{Explanation, Part};
use super::plan::{Fetch, FetchId, Purpose, Subject};
use super::question::Question;
use super::snapshot::{Freshness, GroupKey, GroupedResult, Reading, Snapshot};
use crate::diagnostics::{Code, Diagnostic};
use crate::formula::{Aggregate, Known, Outcome, Unfetched};
use crate::source::{Dialect, Rows, Value};
use crate::time::Window;
use crate::workspace::{Catalog, ColumnKind, Grouping, TimeStorage};

/// How often an evaluation may fetch. Each round answers one more level of `if` around aggregates.
const MAX_ROUNDS: usize = 8;

/// What is to be evaluated.
#[derive(Clone, Debug)]
pub struct EvaluationRequest {
    /// The window.
    pub window: Window,
    /// The zone of time buckets.
    pub zone: Tz,
    /// The KPIs and groupings; answered in this order.
    pub questions: Vec<Question>,
    /// The dialect of each source, or why it cannot be reached.
    pub dialects: BTreeMap<String, Result<Dialect, String>>,
}

/// An evaluation under way.
pub struct Evaluation<'a> {
    set: &'a KpiSet,
    catalog: &'a Catalog,
    request: EvaluationRequest,
    groupings: Vec<GroupingState>,
    fetches: Vec<Wanted>,
    /// Datasets that could not be read, with the reason.
    broken: BTreeMap<Arc<str>, String>,
    freshness: BTreeMap<String, Freshness>,
    rounds: usize,
}

/// What an evaluation needs next.
#[derive(Debug)]
pub enum Step {
    /// Send these and give their rows to [`Evaluation::supply`].
    Fetch(Vec<Fetch>),
    /// All is known; [`Evaluation::finish`] gives the result.
    Done,
}

/// Why a fetch has no rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchFailure {
    /// In words.
    pub reason: String,
    /// What it says about other statements.
    pub extent: Extent,
}

/// How far a failure reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// This statement; a smaller one may succeed.
    Statement,
    /// The source: it is out of reach or too slow, and further statements would only add to it.
    Source,
}

enum Wanted {
    Aggregates(Purpose),
    Freshness(Arc<str>),
}

#[derive(Default)]
struct GroupingState {
    by: Vec<Grouping>,
    /// The asked KPIs and those they need, each after those it needs.
    kpis: IndexSet<String>,
    fetched: IndexSet<Aggregate>,
    /// Aggregates whose common statement failed: each gets one of its own, so that one bad KPI fails alone.
    alone: IndexSet<Aggregate>,
    /// Aggregates the database refused, with the reason.
    refused: HashMap<Aggregate, String>,
    groups: BTreeMap<GroupKey, HashMap<Aggregate, Option<f64>>>,
}

/// What came of a KPI in a group, and what it was computed from.
struct Computed {
    reading: Reading,
    used: IndexSet<Aggregate>,
}

impl<'a> Evaluation<'a> {
    /// Begins an evaluation; unknown KPIs in the questions become failed readings.
    pub fn new(set: &'a KpiSet, catalog: &'a Catalog, request: EvaluationRequest) -> Self {
        let mut groupings: Vec<GroupingState> = Vec::new();
        for question in &request.questions {
            let index = groupings.iter().position(|state| state.by == question.by).unwrap_or_else(|| {
                groupings.push(GroupingState { by: question.by.clone(), ..GroupingState::default() });
                groupings.len() - 1
            });
            for kpi in &question.kpis {
                add_with_needs(set, kpi, &mut groupings[index].kpis);
            }
        }
        for state in groupings.iter_mut().filter(|state| state.by.is_empty()) {
            state.groups.insert(GroupKey::new(), HashMap::new());
        }
        Self {
            set,
            catalog,
            request,
            groupings,
            fetches: Vec::new(),
            broken: BTreeMap::new(),
            freshness: BTreeMap::new(),
            rounds: 0,
        }
    }

    /// Runs every formula and tells what is missing.
    pub fn step(&mut self) -> Step {
        self.rounds += 1;
        if self.rounds > MAX_ROUNDS {
            return Step::Done;
        }
        let mut fetches = Vec::new();
        let mut datasets = BTreeSet::new();
        for index in 0..self.groupings.len() {
            let mut by_dataset: IndexMap<Arc<str>, IndexSet<Aggregate>> = IndexMap::new();
            for aggregate in self.missing(&self.groupings[index]) {
                by_dataset.entry(Arc::clone(&aggregate.dataset)).or_default().insert(aggregate);
            }
            for (dataset, aggregates) in by_dataset {
                datasets.insert(Arc::clone(&dataset));
                let Some((subject, source)) = self.subject(&dataset, index) else { continue };
                let (alone, together): (IndexSet<Aggregate>, IndexSet<Aggregate>) =
                    aggregates.into_iter().partition(|aggregate| self.groupings[index].alone.contains(aggregate));
                let sets = alone.into_iter().map(|aggregate| IndexSet::from([aggregate])).chain([together]);
                for (statement, purpose) in sets.flat_map(|set| subject.statements(&set)) {
                    fetches.push((source.clone(), Arc::clone(&dataset), statement, Wanted::Aggregates(purpose)));
                }
            }
        }
        if self.rounds == 1 {
            for dataset in &datasets {
                let Some((subject, source)) = self.subject(dataset, 0) else { continue };
                fetches.push((
                    source,
                    Arc::clone(dataset),
                    subject.freshness(),
                    Wanted::Freshness(Arc::clone(dataset)),
                ));
            }
        }
        if fetches.is_empty() {
            return Step::Done;
        }
        let fetches = fetches.into_iter().map(|(source, dataset, statement, wanted)| {
            self.fetches.push(wanted);
            Fetch { id: FetchId(self.fetches.len() - 1), source, dataset: dataset.to_string(), statement }
        });
        Step::Fetch(fetches.collect())
    }

    /// Takes the rows of a fetch, or why there are none: the KPIs that need them fail, the others do not.
    pub fn supply(&mut self, id: FetchId, rows: Result<Rows, FetchFailure>) {
        let Some(wanted) = self.fetches.get(id.0) else { return };
        match (wanted, rows) {
            (Wanted::Freshness(dataset), Ok(rows)) => {
                let freshness = self.read_freshness(dataset, &rows);
                self.freshness.insert(dataset.to_string(), freshness);
            }
            // Not even counting the rows works: the dataset's own query is what fails.
            (Wanted::Freshness(dataset), Err(failure)) => {
                self.broken.insert(Arc::clone(dataset), failure.reason);
            }
            (Wanted::Aggregates(purpose), Err(failure)) if failure.extent == Extent::Source => {
                self.broken.insert(Arc::clone(&purpose.dataset), failure.reason);
            }
            (Wanted::Aggregates(purpose), rows) => {
                let state = &mut self.groupings[purpose.grouping];
                let found = rows.map_err(|failure| failure.reason).and_then(|rows| purpose.read(&state.by, rows));
                let aggregates = purpose.aggregates();
                match found {
                    Ok(found) => {
                        state.fetched.extend(aggregates);
                        for (key, aggregate, value) in found {
                            state.groups.entry(key).or_default().insert(aggregate, value);
                        }
                    }
                    Err(_) if aggregates.len() > 1 => state.alone.extend(aggregates),
                    Err(reason) => {
                        state.refused.extend(aggregates.iter().map(|aggregate| (aggregate.clone(), reason.clone())));
                        state.fetched.extend(aggregates);
                    }
                }
            }
        }
    }

    /// The values, in the order of the questions.
    pub fn finish(&self) -> Snapshot {
        let results = self.request.questions.iter().map(|question| {
            let mut groups = IndexMap::new();
            if let Some(state) = self.groupings.iter().find(|state| state.by == question.by) {
                for key in state.groups.keys() {
                    let computed = self.compute(state, Some(key)).0;
                    groups.insert(key.clone(), self.asked(question, &computed));
                }
            }
            GroupedResult { by: question.by.clone(), kpis: question.kpis.clone(), groups }
        });
        Snapshot { window: self.request.window, results: results.collect(), freshness: self.freshness.clone() }
    }

    /// What the KPIs of each question read in a group without rows: counts are 0, the others have no data. Those whose
    /// data could not be read failed, which is how a grouping without groups tells of it.
    pub fn without_rows(&self) -> Vec<Vec<Reading>> {
        let readings = |question: &Question| {
            let state = self.groupings.iter().find(|state| state.by == question.by);
            let known = Known { unfetched: Unfetched::NoData, ..Known::default() };
            self.asked(question, &state.map(|state| self.run(state, known).0).unwrap_or_default())
        };
        self.request.questions.iter().map(readings).collect()
    }

    /// How the total of each KPI came about; empty when no total was asked for.
    pub fn explanations(&self) -> Vec<Explanation> {
        let Some(state) = self.groupings.iter().find(|state| state.by.is_empty()) else { return Vec::new() };
        let (computed, _) = self.compute(state, Some(&GroupKey::new()));
        let values = self.values(state, Some(&GroupKey::new()));
        let explain = |(id, one): (&String, &Computed)| {
            let compiled = self.set.kpis.get(id)?;
            // What could not be read has no value to be told.
            let read = one.used.iter().filter(|aggregate| self.obstacle(state, &aggregate.dataset).is_none());
            let aggregates = read.map(|aggregate| Part {
                what: aggregate.to_string(),
                dataset: Some(aggregate.dataset.to_string()),
                value: values.get(aggregate).copied().flatten(),
            });
            let others = compiled.needs.iter().map(|needed| Part {
                what: needed.clone(),
                dataset: None,
                value: computed.get(needed).and_then(|needed| needed.reading.number()),
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
        computed.iter().filter_map(explain).collect()
    }

    /// The aggregates that some formula misses in some group and that were not fetched yet.
    fn missing(&self, state: &GroupingState) -> IndexSet<Aggregate> {
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
    fn compute(
        &self,
        state: &GroupingState,
        key: Option<&GroupKey>,
    ) -> (IndexMap<String, Computed>, IndexSet<Aggregate>) {
        self.run(state, Known { aggregates: Arc::new(self.values(state, key)), ..Known::default() })
    }

    fn run(&self, state: &GroupingState, mut known: Known) -> (IndexMap<String, Computed>, IndexSet<Aggregate>) {
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
    fn values(&self, state: &GroupingState, key: Option<&GroupKey>) -> HashMap<Aggregate, Option<f64>> {
        let Some(found) = key.and_then(|key| state.groups.get(key)) else { return HashMap::new() };
        let of_nothing = |aggregate: &Aggregate| aggregate.function.is_zero_for_nothing().then_some(0.0);
        let value = |aggregate: &Aggregate| found.get(aggregate).copied().unwrap_or_else(|| of_nothing(aggregate));
        state.fetched.iter().map(|aggregate| (aggregate.clone(), value(aggregate))).collect()
    }

    /// Why a dataset cannot serve a grouping: it could not be read, or it has no such column.
    fn obstacle(&self, state: &GroupingState, dataset: &Arc<str>) -> Option<String> {
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
    fn asked(&self, question: &Question, computed: &IndexMap<String, Computed>) -> Vec<Reading> {
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

    fn subject(&self, dataset: &str, grouping: usize) -> Option<(Subject<'_>, String)> {
        let definition = self.catalog.datasets.get(dataset)?;
        let source = definition.source.value.clone();
        let dialect = *self.request.dialects.get(&source)?.as_ref().ok()?;
        let by = self.groupings.get(grouping).map_or(&[][..], |state| &state.by);
        Some((
            Subject { definition, dialect, zone: self.request.zone, window: self.request.window, grouping, by },
            source,
        ))
    }

    fn read_freshness(&self, dataset: &str, rows: &Rows) -> Freshness {
        let row = rows.rows.first();
        let whole = |place: usize| match row.and_then(|row| row.get(place)) {
            Some(Value::Integer(number)) => Some(*number),
            _ => None,
        };
        let local = self.catalog.datasets.get(dataset).and_then(|definition| {
            match definition.columns.get(&definition.time.value)?.kind {
                ColumnKind::Time(TimeStorage::Local(zone)) => Some(zone),
                _ => None,
            }
        });
        let newest = whole(1).and_then(|seconds| DateTime::from_timestamp(seconds, 0)).map(|instant| match local {
            Some(zone) => zone
                .from_local_datetime(&instant.naive_utc())
                .earliest()
                .map_or(instant, |local| local.with_timezone(&Utc)),
            None => instant,
        });
        Freshness { rows: whole(0).and_then(|rows| u64::try_from(rows).ok()).unwrap_or(0), newest }
    }
}

/// Adds a KPI after those it needs.
fn add_with_needs(set: &KpiSet, kpi: &str, into: &mut IndexSet<String>) {
    if into.contains(kpi) {
        return;
    }
    if let Some(compiled) = set.kpis.get(kpi) {
        for needed in &compiled.needs {
            add_with_needs(set, needed, into);
        }
        into.insert(kpi.to_owned());
    }
}
