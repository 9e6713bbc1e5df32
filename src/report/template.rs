//! A report's template: compiled from its folder, and rendered within limits. What the template may see is in
//! `context`, what becomes of its text in `markdown` and `blocks`.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use indexmap::IndexMap;
use tera::{Context, ErrorKind, Kwargs, State, Tera};

use super::escape::{write_masked, write_plain};
use crate::diagnostics::{Code, Diagnostic, SourceFile, Span};
use crate::locale::Language;
use crate::workspace::{Catalog, TemplateFolder};

/// At most so many bytes come out of a template.
const MAX_OUTPUT: usize = 2 << 20;
/// At most so many numbers one `range` gives.
const MAX_RANGE: u64 = 10_000;
/// At most so many numbers all `range` calls of one rendering give together: loops inside loops end early.
const MAX_RANGES: u64 = 100_000;

const REPORT: &str = "report.md";
const SUBJECT: &str = "subject.txt";

/// A template, parsed and ready to be rendered.
#[derive(Clone)]
pub struct Template {
    /// `report.md` and its parts; every value is masked on its way out.
    report: Tera,
    /// `subject.txt`; values are plain.
    subject: Option<Tera>,
    /// The files by the names includes use.
    files: IndexMap<String, Arc<SourceFile>>,
}

/// Compiles `report.md`, the parts it may include, and `subject.txt`.
///
/// All mistakes that show without data are returned at once: syntax, unknown functions, filters and includes, files
/// that include themselves. Mistakes in report blocks show in [`super::check`].
pub fn compile_template(folder: &TemplateFolder) -> Result<Template, Vec<Diagnostic>> {
    let base = folder.report.path.rsplit_once('/').map_or("", |(base, _)| base);
    let name =
        |file: &SourceFile| file.path.strip_prefix(base).unwrap_or(&file.path).trim_start_matches('/').to_owned();
    let mut files = IndexMap::new();
    files.insert(REPORT.to_owned(), Arc::clone(&folder.report));
    for part in &folder.parts {
        files.insert(name(part), Arc::clone(part));
    }
    let mut diagnostics = Vec::new();
    let report = engine(&files, Escaping::Markdown, &mut diagnostics);
    let mut subject = None;
    if let Some(file) = &folder.subject {
        let alone = IndexMap::from([(SUBJECT.to_owned(), Arc::clone(file))]);
        subject = engine(&alone, Escaping::Plain, &mut diagnostics);
        files.insert(SUBJECT.to_owned(), Arc::clone(file));
    }
    match report {
        Some(report) if diagnostics.is_empty() => Ok(Template { report, subject, files }),
        _ => Err(diagnostics),
    }
}

impl Template {
    /// The KPIs the template may speak of: every word of its text that is a KPI's id, in the catalog's order. Rather
    /// too many than too few; a total costs little.
    pub fn kpis_mentioned(&self, catalog: &Catalog) -> Vec<String> {
        let words: std::collections::BTreeSet<&str> = self
            .files
            .values()
            .flat_map(|file| file.text.split(|character: char| !(character.is_alphanumeric() || character == '_')))
            .collect();
        catalog.kpis.keys().filter(|id| words.contains(id.as_str())).cloned().collect()
    }

    /// The report's Markdown, with masked values.
    pub(super) fn render_report(&self, context: &Context, language: Language) -> Result<String, Vec<Diagnostic>> {
        render(&self.report, REPORT, context, language, &self.files)
    }

    /// The subject's text; `None` when the template has none.
    pub(super) fn render_subject(
        &self,
        context: &Context,
        language: Language,
    ) -> Option<Result<String, Vec<Diagnostic>>> {
        self.subject.as_ref().map(|tera| render(tera, SUBJECT, context, language, &self.files))
    }

