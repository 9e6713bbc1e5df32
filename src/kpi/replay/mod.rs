//! KPIs at many instants of the past, as an evaluation at each of them would give them, from rows that are fetched once:
//! aggregates by fine buckets, windows that slide over them, the evaluation's own formulas on what the windows hold.
//! Right for datasets whose rows in a window are those of its parts; whether they are is not asked here.

mod history;
mod sliding;
mod statements;
mod track;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexSet;

use super::compile::KpiSet;
use super::elsewhere::{Link, seconds};
use super::evaluation::{Evaluation, EvaluationRequest, FetchFailure};
use super::plan::{Fetch, FetchId};
use super::question::Question;
use super::reach::Reach;
use super::slice::{Shift, Slice};
use super::snapshot::{GroupKey, Reading};
use crate::dataset;
use crate::formula::{Aggregate, Elsewhere};
use crate::source::{Dialect, Rows, stored_seconds};
use crate::time::{Frame, Window};
use crate::workspace::{Catalog, ColumnKind, Grouping, TimeStorage};

pub use history::History;

use history::Grid;
use track::{Surroundings, Track};

/// Stretches that lie apart by less are fetched together.
const NEAR: TimeDelta = TimeDelta::days(1);

/// What is to be evaluated again.
pub struct ReplayRequest<'a> {
    /// The KPIs and their grouping.
    pub question: Question,
    /// The instants, in order.
    pub instants: Vec<DateTime<Utc>>,
    /// What the KPIs are computed over at an instant.
    pub frame: &'a (dyn Fn(DateTime<Utc>) -> Frame + Sync),
    /// The dialect of each source, or why it cannot be reached.
    pub dialects: BTreeMap<String, Result<Dialect, String>>,
}

/// A way through the past.
pub struct Replay<'a> {
    evaluation: Evaluation<'a>,
    question: Question,
    instants: Vec<DateTime<Utc>>,
    frame: &'a (dyn Fn(DateTime<Utc>) -> Frame + Sync),
    history: History,
    tracks: Vec<Track>,
    /// What each track waits for.
    awaited: Vec<IndexSet<Aggregate>>,
    /// The instant that comes next.
    next: usize,
    ids: u64,
}

/// What a replay comes to next.
pub enum Turn<'r> {
    /// Send these and give their rows to [`Replay::supply`].
    Fetch(Vec<Fetch>),
    /// The KPIs at the next instant.
    At(Moment<'r>),
    /// That was the last one.
    Done,
}

/// The KPIs at one instant.
pub struct Moment<'r> {
    /// The instant.
    pub at: DateTime<Utc>,
    evaluation: &'r Evaluation<'r>,
    history: &'r History,
    tracks: &'r [Track],
    asked: &'r Track,
}

/// What came of the question in a group.
#[derive(Clone, Copy, Debug)]
pub struct Readings<'r> {
    /// Names the readings: equal ones may have several numbers, but one number stands for the same readings for ever.
    pub number: u64,
    /// A reading for each KPI of the question, then for each of its references.
    pub readings: &'r [Reading],
}

impl<'a> Replay<'a> {
    /// Begins a replay. What an earlier one fetched for the same question and instants is not fetched again, even if
    /// parameters have other values now.
    pub fn new(set: &'a KpiSet, catalog: &'a Catalog, request: ReplayRequest<'a>, history: History) -> Self {
        let ReplayRequest { question, instants, frame, dialects } = request;
        let first = instants.first().copied().unwrap_or_default();
        let reach = Reach::Everything;
        let of_first = EvaluationRequest { frame: frame(first), questions: vec![question.clone()], dialects, reach };
        let evaluation = Evaluation::new(set, catalog, of_first);
        let grid = grid(&evaluation.slices, &instants, frame, catalog);
        let history = if *history.grid() == grid { history } else { History::new(grid) };
        let needs = evaluation.slices.iter().map(|slice| track::first_needs(&evaluation, slice));
        let needs: Vec<IndexSet<Aggregate>> = needs.collect();
        let tracks = evaluation.slices.iter().zip(&needs).map(|(slice, needs)| Track::new(slice, needs, &history));
        let tracks = tracks.collect();
        let mut replay =
            Self { evaluation, question, instants, frame, history, tracks, awaited: Vec::new(), next: 0, ids: 0 };
        replay.wait_for(needs);
        replay
    }

