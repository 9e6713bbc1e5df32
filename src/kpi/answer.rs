//! What a statement was made for, and how its rows are read: the finest groups are rolled up into those of each slice.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use indexmap::IndexMap;

use super::distribution;
use super::slice::Shift;
use super::snapshot::{GroupKey, KeyPart};
use crate::formula::{Aggregate, AggregateFunction};
use crate::source::{Rows, Value};
use crate::workspace::Grouping;

/// What a fetch was made for.
#[derive(Clone, Debug)]
pub(super) struct Purpose {
    pub(super) dataset: Arc<str>,
    /// How far its frame lies before the one that was asked for.
    pub(super) shift: Shift,
    pub(super) content: Content,
}

/// What the columns of a statement's rows are.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// The values of what is kept apart, then number and newest of all rows.
    Freshness { apart: usize },
    /// The keys of the finest groups, then columns that can be added up.
    AddedUp {
        by: Vec<Grouping>,
        folds: Vec<Fold>,
        /// The columns of each aggregate.
        places: IndexMap<Aggregate, Vec<usize>>,
        /// The columns that tell number and newest of all rows.
        freshness: [usize; 2],
        /// Which parts of the key keep apart rows that must never meet.
        apart: Vec<usize>,
        takers: Vec<Taker>,
        /// How many rows are still all of them; none when there is no limit.
        most_groups: Option<usize>,
    },
    /// The number of a part, the keys, and a column for each aggregate of the part. The parts of the first taker come
    /// first; a taker is a slice and which parts of the key make its own.
    Distributions { by: Vec<Grouping>, parts: Vec<Vec<Aggregate>>, takers: Vec<(usize, Vec<usize>)> },
}

/// A slice that takes its aggregates from a statement.
#[derive(Clone, Debug)]
pub(super) struct Taker {
    pub(super) slice: usize,
    /// Which parts of the statement's key make its own.
    pub(super) key: Vec<usize>,
    /// Which of the statement's aggregates it takes.
    pub(super) aggregates: Vec<usize>,
}

/// How a column of fine groups becomes that of a wider one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    Add,
    Minimum,
    Maximum,
}

/// What was found for a slice: each group's values, in the order of the aggregates.
pub(super) struct Found {
    pub(super) slice: usize,
    pub(super) aggregates: Vec<Aggregate>,
    pub(super) groups: Vec<(GroupKey, Vec<Option<f64>>)>,
}

/// What the rows of a statement say.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) found: Vec<Found>,
    /// How fresh the rows are, when the statement tells; for each combination of the values of what is kept apart.
    pub(super) freshness: Option<Vec<FoundRows>>,
}

/// How many rows there are, and the newest's seconds since 1970.
pub(super) struct FoundRows {
    /// The values of what is kept apart.
    pub(super) own: GroupKey,
    pub(super) rows: Option<f64>,
    pub(super) newest: Option<f64>,
}

/// Why rows could not be read.
#[derive(Debug)]
pub(super) enum Unread {
    /// There are too many groups for several slices together.
    TooFine,
    /// A value is not what it should be, in words.
    Unfit(String),
}

impl Purpose {
    /// The slices the statement is for, and their aggregates.
    pub(super) fn slices(&self) -> Vec<(usize, Vec<Aggregate>)> {
        match &self.content {
            Content::Freshness { .. } => Vec::new(),
            Content::AddedUp { places, takers, .. } => {
                takers.iter().map(|taker| (taker.slice, taken(places, taker))).collect()
            }
            Content::Distributions { parts, takers, .. } => {
                takers.iter().map(|(slice, _)| (*slice, parts.concat())).collect()
            }
        }
    }

