//! One slice of an evaluation on its way through the past: its windows over what was fetched, and what its formulas give
//! in each group. A formula gives the same from the same numbers, so it runs only on numbers it has not met.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};

use super::super::answer::value;
use super::super::compute::{Group, nothing_yet, reading_of};
use super::super::evaluation::Evaluation;
use super::super::question::Question;
use super::super::slice::Slice;
use super::super::snapshot::Reading;
use super::history::{History, Inside};
use super::statements::{NEWEST_COLUMN, ROWS_COLUMN};
use crate::formula::{Aggregate, Elsewhere, Known, Outcome, Reference, Unfetched};
use crate::time::Window;

/// So many results are remembered. Counts come back all the time, sums of seconds hardly ever: then more would only take
/// memory.
const MOST_REMEMBERED: usize = 20_000;

/// A slice on its way.
pub(super) struct Track {
    /// The place of its grouping in the history.
    pub(super) grouping: usize,
    wanted: IndexMap<Aggregate, Place>,
    /// The datasets that are needed before any number is known.
    at_first: IndexSet<Arc<str>>,
    datasets: IndexMap<Arc<str>, OfDataset>,
    views: Vec<View>,
    /// Where its formulas find others, in a fixed order.
    links: Vec<Elsewhere>,
    /// For each group and link, the group it finds there; known as long as no group is new and names do not change.
    linked: Vec<Vec<Option<usize>>>,
    linked_of: usize,
    groups: Vec<Option<Arc<Results>>>,
    is_stale: Vec<bool>,
    nothing: Option<Arc<Results>>,
    known: HashMap<Vec<u64>, Arc<Results>>,
}

/// What is to be known of a dataset.
struct OfDataset {
    /// The view that tells which groups have rows.
    rows: usize,
    /// Whether its rows make groups at this instant.
    is_needed: bool,
}

/// Where an aggregate's columns are.
struct Place {
    view: usize,
    columns: Vec<usize>,
}

/// The windows over one lane, by group.
struct View {
    lane: usize,
    inside: Vec<Inside>,
}

/// What came of the KPIs of a group.
#[derive(Debug)]
pub(super) struct Results {
    /// Different for all results of a replay.
    pub(super) id: u64,
    outcomes: IndexMap<String, Outcome>,
    /// What the question asks for; empty when the slice is not the question's.
    pub(super) asked: Vec<Reading>,
    /// The datasets it is made of.
    datasets: Vec<Arc<str>>,
    /// How many seconds the group's interval is long.
    interval: Option<f64>,
}

/// What a track needs to know of the replay to go on.
pub(super) struct Surroundings<'a, 'b> {
    pub(super) evaluation: &'a Evaluation<'b>,
    pub(super) slice: &'a Slice,
    pub(super) history: &'a History,
    /// The tracks that lie before it, where its links lead.
    pub(super) before: &'a [Track],
    /// The question, if it is this slice's.
    pub(super) question: Option<&'a Question>,
}

impl Track {
    /// A slice's track; `first_needs` are the aggregates its formulas miss before anything is known.
    pub(super) fn new(slice: &Slice, first_needs: &IndexSet<Aggregate>, history: &History) -> Self {
        let mut links: Vec<Elsewhere> = slice.links.keys().cloned().collect();
        links.sort();
        Self {
            grouping: history.grouping(&slice.by),
            wanted: IndexMap::new(),
            at_first: first_needs.iter().map(|aggregate| Arc::clone(&aggregate.dataset)).collect(),
            datasets: IndexMap::new(),
            views: Vec::new(),
            links,
            linked: Vec::new(),
            linked_of: usize::MAX,
            groups: Vec::new(),
            is_stale: Vec::new(),
            nothing: None,
            known: HashMap::new(),
        }
    }

    /// Takes in aggregates whose lanes are filled.
    pub(super) fn take_in(&mut self, aggregates: &IndexSet<Aggregate>, history: &History) {
        for aggregate in aggregates {
            if let Some(lane) = history.rows_of(self.grouping, &aggregate.dataset) {
                let of_dataset = OfDataset { rows: self.view_of(lane), is_needed: false };
                self.datasets.entry(Arc::clone(&aggregate.dataset)).or_insert(of_dataset);
            }
            if let Some(lane) = history.lane_of(self.grouping, aggregate) {
                let columns = history.lane(lane).shape.places(aggregate).to_vec();
                let place = Place { view: self.view_of(lane), columns };
                self.wanted.insert(aggregate.clone(), place);
            }
        }
        let groups = history.keys(self.grouping).len();
        for view in &mut self.views {
            view.inside.resize_with(groups, || history.lane(view.lane).inside());
        }
        self.groups.resize(groups, None);
        self.is_stale = vec![true; groups];
        self.known.clear();
        self.linked_of = usize::MAX;
    }

