//! The statements that fetch the past in fine buckets, and what the columns of their rows are.

use chrono_tz::Tz;
use indexmap::{IndexMap, IndexSet};

use super::super::answer::Fold;
use super::super::plan::Subject;
use super::super::reach::Reach;
use super::super::slice::Shift;
use super::history::MOST_ROWS;
use crate::formula::{Aggregate, AggregateFunction, Expression, SqlWriter};
use crate::source::{Dialect, Statement};
use crate::time::{Frame, Window};
use crate::workspace::{DatasetDefinition, Grouping};

/// What the columns of a lane are, behind the bucket and the keys of the group.
#[derive(Debug)]
pub(super) enum Shape {
    /// Columns that can be added up, the first two being the number of all rows and the newest's seconds.
    AddedUp { folds: Vec<Fold>, places: IndexMap<Aggregate, Vec<usize>> },
    /// A value and how many rows have it; the functions are answered from that.
    Counted { functions: Vec<AggregateFunction>, places: IndexMap<Aggregate, Vec<usize>> },
}

/// The column that says how many rows there are.
pub(super) const ROWS_COLUMN: usize = 0;

/// The column that says when the newest row is from.
pub(super) const NEWEST_COLUMN: usize = 1;

/// The rows a statement is about.
pub(super) struct Request<'a> {
    pub(super) definition: &'a DatasetDefinition,
    pub(super) dialect: Dialect,
    pub(super) zone: Tz,
    pub(super) stretch: Window,
    /// The buckets' length in seconds.
    pub(super) bucket: i64,
    pub(super) by: &'a [Grouping],
    /// The rows that may be looked at.
    pub(super) reach: &'a Reach,
}

impl Shape {
    /// The shapes that hold these aggregates of one dataset: all that can be added up together, and one for each value
    /// that is counted. What is added up also tells the rows, so there is such a shape even if only that is missing.
    pub(super) fn of<'a>(aggregates: impl Iterator<Item = &'a Aggregate>, tells_rows: bool) -> Vec<Self> {
        let (added, counted): (Vec<_>, Vec<_>) = aggregates.partition(|aggregate| aggregate.function.can_be_added_up());
        let mut shapes = Vec::new();
        if !added.is_empty() || !tells_rows {
            let mut folds = vec![Fold::Add, Fold::Maximum];
            let mut places = IndexMap::new();
            for aggregate in added {
                let first = folds.len();
                let width = if aggregate.function == AggregateFunction::Average { 2 } else { 1 };
                folds.resize(first + width, Fold::of(aggregate.function));
                places.insert(aggregate.clone(), (first..first + width).collect());
            }
            shapes.push(Self::AddedUp { folds, places });
        }
        let mut values: IndexMap<_, IndexSet<&Aggregate>> = IndexMap::new();
        for aggregate in counted {
            let is_distinct = aggregate.function == AggregateFunction::Distinct;
            values.entry((&aggregate.argument, &aggregate.condition, is_distinct)).or_default().insert(aggregate);
        }
        shapes.extend(values.into_values().map(|aggregates| Self::Counted {
            functions: aggregates.iter().map(|aggregate| aggregate.function).collect(),
            places: aggregates.into_iter().enumerate().map(|(place, own)| (own.clone(), vec![place])).collect(),
        }));
        shapes
    }

    pub(super) fn holds(&self, aggregate: &Aggregate) -> bool {
        self.all_places().contains_key(aggregate)
    }

    /// The columns of an aggregate.
    pub(super) fn places(&self, aggregate: &Aggregate) -> &[usize] {
        self.all_places().get(aggregate).map_or(&[], Vec::as_slice)
    }

    fn all_places(&self) -> &IndexMap<Aggregate, Vec<usize>> {
        match self {
            Self::AddedUp { places, .. } | Self::Counted { places, .. } => places,
        }
    }
}

impl Request<'_> {
    /// The statement that gives these columns for each bucket and group of the stretch.
    pub(super) fn statement(&self, shape: &Shape) -> Statement {
        let frame = Frame::Rolling { window: self.stretch, zone: self.zone };
        let Self { definition, dialect, reach, .. } = *self;
        let subject = Subject { definition, dialect, frame: &frame, shift: Shift::default(), reach };
        let mut writer = subject.writer();
        let column = format!("{}.{}", crate::formula::ROWS, subject.time_column());
        let seconds = self.dialect.epoch_seconds(&column, subject.time_storage());
        let mut select = vec![self.dialect.integer_division(&seconds, &self.bucket.to_string())];
        select.extend(self.by.iter().map(|grouping| subject.key(&writer, grouping)));
        let keys = select.len();
        let mut statement = match shape {
            Shape::AddedUp { places, .. } => {
                select.extend(subject.freshness_columns());
                select.extend(places.keys().flat_map(|aggregate| writer.aggregate(aggregate)));
                subject.complete(writer, &format!("SELECT {}", select.join(",\n       ")), keys)
            }
            Shape::Counted { places, .. } => {
                // Invariant: there is a first one, and all have the same argument and condition.
                let value = places.first().map_or_else(|| "NULL".to_owned(), |(first, _)| counted(first, &mut writer));
                select.extend([value, "COUNT(*)".to_owned()]);
                subject.complete(writer, &format!("SELECT {}", select.join(",\n       ")), keys + 1)
            }
        };
        statement.sql.push_str(&format!("\nLIMIT {}", MOST_ROWS + 1));
        statement
    }
}

/// The value that is counted; nothing in rows that are not taken.
fn counted(aggregate: &Aggregate, writer: &mut SqlWriter) -> String {
    let is_distinct = aggregate.function == AggregateFunction::Distinct;
    let value = aggregate.argument.as_deref().map_or_else(
        || "NULL".to_owned(),
        |argument: &Expression| if is_distinct { writer.value(argument) } else { writer.plain_number(argument) },
    );
    match &aggregate.condition {
        Some(condition) => format!("CASE WHEN {} THEN {value} END", writer.condition(condition)),
        None => value,
    }
}