    /// Where a stretch of rendered text was written, and in it a word: as exact as the text allows.
    pub(super) fn place(&self, written: &str, word: Option<&str>) -> Option<Span> {
        let span = |file: &Arc<SourceFile>, start: usize, length: usize| Span {
            file: Arc::clone(file),
            range: start..start + length,
        };
        let written = written.trim();
        let word = word.filter(|word| !word.is_empty());
        for file in self.files.values() {
            if let Some(start) = file.text.find(written).filter(|_| !written.is_empty()) {
                let inside = word.and_then(|word| written.find(word).map(|at| (at, word.len())));
                let (at, length) = inside.unwrap_or((0, written.len()));
                return Some(span(file, start + at, length));
            }
        }
        // The block was put together by the template; its words are still likely to stand somewhere.
        let word = word?;
        self.files.values().find_map(|file| file.text.find(word).map(|start| span(file, start, word.len())))
    }

    /// The names that stand after a prefix such as `kpi.` in the template's tags, with their places.
    pub(super) fn names_after(&self, prefix: &str) -> Vec<(String, Span)> {
        let part_of_name = |character: char| character.is_alphanumeric() || character == '_';
        let mut names = Vec::new();
        for file in self.files.values() {
            for (at, _) in file.text.match_indices(prefix) {
                let (before, after) = (&file.text[..at], &file.text[at + prefix.len()..]);
                let name: String = after.chars().take_while(|character| part_of_name(*character)).collect();
                let in_tag = before.rfind(['{', '}']).is_some_and(|brace| before[brace..].starts_with('{'));
                // `row.kpi.offered` is a KPI of a row and spelled the same way.
                let whole = !before.ends_with(part_of_name);
                if !name.is_empty() && in_tag && whole {
                    let start = at + prefix.len();
                    names.push((name.clone(), Span { file: Arc::clone(file), range: start..start + name.len() }));
                }
            }
        }
        names
    }

    /// The beginning of `report.md`, for mistakes whose place is not known.
    pub(super) fn beginning(&self) -> Span {
        Span { file: Arc::clone(&self.files[REPORT]), range: 0..0 }
    }
}

