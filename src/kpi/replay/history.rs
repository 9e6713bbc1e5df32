//! What is known of the past: for each dataset and grouping the aggregates' columns by fine buckets of time, fetched once
//! for all instants and in stretches that no database finds too long. Which instants look at it is not known here.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use indexmap::IndexSet;

use super::super::answer::{Unread, group_key, number};
use super::super::evaluation::{Evaluation, EvaluationRequest};
use super::super::plan::{Fetch, FetchId};
use super::super::snapshot::GroupKey;
use super::sliding::{Cells, Sums, Values};
use super::statements::{Request, Shape};
use crate::formula::Aggregate;
use crate::source::{Rows, Value, stored_seconds};
use crate::time::Window;
use crate::workspace::{Catalog, Grouping, TimeStorage};

/// The first stretch that is fetched; later ones are as long as the number of their rows allows.
const FIRST_STRETCH: TimeDelta = TimeDelta::days(1);

/// The longest one.
const LONGEST_STRETCH: TimeDelta = TimeDelta::days(64);

/// A stretch with fewer rows is followed by one twice as long.
const FEW_ROWS: usize = 40_000;

/// The most rows of a stretch; one with more is halved.
pub(super) const MOST_ROWS: usize = 200_000;

/// What was fetched of the past.
#[derive(Debug, Default)]
pub struct History {
    grid: Grid,
    groupings: Vec<Grouped>,
    lanes: Vec<Lane>,
    filling: BTreeMap<usize, Filling>,
    sent: BTreeMap<FetchId, (usize, Window)>,
    fetches: usize,
}

/// How finely the past is cut, and how much of it is needed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grid {
    /// The buckets' length in seconds. Every instant's windows begin and end with a bucket.
    pub(super) bucket: i64,
    /// The stretches in which instants look at rows, by grouping; in order and apart from each other.
    pub(super) stretches: Vec<(Vec<Grouping>, Vec<Window>)>,
}

/// The groups of a grouping, of all datasets together, and how much of the past is looked at by it.
#[derive(Debug)]
struct Grouped {
    by: Vec<Grouping>,
    keys: IndexSet<GroupKey>,
    stretches: Vec<Window>,
}

/// What one series of statements gives.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) dataset: Arc<str>,
    pub(super) storage: TimeStorage,
    pub(super) by: usize,
    pub(super) shape: Shape,
    /// By the place of the group among the grouping's.
    cells: Vec<Cells>,
    /// Texts as the numbers they are counted by.
    texts: HashMap<String, f64>,
}

/// How far a lane is filled.
#[derive(Debug)]
struct Filling {
    /// What is still to be fetched, the last stretch first.
    open: Vec<Window>,
    length: TimeDelta,
}

/// What a window over a lane holds of one group.
#[derive(Debug)]
pub(super) enum Inside {
    Sums(Sums),
    Values(Values),
}

impl History {
    pub(super) fn grid(&self) -> &Grid {
        &self.grid
    }

    pub(super) fn new(grid: Grid) -> Self {
        let groupings = grid.stretches.iter().map(|(by, stretches)| Grouped {
            by: by.clone(),
            // The total is there with and without rows.
            keys: if by.is_empty() { IndexSet::from([GroupKey::new()]) } else { IndexSet::new() },
            stretches: stretches.clone(),
        });
        Self { groupings: groupings.collect(), grid, ..Self::default() }
    }

    /// The place of a grouping.
    pub(super) fn grouping(&self, by: &[Grouping]) -> usize {
        // Invariant: the grid holds every grouping of the evaluation.
        self.groupings.iter().position(|grouped| grouped.by == by).unwrap_or_default()
    }

    /// The groups of a grouping.
    pub(super) fn keys(&self, grouping: usize) -> &IndexSet<GroupKey> {
        &self.groupings[grouping].keys
    }

    pub(super) fn lane(&self, lane: usize) -> &Lane {
        &self.lanes[lane]
    }

    /// The lane that tells which groups have rows in a dataset.
    pub(super) fn rows_of(&self, grouping: usize, dataset: &str) -> Option<usize> {
        let tells = |lane: &Lane| {
            lane.by == grouping && *lane.dataset == *dataset && matches!(lane.shape, Shape::AddedUp { .. })
        };
        self.lanes.iter().position(tells)
    }

