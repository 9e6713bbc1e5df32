//! Evaluation in rounds. Every formula is run on what is known; the aggregates it misses are fetched, those of a dataset
//! and frame together; then it is run again, until nothing is missing. Usually that is one round.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::answer::{Content, FoundRows, Purpose, Unread};
use super::compile::KpiSet;
use super::compute::Computed;
use super::elsewhere::{Link, address};
use super::plan::{Fetch, FetchId, Groups, Subject, Turn, Wish};
use super::question::{Detail, Question};
use super::reach::Reach;
use super::slice::{Shift, Slice};
use super::snapshot::{Freshness, GroupKey, GroupedResult, Reading, Snapshot};
use crate::dataset;
use crate::formula::{Aggregate, Elsewhere};
use crate::source::{Dialect, Rows};
use crate::time::Frame;
use crate::workspace::{Catalog, DatasetDefinition, Grouping};

/// How often an evaluation may fetch. Each round answers one more level of `if` around aggregates, or asks anew, in
/// smaller parts, for what could not be answered together.
const MAX_ROUNDS: usize = 24;

/// What is to be evaluated.
#[derive(Clone, Debug)]
pub struct EvaluationRequest {
    /// The window, its zone, and what it is compared with.
    pub frame: Frame,
    /// The KPIs and groupings; answered in this order.
    pub questions: Vec<Question>,
    /// The dialect of each source, or why it cannot be reached.
    pub dialects: BTreeMap<String, Result<Dialect, String>>,
    /// The rows it may look at.
    pub reach: Reach,
}

/// An evaluation under way.
pub struct Evaluation<'a> {
    pub(super) set: &'a KpiSet,
    pub(super) catalog: &'a Catalog,
    pub(super) request: EvaluationRequest,
    /// Each behind those it finds KPIs in that it needs from elsewhere.
    pub(super) slices: Vec<Slice>,
    /// What was computed last, by slice; it is the answer once nothing is missing.
    pub(super) computed: Vec<Computed>,
    fetches: Vec<Purpose>,
    /// Which slices are answered together, by dataset and slice; 0 is where all begin.
    bundles: HashMap<(Arc<str>, usize), usize>,
    /// Datasets that could not be read, with the reason.
    pub(super) broken: BTreeMap<Arc<str>, String>,
    /// Datasets some statement of which failed: whether it is the dataset's own query is found out.
    suspected: BTreeSet<Arc<str>>,
    /// By dataset, then by the values of what is kept apart; datasets that were asked are there, without rows too.
    freshness: BTreeMap<String, BTreeMap<GroupKey, Freshness>>,
    rounds: usize,
}

/// The aggregates each slice misses, by frame, dataset and bundle.
type Together = IndexMap<(Shift, Arc<str>, usize), IndexMap<usize, IndexSet<Aggregate>>>;

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

impl<'a> Evaluation<'a> {
    /// Begins an evaluation; unknown KPIs in the questions become failed readings.
    pub fn new(set: &'a KpiSet, catalog: &'a Catalog, request: EvaluationRequest) -> Self {
        let unsendable = |definition: &DatasetDefinition| {
            let dialect = *request.dialects.get(&definition.source.value)?.as_ref().ok()?;
            Some((Arc::from(definition.id.value.as_str()), dataset::unsendable(definition, dialect)?))
        };
        let broken = catalog.datasets.values().filter_map(unsendable).collect();
        Self {
            set,
            catalog,
            slices: slices(set, &request),
            request,
            computed: Vec::new(),
            fetches: Vec::new(),
            bundles: HashMap::new(),
            broken,
            suspected: BTreeSet::new(),
            freshness: BTreeMap::new(),
            rounds: 0,
        }
    }

