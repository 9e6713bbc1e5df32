//! Windows that slide over fine buckets: what their cells come to, kept up to date as cells enter at one end and leave at
//! the other. Nothing is ever subtracted from a sum, so what a window holds does not depend on what it held before.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::ops::Range;

use super::super::answer::Fold;
use super::super::distribution::{self, Share};
use crate::formula::{AggregateFunction, Exact};

/// The cells of one group, in the order of their buckets; a bucket without rows has none.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// The bucket of each cell.
    pub(super) buckets: Vec<i64>,
    /// The columns of each cell, one cell after the other; not a number where a column has none.
    columns: Vec<f64>,
}

/// What the cells inside a window add up to, each column by its fold. The inside is two stacks back to back: of the older
/// cells the sums of each with all behind it are known, of the newer ones the sum of all.
#[derive(Debug, Default)]
pub(super) struct Sums {
    reach: Reach,
    /// Where the newer cells begin.
    middle: usize,
    /// The sums of the older cells, from `base` to `middle`.
    older: Vec<f64>,
    base: usize,
    newer: Vec<f64>,
    columns: Vec<f64>,
}

/// How often each value stands in the cells inside a window, and what is asked of that. A cell's columns are a value and
/// how many rows have it.
#[derive(Debug, Default)]
pub(super) struct Values {
    reach: Reach,
    counts: BTreeMap<Ordered, u64>,
    columns: Vec<f64>,
}

/// The cells inside a window.
#[derive(Debug, Default)]
struct Reach {
    cells: Range<usize>,
    buckets: Range<i64>,
}

/// How a window moved.
enum Move {
    /// These cells left at the start and those entered at the end.
    On { left: Range<usize>, entered: Range<usize> },
    /// It holds these cells now, and what it held before says nothing about them.
    Anew(Range<usize>),
}

/// A number in its place among all others.
#[derive(Clone, Copy, Debug)]
struct Ordered(f64);

impl Cells {
    /// Adds a cell.
    pub(super) fn push(&mut self, bucket: i64, columns: impl IntoIterator<Item = Option<f64>>) {
        self.buckets.push(bucket);
        self.columns.extend(columns.into_iter().map(|column| column.unwrap_or(f64::NAN)));
    }

    /// Puts the cells in the order of their buckets.
    pub(super) fn sort(&mut self) {
        if self.buckets.is_sorted() {
            return;
        }
        let mut order: Vec<usize> = (0..self.buckets.len()).collect();
        order.sort_by_key(|cell| self.buckets[*cell]);
        self.columns = order.iter().flat_map(|cell| self.columns_of(*cell)).copied().collect();
        self.buckets.sort_unstable();
    }

    fn columns_of(&self, cell: usize) -> &[f64] {
        let width = self.columns.len() / self.buckets.len().max(1);
        &self.columns[cell * width..(cell + 1) * width]
    }
}

impl Reach {
    /// Moves to these buckets; none when the same cells stay inside, as most do at most instants.
    fn advance(&mut self, cells: &Cells, buckets: &Range<i64>) -> Option<Move> {
        let before = std::mem::replace(&mut self.buckets, buckets.clone());
        let bucket = |cell: usize| cells.buckets.get(cell).copied().unwrap_or(i64::MAX);
        let went_on = buckets.start >= before.start && buckets.end >= before.end;
        let is_same = bucket(self.cells.end) >= buckets.end
            && (self.cells.is_empty() || bucket(self.cells.start) >= buckets.start);
        if went_on && is_same {
            return None;
        }
        let place = |border: i64| cells.buckets.partition_point(|bucket| *bucket < border);
        let start = place(buckets.start);
        let inside = start..place(buckets.end).max(start);
        let held = std::mem::replace(&mut self.cells, inside.clone());
        if held == inside {
            return None;
        }
        // One that ran past all it held, or went back as windows of earlier weeks do when the clocks change, begins anew.
        let overlaps = held.start <= inside.start && inside.start < held.end && held.end <= inside.end;
        Some(match overlaps {
            true => Move::On { left: held.start..inside.start, entered: held.end..inside.end },
            false => Move::Anew(inside),
        })
    }
}

