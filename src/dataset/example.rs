//! A dataset for the tests of this room, as if it had been read from a file.

use std::sync::Arc;

use crate::diagnostics::{SourceFile, Span, Spanned};
use crate::workspace::{ColumnDefinition, ColumnKind, DatasetDefinition, Localized, TimeStorage};

/// A dataset with this query, the time column `started_at` and these text columns.
pub(super) fn definition(query: &str, storage: TimeStorage, texts: &[&str]) -> DatasetDefinition {
    let lines = format!("query: {query}\ncolumns: started_at {}", texts.join(" "));
    let file = Arc::new(SourceFile { path: "rules/datasets/calls.yaml".to_owned(), text: lines });
    let spanned = |value: &str| {
        let start = file.text.rfind(value).unwrap_or_default();
        Spanned::new(value.to_owned(), Span { file: Arc::clone(&file), range: start..start + value.len() })
    };
    let column = |name: &str, kind| {
        (name.to_owned(), ColumnDefinition { name: spanned(name), kind, title: Localized::default() })
    };
    DatasetDefinition {
        id: Spanned::new("calls".to_owned(), Span { file: Arc::clone(&file), range: 0..0 }),
        source: Spanned::new("pbx".to_owned(), Span { file: Arc::clone(&file), range: 0..0 }),
        time: spanned("started_at"),
        query: spanned(query),
        columns: std::iter::once(column("started_at", ColumnKind::Time(storage)))
            .chain(texts.iter().map(|name| column(name, ColumnKind::Text)))
            .collect(),
    }
}