    /// Runs every formula and tells what is missing.
    pub fn step(&mut self) -> Step {
        let missing = self.compute();
        self.rounds += 1;
        if self.rounds > MAX_ROUNDS {
            return Step::Done;
        }
        let mut wishes: Together = IndexMap::new();
        let mut alone = usize::MAX;
        for (index, missing) in missing.into_iter().enumerate() {
            let slice = &self.slices[index];
            for aggregate in missing {
                let dataset = Arc::clone(&aggregate.dataset);
                let bundle = if slice.alone.contains(&aggregate) {
                    alone -= 1;
                    alone
                } else {
                    self.bundles.get(&(Arc::clone(&dataset), index)).copied().unwrap_or_default()
                };
                let together = wishes.entry((slice.shift, dataset, bundle)).or_default();
                together.entry(index).or_default().insert(aggregate);
            }
        }
        let turn = if self.rounds == 1 { Turn::First } else { Turn::Later };
        let mut fetches = Vec::new();
        let suspected = std::mem::take(&mut self.suspected);
        let mut told: BTreeSet<Arc<str>> = self.freshness.keys().map(|dataset| Arc::from(dataset.as_str())).collect();
        for ((shift, dataset, _), wishes) in wishes {
            let Some((subject, source)) = wishes.keys().next().and_then(|slice| self.subject(&dataset, *slice)) else {
                continue;
            };
            let mut statements = Vec::new();
            if suspected.contains(&dataset) {
                statements.push(subject.freshness());
            }
            let wishes = wishes.into_iter().map(|(slice, aggregates)| {
                let Slice { by, fetched, groups, .. } = &self.slices[slice];
                let groups = if fetched.is_empty() { Groups::Unknown } else { Groups::Known(groups.len()) };
                Wish { slice, by, aggregates, groups }
            });
            statements.extend(subject.statements(&wishes.collect::<Vec<_>>(), turn));
            let tells =
                |purpose: &Purpose| matches!(purpose.content, Content::AddedUp { .. } | Content::Freshness { .. });
            if shift == Shift::default()
                && told.insert(Arc::clone(&dataset))
                && !statements.iter().any(|(_, purpose)| tells(purpose))
            {
                statements.push(subject.freshness());
            }
            fetches.extend(statements.into_iter().map(|(statement, purpose)| (source.clone(), statement, purpose)));
        }
        if fetches.is_empty() {
            return Step::Done;
        }
        let fetches = fetches.into_iter().map(|(source, statement, purpose)| {
            let dataset = purpose.dataset.to_string();
            self.fetches.push(purpose);
            Fetch { id: FetchId(self.fetches.len() - 1), source, dataset, statement }
        });
        Step::Fetch(fetches.collect())
    }

    /// Takes the rows of a fetch, or why there are none: the KPIs that need them fail, the others do not.
    pub fn supply(&mut self, id: FetchId, rows: Result<Rows, FetchFailure>) {
        let Some(purpose) = self.fetches.get(id.0).cloned() else { return };
        let answer = match rows {
            Ok(rows) => purpose.read(&rows),
            // Not even counting the rows works: the dataset's own query is what fails.
            Err(failure)
                if failure.extent == Extent::Source || matches!(purpose.content, Content::Freshness { .. }) =>
            {
                self.broken.insert(purpose.dataset, failure.reason);
                return;
            }
            Err(failure) => Err(Unread::Unfit(failure.reason)),
        };
        match answer {
            Ok(answer) => {
                if let Some(found) = answer.freshness
                    && purpose.shift == Shift::default()
                {
                    let of_each =
                        found.into_iter().map(|found| (found.own.clone(), self.freshness_of(&purpose.dataset, &found)));
                    let of_each = of_each.collect();
                    self.freshness.insert(purpose.dataset.to_string(), of_each);
                }
                for found in answer.found {
                    let slice = &mut self.slices[found.slice];
                    slice.fetched.extend(found.aggregates.iter().cloned());
                    for (key, values) in found.groups.into_iter().filter(|(key, _)| self.request.reach.holds(key)) {
                        slice.add(key, found.aggregates.iter().cloned().zip(values));
                    }
                }
            }
            Err(Unread::TooFine) => {
                let slices = purpose.slices();
                let (one, other) = slices.split_at(slices.len().div_ceil(2));
                self.answer_apart(&purpose.dataset, one.iter().map(|(slice, _)| *slice).collect());
                self.answer_apart(&purpose.dataset, other.iter().map(|(slice, _)| *slice).collect());
            }
            Err(Unread::Unfit(reason)) => self.narrow_down(&purpose, &reason),
        }
    }

