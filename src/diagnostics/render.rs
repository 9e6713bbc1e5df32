//! Diagnostics as people and machines read them: an excerpt with a caret, or JSON. Nothing here decides anything.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use serde_json::json;

use super::mask::masked;
use super::{Diagnostic, Position, Severity, SourceFile, Span};

/// Whether the text may carry colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// For files and pipes.
    Plain,
    /// For terminals.
    Coloured,
}

/// The width of an excerpt, in columns; the renderer leaves out what lies further away from the mistake.
const WIDTH: usize = 140;
/// Of lines longer than this, in bytes, the renderer sees only the part around the mistake, lest it walk through all of
/// a huge line for each mistake in it.
const LONGEST_LINE: usize = 4_000;
/// That part: so many bytes before and after the mistake's beginning.
const AROUND: (usize, usize) = (60, 140);
/// No more than so many bytes are underlined.
const LONGEST_MARK: usize = 100;
/// A related place so many lines away still stands in the same excerpt.
const SAME_EXCERPT: usize = 8;

/// Puts diagnostics in the order in which they are told: by file, then by position; those without a place first.
pub fn in_order(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|left, right| key(left).cmp(&key(right)));
}

/// All diagnostics with excerpts, the way a compiler shows them, and a last line that counts them; empty when there
/// are none. Passwords in the excerpts are masked.
pub fn render_text(diagnostics: &[Diagnostic], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Coloured => Renderer::styled(),
    };
    let renderer = renderer.term_width(WIDTH);
    let mut lines = LineIndex::default();
    let mut text = String::new();
    for diagnostic in ordered(diagnostics) {
        text.push_str(&renderer.render(&[group(diagnostic, &mut lines)]));
        text.push_str("\n\n");
    }
    if !diagnostics.is_empty() {
        text.push_str(&summary(diagnostics));
        text.push('\n');
    }
    text
}

/// All diagnostics as a JSON array, one object each, in the same order. Lines and columns count from 1, columns in
/// characters; the end is the position after the last character.
pub fn render_json(diagnostics: &[Diagnostic]) -> serde_json::Value {
    let mut lines = LineIndex::default();
    let place = |span: Option<&Span>, lines: &mut LineIndex| {
        let (start, end) =
            span.map(|span| (lines.position(span, span.range.start), lines.position(span, span.range.end))).unzip();
        json!({
            "file": span.map(|span| span.file.path.as_str()),
            "line": start.map(|start| start.line),
            "column": start.map(|start| start.column),
            "end_line": end.map(|end| end.line),
            "end_column": end.map(|end| end.column),
        })
    };
    let objects = ordered(diagnostics).into_iter().map(|diagnostic| {
        let mut object = json!({
            "code": diagnostic.code.to_string(),
            "severity": match diagnostic.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            "message": diagnostic.message,
        });
        merge(&mut object, place(diagnostic.span.as_ref(), &mut lines));
        let related: Vec<_> = diagnostic
            .related
            .iter()
            .map(|(span, label)| {
                let mut object = json!({ "message": label });
                merge(&mut object, place(Some(span), &mut lines));
                object
            })
            .collect();
        merge(&mut object, json!({ "hints": diagnostic.hints, "related": related }));
        object
    });
    serde_json::Value::Array(objects.collect())
}

fn key(diagnostic: &Diagnostic) -> Option<(&str, usize)> {
    diagnostic.span.as_ref().map(|span| (span.file.path.as_str(), span.range.start))
}

fn ordered(diagnostics: &[Diagnostic]) -> Vec<&Diagnostic> {
    let mut ordered: Vec<_> = diagnostics.iter().collect();
    ordered.sort_by(|left, right| key(left).cmp(&key(right)));
    ordered
}

fn merge(object: &mut serde_json::Value, more: serde_json::Value) {
    if let (Some(object), serde_json::Value::Object(more)) = (object.as_object_mut(), more) {
        object.extend(more);
    }
}

/// "3 errors, 1 warning".
fn summary(diagnostics: &[Diagnostic]) -> String {
    let count = |severity: Severity, noun: &str| {
        let count = diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
        (count > 0).then(|| format!("{count} {noun}{}", if count == 1 { "" } else { "s" }))
    };
    let counts = [count(Severity::Error, "error"), count(Severity::Warning, "warning")];
    counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn group<'a>(diagnostic: &'a Diagnostic, lines: &mut LineIndex) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group =
        Group::with_title(level.primary_title(one_line(&diagnostic.message)).id(diagnostic.code.to_string()));
    for excerpt in excerpts(diagnostic, lines) {
        let marks = excerpt.marks.into_iter().map(|mark| match mark.label {
            None => AnnotationKind::Primary.span(mark.range),
            Some(label) => AnnotationKind::Context.span(mark.range).label(one_line(label)),
        });
        let snippet = Snippet::source(excerpt.text).line_start(excerpt.first_line).annotations(marks);
        let path = &excerpt.file.path;
        group = match excerpt.cut_at {
            None => group.element(snippet.path(path)),
            // The renderer cannot count the columns of what it does not see.
            Some(Position { line, column }) => {
                group.element(Origin::path(path).line(line).char_column(column)).element(snippet)
            }
        };
    }
    group.elements(diagnostic.hints.iter().map(|hint| Level::HELP.message(one_line(hint))))
}