    /// Moves to a window and works out every group. The error names the aggregates that must be fetched first.
    pub(super) fn advance(&mut self, around: &Surroundings<'_, '_>, ids: &mut u64) -> Result<(), IndexSet<Aggregate>> {
        if self.nothing.is_none() {
            self.nothing = Some(Arc::new(self.nothing(around, ids)));
        }
        let window = around.slice.frame.window();
        self.move_to(around.history, window);
        self.link(around);
        for (dataset, of_dataset) in &mut self.datasets {
            of_dataset.is_needed = self.at_first.contains(dataset);
        }
        loop {
            let mut missing = IndexSet::new();
            for group in 0..self.groups.len() {
                self.groups[group] = match self.is_there(group, around.slice) {
                    true => Some(self.work_out(group, around, ids, &mut missing)),
                    false => None,
                };
            }
            if !missing.is_empty() {
                return Err(missing);
            }
            if self.datasets.values().all(|of_dataset| of_dataset.is_needed) {
                break;
            }
            // A number may show that another dataset is needed; its rows make groups as well.
            let needed: IndexSet<Arc<str>> =
                self.groups.iter().flatten().flat_map(|results| results.datasets.iter().cloned()).collect();
            let mut is_settled = true;
            for (dataset, of_dataset) in &mut self.datasets {
                if !of_dataset.is_needed && needed.contains(dataset) {
                    (of_dataset.is_needed, is_settled) = (true, false);
                }
            }
            if is_settled {
                break;
            }
        }
        self.is_stale.fill(false);
        Ok(())
    }

    /// The groups that are there, with what came of them.
    pub(super) fn results(&self) -> impl Iterator<Item = (usize, &Arc<Results>)> {
        self.groups.iter().enumerate().filter_map(|(group, results)| Some((group, results.as_ref()?)))
    }

    /// What comes of a group without rows.
    pub(super) fn without_rows(&self) -> Option<&Arc<Results>> {
        self.nothing.as_ref()
    }

    /// The newest row of a dataset in the window, as its seconds, if the dataset is needed at this instant.
    pub(super) fn newest(&self, dataset: &str) -> Option<f64> {
        let of_dataset = self.datasets.get(dataset).filter(|of_dataset| of_dataset.is_needed)?;
        let inside = &self.views[of_dataset.rows].inside;
        inside.iter().filter_map(|inside| inside.column(NEWEST_COLUMN)).reduce(f64::max)
    }

    fn view_of(&mut self, lane: usize) -> usize {
        self.views.iter().position(|view| view.lane == lane).unwrap_or_else(|| {
            self.views.push(View { lane, inside: Vec::new() });
            self.views.len() - 1
        })
    }

    fn move_to(&mut self, history: &History, window: Window) {
        for view in &mut self.views {
            let buckets = history.buckets(view.lane, window);
            let lane = history.lane(view.lane);
            for (group, inside) in view.inside.iter_mut().enumerate() {
                if lane.advance(group, inside, &buckets) {
                    self.is_stale[group] = true;
                }
            }
        }
    }

    /// Finds the groups the links lead to. Where times are among the keys they are called differently at each instant.
    fn link(&mut self, around: &Surroundings<'_, '_>) {
        let groups_before: usize = around.before.iter().map(|track| track.groups.len()).sum();
        if self.links.is_empty() || (self.linked_of == groups_before && !around.slice.has_times()) {
            return;
        }
        let keys = around.history.keys(self.grouping);
        let linked = keys.iter().map(|key| {
            let group = |elsewhere: &Elsewhere| {
                let link = around.slice.links.get(elsewhere)?;
                around.history.keys(around.before[link.target].grouping).get_index_of(&link.key(key)?)
            };
            self.links.iter().map(group).collect()
        });
        self.linked = linked.collect();
        self.linked_of = groups_before;
    }

    fn is_there(&self, group: usize, slice: &Slice) -> bool {
        let has_rows = |of_dataset: &OfDataset| {
            self.views[of_dataset.rows].inside[group].column(ROWS_COLUMN).is_some_and(|rows| rows > 0.0)
        };
        slice.by.is_empty() || self.datasets.values().any(|dataset| dataset.is_needed && has_rows(dataset))
    }

