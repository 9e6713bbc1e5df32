//! The rows of a data block in the order they are shown: complete in time, worst first, and never silently without a
//! group that was there in the previous period.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::build::BuildRequest;
use super::document::Status;
use super::evidence::too_few;
use super::figure::{Figure, Measured};
use crate::kpi::{GroupKey, GroupedResult, KeyPart, Reading, Snapshot};
use crate::locale::{Language, Unit};
use crate::time::{Bucket, BucketStart, Period, local_day_start};
use crate::workspace::{DataDefinition, Direction, Grouping, KpiDefinition};

/// One row of a data block.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    /// The group.
    pub(super) key: GroupKey,
    current: Option<&'a [Reading]>,
    previous: Option<&'a [Reading]>,
    /// The stretch of time is not over, or lies before the first row of a trend.
    outside: bool,
}

/// The rows of a data block, all of them, in order.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    /// The KPIs' definitions, in the columns' order.
    pub(super) kpis: Vec<&'a KpiDefinition>,
    /// The rows.
    pub(super) rows: Vec<Row<'a>>,
    /// Whether the previous period has any such group.
    compared: bool,
    language: Language,
}

impl<'a> Rows<'a> {
    /// The figure of a row in a column of `kpis`.
    pub(super) fn figure(&self, row: &Row<'a>, column: usize) -> Figure<'a> {
        let measured = match row.current.and_then(|readings| readings.get(column)) {
            Some(reading) => Measured::Reading(reading),
            None if row.outside => Measured::Outside,
            None => Measured::NoRows,
        };
        let definition = self.kpis[column];
        let previous = match row.previous.and_then(|readings| readings.get(column)) {
            Some(reading) => reading.number(),
            // A group without rows counted nothing then, as it would now.
            None => (self.compared && definition.unit == Unit::Count).then_some(0.0),
        };
        Figure { definition, measured, previous, language: self.language }
    }

    /// The status of a row's figure; groups with too few calls are not judged.
    pub(super) fn status(&self, row: &Row<'a>, column: usize) -> Status {
        if too_few(self, row) { Status::Neutral } else { self.figure(row, column).status() }
    }

    /// Sorts by a KPI: the worst first, the largest first where neither way is good; then the groups with too few calls to
    /// be judged, and those without a number last.
    fn worst_first(&mut self, column: usize) {
        let better = self.kpis[column].better;
        let mut rows = std::mem::take(&mut self.rows);
        let rank = |row: &Row<'a>| {
            let number = row.current.and_then(|readings| readings.get(column)).and_then(Reading::number);
            let few = better != Direction::Neither && too_few(self, row);
            let badness = number.map(|number| if better == Direction::Higher { number } else { -number });
            (number.is_none(), few, badness.unwrap_or_default())
        };
        rows.sort_by(|left, right| {
            let (left, right) = (rank(left), rank(right));
            (left.0, left.1).cmp(&(right.0, right.1)).then(left.2.total_cmp(&right.2))
        });
        self.rows = rows;
    }

    /// The column of a KPI.
    pub(super) fn column(&self, kpi: &str) -> Option<usize> {
        self.kpis.iter().position(|definition| definition.id.value == kpi)
    }
}

/// The rows of a data block; KPIs the catalog does not know are left out.
pub(super) fn rows<'a>(request: &BuildRequest<'a>, data: &'a DataDefinition) -> Rows<'a> {
    let ids: Vec<&str> = data.kpis.iter().map(|id| id.value.as_str()).collect();
    let kpis = ids.iter().filter_map(|id| request.catalog.kpis.get(*id)).collect();
    let by = groupings(data);
    let Answers { period, current, compared, previous } = answers(request, data);
    let current = current.and_then(|snapshot| result(snapshot, &by, &ids));
    let previous = previous.and_then(|snapshot| result(snapshot, &by, &ids));
    let found = current.into_iter().flat_map(|result| result.groups.keys().cloned());
    let gone = previous.into_iter().flat_map(|result| result.groups.keys().cloned());
    let readings = |result: Option<&'a GroupedResult>, key: &GroupKey| -> Option<&'a [Reading]> {
        result.and_then(|result| result.groups.get(key)).map(Vec::as_slice)
    };
    let rows: Vec<Row<'a>> = match by.as_slice() {
        [Grouping::Time(bucket)] => {
            let cyclic = matches!(bucket, Bucket::HourOfDay | Bucket::Weekday);
            let keys = complete(*bucket, &period, found.chain(gone.filter(|_| cyclic)));
            let first = current.filter(|_| data.periods.is_some()).and_then(|result| result.groups.keys().min());
            let before = if cyclic {
                keys.clone()
            } else {
                let earlier = previous.into_iter().flat_map(|result| result.groups.keys().cloned());
                complete(*bucket, &compared, earlier)
            };
            let row = |(position, key): (usize, GroupKey)| Row {
                current: readings(current, &key),
                // Aligned by position: Monday with Monday, the first of a month with the first.
                previous: before.get(position).and_then(|earlier| readings(previous, earlier)),
                outside: begins(&key, &period).is_some_and(|begin| begin >= request.run_at)
                    || first.is_some_and(|first| key < *first),
                key,
            };
            keys.into_iter().enumerate().map(row).collect()
        }
        [] => Vec::new(),
        groupings => {
            // A moment of the previous period is not one that is missing in this one.
            let all_dimensions = groupings.iter().all(|grouping| matches!(grouping, Grouping::Dimension(_)));
            let mut keys: BTreeSet<GroupKey> = found.chain(gone.filter(|_| all_dimensions)).collect();
            // Calls nobody took have no agent: a group without a name is shown only when it says something.
            keys.retain(|key| !key.contains(&KeyPart::NoValue) || readings(current, key).is_some_and(says_something));
            let row = |key: GroupKey| Row {
                current: readings(current, &key),
                previous: readings(previous, &key),
                outside: false,
                key,
            };
            keys.into_iter().map(row).collect()
        }
    };
    let compared = previous.is_some_and(|previous| !previous.groups.is_empty());
    let mut rows = Rows { kpis, rows, compared, language: request.language };
    if let Some(column) = data.sort.as_ref().and_then(|sort| rows.column(&sort.value)) {
        rows.worst_first(column);
    }
    rows
}

