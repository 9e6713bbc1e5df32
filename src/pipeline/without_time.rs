//! Rows that are in no period because their time cannot be read. They are counted for those who ask by hand only: a
//! dataset without a window of its own is read whole for it.

use std::collections::BTreeMap;

use super::Sources;
use crate::dataset;
use crate::kpi::Snapshot;
use crate::source::{Source, Value};
use crate::workspace::{Catalog, DatasetDefinition};

/// How many rows of each of the snapshot's datasets have no usable time; without those that could not be counted.
pub async fn rows_without_time(catalog: &Catalog, sources: &Sources, snapshot: &Snapshot) -> BTreeMap<String, u64> {
    let mut counted = BTreeMap::new();
    for definition in snapshot.freshness.keys().filter_map(|dataset| catalog.datasets.get(dataset)) {
        if let Some(Ok(source)) = sources.get(&definition.source.value)
            && let Some(rows) = count(source, definition, snapshot).await
        {
            counted.insert(definition.id.value.clone(), rows);
        }
    }
    counted
}

async fn count(source: &Source, definition: &DatasetDefinition, snapshot: &Snapshot) -> Option<u64> {
    let statement = dataset::without_time(definition, source.dialect(), snapshot.window);
    let rows = source.fetch(&statement).await.ok()?;
    match rows.rows.first()?.first()? {
        Value::Integer(rows) => u64::try_from(*rows).ok(),
        _ => None,
    }
}