/// Some lines of a file with the places to point at.
struct Excerpt<'a> {
    file: &'a Arc<SourceFile>,
    /// The first place's position, if a part of its line was left out.
    cut_at: Option<Position>,
    first_line: usize,
    text: String,
    marks: Vec<Mark<'a>>,
}

/// A place in an excerpt's text; the one without a label is the mistake itself.
struct Mark<'a> {
    range: Range<usize>,
    label: Option<&'a str>,
}

/// The mistake with the places near it in one excerpt, each of the others in its own.
fn excerpts<'a>(diagnostic: &'a Diagnostic, lines: &mut LineIndex) -> Vec<Excerpt<'a>> {
    let Some(span) = &diagnostic.span else { return Vec::new() };
    let mut groups: Vec<Vec<(&Span, usize, Option<&str>)>> =
        vec![vec![(span, lines.line(span, span.range.start), None)]];
    for (related, label) in &diagnostic.related {
        let line = lines.line(related, related.range.start);
        let near = groups[0][0].0.file == related.file && groups[0][0].1.abs_diff(line) <= SAME_EXCERPT;
        let place = (related, line, Some(label.as_str()));
        if near { groups[0].push(place) } else { groups.push(vec![place]) }
    }
    groups.into_iter().map(|places| excerpt(places, lines)).collect()
}

fn excerpt<'a>(places: Vec<(&'a Span, usize, Option<&'a str>)>, lines: &mut LineIndex) -> Excerpt<'a> {
    let span = places[0].0;
    let mut cut = false;
    let first = places.iter().map(|(_, line, _)| *line).min().unwrap_or(0);
    let last = places.iter().map(|(_, line, _)| *line).max().unwrap_or(0);
    let mut text = String::new();
    let mut marks = Vec::new();
    for number in first..=last {
        let line = lines.range(span, number);
        let here: Vec<_> = places.iter().filter(|(_, line, _)| *line == number).collect();
        let anchor = here.first().map_or(line.start, |(span, _, _)| span.range.start);
        let shown = Shown::of(&span.file.text, line, anchor);
        for (span, _, label) in here {
            let range = shown.place(&span.range);
            marks.push(Mark { range: text.len() + range.start..text.len() + range.end, label: *label });
        }
        cut |= shown.is_cut;
        text.push_str(&shown.text);
        text.push('\n');
    }
    let cut_at = cut.then(|| lines.position(span, span.range.start));
    Excerpt { file: &span.file, cut_at, first_line: first + 1, text, marks }
}

/// A line as it is shown.
struct Shown {
    text: String,
    /// The stretch of the file that is shown.
    window: Range<usize>,
    /// Bytes before it, for the sign that something was left out.
    lead: usize,
    is_cut: bool,
}

impl Shown {
    fn of(file: &str, line: Range<usize>, anchor: usize) -> Self {
        let (before, after) = AROUND;
        let window = if line.len() <= LONGEST_LINE {
            line.clone()
        } else {
            let start = file.floor_char_boundary(anchor.saturating_sub(before)).max(line.start);
            start..file.ceil_char_boundary((anchor + after).min(line.end))
        };
        // A password's key may stand just before what is shown.
        let context = file.floor_char_boundary(window.start.saturating_sub(before)).max(line.start);
        let context_end = file.ceil_char_boundary((window.end + after).min(line.end));
        let clean = masked(&file[context..context_end]);
        let lead = if window.start > line.start { "…" } else { "" };
        let tail = if window.end < line.end { "…" } else { "" };
        let text = format!("{lead}{}{tail}", &clean[window.start - context..window.end - context]);
        Self { text, lead: lead.len(), is_cut: window.len() < line.len(), window }
    }

    /// Where a place of the file stands in the shown text; what is beyond the line is left out.
    fn place(&self, range: &Range<usize>) -> Range<usize> {
        let at = |byte: usize| byte.clamp(self.window.start, self.window.end) - self.window.start + self.lead;
        let start = at(range.start);
        let end = at(range.end).min(start + LONGEST_MARK).max(start);
        start..self.text.floor_char_boundary(end)
    }
}

/// Where lines begin, found once for each file.
#[derive(Default)]
struct LineIndex {
    starts: HashMap<*const SourceFile, Vec<usize>>,
}

impl LineIndex {
    fn starts(&mut self, span: &Span) -> &[usize] {
        self.starts.entry(Arc::as_ptr(&span.file)).or_insert_with(|| {
            let breaks = span.file.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(breaks.map(|(at, _)| at + 1)).collect()
        })
    }