    /// Goes on to the next instant, or tells what must be fetched before.
    pub fn turn(&mut self) -> Turn<'_> {
        loop {
            if !self.awaited.is_empty() {
                let fetches = self.history.fetches(&self.evaluation);
                if !fetches.is_empty() {
                    return Turn::Fetch(fetches);
                }
                for (track, aggregates) in self.tracks.iter_mut().zip(std::mem::take(&mut self.awaited)) {
                    track.take_in(&aggregates, &self.history);
                }
            }
            let Some(at) = self.instants.get(self.next).copied() else { return Turn::Done };
            place(&mut self.evaluation.slices, &(self.frame)(at));
            match self.advance() {
                Ok(()) => {
                    self.next += 1;
                    break;
                }
                Err(needs) => self.wait_for(needs),
            }
        }
        let at = self.instants[self.next - 1];
        let asked = self.evaluation.slice_of(&self.question).unwrap_or_default();
        let Self { evaluation, history, tracks, .. } = self;
        Turn::At(Moment { at, evaluation, history, tracks, asked: &tracks[asked] })
    }

    /// Takes the rows of a fetch. The error says why there is nothing to go on with.
    pub fn supply(&mut self, id: FetchId, rows: Result<Rows, FetchFailure>) -> Result<(), String> {
        self.history.supply(id, &rows.map_err(|failure| failure.reason)?)
    }

    /// How much of what is needed so far was fetched, from 0 to 1.
    pub fn fetched(&self) -> f64 {
        self.history.filled()
    }

    /// What was fetched, for another replay of the same question and instants.
    pub fn into_history(self) -> History {
        self.history
    }

    fn wait_for(&mut self, needs: Vec<IndexSet<Aggregate>>) {
        for (track, aggregates) in self.tracks.iter().zip(&needs) {
            let mut by_dataset: BTreeMap<_, IndexSet<Aggregate>> = BTreeMap::new();
            for aggregate in aggregates {
                by_dataset.entry(&aggregate.dataset).or_default().insert(aggregate.clone());
            }
            for (dataset, aggregates) in by_dataset {
                self.history.want(self.evaluation.catalog, dataset, track.grouping, &aggregates);
            }
        }
        self.awaited = needs;
    }

    fn advance(&mut self) -> Result<(), Vec<IndexSet<Aggregate>>> {
        let Self { evaluation, question, history, tracks, ids, .. } = self;
        let asked = evaluation.slice_of(question);
        let mut needs = Vec::with_capacity(tracks.len());
        for (index, slice) in evaluation.slices.iter().enumerate() {
            let (before, rest) = tracks.split_at_mut(index);
            let question = (asked == Some(index)).then_some(&*question);
            let around = Surroundings { evaluation, slice, history, before, question };
            needs.push(rest[0].advance(&around, ids).err().unwrap_or_default());
        }
        if needs.iter().all(IndexSet::is_empty) { Ok(()) } else { Err(needs) }
    }
}

impl Moment<'_> {
    /// The groups that have rows, with the place of each, which is the same at all instants.
    pub fn groups(&self) -> impl Iterator<Item = (usize, &GroupKey, Readings<'_>)> {
        let keys = self.history.keys(self.asked.grouping);
        self.asked.results().filter_map(move |(group, results)| {
            let readings = Readings { number: results.id, readings: &results.asked };
            Some((group, keys.get_index(group)?, readings))
        })
    }

    /// What is read in a group without rows.
    pub fn without_rows(&self) -> Readings<'_> {
        let results = self.asked.without_rows();
        results.map_or(Readings { number: 0, readings: &[] }, |results| Readings {
            number: results.id,
            readings: &results.asked,
        })
    }

    /// The newest row of a dataset in the window; none when there are no rows, or the dataset was not looked at.
    pub fn newest(&self, dataset: &str) -> Option<DateTime<Utc>> {
        let here = self.evaluation.slices.iter().zip(self.tracks).filter(|(slice, _)| slice.shift == Shift::default());
        let newest = here.filter_map(|(_, track)| track.newest(dataset)).next()?;
        dataset::instant(self.evaluation.catalog.datasets.get(dataset)?, newest as i64)
    }
}