    /// What came of a group: what came of it last, if nothing changed; else what is remembered of the same numbers.
    fn work_out(
        &mut self,
        group: usize,
        around: &Surroundings<'_, '_>,
        ids: &mut u64,
        missing: &mut IndexSet<Aggregate>,
    ) -> Arc<Results> {
        // Invariant: the history's keys are as many as the groups.
        let key = around.history.keys(self.grouping).get_index(group);
        let interval = key.and_then(|key| around.slice.interval_s(key));
        if let Some(results) = &self.groups[group]
            && !self.is_stale[group]
            && self.links.is_empty()
            && results.interval == interval
        {
            return Arc::clone(results);
        }
        let numbers: Vec<Option<f64>> =
            self.wanted.iter().map(|(aggregate, place)| self.number(aggregate, place, group)).collect();
        let bits = |number: &Option<f64>| number.unwrap_or(f64::NAN).to_bits();
        let mut signature: Vec<u64> = numbers.iter().chain([&interval]).map(bits).collect();
        signature.extend(
            (0..self.links.len()).map(|link| self.found(group, link, around).map_or(u64::MAX, |found| found.id)),
        );
        if let Some(results) = self.known.get(&signature) {
            return Arc::clone(results);
        }
        let aggregates = self.wanted.keys().cloned().zip(numbers).collect();
        let known = Known { aggregates: Arc::new(aggregates), interval_s: interval, ..Known::default() };
        let elsewhere = |reference: &Reference, own: &Group| {
            self.elsewhere(Some(group), reference, around, &|kpi| own.get(kpi).map(|kpi| kpi.outcome.clone()))
        };
        let (own, open) = around.evaluation.run(around.slice, known, &elsewhere);
        let open = reachable(around.evaluation, around.slice, open);
        let results = Arc::new(Results { interval, ..self.results_of(own, Some(group), around, ids) });
        let is_complete = open.is_empty();
        missing.extend(open);
        if is_complete {
            if self.known.len() == MOST_REMEMBERED {
                self.known.clear();
            }
            self.known.insert(signature, Arc::clone(&results));
        }
        results
    }

    fn number(&self, aggregate: &Aggregate, place: &Place, group: usize) -> Option<f64> {
        let inside = &self.views[place.view].inside[group];
        value(aggregate.function, &place.columns, |column| inside.column(column))
    }

    /// What comes of a group without rows. It is the same at all instants.
    fn nothing(&self, around: &Surroundings<'_, '_>, ids: &mut u64) -> Results {
        let known = Known { unfetched: Unfetched::NoData, ..Known::default() };
        let elsewhere = |reference: &Reference, own: &Group| {
            self.elsewhere(None, reference, around, &|kpi| own.get(kpi).map(|kpi| kpi.outcome.clone()))
        };
        let (own, _) = around.evaluation.run(around.slice, known, &elsewhere);
        self.results_of(own, None, around, ids)
    }

    fn results_of(&self, own: Group, group: Option<usize>, around: &Surroundings<'_, '_>, ids: &mut u64) -> Results {
        let reading = |kpi: &String| match own.get(kpi) {
            Some(of_kpi) => of_kpi.reading.clone(),
            None => around.evaluation.left_out(kpi),
        };
        let of_own = |kpi: &str| own.get(kpi).map(|kpi| kpi.outcome.clone());
        let referred =
            |reference: &Reference| reading_of(self.elsewhere(group, reference, around, &of_own), &reference.kpi);
        let asked = around.question.map_or_else(Vec::new, |question| {
            question.kpis.iter().map(reading).chain(question.references.iter().map(referred)).collect()
        });
        let datasets: IndexSet<Arc<str>> =
            own.values().flat_map(|kpi| &kpi.used).map(|used| Arc::clone(&used.dataset)).collect();
        *ids += 1;
        let outcomes = own.into_iter().map(|(kpi, of_kpi)| (kpi, of_kpi.outcome)).collect();
        Results { id: *ids, outcomes, asked, datasets: datasets.into_iter().collect(), interval: None }
    }

    fn elsewhere(
        &self,
        group: Option<usize>,
        reference: &Reference,
        around: &Surroundings<'_, '_>,
        own: &dyn Fn(&str) -> Option<Outcome>,
    ) -> Outcome {
        around.evaluation.outcome(reference, || match self.links.binary_search(&reference.place) {
            Err(_) => own(&reference.kpi),
            Ok(link) => match group {
                Some(group) => self.found(group, link, around),
                None => self.target(link, around).and_then(Self::without_rows).map(Arc::as_ref),
            }
            .and_then(|results| results.outcomes.get(&*reference.kpi).cloned()),
        })
    }

    /// What came of the group that a link leads to.
    fn found<'a>(&self, group: usize, link: usize, around: &Surroundings<'a, '_>) -> Option<&'a Results> {
        let target = self.target(link, around)?;
        let there = self.linked[group][link].and_then(|group| target.groups.get(group)?.as_ref());
        there.or(target.nothing.as_ref()).map(Arc::as_ref)
    }

    fn target<'a>(&self, link: usize, around: &Surroundings<'a, '_>) -> Option<&'a Self> {
        let link = around.slice.links.get(&self.links[link])?;
        around.before.get(link.target)
    }
}

/// Those aggregates whose dataset can serve the slice; what needs the others fails with the reason.
fn reachable(evaluation: &Evaluation<'_>, slice: &Slice, mut aggregates: IndexSet<Aggregate>) -> IndexSet<Aggregate> {
    aggregates.retain(|aggregate| evaluation.obstacle(slice, &aggregate.dataset).is_none());
    aggregates
}

/// The aggregates a slice's formulas miss before anything is known.
pub(super) fn first_needs(evaluation: &Evaluation<'_>, slice: &Slice) -> IndexSet<Aggregate> {
    let (_, missing) = evaluation.run(slice, Known::default(), &nothing_yet);
    reachable(evaluation, slice, missing)
}