    /// The number of the line, from 0, that holds this byte of the span's file.
    fn line(&mut self, span: &Span, byte: usize) -> usize {
        self.starts(span).partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// A line without its break.
    fn range(&mut self, span: &Span, line: usize) -> Range<usize> {
        let starts = self.starts(span);
        let start = starts[line];
        let end = starts.get(line + 1).copied().unwrap_or(span.file.text.len());
        start..start + span.file.text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    fn position(&mut self, span: &Span, byte: usize) -> Position {
        let line = self.line(span, byte);
        let start = self.starts(span)[line];
        Position { line: line + 1, column: span.file.text[start..byte].chars().count() + 1 }
    }
}

/// User's texts get into messages: no line break and no control character may come with them.
fn one_line(text: &str) -> String {
    annotate_snippets::normalize_untrusted_str(&text.replace(['\n', '\r'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;

    fn file(text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: "rules/kpis/a.yaml".to_owned(), text: text.to_owned() })
    }

    /// A diagnostic at the first occurrence of `needle`.
    fn at(file: &Arc<SourceFile>, needle: &str) -> Diagnostic {
        let start = file.text.find(needle).expect("the needle");
        let span = Span { file: Arc::clone(file), range: start..start + needle.len() };
        Diagnostic::error(Code::UnknownKey, span, format!("unknown `{needle}`"))
    }

    /// What is shown before the summary, without the title.
    #[track_caller]
    fn check(diagnostic: Diagnostic, expected: &str) {
        let text = render_text(&[diagnostic], Style::Plain);
        let (_, rest) = text.split_once('\n').expect("a title");
        let (shown, _) = rest.rsplit_once("\n\n").expect("a summary");
        assert_eq!(shown, expected, "{shown}");
    }

    #[test]
    fn carets_stand_under_wide_characters_and_after_tabs() {
        check(
            at(&file("a: 1\nключ: 🎉🎉 wrong"), "wrong"),
            " --> rules/kpis/a.yaml:2:10\n  |\n2 | ключ: 🎉🎉 wrong\n  |            ^^^^^",
        );
        check(at(&file("a:\twrong\r\n"), "wrong"), " --> rules/kpis/a.yaml:1:4\n  |\n1 | a:    wrong\n  |       ^^^^^");
    }

    #[test]
    fn huge_lines_are_shown_around_the_mistake() {
        let line = format!("password: hunter2, {}wrong{}", "я".repeat(300_000), "x".repeat(300_000));
        let text = render_text(&[at(&file(&line), "wrong")], Style::Plain);
        assert!(text.contains("a.yaml:1:300020"), "{text}");
        assert!(text.contains("яwrongx") && text.len() < 1_000, "{text}");
        let text = render_text(&[at(&file(&line), "hunter2")], Style::Plain);
        assert!(text.contains("password: *******,"), "{text}");
    }

    #[test]
    fn order_and_summary() {
        let file = file("one\ntwo\n");
        let warning = Diagnostic { severity: Severity::Warning, ..at(&file, "two") };
        let nowhere = Diagnostic::without_place(Code::UnreadableFile, "none\nat all");
        let text = render_text(&[warning, at(&file, "one"), nowhere], Style::Plain);
        let titles: Vec<_> = text.lines().filter(|line| line.contains('[') || line.contains(" error")).collect();
        assert_eq!(
            titles,
            [
                "error[CB107]: none at all",
                "error[CB102]: unknown `one`",
                "warning[CB102]: unknown `two`",
                "2 errors, 1 warning"
            ]
        );
        assert_eq!(render_text(&[], Style::Plain), "");
        assert!(render_text(&[at(&file, "one")], Style::Coloured).contains('\u{1b}'));
    }

    #[test]
    fn machines_get_every_place() {
        let file = file("one\nключ two\n");
        let diagnostic = at(&file, "two").related(at(&file, "one").span.expect("a place"), "first").hint("remove it");
        let rendered = render_json(&[diagnostic, Diagnostic::without_place(Code::UnreadableFile, "none")]);
        let nowhere = json!({
            "code": "CB107", "severity": "error", "message": "none",
            "file": null, "line": null, "column": null, "end_line": null, "end_column": null,
            "hints": [], "related": [],
        });
        let somewhere = json!({
            "code": "CB102", "severity": "error", "message": "unknown `two`",
            "file": "rules/kpis/a.yaml", "line": 2, "column": 6, "end_line": 2, "end_column": 9,
            "hints": ["remove it"],
            "related": [{
                "message": "first", "file": "rules/kpis/a.yaml",
                "line": 1, "column": 1, "end_line": 1, "end_column": 4,
            }],
        });
        assert_eq!(rendered, json!([nowhere, somewhere]));
    }
}