    pub(super) fn read(&self, rows: &Rows) -> Result<Answer, Unread> {
        match &self.content {
            Content::Freshness { apart } => {
                let of_each = rows.rows.iter().map(|row| {
                    let own = row.iter().take(*apart).map(dimension_value).collect();
                    Ok(FoundRows { own, rows: number(row.get(*apart))?, newest: number(row.get(apart + 1))? })
                });
                Ok(Answer { freshness: Some(of_each.collect::<Result<_, Unread>>()?), found: Vec::new() })
            }
            Content::AddedUp { by, folds, places, freshness, apart, takers, most_groups } => {
                if most_groups.is_some_and(|most| rows.rows.len() > most) {
                    return Err(Unread::TooFine);
                }
                let mut fine: Vec<(GroupKey, Vec<Option<f64>>)> = Vec::with_capacity(rows.rows.len());
                for row in &rows.rows {
                    let columns = row.iter().skip(by.len()).map(|value| number(Some(value)));
                    fine.push((group_key(by, row)?, columns.collect::<Result<_, _>>()?));
                }
                let found = takers.iter().map(|taker| {
                    let groups = rolled_up(&fine, &taker.key, folds).into_iter().map(|(key, columns)| {
                        let aggregates = taker.aggregates.iter().filter_map(|place| places.get_index(*place));
                        let column = |place: usize| columns.get(place).copied().flatten();
                        (key, aggregates.map(|(aggregate, own)| value(aggregate.function, own, column)).collect())
                    });
                    Found { slice: taker.slice, aggregates: taken(places, taker), groups: groups.collect() }
                });
                let found = found.collect();
                let of_each = rolled_up(&fine, apart, folds).into_iter().map(|(own, columns)| {
                    let column = |place: usize| columns.get(place).copied().flatten();
                    FoundRows { own, rows: column(freshness[0]), newest: column(freshness[1]) }
                });
                Ok(Answer { found, freshness: Some(of_each.collect()) })
            }
            Content::Distributions { by, parts, takers } => {
                let mut known: Vec<BTreeMap<GroupKey, HashMap<&Aggregate, Option<f64>>>> =
                    vec![BTreeMap::new(); takers.len()];
                for row in &rows.rows {
                    let place = number(row.first())?.unwrap_or_default() as usize;
                    let (Some(taker), Some(place)) = (place.checked_div(parts.len()), place.checked_rem(parts.len()))
                    else {
                        continue;
                    };
                    let (Some((_, own)), Some(groups)) = (takers.get(taker), known.get_mut(taker)) else { continue };
                    let key = group_key(by, &row[1..])?;
                    let values = groups.entry(own.iter().map(|part| key[*part].clone()).collect()).or_default();
                    for (aggregate, column) in parts[place].iter().zip(&row[1 + by.len()..]) {
                        values.insert(aggregate, distribution::result(aggregate.function, number(Some(column))?));
                    }
                }
                let aggregates = parts.concat();
                // A group without values in one part has no row there.
                let values = |known: HashMap<&Aggregate, Option<f64>>| {
                    aggregates.iter().map(|aggregate| known.get(aggregate).copied().flatten()).collect()
                };
                let found = takers.iter().zip(known).map(|((slice, _), known)| Found {
                    slice: *slice,
                    aggregates: aggregates.clone(),
                    groups: known.into_iter().map(|(key, known)| (key, values(known))).collect(),
                });
                Ok(Answer { found: found.collect(), freshness: None })
            }
        }
    }
}

fn taken(places: &IndexMap<Aggregate, Vec<usize>>, taker: &Taker) -> Vec<Aggregate> {
    taker.aggregates.iter().filter_map(|place| places.get_index(*place)).map(|(own, _)| own.clone()).collect()
}

/// The columns of the groups that these parts of the fine key make.
fn rolled_up(
    fine: &[(GroupKey, Vec<Option<f64>>)],
    key: &[usize],
    folds: &[Fold],
) -> BTreeMap<GroupKey, Vec<Option<f64>>> {
    let mut groups: BTreeMap<GroupKey, Vec<Option<f64>>> = BTreeMap::new();
    for (fine_key, columns) in fine {
        let own = key.iter().filter_map(|part| fine_key.get(*part).cloned()).collect();
        let Some(group) = groups.get_mut(&own) else {
            groups.insert(own, columns.clone());
            continue;
        };
        for ((sum, column), fold) in group.iter_mut().zip(columns).zip(folds) {
            *sum = match (*sum, *column) {
                (Some(one), Some(other)) => Some(fold.both(one, other)),
                (one, other) => one.or(other),
            };
        }
    }
    groups
}

impl Fold {
    pub(super) fn of(function: AggregateFunction) -> Self {
        match function {
            AggregateFunction::Minimum => Self::Minimum,
            AggregateFunction::Maximum => Self::Maximum,
            _ => Self::Add,
        }
    }