    /// The values, in the order of the questions.
    pub fn finish(&self) -> Snapshot {
        self.part(&GroupKey::new())
    }

    /// The values of the rows with these values of what is kept apart, in the order of the questions: what an evaluation
    /// within that scope alone would give.
    pub fn part(&self, own: &GroupKey) -> Snapshot {
        let results = self.request.questions.iter().map(|question| {
            let mut groups = IndexMap::new();
            if let Some(index) = self.answered(question) {
                for key in self.slices[index].keys_of(own) {
                    groups.insert(key[own.len()..].to_vec(), self.asked(question, index, Some(key)));
                }
            }
            let references = question.references.iter().map(ToString::to_string);
            let kpis = question.kpis.iter().cloned().chain(references).collect();
            GroupedResult { by: question.by.clone(), kpis, groups }
        });
        let no_rows = Freshness { rows: 0, newest: None };
        let freshness = self.freshness.iter().map(|(dataset, of_each)| {
            let own = of_each.get(own).copied().unwrap_or(no_rows);
            (dataset.clone(), own)
        });
        Snapshot {
            window: self.request.frame.window(),
            results: results.collect(),
            freshness: freshness.collect(),
            explained: self.explained(own),
        }
    }

    /// What the KPIs of each question read in a group without rows: counts are 0, the others have no data. Those whose
    /// data could not be read failed, which is how a grouping without groups tells of it.
    pub fn without_rows(&self) -> Vec<Vec<Reading>> {
        let readings = |question: &Question| {
            self.answered(question).map_or_else(Vec::new, |index| self.asked(question, index, None))
        };
        self.request.questions.iter().map(readings).collect()
    }

    /// The slice that answers a question, once it was computed.
    pub(super) fn answered(&self, question: &Question) -> Option<usize> {
        self.slice_of(question).filter(|index| *index < self.computed.len())
    }

    /// The slice that is to answer a question.
    pub(super) fn slice_of(&self, question: &Question) -> Option<usize> {
        let by = question.by_with(self.request.reach.apart());
        self.slices.iter().position(|slice| slice.shift == Shift::default() && slice.by == by)
    }

    /// The rows of a dataset in a slice's frame, and the source they are in.
    fn subject(&self, dataset: &str, slice: usize) -> Option<(Subject<'_>, String)> {
        let definition = self.catalog.datasets.get(dataset)?;
        let source = definition.source.value.clone();
        let dialect = *self.request.dialects.get(&source)?.as_ref().ok()?;
        let Slice { shift, frame, .. } = &self.slices[slice];
        let reach = &self.request.reach;
        Some((Subject { definition, dialect, frame, shift: *shift, reach }, source))
    }

    fn answer_apart(&mut self, dataset: &Arc<str>, slices: Vec<usize>) {
        let bundle = self.bundles.values().max().copied().unwrap_or_default() + 1;
        self.bundles.extend(slices.into_iter().map(|slice| ((Arc::clone(dataset), slice), bundle)));
    }

    /// Something in a statement fails: its slices are asked for apart, then its aggregates, until it is known which.
    fn narrow_down(&mut self, purpose: &Purpose, reason: &str) {
        self.suspected.insert(Arc::clone(&purpose.dataset));
        let slices = purpose.slices();
        if let [(slice, aggregates)] = slices.as_slice() {
            let slice = &mut self.slices[*slice];
            if aggregates.len() > 1 {
                slice.alone.extend(aggregates.iter().cloned());
            } else {
                slice.refused.extend(aggregates.iter().map(|aggregate| (aggregate.clone(), reason.to_owned())));
                slice.fetched.extend(aggregates.iter().cloned());
            }
            return;
        }
        for (slice, _) in slices {
            self.answer_apart(&purpose.dataset, vec![slice]);
        }
    }

    fn freshness_of(&self, dataset: &str, found: &FoundRows) -> Freshness {
        let definition = self.catalog.datasets.get(dataset);
        let newest = definition.zip(found.newest);
        let newest = newest.and_then(|(definition, seconds)| dataset::instant(definition, seconds as i64));
        Freshness { rows: found.rows.unwrap_or(0.0) as u64, newest }
    }
}

