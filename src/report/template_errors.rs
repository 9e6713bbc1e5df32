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
            let (message, hint) = in_plain_words(message);
            let name = message.split('`').nth(1).unwrap_or_default().to_owned();
            let diagnostic = match files.get(report.filename()) {
                Some(file) => {
                    let range = &report.span().range;
                    let written = file.counted.written(range.start)..file.counted.written(range.end);
                    Diagnostic::error(code, clamped(&file.file, written), message)
                }
                None => Diagnostic::without_place(code, message),
            };
            vec![match (known, hint) {
                (Some(known), _) => {
                    diagnostic.did_you_mean(&name, known.split(", ")).hint(format!("there are {known}"))
                }
                (None, Some(hint)) => diagnostic.hint(hint),
                (None, None) => diagnostic,
            }]
        }
        ErrorKind::CircularInclude { tpl, include_chain }
        | ErrorKind::CircularExtend { tpl, inheritance_chain: include_chain } => {
            let message = format!("`{tpl}` includes itself: {}", include_chain.join(" → "));
            let diagnostic = at_word(files, tpl, include_chain.get(1).unwrap_or(tpl), code, message);
            vec![diagnostic.hint("move what is shared to a file of its own, and include that")]
        }
        ErrorKind::MissingParent { current, parent } => {
            vec![at_word(files, current, parent, code, format!("there is no `{parent}` to extend"))]
        }
        ErrorKind::Msg(reports) => listed(reports, code, files),
        other => vec![Diagnostic::without_place(code, plain_message(&other.to_string()))],
    }
}

/// The frequent ones of the engine's messages in plain words, and what to do about them.
fn in_plain_words(message: String) -> (String, Option<&'static str>) {
    let found = message.strip_prefix("found `").and_then(|rest| rest.split('`').next());
    let hint = match (message.as_str(), found) {
        ("unexpected end of input", _) => {
            let hint = "a `{% for … %}` needs its `{% endfor %}`, a `{% if … %}` its `{% endif %}`";
            return ("the template ends too early".to_owned(), Some(hint));
        }
        (text, Some(found)) if text.ends_with("}}") => {
            let hint = "a value stands between `{{` and `}}`, as in `{{ report.title }}`";
            return (format!("`{found}` stands where `}}}}` is needed"), Some(hint));
        }
        (text, Some(found)) if text.ends_with("%}") => {
            let hint = "a tag stands between `{%` and `%}`, as in `{% if failed %}`";
            return (format!("`{found}` stands where `%}}` is needed"), Some(hint));
        }
        (text, Some(found)) if text.contains("but expected one of") => {
            let hint = "a value is a name such as `kpi.aht.text`, a number, or a text in double quotes";
            return (format!("`{found}` stands where a value is needed"), Some(hint));
        }
        (text, _) if text.starts_with("unknown filter") => "a filter is written as in `{{ report.title | upper }}`",
        (text, _) if text.starts_with("unknown template") => "name a file of the template's own folder",
        (text, _) if text.contains("may give") => {
            "a report lists what is in its `data:`, as in `{% for row in data.by_queue.rows %}`"
        }
        _ => return (message, None),
    };
    (message, Some(hint))
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
        let (message, hint) = in_plain_words(plain_message(message));
        let mut diagnostic = match span {
            Some(span) => Diagnostic::error(code, span, message),
            None => Diagnostic::without_place(code, message),
        };
        diagnostic.hints.extend(hint.map(str::to_owned));
        found.push(diagnostic);
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
