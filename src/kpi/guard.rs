//! Whether a measurement kept to its scope, judged by other means than those it was made with: its groups are looked
//! at one by one, and its rows are compared with a count of all rows by the scope's dimensions that knows no scope.

use std::collections::BTreeMap;

use super::answer::dimension_value;
use super::snapshot::{GroupKey, GroupedResult, KeyPart, Snapshot};
use crate::dataset;
use crate::formula::ROWS;
use crate::source::{Dialect, Rows, Statement, Value};
use crate::time::Window;
use crate::workspace::{DatasetDefinition, Grouping, Scope};

/// All rows of a dataset in a window, by the values of some dimensions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    dimensions: Vec<String>,
    rows: BTreeMap<GroupKey, u64>,
}

impl Census {
    /// The statement that counts them.
    pub fn statement(
        definition: &DatasetDefinition,
        dialect: Dialect,
        window: Window,
        dimensions: &[String],
    ) -> Statement {
        let rows = dataset::windowed(definition, dialect, window);
        let key = |name: &String| dialect.exact_text(&format!("{ROWS}.{}", dialect.quote_identifier(name)));
        let keys: Vec<String> = dimensions.iter().map(key).collect();
        let places: Vec<String> = (1..=dimensions.len()).map(|place| place.to_string()).collect();
        let sql = format!(
            "SELECT {}, COUNT(*)\nFROM (\n{}) AS {ROWS}\nGROUP BY {}",
            keys.join(", "),
            rows.sql,
            places.join(", ")
        );
        Statement { sql, ..rows }
    }

    /// What the statement found.
    pub fn read(dimensions: &[String], rows: &Rows) -> Self {
        let counted = rows.rows.iter().map(|row| {
            let count = match row.last() {
                Some(Value::Integer(count)) => u64::try_from(*count).unwrap_or(0),
                _ => 0,
            };
            (row.iter().take(dimensions.len()).map(dimension_value).collect(), count)
        });
        Self { dimensions: dimensions.to_vec(), rows: counted.collect() }
    }

    /// How many rows a scope holds.
    fn within(&self, scope: &Scope) -> u64 {
        // Most scopes are one value of each dimension, and there may be very many of them.
        if let Some(only) = scope.only().filter(|only| only.keys().eq(&self.dimensions)) {
            let key: GroupKey = only.values().map(|value| KeyPart::Text(value.clone())).collect();
            return self.rows.get(&key).copied().unwrap_or(0);
        }
        let holds = |key: &GroupKey| {
            scope.holds(|dimension| {
                let place = self.dimensions.iter().position(|name| name == dimension)?;
                match key.get(place)? {
                    KeyPart::Text(value) => Some(value),
                    _ => None,
                }
            })
        };
        self.rows.iter().filter(|(key, _)| holds(key)).map(|(_, rows)| rows).sum()
    }
}

/// Why a measurement must not be shown to those who may see this scope; nothing when it kept to it. A dataset without a
/// census is a reason too: nothing is known of it.
pub fn breach(scope: &Scope, snapshot: &Snapshot, census: &BTreeMap<String, Census>) -> Option<String> {
    let foreign = snapshot.results.iter().find_map(|result| foreign_group(scope, result));
    if let Some((dimension, value)) = foreign {
        return Some(format!("it holds a group of `{dimension}` {value}, which is not in the scope"));
    }
    snapshot.freshness.iter().find_map(|(dataset, freshness)| {
        let Some(counted) = census.get(dataset) else {
            return Some(format!("it is not known which rows of `{dataset}` are in the scope"));
        };
        let within = counted.within(scope);
        // Fewer are no breach: rows may have come since.
        (freshness.rows > within).then(|| {
            format!("it was computed from {} rows of `{dataset}`, but only {within} are in the scope", freshness.rows)
        })
    })
}