impl Sums {
    /// Moves to these buckets; whether other cells are inside than before.
    pub(super) fn advance(&mut self, cells: &Cells, buckets: &Range<i64>, folds: &[Fold]) -> bool {
        let Some(moved) = self.reach.advance(cells, buckets) else { return false };
        let entered = match moved {
            Move::On { entered, .. } => entered,
            Move::Anew(inside) => {
                self.older.clear();
                self.newer.clear();
                (self.base, self.middle) = (inside.start, inside.start);
                inside
            }
        };
        for cell in entered {
            add(&mut self.newer, cells.columns_of(cell), folds);
        }
        let Range { start, end } = self.reach.cells;
        if start > self.middle {
            self.turn_over(cells, folds);
        }
        self.columns.clear();
        if start < self.middle {
            let width = folds.len();
            let place = (start - self.base) * width;
            self.columns.extend_from_slice(&self.older[place..place + width]);
        }
        if start < end {
            add(&mut self.columns, &self.newer, folds);
        }
        true
    }

    /// What each column comes to; empty when no cell is inside.
    pub(super) fn columns(&self) -> &[f64] {
        &self.columns
    }

    /// Makes all cells inside older ones.
    fn turn_over(&mut self, cells: &Cells, folds: &[Fold]) {
        let Range { start, end } = self.reach.cells;
        let width = folds.len();
        self.older.clear();
        self.older.resize((end - start) * width, f64::NAN);
        let mut sum = Vec::with_capacity(width);
        for cell in (start..end).rev() {
            add(&mut sum, cells.columns_of(cell), folds);
            let place = (cell - start) * width;
            self.older[place..place + width].copy_from_slice(&sum);
        }
        self.newer.clear();
        (self.base, self.middle) = (start, end);
    }
}

/// Folds columns into a sum, which is empty as long as nothing was.
fn add(sum: &mut Vec<f64>, columns: &[f64], folds: &[Fold]) {
    if sum.is_empty() {
        sum.extend_from_slice(columns);
        return;
    }
    for ((sum, column), fold) in sum.iter_mut().zip(columns).zip(folds) {
        *sum = match (sum.is_nan(), column.is_nan()) {
            (false, false) => fold.both(*sum, *column),
            (true, _) => *column,
            (false, true) => *sum,
        };
    }
}

impl Values {
    /// Moves to these buckets and answers these functions; whether other cells are inside than before.
    pub(super) fn advance(&mut self, cells: &Cells, buckets: &Range<i64>, functions: &[AggregateFunction]) -> bool {
        let Some(moved) = self.reach.advance(cells, buckets) else { return false };
        let (left, entered) = match moved {
            Move::On { left, entered } => (left, entered),
            Move::Anew(inside) => {
                self.counts.clear();
                (0..0, inside)
            }
        };
        for cell in entered {
            let [value, count] = value_and_count(cells.columns_of(cell));
            *self.counts.entry(Ordered(value)).or_default() += count as u64;
        }
        for cell in left {
            let [value, count] = value_and_count(cells.columns_of(cell));
            if let Some(known) = self.counts.get_mut(&Ordered(value)) {
                *known -= count as u64;
                if *known == 0 {
                    self.counts.remove(&Ordered(value));
                }
            }
        }
        let answered = if self.reach.cells.is_empty() { &[] } else { functions };
        self.columns = answered.iter().map(|function| self.answer(*function).unwrap_or(f64::NAN)).collect();
        true
    }

    /// What came of each function; empty when no cell is inside.
    pub(super) fn columns(&self) -> &[f64] {
        &self.columns
    }

    fn answer(&self, function: AggregateFunction) -> Option<f64> {
        let total: u64 = self.counts.values().sum();
        match function {
            AggregateFunction::Distinct => Some(self.counts.len() as f64),
            AggregateFunction::Percentile(Exact(share)) => {
                let Share { numerator, denominator } = distribution::whole(share);
                let mut upto = 0_u64;
                let reaches = |(Ordered(value), count): (&Ordered, &u64)| {
                    upto += count;
                    let is_enough =
                        i128::from(upto) * i128::from(denominator) >= i128::from(numerator) * i128::from(total);
                    is_enough.then_some(*value)
                };
                self.counts.iter().find_map(reaches)
            }
            _ => {
                let rows = (total > 0).then_some(total as f64)?;
                let weighed = |of: &dyn Fn(f64) -> f64| -> f64 {
                    self.counts.iter().map(|(Ordered(value), count)| of(*value) * *count as f64).sum()
                };
                let mean = weighed(&|value| value) / rows;
                Some((weighed(&|value| (value - mean) * (value - mean)) / rows).sqrt())
            }
        }
    }
}