/// What was answered for a data block, and for which periods.
pub(super) struct Answers<'a> {
    /// All the time the block is about.
    pub(super) period: Period,
    /// The answers for it.
    pub(super) current: Option<&'a Snapshot>,
    /// The period it is compared with.
    pub(super) compared: Period,
    /// The answers for that one.
    pub(super) previous: Option<&'a Snapshot>,
}

/// The answers for a data block: those of the report, or its own when it looks back further.
pub(super) fn answers<'a>(request: &BuildRequest<'a>, data: &DataDefinition) -> Answers<'a> {
    match data.periods {
        None => Answers {
            period: request.period.clone(),
            current: Some(request.current),
            compared: request.compared_period(),
            previous: request.previous,
        },
        Some(periods) => {
            let period = request.period.looking_back(periods);
            let current = request.trends.get(&data.name.value);
            Answers { compared: period.previous(), period, current, previous: None }
        }
    }
}

/// What a data block's rows are.
pub(super) fn groupings(data: &DataDefinition) -> Vec<Grouping> {
    data.by.iter().map(|grouping| grouping.value.clone()).collect()
}

fn says_something(readings: &[Reading]) -> bool {
    readings.iter().any(|reading| match reading {
        Reading::Value(value) => *value != 0.0,
        Reading::NoData => false,
        Reading::Failed(_) => true,
    })
}

/// The result for this grouping and these KPIs.
pub(super) fn result<'a>(snapshot: &'a Snapshot, by: &[Grouping], kpis: &[&str]) -> Option<&'a GroupedResult> {
    // Readings are taken by position, so the order must be the asked one too.
    let asked =
        |result: &&GroupedResult| result.by == by && result.kpis.iter().map(String::as_str).eq(kpis.iter().copied());
    snapshot.results.iter().find(asked)
}

/// All keys of a bucket over a period, those without rows included. Hours of the day are trimmed to the hours with
/// calls, because a centre that is open from 8 to 20 has nothing to say about the night.
fn complete(bucket: Bucket, period: &Period, found: impl Iterator<Item = GroupKey>) -> Vec<GroupKey> {
    complete_parts(bucket, period, found.filter_map(|key| key.into_iter().next()).collect())
        .into_iter()
        .map(|key| vec![key])
        .collect()
}

/// The same for the parts of keys.
pub(super) fn complete_parts(bucket: Bucket, period: &Period, found: BTreeSet<KeyPart>) -> Vec<KeyPart> {
    let mut keys: BTreeSet<KeyPart> = bucket.starts(period.window, period.zone).into_iter().map(key_part).collect();
    if bucket == Bucket::HourOfDay {
        match (found.first(), found.last()) {
            (Some(first), Some(last)) => keys.retain(|hour| (first..=last).contains(&hour)),
            _ => keys.clear(),
        }
    }
    keys.extend(found);
    keys.into_iter().collect()
}

/// A bucket's place in a key.
pub(super) fn key_part(start: BucketStart) -> KeyPart {
    match start {
        BucketStart::Hour(instant) => KeyPart::Hour(instant),
        BucketStart::Date(day) => KeyPart::Date(day),
        BucketStart::Number(number) => KeyPart::Number(number),
    }
}

/// The instant a row's stretch of time begins; none for cyclic ones.
fn begins(key: &GroupKey, period: &Period) -> Option<DateTime<Utc>> {
    match key.first()? {
        KeyPart::Hour(instant) => Some(*instant),
        KeyPart::Date(day) => Some(local_day_start(*day, period.zone)),
        KeyPart::Text(_) | KeyPart::NoValue | KeyPart::Number(_) => None,
    }
}
