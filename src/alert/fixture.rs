//! A small workspace for this room's tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diagnostics::SourceFile;
use crate::kpi::KpiSet;
use crate::workspace::{Catalog, WorkspaceFiles, load_files};

const SETTINGS: &str = r#"
timezone: Europe/Moscow
locale: en
sources: { pbx: { url: "sqlite:calls.db" } }
journal: { url: "sqlite:journal.db" }
mail: { from: "Reports <reports@example.com>", transport: folder, folder: outbox }
"#;

const DATASET: &str = r"
dataset: calls
source: pbx
time: started_at
query: SELECT * FROM calls
columns:
  started_at: { type: time, stored_as: utc_text }
  queue: { type: text, title: { en: Queue, ru: Очередь } }
  wait_s: duration
";

const KPIS: &str = r"
kpis:
  offered:
    { title: { en: Calls offered, ru: Поступило звонков }, dataset: calls, formula: count(), unit: count, better: neither }
  service_level:
    title: { en: Service level, ru: Уровень сервиса }
    dataset: calls
    formula: percent(count(wait_s <= 20), count())
    unit: percent
    better: higher
";

const RECIPIENTS: &str = "recipients: { floor: [{ address: floor@example.com }] }\n";

/// The workspace with this file of alert rules.
pub(super) fn workspace(alerts: &str) -> (Catalog, KpiSet) {
    let files = [
        ("callbrief.yaml", SETTINGS),
        ("rules/datasets/calls.yaml", DATASET),
        ("rules/kpis/calls.yaml", KPIS),
        ("rules/alerts/calls.yaml", alerts),
        ("rules/recipients.yaml", RECIPIENTS),
    ];
    let source = |(path, text): (&str, &str)| {
        (path.to_owned(), Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() }))
    };
    let files = files.into_iter().map(source).collect();
    let loaded = load_files(&WorkspaceFiles { root: ".".into(), files, ..WorkspaceFiles::default() }, &BTreeMap::new());
    let catalog = loaded.catalog.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics));
    let (kpis, mistakes) = KpiSet::compile(&catalog);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    (catalog, kpis)
}