    /// The lane that holds an aggregate by this grouping.
    pub(super) fn lane_of(&self, grouping: usize, aggregate: &Aggregate) -> Option<usize> {
        self.lanes.iter().position(|lane| lane.by == grouping && lane.shape.holds(aggregate))
    }

    /// Begins to fetch these aggregates of a dataset by a grouping. With them comes what tells its rows, if that is not
    /// there yet.
    pub(super) fn want(
        &mut self,
        catalog: &Catalog,
        dataset: &Arc<str>,
        grouping: usize,
        aggregates: &IndexSet<Aggregate>,
    ) {
        let Some(definition) = catalog.datasets.get(&**dataset) else { return };
        let new = aggregates.iter().filter(|aggregate| self.lane_of(grouping, aggregate).is_none());
        let tells_rows = self.rows_of(grouping, dataset).is_some();
        let shapes = Shape::of(new, tells_rows);
        let storage = crate::dataset::time_storage(definition);
        for shape in shapes {
            let (cells, texts) = (Vec::new(), HashMap::new());
            self.lanes.push(Lane { dataset: Arc::clone(dataset), storage, by: grouping, shape, cells, texts });
            let mut open = self.groupings[grouping].stretches.clone();
            open.reverse();
            self.filling.insert(self.lanes.len() - 1, Filling { open, length: FIRST_STRETCH });
        }
    }

    /// The next statement of each lane that is not filled yet; none when all are.
    pub(super) fn fetches(&mut self, evaluation: &Evaluation<'_>) -> Vec<Fetch> {
        let EvaluationRequest { dialects, frame, reach, .. } = &evaluation.request;
        let zone = frame.zone();
        let mut fetches = Vec::new();
        for (lane, filling) in &self.filling {
            let (number, lane) = (*lane, &self.lanes[*lane]);
            let Some(definition) = evaluation.catalog.datasets.get(&*lane.dataset) else { continue };
            let source = definition.source.value.clone();
            let (Some(Ok(dialect)), Some(stretch)) = (dialects.get(&source), filling.next()) else { continue };
            let grouped = &self.groupings[lane.by];
            let (bucket, by, dialect) = (self.grid.bucket, &grouped.by, *dialect);
            let request = Request { definition, dialect, zone, stretch, bucket, by, reach };
            let id = FetchId(self.fetches);
            self.fetches += 1;
            self.sent.insert(id, (number, stretch));
            let dataset = lane.dataset.to_string();
            fetches.push(Fetch { id, source, dataset, statement: request.statement(&lane.shape) });
        }
        fetches
    }

    /// Takes the rows of a statement. The error says in words why they cannot be read.
    pub(super) fn supply(&mut self, id: FetchId, rows: &Rows) -> Result<(), String> {
        let Some((number, stretch)) = self.sent.remove(&id) else { return Ok(()) };
        let Some(filling) = self.filling.get_mut(&number) else { return Ok(()) };
        let count = rows.rows.len();
        if count > MOST_ROWS {
            let half = (stretch.to - stretch.from).num_seconds() / 2 / self.grid.bucket * self.grid.bucket;
            if half == 0 {
                return Err(format!("more than {MOST_ROWS} groups of `{}` at a time", self.lanes[number].dataset));
            }
            filling.length = TimeDelta::seconds(half);
            return Ok(());
        }
        let lane = &mut self.lanes[number];
        let grouped = &mut self.groupings[lane.by];
        for row in &rows.rows {
            lane.read(row, grouped)?;
        }
        filling.done(stretch);
        if count < FEW_ROWS {
            filling.length = (filling.length + filling.length).min(LONGEST_STRETCH);
        }
        if filling.open.is_empty() {
            self.filling.remove(&number);
            lane.cells.iter_mut().for_each(Cells::sort);
        }
        Ok(())
    }