    pub(super) fn both(self, one: f64, other: f64) -> f64 {
        match self {
            Self::Add => one + other,
            Self::Minimum => one.min(other),
            Self::Maximum => one.max(other),
        }
    }
}

/// What an aggregate's own columns say.
pub(super) fn value(function: AggregateFunction, own: &[usize], columns: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let column = |index: usize| own.get(index).and_then(|place| columns(*place));
    match function {
        AggregateFunction::Average => match (column(0), column(1)) {
            (Some(sum), Some(count)) if count > 0.0 => Some(sum / count),
            _ => None,
        },
        zero if zero.is_zero_for_nothing() => Some(column(0).unwrap_or(0.0)),
        _ => column(0),
    }
}

pub(super) fn number(value: Option<&Value>) -> Result<Option<f64>, Unread> {
    match value {
        None | Some(Value::Null) => Ok(None),
        // Counts and sums of seconds stay far below 2^53, where doubles hold every whole number.
        Some(Value::Integer(number)) => Ok(Some(*number as f64)),
        Some(Value::Number(number)) => Ok(number.is_finite().then_some(*number)),
        Some(Value::Text(text)) => match text.trim().parse::<f64>() {
            Ok(number) => Ok(number.is_finite().then_some(number)),
            Err(_) => Err(format!("a number was expected, but the database has the text {text:?}").into()),
        },
        Some(Value::Instant(_) | Value::Local(_)) => {
            Err("a number was expected, but the database has a date".to_owned().into())
        }
    }
}

pub(super) fn group_key(by: &[Grouping], row: &[Value]) -> Result<GroupKey, Unread> {
    by.iter()
        .zip(row)
        .map(|(grouping, value)| match (grouping, value) {
            (_, Value::Null) => Ok(KeyPart::NoValue),
            (Grouping::Time(bucket), Value::Integer(number)) => match bucket.start(*number) {
                Some(start) => Ok(start.into()),
                None => Err(format!("{number} is no {}", bucket.name()).into()),
            },
            (Grouping::Time(bucket), other) => {
                Err(format!("the {} of a row could not be computed: {other:?}", bucket.name()).into())
            }
            (Grouping::Dimension(_), value) => Ok(dimension_value(value)),
        })
        .collect()
}

/// The value of a dimension as a part of a group's key.
pub(super) fn dimension_value(value: &Value) -> KeyPart {
    KeyPart::Text(match value {
        Value::Null => return KeyPart::NoValue,
        Value::Text(text) => text.clone(),
        Value::Integer(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Instant(instant) => instant.to_string(),
        Value::Local(local) => local.to_string(),
    })
}

impl Unread {
    /// The reason for people.
    pub(super) fn into_words(self) -> String {
        match self {
            Self::TooFine => "there are too many groups".to_owned(),
            Self::Unfit(words) => words,
        }
    }
}

impl From<String> for Unread {
    fn from(words: String) -> Self {
        Self::Unfit(words)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fine_groups_are_rolled_up() {
        let text = |text: &str| KeyPart::Text(text.to_owned());
        let row = |queue: &str, agent: KeyPart, columns: [Option<f64>; 3]| (vec![text(queue), agent], columns.to_vec());
        let fine = [
            row("Sales", text("Anna"), [Some(2.0), Some(5.0), None]),
            row("Sales", KeyPart::NoValue, [Some(1.0), None, None]),
            row("Support", text("Anna"), [Some(4.0), Some(3.0), Some(9.0)]),
        ];
        let folds = [Fold::Add, Fold::Minimum, Fold::Maximum];
        let check = |key: &[usize], expected: &[(GroupKey, [Option<f64>; 3])]| {
            let expected = expected.iter().map(|(key, columns)| (key.clone(), columns.to_vec())).collect();
            assert_eq!(rolled_up(&fine, key, &folds), expected);
        };
        check(&[], &[(vec![], [Some(7.0), Some(3.0), Some(9.0)])]);
        check(
            &[0],
            &[
                (vec![text("Sales")], [Some(3.0), Some(5.0), None]),
                (vec![text("Support")], [Some(4.0), Some(3.0), Some(9.0)]),
            ],
        );
        check(
            &[1],
            &[
                (vec![text("Anna")], [Some(6.0), Some(3.0), Some(9.0)]),
                (vec![KeyPart::NoValue], [Some(1.0), None, None]),
            ],
        );
    }
}
