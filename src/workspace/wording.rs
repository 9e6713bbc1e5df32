//! Parts of the sentences in which `check` tells mistakes. Nothing here decides what is one.

use super::shape::{Field, Kind};
use super::yaml::{Node, NodeKind, Resolved, Scalar};
use crate::diagnostics::Span;

/// What stands there instead of what was expected.
pub(super) fn found(node: &Node) -> String {
    match &node.kind {
        NodeKind::Map(_) => "not a map".to_owned(),
        NodeKind::List(_) => "not a list".to_owned(),
        NodeKind::Scalar(scalar) => match scalar.resolved {
            Resolved::Null => "but it is empty".to_owned(),
            Resolved::Bool(_) => format!("not the truth value {}", scalar.text),
            Resolved::Integer(_) | Resolved::Number(_) => format!("not the number {}", scalar.text),
            Resolved::Text if scalar.text.trim().is_empty() => "but it is empty".to_owned(),
            Resolved::Text => format!("not the text {}", quoted(&scalar.text)),
        },
    }
}

/// Whether a quoted text would be a number without its quotes.
pub(super) fn resolves_to_number(text: &str) -> bool {
    matches!(Scalar::resolve(text), Resolved::Integer(_) | Resolved::Number(_))
}

/// What a user wrote, in code marks: its first line, and not more of it than a message can carry.
pub(super) fn quoted(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(40).collect();
    let more = if cut.len() < text.trim_end().len() { "…" } else { "" };
    format!("`{cut}{more}`")
}

/// The part of a place that lies on its first line: a whole map as excerpt would hide what is wrong with it.
pub(super) fn first_line(span: &Span) -> std::ops::Range<usize> {
    let length = span.text().find('\n').unwrap_or(span.range.len());
    let line = span.text()[..length].trim_end();
    span.range.start..span.range.start + line.len()
}

/// Names in code marks, with commas.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Keys of which one is needed.
pub(super) fn alternatives(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" or ")
}

/// What keys are for, as a hint.
pub(super) fn meaning<'a>(fields: impl IntoIterator<Item = &'a Field>) -> String {
    let meanings = fields.into_iter().map(|field| match field.kind {
        Kind::OneOf(words) => {
            format!("`{}`: {}; one of {}", field.name, field.doc, list(words.iter().map(|(word, _)| *word)))
        }
        _ => format!("`{}`: {}", field.name, field.doc),
    });
    meanings.collect::<Vec<_>>().join(" – or ")
}
