//! A slice of an evaluation: one grouping in one frame, and what is known of its groups. What is fetched, and when, is
//! decided in `evaluation`; what formulas make of it in `compute`.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use indexmap::IndexSet;

use super::elsewhere::Link;
use super::question::Detail;
use super::reach::Reach;
use super::snapshot::GroupKey;
use crate::formula::{Aggregate, Elsewhere};
use crate::time::Frame;
use crate::workspace::Grouping;

/// How far a frame lies before the one that was asked for: first so many frames, then so many weeks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Shift {
    pub(super) frames: u32,
    pub(super) weeks: u32,
}

/// One grouping in one frame.
pub(super) struct Slice {
    pub(super) shift: Shift,
    pub(super) frame: Frame,
    pub(super) by: Vec<Grouping>,
    /// So many of them, the first ones, keep apart rows that must never meet.
    pub(super) apart: usize,
    /// Whether some question wants its groups explained.
    pub(super) detail: Detail,
    /// The asked KPIs and those they need, each after those it needs.
    pub(super) kpis: IndexSet<String>,
    /// Where the KPIs it needs from elsewhere are computed.
    pub(super) links: HashMap<Elsewhere, Link>,
    pub(super) fetched: IndexSet<Aggregate>,
    /// Aggregates whose common statement failed: each gets one of its own, so that one bad KPI fails alone.
    pub(super) alone: IndexSet<Aggregate>,
    /// Aggregates the database refused, with the reason.
    pub(super) refused: HashMap<Aggregate, String>,
    pub(super) groups: BTreeMap<GroupKey, Known>,
    /// How many seconds of the frame lie in each place of the time buckets among `by`.
    pub(super) seconds: BTreeMap<GroupKey, i64>,
}

/// The aggregates known of a group; `None` is "no data".
pub(super) type Known = Arc<HashMap<Aggregate, Option<f64>>>;

impl Shift {
    pub(super) fn frame(self, asked: &Frame) -> Frame {
        let before = (0..self.frames).fold(asked.clone(), |frame, _| frame.previous());
        if self.weeks == 0 { before } else { before.weeks_ago(self.weeks) }
    }
}

impl Slice {
    pub(super) fn new(shift: Shift, asked: &Frame, by: Vec<Grouping>, reach: &Reach) -> Self {
        let frame = shift.frame(asked);
        let apart = reach.apart().len();
        let totals = if by.len() == apart { reach.totals() } else { BTreeSet::new() };
        let groups = totals.into_iter().map(|key| (key, Known::default())).collect();
        let seconds = super::elsewhere::seconds(&frame, &by);
        Self {
            shift,
            frame,
            by,
            apart,
            detail: Detail::Values,
            kpis: IndexSet::new(),
            links: HashMap::new(),
            fetched: IndexSet::new(),
            alone: IndexSet::new(),
            refused: HashMap::new(),
            groups,
            seconds,
        }
    }

    /// Adds what a statement found of a group.
    pub(super) fn add(&mut self, key: GroupKey, values: impl IntoIterator<Item = (Aggregate, Option<f64>)>) {
        Arc::make_mut(self.groups.entry(key).or_default()).extend(values);
    }

    /// The groups whose rows have these values of what is kept apart.
    pub(super) fn keys_of<'a>(&'a self, own: &'a GroupKey) -> impl Iterator<Item = &'a GroupKey> {
        self.groups.range(own.clone()..).map(|(key, _)| key).take_while(|key| key.starts_with(own))
    }

    /// Where a dataset has no rows for a group that others have, its aggregates are those of nothing.
    pub(super) fn complete(&mut self) {
        for known in self.groups.values_mut().filter(|known| known.len() < self.fetched.len()) {
            let known = Arc::make_mut(known);
            for aggregate in &self.fetched {
                if !known.contains_key(aggregate) {
                    known.insert(aggregate.clone(), aggregate.function.is_zero_for_nothing().then_some(0.0));
                }
            }
        }
    }

    /// Whether some keys are times, which other frames call differently.
    pub(super) fn has_times(&self) -> bool {
        self.by.iter().any(|by| matches!(by, Grouping::Time(_)))
    }

    /// How many seconds of the frame a group's interval is long.
    pub(super) fn interval_s(&self, key: &GroupKey) -> Option<f64> {
        let times = self.by.iter().zip(key).filter(|(by, _)| matches!(by, Grouping::Time(_)));
        let place: GroupKey = times.map(|(_, part)| part.clone()).collect();
        self.seconds.get(&place).map(|seconds| *seconds as f64)
    }
}