/// The slices that answer the questions, and those in which they find what they need from elsewhere, these first.
fn slices(set: &KpiSet, request: &EvaluationRequest) -> Vec<Slice> {
    let mut slices: Vec<Slice> = Vec::new();
    let index_of = |slices: &mut Vec<Slice>, shift: Shift, by: &[Grouping]| {
        let known = slices.iter().position(|slice| slice.shift == shift && slice.by == by);
        known.unwrap_or_else(|| {
            slices.push(Slice::new(shift, &request.frame, by.to_vec(), &request.reach));
            slices.len() - 1
        })
    };
    // A KPI to be computed in a slice, with what it refers to in others.
    let mut open: Vec<(usize, String)> = Vec::new();
    let mut elsewhere = Vec::new();
    for question in &request.questions {
        let index = index_of(&mut slices, Shift::default(), &question.by_with(request.reach.apart()));
        if question.detail != Detail::Values {
            slices[index].detail = question.detail;
        }
        open.extend(question.kpis.iter().rev().map(|kpi| (index, kpi.clone())));
        let (here, away): (Vec<_>, Vec<_>) =
            question.references.iter().partition(|reference| slices[index].is_here(&reference.place));
        open.extend(here.into_iter().map(|reference| (index, reference.kpi.to_string())));
        elsewhere.extend(away.into_iter().map(|reference| (index, reference.clone())));
    }
    let mut links: BTreeMap<(usize, Elsewhere), usize> = BTreeMap::new();
    loop {
        while let Some((index, kpi)) = open.pop() {
            let slice = &mut slices[index];
            let before = slice.kpis.len();
            add_with_needs(set, &kpi, slice);
            let added = slice.kpis.iter().skip(before).filter_map(|kpi| set.kpis.get(kpi));
            let refers = added.flat_map(|kpi| &kpi.refers).filter(|reference| !slice.is_here(&reference.place));
            elsewhere.extend(refers.map(|reference| (index, reference.clone())));
        }
        let Some((index, reference)) = elsewhere.pop() else { break };
        let (shift, by) = address(&slices[index], &reference.place);
        let target = index_of(&mut slices, shift, &by);
        links.insert((index, reference.place), target);
        open.push((target, reference.kpi.to_string()));
    }
    order(slices, links)
}

/// Puts each slice behind those it finds something in.
fn order(slices: Vec<Slice>, links: BTreeMap<(usize, Elsewhere), usize>) -> Vec<Slice> {
    let mut places: Vec<usize> = (0..slices.len()).collect();
    // What lies elsewhere lies further back in time, or is grouped by less.
    places.sort_by_key(|index| (std::cmp::Reverse(slices[*index].shift), slices[*index].by.len()));
    let place_of: HashMap<usize, usize> = places.iter().enumerate().map(|(place, index)| (*index, place)).collect();
    let mut ordered: Vec<Option<Slice>> = slices.into_iter().map(Some).collect();
    let mut ordered: Vec<Slice> = places.iter().filter_map(|index| ordered[*index].take()).collect();
    for ((from, elsewhere), target) in links {
        let (from, target) = (place_of[&from], place_of[&target]);
        let link = Link::between(&ordered[from], &ordered[target], target);
        ordered[from].links.insert(elsewhere, link);
    }
    ordered
}

/// Adds a KPI after those it needs in the same group.
fn add_with_needs(set: &KpiSet, kpi: &str, slice: &mut Slice) {
    if slice.kpis.contains(kpi) {
        return;
    }
    if let Some(compiled) = set.kpis.get(kpi) {
        let here = compiled.refers.iter().filter(|reference| slice.is_here(&reference.place));
        let here: Vec<&str> = here.map(|reference| &*reference.kpi).collect();
        for needed in compiled.needs.iter().map(String::as_str).chain(here) {
            add_with_needs(set, needed, slice);
        }
        slice.kpis.insert(kpi.to_owned());
    }
}