/// A group that no alternative of the scope allows, as far as its key tells.
fn foreign_group(scope: &Scope, result: &GroupedResult) -> Option<(String, String)> {
    result.groups.keys().find_map(|key| {
        let named: BTreeMap<&str, &KeyPart> = result
            .by
            .iter()
            .zip(key)
            .filter_map(|(by, part)| match by {
                Grouping::Dimension(name) => Some((name.as_str(), part)),
                Grouping::Time(_) => None,
            })
            .collect();
        let is_allowed = scope.alternatives().any(|alternative| {
            alternative.iter().all(|(dimension, wanted)| match named.get(dimension.as_str()) {
                Some(KeyPart::Text(value)) => value == wanted,
                Some(_) => false,
                None => true,
            })
        });
        if is_allowed {
            return None;
        }
        let dimensions = scope.dimensions();
        let told = named.into_iter().find(|(name, _)| dimensions.contains(name))?;
        let value = match told.1 {
            KeyPart::Text(value) => format!("`{value}`"),
            _ => "without a value".to_owned(),
        };
        Some((told.0.to_owned(), value))
    })
}

#[cfg(test)]
mod tests {
    use indexmap::IndexMap;

    use super::*;
    use crate::kpi::{Freshness, Reading};

    fn scope(values: &[&str]) -> Scope {
        let values = values.iter().map(|value| (*value).to_owned()).collect();
        Scope::of_each(&[("queue".to_owned(), values)]).unwrap()
    }

    fn text(value: &str) -> KeyPart {
        KeyPart::Text(value.to_owned())
    }

    fn snapshot(groups: &[KeyPart], rows: u64) -> Snapshot {
        let groups: IndexMap<GroupKey, Vec<Reading>> =
            groups.iter().map(|part| (vec![part.clone()], vec![Reading::Value(1.0)])).collect();
        let start = chrono::DateTime::UNIX_EPOCH;
        Snapshot {
            window: Window { from: start, to: start + chrono::TimeDelta::days(1) },
            results: vec![GroupedResult {
                by: vec![Grouping::Dimension("queue".to_owned())],
                kpis: vec!["offered".to_owned()],
                groups,
            }],
            freshness: BTreeMap::from([("calls".to_owned(), Freshness { rows, newest: None })]),
            explained: Vec::new(),
        }
    }

    #[test]
    fn a_measurement_outside_its_scope_is_found() {
        let rows = [(vec![text("Sales")], 5), (vec![text("sales")], 2), (vec![text("Support")], 3)];
        let counted = Census { dimensions: vec!["queue".to_owned()], rows: rows.into_iter().collect() };
        let census = BTreeMap::from([("calls".to_owned(), counted)]);
        let check = |scope: &Scope, snapshot: &Snapshot, expected: Option<&str>| {
            assert_eq!(breach(scope, snapshot, &census).as_deref(), expected);
        };
        let sales = scope(&["Sales"]);
        check(&sales, &snapshot(&[text("Sales")], 5), None);
        // Rows that came in between are no breach.
        check(&sales, &snapshot(&[text("Sales")], 4), None);
        check(&scope(&["Sales", "Support"]), &snapshot(&[text("Sales"), text("Support")], 8), None);
        let group = "it holds a group of `queue` `Support`, which is not in the scope";
        check(&sales, &snapshot(&[text("Sales"), text("Support")], 5), Some(group));
        let none = "it holds a group of `queue` without a value, which is not in the scope";
        check(&sales, &snapshot(&[KeyPart::NoValue], 5), Some(none));
        let rows = "it was computed from 7 rows of `calls`, but only 5 are in the scope";
        check(&sales, &snapshot(&[text("Sales")], 7), Some(rows));
        let unknown = "it is not known which rows of `calls` are in the scope";
        let breached = breach(&sales, &snapshot(&[text("Sales")], 5), &BTreeMap::new());
        assert_eq!(breached.as_deref(), Some(unknown));
    }
}
