//! The stage of a test: its rows in databases in memory, and the workspace dressed so that datasets with rows of their
//! own are read from there. Afterwards the workspace is as it was.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::alert::CompiledRule;
use crate::locale::Language;
use crate::pipeline::{Sources, Workspace};
use crate::source::{Dialect, MemoryTable, Source, SourceError, Value};
use crate::workspace::{DatasetDefinition, Fixture, FixtureValue, RecipientGroup, RuleTest};

/// What a test changes in the workspace, as it was before.
pub(super) struct Wardrobe {
    queries: Vec<(String, String)>,
    alerts: IndexMap<String, CompiledRule>,
    recipients: Vec<(String, RecipientGroup)>,
    locale: Language,
}

/// Lets datasets read the test's rows, leaves the alert rules that it tries, and sets its recipients and language.
pub(super) fn dress(workspace: &mut Workspace, test: &RuleTest) -> Wardrobe {
    let mut queries = Vec::new();
    for (id, dataset) in &mut workspace.catalog.datasets {
        if has_own_rows(id, test) {
            let table = Dialect::Sqlite.quote_identifier(&own_table(id));
            let query = std::mem::replace(&mut dataset.query.value, format!("SELECT * FROM {table}"));
            queries.push((id.clone(), query));
        }
    }
    let tried = |id: &String| test.alerts.contains_key(id);
    let (tried, others) = std::mem::take(&mut workspace.alerts).into_iter().partition(|(id, _)| tried(id));
    workspace.alerts = tried;
    let mut recipients = Vec::new();
    for (name, group) in &test.recipients {
        let replaced = workspace.catalog.recipients.insert(name.clone(), group.clone());
        recipients.extend(replaced.map(|group| (name.clone(), group)));
    }
    let locale = workspace.catalog.settings.locale;
    workspace.catalog.settings.locale = test.language.unwrap_or(locale);
    Wardrobe { queries, alerts: others, recipients, locale }
}

/// Makes the workspace what it was.
pub(super) fn undress(workspace: &mut Workspace, wardrobe: Wardrobe) {
    for (id, query) in wardrobe.queries {
        if let Some(dataset) = workspace.catalog.datasets.get_mut(&id) {
            dataset.query.value = query;
        }
    }
    workspace.alerts.extend(wardrobe.alerts);
    workspace.catalog.recipients.extend(wardrobe.recipients);
    workspace.catalog.settings.locale = wardrobe.locale;
}

/// The sources of the workspace's datasets, in memory, with the test's rows.
pub(super) async fn sources(workspace: &Workspace, test: &RuleTest) -> Result<Sources, SourceError> {
    let mut tables: BTreeMap<&str, Vec<MemoryTable>> = BTreeMap::new();
    for (id, dataset) in &workspace.catalog.datasets {
        let own = has_own_rows(id, test).then(|| rows_of_dataset(id, dataset, test.datasets.get(id)));
        tables.entry(&dataset.source.value).or_default().extend(own);
    }
    for (source, tables) in &mut tables {
        let of_source = test.tables.iter().filter(|table| table.source.as_ref().is_none_or(|name| name == source));
        tables.extend(of_source.map(|table| MemoryTable {
            name: table.name.clone(),
            columns: table.fixture.columns.clone(),
            rows: table.fixture.rows.iter().map(|row| row.iter().map(value).collect()).collect(),
        }));
    }
    let mut sources = Vec::with_capacity(tables.len());
    for (name, tables) in tables {
        sources.push(Source::in_memory(name, &tables).await?);
    }
    Ok(Sources::of(sources))
}

/// Whether a dataset's query is replaced: it has rows of its own, or the test has no tables on which it could run.
fn has_own_rows(dataset: &str, test: &RuleTest) -> bool {
    test.datasets.contains_key(dataset) || test.tables.is_empty()
}

/// The table of a dataset's own rows. Tables of the test may be called as the dataset is, but hardly so.
fn own_table(dataset: &str) -> String {
    format!("rows of {dataset}")
}

/// All columns of the dataset, empty where the test's rows do not have them.
fn rows_of_dataset(id: &str, dataset: &DatasetDefinition, fixture: Option<&Fixture>) -> MemoryTable {
    let columns: Vec<String> = dataset.columns.keys().cloned().collect();
    let rows = fixture.map_or_else(Vec::new, |fixture| {
        let places: Vec<Option<usize>> =
            columns.iter().map(|column| fixture.columns.iter().position(|name| name == column)).collect();
        let row = |row: &Vec<FixtureValue>| {
            places.iter().map(|place| place.and_then(|place| row.get(place)).map_or(Value::Null, value)).collect()
        };
        fixture.rows.iter().map(row).collect()
    });
    MemoryTable { name: own_table(id), columns, rows }
}

fn value(value: &FixtureValue) -> Value {
    match value {
        FixtureValue::Null => Value::Null,
        FixtureValue::Integer(number) => Value::Integer(*number),
        FixtureValue::Number(number) => Value::Number(*number),
        FixtureValue::Text(text) => Value::Text(text.clone()),
        FixtureValue::Instant(instant, storage) => Dialect::Sqlite.stored_time(*instant, *storage),
    }
}
