//! The template engine's errors as diagnostics: its texts and places become ours.

use std::sync::Arc;

use indexmap::IndexMap;
use tera::ErrorKind;

use super::template_engine::TemplateFile;
use crate::diagnostics::{Code, Diagnostic, SourceFile, Span};

/// The engine's error as diagnostics with places in the files as they were written.
pub(super) fn explain(error: &tera::Error, code: Code, files: &IndexMap<String, TemplateFile>) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let (message, known) = message_and_known_names(report.message());
            let name = message.split('`').nth(1).unwrap_or_default().to_owned();
            let diagnostic = match files.get(report.filename()) {
                Some(file) => {
                    let range = &report.span().range;
                    let written = file.counted.written(range.start)..file.counted.written(range.end);
                    Diagnostic::error(code, clamped(&file.file, written), message)
                }
                None => Diagnostic::without_place(code, message),
            };
            vec![match known {
                Some(known) => diagnostic.did_you_mean(&name, known.split(", ")).hint(format!("there are {known}")),
                None => diagnostic,
            }]
        }
        ErrorKind::CircularInclude { tpl, include_chain }
        | ErrorKind::CircularExtend { tpl, inheritance_chain: include_chain } => {
            let message = format!("`{tpl}` includes itself: {}", include_chain.join(" → "));
            vec![at_word(files, tpl, include_chain.get(1).unwrap_or(tpl), code, message)]
        }
        ErrorKind::MissingParent { current, parent } => {
            vec![at_word(files, current, parent, code, format!("there is no `{parent}` to extend"))]
        }
        ErrorKind::Msg(reports) => listed(reports, code, files),
        other => vec![Diagnostic::without_place(code, plain_message(&other.to_string()))],
    }
}

/// Several mistakes come as one text of reports: `error: …`, then `--> name:line:column`.
fn listed(reports: &str, code: Code, files: &IndexMap<String, TemplateFile>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut lines = reports.lines().peekable();
    while let Some(line) = lines.next() {
        let Some(message) = line.strip_prefix("error: ") else { continue };
        let place = lines.peek().and_then(|line| line.trim_start().strip_prefix("--> "));
        let span = place.and_then(|place| {
            let mut parts = place.rsplitn(3, ':');
            let column: usize = parts.next()?.parse().ok()?;
            let line: usize = parts.next()?.parse().ok()?;
            let file = files.get(parts.next()?)?;
            let start = file.counted.written(offset(&file.counted.text, line, column)?);
            let word = message.split('`').nth(1).map_or(0, str::len);
            Some(clamped(&file.file, start..start + word.max(1)))
        });
        let message = plain_message(message);
        found.push(match span {
            Some(span) => Diagnostic::error(code, span, message),
            None => Diagnostic::without_place(code, message),
        });
    }
    if found.is_empty() {
        found.push(Diagnostic::without_place(code, plain_message(reports.lines().next().unwrap_or(reports))));
    }
    found
}

/// The byte a line and a column (both from 1, columns in characters) stand for.
pub(super) fn offset(text: &str, line: usize, column: usize) -> Option<usize> {
    let start: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let rest = text.get(start..)?;
    Some(start + rest.char_indices().nth(column.checked_sub(1)?).map_or(rest.len(), |(at, _)| at))
}

fn at_word(files: &IndexMap<String, TemplateFile>, name: &str, word: &str, code: Code, message: String) -> Diagnostic {
    match files.get(name) {
        Some(TemplateFile { file, .. }) => {
            let quoted = file.text.find(&format!("\"{word}\"")).or_else(|| file.text.find(&format!("'{word}'")));
            let range = quoted.map_or(0..0, |start| start..start + word.len() + 2);
            Diagnostic::error(code, clamped(file, range), message)
        }
        None => Diagnostic::without_place(code, message),
    }
}

/// A span that surely lies in the file, on character boundaries.
pub(super) fn clamped(file: &Arc<SourceFile>, range: std::ops::Range<usize>) -> Span {
    let start = file.text.floor_char_boundary(range.start.min(file.text.len()));
    let end = file.text.ceil_char_boundary(range.end.clamp(start, file.text.len()));
    Span { file: Arc::clone(file), range: start..end }
}

/// The engine ends "is not defined" with the names that are; here they are hints.
fn message_and_known_names(message: &str) -> (String, Option<&str>) {
    let known = ["Available variables: ", "Available fields: "].iter().find_map(|label| message.split_once(label));
    match known {
        Some((message, known)) => (plain_message(message.trim_end()), Some(known.trim_end_matches('.'))),
        None => (plain_message(message), None),
    }
}

/// A message in the house's style: lower case at the start, no full stop, one line.
fn plain_message(message: &str) -> String {
    let line = message.lines().next().unwrap_or(message).trim_end_matches('.');
    let mut characters = line.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}
