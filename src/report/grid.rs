//! A KPI of a data block with two groupings as a grid: the first grouping's values down, the second's across. Complete in
//! time; a place without rows has no value, because nobody knows whether it is a zero.

use std::collections::{BTreeMap, BTreeSet};

use super::build::BuildRequest;
use super::rows::{Answers, answers, complete_parts, groupings, result};
use crate::kpi::KeyPart;
use crate::locale::Unit;
use crate::time::Period;
use crate::workspace::{DataDefinition, Grouping, KpiDefinition};

/// The values of one KPI by two groupings.
#[derive(Debug)]
pub(super) struct Grid {
    /// The first grouping's values, in order.
    pub(super) rows: Vec<KeyPart>,
    /// The second grouping's values, in order.
    pub(super) columns: Vec<KeyPart>,
    values: BTreeMap<(KeyPart, KeyPart), f64>,
}

impl Grid {
    /// The value at a place; none where there is no data.
    pub(super) fn value(&self, row: &KeyPart, column: &KeyPart) -> Option<f64> {
        self.values.get(&(row.clone(), column.clone())).copied()
    }
}

/// The grid of a KPI, which is known to be in the data block.
pub(super) fn grid(request: &BuildRequest<'_>, data: &DataDefinition, definition: &KpiDefinition) -> Grid {
    let ids: Vec<&str> = data.kpis.iter().map(|id| id.value.as_str()).collect();
    let by = groupings(data);
    let Answers { period, current, .. } = answers(request, data);
    let mut values = BTreeMap::new();
    let found = current.and_then(|snapshot| result(snapshot, &by, &ids));
    let column = ids.iter().position(|id| *id == definition.id.value);
    for (key, readings) in found.into_iter().flat_map(|result| &result.groups) {
        let number = column.and_then(|column| readings.get(column)?.number());
        if let ([row, column], Some(number)) = (key.as_slice(), number) {
            values.insert((row.clone(), column.clone()), number);
        }
    }
    let axis = |place: usize, of: fn(&(KeyPart, KeyPart)) -> &KeyPart| {
        let mut sums: BTreeMap<KeyPart, f64> = BTreeMap::new();
        for (key, value) in &values {
            *sums.entry(of(key).clone()).or_default() += value;
        }
        ordered(by.get(place), &period, sums, definition.unit)
    };
    Grid { rows: axis(0, |key| &key.0), columns: axis(1, |key| &key.1), values }
}

/// The values of one grouping: stretches of time complete and in order; names with the most calls first where calls are
/// counted, else by the alphabet. Calls nobody took have no agent: a group without a name must say something.
fn ordered(grouping: Option<&Grouping>, period: &Period, sums: BTreeMap<KeyPart, f64>, unit: Unit) -> Vec<KeyPart> {
    match grouping {
        Some(Grouping::Time(bucket)) => complete_parts(*bucket, period, sums.into_keys().collect::<BTreeSet<_>>()),
        _ => {
            let says_something = |(key, sum): &(KeyPart, f64)| *key != KeyPart::NoValue || *sum != 0.0;
            let mut names: Vec<(KeyPart, f64)> = sums.into_iter().filter(says_something).collect();
            if unit == Unit::Count {
                names.sort_by(|left, right| right.1.total_cmp(&left.1));
            }
            names.into_iter().map(|(key, _)| key).collect()
        }
    }
}
