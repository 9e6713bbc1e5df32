//! One dataset over a test's database, measured as reports measure it.

use std::collections::BTreeMap;
use std::fmt::Write;

use callbrief::kpi::{GroupKey, KpiSet, Question, Reading};
use callbrief::pipeline::{Sources, measure};
use callbrief::time::{Frame, Window};
use callbrief::workspace::{Grouping, WorkspaceFiles, load_files};
use chrono_tz::Tz;

use super::databases::TestDatabase;

/// What every day of 2026 lies in.
pub(crate) fn year() -> Window {
    Window { from: "2026-01-01T00:00:00Z".parse().unwrap(), to: "2027-01-01T00:00:00Z".parse().unwrap() }
}

/// The readings of these formulas in each group. `dataset` is the YAML below `source:`, of a dataset `calls`.
pub(crate) async fn measured(
    database: &TestDatabase,
    dataset: &str,
    formulas: &[String],
    by: &[&str],
) -> BTreeMap<GroupKey, Vec<Reading>> {
    let settings = format!(
        "timezone: UTC\nlocale: en\nsources: {{ pbx: {{ url: \"${{DATABASE:-{}}}\" }} }}\n\
         journal: {{ url: \"sqlite:journal.db\" }}\n\
         mail: {{ from: \"Reports <reports@example.com>\", transport: folder, folder: outbox }}\n",
        database.absolute_url()
    );
    let dataset = format!("dataset: calls\nsource: pbx\n{dataset}");
    let mut kpis = "kpis:\n".to_owned();
    for (index, formula) in formulas.iter().enumerate() {
        let formula = serde_json::to_string(formula).unwrap();
        writeln!(kpis, "  k{index}: {{ dataset: calls, unit: number, formula: {formula} }}").unwrap();
    }
    let texts =
        [("callbrief.yaml", &settings), ("rules/datasets/calls.yaml", &dataset), ("rules/kpis/all.yaml", &kpis)];
    let files = WorkspaceFiles::from_texts("", texts.map(|(path, text)| (path, text.as_str())));
    let loaded = load_files(&files, &BTreeMap::new());
    let catalog = loaded.catalog.unwrap_or_else(|| panic!("{:#?}", loaded.diagnostics));
    let (set, mistakes) = KpiSet::compile(&catalog);
    assert!(loaded.diagnostics.is_empty() && mistakes.is_empty(), "{:?} {mistakes:?}", loaded.diagnostics);
    let sources = Sources::connect(&catalog).await;
    let question = Question {
        by: by.iter().map(|name| Grouping::parse(name)).collect(),
        kpis: (0..formulas.len()).map(|index| format!("k{index}")).collect(),
        ..Question::default()
    };
    let frame = Frame::Rolling { window: year(), zone: Tz::UTC };
    let measured = measure(&set, &catalog, &sources, frame, vec![question]).await;
    sources.close().await;
    measured.snapshot.results.into_iter().flat_map(|result| result.groups).collect()
}