/// Puts every slice to where it looks when this frame is asked for.
fn place(slices: &mut [Slice], frame: &Frame) {
    for slice in slices.iter_mut() {
        slice.frame = slice.shift.frame(frame);
        slice.seconds = seconds(&slice.frame, &slice.by);
    }
    for index in 0..slices.len() {
        if !slices[index].has_times() {
            continue;
        }
        let elsewhere: Vec<(Elsewhere, usize)> =
            slices[index].links.iter().map(|(elsewhere, link)| (elsewhere.clone(), link.target)).collect();
        for (elsewhere, target) in elsewhere {
            let link = Link::between(&slices[index], &slices[target], target);
            slices[index].links.insert(elsewhere, link);
        }
    }
}

/// The buckets that every window of every instant is made of, and the stretches in which they lie.
fn grid(
    slices: &[Slice],
    instants: &[DateTime<Utc>],
    frame: &dyn Fn(DateTime<Utc>) -> Frame,
    catalog: &Catalog,
) -> Grid {
    // What is stored in local time is cut in local time.
    let zones =
        catalog.datasets.values().flat_map(|dataset| dataset.columns.values()).filter_map(|column| match column.kind {
            ColumnKind::Time(storage @ TimeStorage::Local(_)) => Some(storage),
            _ => None,
        });
    let mut storages = vec![TimeStorage::UnixSeconds];
    for storage in zones {
        if !storages.contains(&storage) {
            storages.push(storage);
        }
    }
    let shifts: BTreeSet<Shift> = slices.iter().map(|slice| slice.shift).collect();
    let mut bucket = 0;
    let mut windows: BTreeMap<Shift, Vec<Window>> = BTreeMap::new();
    for at in instants {
        let asked = frame(*at);
        for shift in &shifts {
            let window = shift.frame(&asked).window();
            for storage in &storages {
                for border in [window.from, window.to] {
                    bucket = greatest_common_divisor(bucket, stored_seconds(border, *storage));
                }
            }
            let known = windows.entry(*shift).or_default();
            match known.last_mut() {
                Some(last) if is_near(last, &window) => {
                    (last.from, last.to) = (last.from.min(window.from), last.to.max(window.to));
                }
                _ => known.push(window),
            }
        }
    }
    let mut stretches: Vec<(Vec<Grouping>, Vec<Window>)> = Vec::new();
    for slice in slices {
        let own = windows.get(&slice.shift).cloned().unwrap_or_default();
        match stretches.iter_mut().find(|(by, _)| *by == slice.by) {
            Some((_, known)) => known.extend(own),
            None => stretches.push((slice.by.clone(), own)),
        }
    }
    for (_, windows) in &mut stretches {
        *windows = united(std::mem::take(windows));
    }
    Grid { bucket: bucket.max(1), stretches }
}

/// The same stretches, in order and none near another.
fn united(mut windows: Vec<Window>) -> Vec<Window> {
    windows.retain(|window| window.from < window.to);
    windows.sort_by_key(|window| window.from);
    let mut united: Vec<Window> = Vec::new();
    for window in windows {
        match united.last_mut() {
            Some(last) if is_near(last, &window) => last.to = last.to.max(window.to),
            _ => united.push(window),
        }
    }
    united
}

/// Whether it costs less to fetch what lies between two stretches than to ask twice.
fn is_near(one: &Window, other: &Window) -> bool {
    other.from - one.to < NEAR && one.from - other.to < NEAR
}

fn greatest_common_divisor(one: i64, other: i64) -> i64 {
    let (mut one, mut other) = (one.abs(), other.abs());
    while other != 0 {
        (one, other) = (other, one % other);
    }
    one
}