fn value_and_count(columns: &[f64]) -> [f64; 2] {
    // Invariant: cells of values have these two columns.
    [columns[0], columns[1]]
}

impl PartialEq for Ordered {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Ordered {}

impl PartialOrd for Ordered {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ordered {
    fn cmp(&self, other: &Self) -> Ordering {
        // Databases do not tell the two zeros apart.
        (self.0 + 0.0).total_cmp(&(other.0 + 0.0))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FOLDS: [Fold; 3] = [Fold::Add, Fold::Minimum, Fold::Maximum];
    const FUNCTIONS: [AggregateFunction; 3] =
        [AggregateFunction::Distinct, AggregateFunction::Percentile(Exact(50.0)), AggregateFunction::Deviation];

    /// A walk of a window: mostly on, sometimes back or far ahead.
    fn walk() -> impl Strategy<Value = Vec<Range<i64>>> {
        let step = prop_oneof![8 => (0..3_i64, 0..3_i64), 1 => (-9..9_i64, -9..9_i64), 1 => (0..40_i64, 0..40_i64)];
        proptest::collection::vec(step, 1..40).prop_map(|steps| {
            let (mut from, mut to) = (0, 4);
            let moved = steps.into_iter().map(|(start, end)| {
                from += start;
                to = (to + end).max(from);
                from..to
            });
            moved.collect()
        })
    }

    proptest! {
        #[test]
        fn a_window_holds_what_its_cells_come_to_however_it_got_there(
            values in proptest::collection::vec((0..60_i64, proptest::option::of(-20..20_i32)), 0..80),
            walk in walk(),
        ) {
            let (mut sums, mut counts) = (Cells::default(), Cells::default());
            for (bucket, value) in &values {
                sums.push(*bucket, [value.map(f64::from); 3]);
                if let Some(value) = value {
                    counts.push(*bucket, [Some(f64::from(*value)), Some(2.0)]);
                }
            }
            sums.sort();
            counts.sort();
            let (mut sliding, mut valued) = (Sums::default(), Values::default());
            for buckets in walk {
                sliding.advance(&sums, &buckets, &FOLDS);
                valued.advance(&counts, &buckets, &FUNCTIONS);
                let inside = values.iter().filter(|(bucket, _)| buckets.contains(bucket));
                let mut numbers: Vec<i32> = inside.clone().filter_map(|(_, value)| *value).collect();
                numbers.sort_unstable();
                let column = |columns: &[f64], place: usize| columns.get(place).copied().filter(|column| !column.is_nan());
                let none = numbers.is_empty();
                let sum = (!none).then(|| f64::from(numbers.iter().sum::<i32>()));
                prop_assert_eq!(sliding.columns().is_empty(), inside.count() == 0);
                prop_assert_eq!(column(sliding.columns(), 0), sum);
                prop_assert_eq!(column(sliding.columns(), 1), numbers.first().copied().map(f64::from));
                prop_assert_eq!(column(sliding.columns(), 2), numbers.last().copied().map(f64::from));
                let median = (!none).then(|| f64::from(numbers[(numbers.len() - 1) / 2]));
                prop_assert_eq!(column(valued.columns(), 1), median);
                let mean = sum.map(|sum| sum / numbers.len() as f64);
                let square = mean.map(|mean| numbers.iter().map(|value| (f64::from(*value) - mean).powi(2)).sum::<f64>());
                let deviation = square.map(|square| (square / numbers.len() as f64).sqrt());
                let is_near = |(one, other): (f64, f64)| (one - other).abs() < 1e-9;
                prop_assert!(column(valued.columns(), 2).zip(deviation).is_none_or(is_near));
                numbers.dedup();
                prop_assert_eq!(column(valued.columns(), 0).unwrap_or(0.0), numbers.len() as f64);
            }
        }
    }
}
