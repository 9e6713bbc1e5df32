//! Evaluation in rounds. Every formula is run on what is known; the aggregates it misses are fetched, all of a dataset
//! and grouping in one statement; then it is run again, until nothing is missing. Usually that is one round.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use indexmap::{IndexMap, IndexSet};

use super::compile::KpiSet;
use super::plan::{Fetch, FetchId, Purpose, Subject};
use super::question::Question;
use super::snapshot::{Freshness, GroupKey, GroupedResult, Reading, Snapshot};
use crate::formula::{Aggregate, Known, Unfetched};
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
    pub(super) set: &'a KpiSet,
    pub(super) catalog: &'a Catalog,
    pub(super) request: EvaluationRequest,
    pub(super) groupings: Vec<GroupingState>,
    fetches: Vec<Wanted>,
    /// Datasets that could not be read, with the reason.
    pub(super) broken: BTreeMap<Arc<str>, String>,
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

/// One grouping: its KPIs, what was fetched for it, and the groups found.
#[derive(Default)]
pub(super) struct GroupingState {
    pub(super) by: Vec<Grouping>,
    /// The asked KPIs and those they need, each after those it needs.
    pub(super) kpis: IndexSet<String>,
    pub(super) fetched: IndexSet<Aggregate>,
    /// Aggregates whose common statement failed: each gets one of its own, so that one bad KPI fails alone.
    alone: IndexSet<Aggregate>,
    /// Aggregates the database refused, with the reason.
    pub(super) refused: HashMap<Aggregate, String>,
    pub(super) groups: BTreeMap<GroupKey, HashMap<Aggregate, Option<f64>>>,
}

/// What came of a KPI in a group, and what it was computed from.
pub(super) struct Computed {
    pub(super) reading: Reading,
    pub(super) used: IndexSet<Aggregate>,
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