impl std::fmt::Debug for Template {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Template")
            .field("files", &self.files.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// What values need on their way out.
#[derive(Clone, Copy)]
enum Escaping {
    Markdown,
    Plain,
}

/// An engine with these files; none when there are mistakes.
fn engine(
    files: &IndexMap<String, Arc<SourceFile>>,
    escaping: Escaping,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Tera> {
    let mut tera = Tera::default();
    tera.set_escape_fn(match escaping {
        Escaping::Markdown => write_masked,
        Escaping::Plain => write_plain,
    });
    // The empty suffix ends every name: nothing goes out as it is.
    tera.autoescape_on([""]);
    equip(&mut tera, Language::English);
    let before = diagnostics.len();
    // One by one first, because the engine stops at the first file that cannot be parsed.
    for (name, file) in files {
        if let Err(error) = tera.clone().add_raw_template(name, &file.text)
            && matches!(error.kind(), ErrorKind::SyntaxError(_))
        {
            diagnostics.extend(explain(&error, Code::TemplateSyntax, files));
        }
    }
    if diagnostics.len() == before
        && let Err(error) = tera.add_raw_templates(files.iter().map(|(name, file)| (name, &file.text)))
    {
        diagnostics.extend(explain(&error, Code::TemplateSyntax, files));
    }
    (diagnostics.len() == before).then_some(tera)
}

/// Gives the engine its functions: `text(en="…", ru="…")`, which picks the report's language, and a `range` with limits.
fn equip(tera: &mut Tera, language: Language) {
    tera.register_function("text", move |texts: Kwargs, _: &State| -> tera::TeraResult<String> {
        let mut first = None;
        for (key, value) in texts.iter() {
            let code = key.as_str().unwrap_or_default();
            let known = Language::parse(code);
            let written = value.as_str().map(str::to_owned).unwrap_or_else(|| value.to_string());
            match known {
                None => return Err(tera::Error::message(format!("no language is called `{code}`; use en or ru"))),
                Some(known) if known == language => return Ok(written),
                Some(_) => first = first.or(Some(written)),
            }
        }
        first.ok_or_else(|| {
            tera::Error::message("text needs a text for each language, as in text(en=\"Queues\", ru=\"Очереди\")")
        })
    });
    let given = Arc::new(AtomicU64::new(0));
    tera.register_function("range", move |arguments: Kwargs, _: &State| -> tera::TeraResult<Vec<i64>> {
        let start = arguments.get::<i64>("start")?.unwrap_or(0);
        let end = arguments.must_get::<i64>("end")?;
        let step = arguments.get::<i64>("step_by")?.unwrap_or(1);
        let step = usize::try_from(step).ok().filter(|step| *step > 0);
        let step = step.ok_or_else(|| tera::Error::message("range needs a step_by of 1 or more"))?;
        let count = u64::try_from(i128::from(end) - i128::from(start)).unwrap_or(0).div_ceil(step as u64);
        if count > MAX_RANGE || given.fetch_add(count, Ordering::Relaxed) + count > MAX_RANGES {
            let message = format!("range may give {MAX_RANGE} numbers, and {MAX_RANGES} in one report");
            return Err(tera::Error::message(message));
        }
        Ok((start..end).step_by(step).collect())
    });
}

fn render(
    tera: &Tera,
    name: &str,
    context: &Context,
    language: Language,
    files: &IndexMap<String, Arc<SourceFile>>,
) -> Result<String, Vec<Diagnostic>> {
    // The functions count and know the language, so each rendering has its own.
    let mut tera = tera.clone();
    equip(&mut tera, language);
    let mut output = Limited::default();
    match tera.render_to(name, context, &mut output) {
        Ok(()) => Ok(String::from_utf8_lossy(&output.bytes).into_owned()),
        Err(_) if output.exceeded => {
            let span = Span { file: Arc::clone(&files[name]), range: 0..0 };
            let message = format!("the template makes more than {} MB of text", MAX_OUTPUT >> 20);
            let hint = "look for a loop that does not end, or give tables a `limit:`";
            Err(vec![Diagnostic::error(Code::TemplateFailed, span, message).hint(hint)])
        }
        Err(error) => Err(explain(&error, Code::TemplateFailed, files)),
    }
}

/// Collects output up to the limit.
#[derive(Default)]
struct Limited {
    bytes: Vec<u8>,
    exceeded: bool,
}

impl Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > MAX_OUTPUT {
            self.exceeded = true;
            return Err(io::Error::other("too much output"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The engine's error as diagnostics with places.
fn explain(error: &tera::Error, code: Code, files: &IndexMap<String, Arc<SourceFile>>) -> Vec<Diagnostic> {
    match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let message = plain_message(report.message());
            vec![match files.get(report.filename()) {
                Some(file) => Diagnostic::error(code, clamped(file, report.span().range.clone()), message),
                None => Diagnostic::without_place(code, message),
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
fn listed(reports: &str, code: Code, files: &IndexMap<String, Arc<SourceFile>>) -> Vec<Diagnostic> {
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
            let start = offset(&file.text, line, column)?;
            let word = message.split('`').nth(1).map_or(0, str::len);
            Some(clamped(file, start..start + word.max(1)))
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

fn at_word(
    files: &IndexMap<String, Arc<SourceFile>>,
    name: &str,
    word: &str,
    code: Code,
    message: String,
) -> Diagnostic {
    match files.get(name) {
        Some(file) => {
            let quoted = file.text.find(&format!("\"{word}\"")).or_else(|| file.text.find(&format!("'{word}'")));
            let range = quoted.map_or(0..0, |start| start..start + word.len() + 2);
            Diagnostic::error(code, clamped(file, range), message)
        }
        None => Diagnostic::without_place(code, message),
    }
}

/// A span that surely lies in the file, on character boundaries.
fn clamped(file: &Arc<SourceFile>, range: std::ops::Range<usize>) -> Span {
    let start = file.text.floor_char_boundary(range.start.min(file.text.len()));
    let end = file.text.ceil_char_boundary(range.end.clamp(start, file.text.len()));
    Span { file: Arc::clone(file), range: start..end }
}

/// A message in the house's style: lower case at the start, no full stop, one line.
fn plain_message(message: &str) -> String {
    let line = message.lines().next().unwrap_or(message).trim_end_matches('.');
    let mut characters = line.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::folder;

    fn check_errors(files: &[(&str, &str)], expected: &[&str]) {
        let diagnostics = compile_template(&folder(files)).expect_err("the template is wrong");
        check_shown(&diagnostics, expected);
    }

    fn check_shown(diagnostics: &[Diagnostic], expected: &[&str]) {
        let shown: Vec<String> = diagnostics
            .iter()
            .map(|diagnostic| {
                let place = diagnostic.span.as_ref().map(|span| (span.file.path.clone(), span.position()));
                let place = place.map(|(path, at)| format!("{path}:{}:{}", at.line, at.column)).unwrap_or_default();
                format!("{} {place} {}", diagnostic.code, diagnostic.message)
            })
            .collect();
        assert_eq!(shown.len(), expected.len(), "{shown:#?}");
        for (shown, expected) in shown.iter().zip(expected) {
            assert!(shown.starts_with(expected), "{shown}\nexpected {expected}");
        }
    }

    fn check_render(report: &str, expected: &[&str]) {
        let template = compile_template(&folder(&[("report.md", report)])).expect("the template is right");
        match template.render_report(&Context::new(), Language::Russian) {
            Ok(text) => assert_eq!([text.as_str()].as_slice(), expected),
            Err(diagnostics) => check_shown(&diagnostics, expected),
        }
    }

    #[test]
    fn mistakes_are_found_with_their_places() {
        check_errors(&[("report.md", "a\n\nя {{ kpi. }}")], &["CB501 report-templates/t/report.md:3:"]);
        check_errors(
            &[("report.md", "a\n{{ nope(x=1) }} {{ a | nix }}")],
            &[
                "CB501 report-templates/t/report.md:2:4 unknown function `nope`",
                "CB501 report-templates/t/report.md:2:24 unknown filter `nix`",
            ],
        );
        check_errors(
            &[("report.md", "{% include \"foot.md\" %}")],
            &["CB501 report-templates/t/report.md:1:12 unknown template"],
        );
        check_errors(
            &[("report.md", "x\n{% include \"report.md\" %}")],
            &["CB501 report-templates/t/report.md:2:12 `report.md` includes itself: report.md → report.md"],
        );
        check_errors(
            &[("report.md", "{% include \"a.md\" %}"), ("a.md", "{% include \"report.md\" %}")],
            &["CB501 report-templates/t/"],
        );
        check_errors(
            &[("report.md", "{{ x"), ("subject.txt", "{% if %}")],
            &["CB501 report-templates/t/report.md:1", "CB501 report-templates/t/subject.txt:1"],
        );
    }

    #[test]
    fn rendering_has_limits() {
        check_render("{{ text(en=\"Queues\", ru=\"Очереди\") }}", &["Очереди"]);
        check_render("{{ text(en=\"Queues\") }}", &["Queues"]);
        check_render("{% for i in range(end=3) %}x{% endfor %}", &["xxx"]);
        check_render("{{ text(de=\"x\") }}", &["CB502 report-templates/t/report.md:1:4 no language is called `de`"]);
        check_render(
            "{% for i in range(end=20000000) %}{% endfor %}",
            &["CB502 report-templates/t/report.md:1:13 range may give"],
        );
        check_render(
            "{% for i in range(end=3000) %}{% for j in range(end=3000) %}{% endfor %}{% endfor %}",
            &["CB502 report-templates/t/report.md:1:43 range may give"],
        );
        let long = format!("{{% for i in range(end=10000) %}}{}{{% endfor %}}", "x".repeat(300));
        check_render(&long, &["CB502 report-templates/t/report.md:1:1 the template makes more than 2 MB"]);
        check_render("a {{ nothing.here }}", &["CB502 report-templates/t/report.md:1:6 "]);
    }
}