    /// How much of what is wanted is there, from 0 to 1.
    pub(super) fn filled(&self) -> f64 {
        let length = |stretches: &[Window]| -> f64 {
            stretches.iter().map(|stretch| (stretch.to - stretch.from).num_seconds() as f64).sum()
        };
        let all: f64 = self.lanes.iter().map(|lane| length(&self.groupings[lane.by].stretches)).sum();
        let open: f64 = self.filling.values().map(|filling| length(&filling.open)).sum();
        if all > 0.0 { 1.0 - open / all } else { 1.0 }
    }

    /// The buckets of a window in a lane, half-open.
    pub(super) fn buckets(&self, lane: usize, window: Window) -> Range<i64> {
        let bucket = |instant: DateTime<Utc>| {
            stored_seconds(instant, self.lanes[lane].storage).div_euclid(self.grid.bucket.max(1))
        };
        bucket(window.from)..bucket(window.to)
    }
}

impl Filling {
    /// The next stretch; its end lies on a bucket's, as that of every whole stretch does.
    fn next(&self) -> Option<Window> {
        let stretch = self.open.last()?;
        Some(Window { from: stretch.from, to: stretch.to.min(stretch.from + self.length) })
    }

    fn done(&mut self, stretch: Window) {
        if let Some(last) = self.open.last_mut() {
            last.from = stretch.to;
            if last.from >= last.to {
                self.open.pop();
            }
        }
    }
}

impl Lane {
    /// The window over the cells of a group, with nothing inside.
    pub(super) fn inside(&self) -> Inside {
        match self.shape {
            Shape::AddedUp { .. } => Inside::Sums(Sums::default()),
            Shape::Counted { .. } => Inside::Values(Values::default()),
        }
    }

    /// Moves a window over the cells of a group; whether other cells are inside than before.
    pub(super) fn advance(&self, group: usize, inside: &mut Inside, buckets: &Range<i64>) -> bool {
        let Some(cells) = self.cells.get(group) else { return false };
        match (inside, &self.shape) {
            (Inside::Sums(sums), Shape::AddedUp { folds, .. }) => sums.advance(cells, buckets, folds),
            (Inside::Values(values), Shape::Counted { functions, .. }) => values.advance(cells, buckets, functions),
            // Invariant: a window is made by its own lane.
            _ => false,
        }
    }

    fn read(&mut self, row: &[Value], grouped: &mut Grouped) -> Result<(), String> {
        let bucket = match row.first() {
            Some(Value::Integer(bucket)) => *bucket,
            // Rows without an instant that can be read are in no period.
            Some(Value::Null) => return Ok(()),
            other => return Err(format!("the bucket of a row could not be computed: {other:?}")),
        };
        let key = group_key(&grouped.by, &row[1..]).map_err(Unread::into_words)?;
        let columns = &row[1 + grouped.by.len()..];
        let columns: Vec<Option<f64>> = match &self.shape {
            Shape::AddedUp { .. } => {
                let columns = columns.iter().map(|column| number(Some(column)));
                columns.collect::<Result<_, _>>().map_err(Unread::into_words)?
            }
            Shape::Counted { .. } => {
                let [value, count] = columns else { return Err("a value has no number of rows".to_owned()) };
                let value = match value {
                    Value::Null => return Ok(()),
                    Value::Integer(_) | Value::Number(_) => number(Some(value)).map_err(Unread::into_words)?,
                    text => Some(self.number_of(text)),
                };
                vec![value, number(Some(count)).map_err(Unread::into_words)?]
            }
        };
        let (group, _) = grouped.keys.insert_full(key);
        if self.cells.len() <= group {
            self.cells.resize_with(group + 1, Cells::default);
        }
        self.cells[group].push(bucket, columns);
        Ok(())
    }

    /// A number that stands for a text or a date, the same for the same one.
    fn number_of(&mut self, value: &Value) -> f64 {
        let text = match value {
            Value::Text(text) => text.clone(),
            other => format!("{other:?}"),
        };
        let next = self.texts.len() as f64;
        *self.texts.entry(text).or_insert(next)
    }
}

impl Inside {
    /// What came of a column; none when no cell is inside, or none of those has a value.
    pub(super) fn column(&self, place: usize) -> Option<f64> {
        let columns = match self {
            Self::Sums(sums) => sums.columns(),
            Self::Values(values) => values.columns(),
        };
        columns.get(place).copied().filter(|column| !column.is_nan())
    }
}
