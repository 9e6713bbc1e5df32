//! `rules/datasets/*.yaml` as [`DatasetDefinition`]s. The tree was compared with `shapes` before.

use chrono_tz::Tz;

use super::definition::{ColumnDefinition, ColumnKind, DatasetDefinition, Localized, TimeStorage};
use super::values;
use super::yaml::{Entry, Node};
use crate::diagnostics::{Code, Diagnostic, Span};

/// Reads a dataset; `zone` is the workspace's, for local times that name none.
pub(super) fn dataset(node: &Node, zone: Tz, diagnostics: &mut Vec<Diagnostic>) -> Option<DatasetDefinition> {
    let columns: Vec<_> = node.get("columns")?.entries().iter().map(|entry| column(entry, zone, diagnostics)).collect();
    Some(DatasetDefinition {
        id: node.get("dataset").and_then(values::text)?,
        source: node.get("source").and_then(values::text)?,
        time: node.get("time").and_then(values::text)?,
        query: node.get("query").and_then(values::text)?,
        columns: columns
            .into_iter()
            .collect::<Option<Vec<_>>>()?
            .into_iter()
            .map(|column| (column.name.value.clone(), column))
            .collect(),
    })
}

fn column(entry: &Entry, zone: Tz, diagnostics: &mut Vec<Diagnostic>) -> Option<ColumnDefinition> {
    let long = &entry.value;
    let written = long.get("type").unwrap_or(long);
    let kind = values::text(written)?;
    let storage = long.get("stored_as");
    if kind.value != "time" {
        for key in ["stored_as", "timezone"] {
            if let Some(value) = long.get(key) {
                let message =
                    format!("`{key}` makes sense only for the type time, and `{}` is {}", entry.key.value, kind.value);
                diagnostics.push(Diagnostic::error(Code::BadValue, value.span.clone(), message).hint("remove it"));
            }
        }
    }
    let kind = match kind.value.as_str() {
        "time" => ColumnKind::Time(storage_of(storage, long, zone, &written.span, diagnostics)?),
        "text" => ColumnKind::Text,
        "number" => ColumnKind::Number,
        "duration" => ColumnKind::Duration,
        "bool" => ColumnKind::Bool,
        _ => return None,
    };
    let title = long.get("title").map_or(Some(Localized::default()), values::localized)?;
    Some(ColumnDefinition { name: entry.key.clone(), kind, title })
}

fn storage_of(
    storage: Option<&Node>,
    column: &Node,
    zone: Tz,
    place: &Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<TimeStorage> {
    let Some(storage) = storage else {
        diagnostics.push(
            Diagnostic::error(Code::MissingKey, place.clone(), "a column of type time needs `stored_as`")
                .hint("for example { type: time, stored_as: utc_text }; else unix_s, unix_ms, timestamptz or local"),
        );
        return None;
    };
    let word = values::text(storage)?;
    if word.value != "local"
        && let Some(zone) = column.get("timezone")
    {
        let message = format!("`timezone` makes sense only for times stored as `local`, not `{}`", word.value);
        diagnostics.push(Diagnostic::error(Code::BadValue, zone.span.clone(), message).hint("remove it"));
    }
    match word.value.as_str() {
        "utc_text" => Some(TimeStorage::UtcText),
        "unix_s" => Some(TimeStorage::UnixSeconds),
        "unix_ms" => Some(TimeStorage::UnixMilliseconds),
        "timestamptz" => Some(TimeStorage::Timestamptz),
        "local" => Some(TimeStorage::Local(column.get("timezone").map_or(Some(zone), values::zone)?)),
        _ => None,
    }
}
