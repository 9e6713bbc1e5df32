//! A report's template: compiled from its folder, and rendered within limits. What the template may see is in
//! `context`, what becomes of its text in `markdown` and `blocks`.

use std::sync::Arc;

use indexmap::IndexMap;
use tera::Context;

use super::template_engine::{Engine, Escaping};
use crate::diagnostics::{Diagnostic, SourceFile, Span};
use crate::locale::Language;
use crate::workspace::{Catalog, TemplateFolder};

const REPORT: &str = "report.md";
const SUBJECT: &str = "subject.txt";

/// A template, parsed and ready to be rendered.
#[derive(Clone)]
pub struct Template {
    /// `report.md` and its parts; every value is masked on its way out.
    report: Engine,
    /// `subject.txt`; values are plain.
    subject: Option<Engine>,
    /// The files by the names includes use.
    files: IndexMap<String, Arc<SourceFile>>,
}

/// Compiles `report.md`, the parts it may include, and `subject.txt`.
///
/// All mistakes that show without data are returned at once: syntax, unknown functions, filters and includes, files
/// that include themselves. Mistakes in report blocks show in [`super::check`].
pub fn compile_template(folder: &TemplateFolder) -> Result<Template, Vec<Diagnostic>> {
    let base = folder.report.path.rsplit_once('/').map_or("", |(base, _)| base);
    // A part is included by its name, one of `shared/` with its folder.
    let name = |file: &SourceFile| {
        let inside = file.path.strip_prefix(base).or_else(|| file.path.strip_prefix("report-templates/"));
        inside.unwrap_or(&file.path).trim_start_matches('/').to_owned()
    };
    let mut files = IndexMap::new();
    files.insert(REPORT.to_owned(), Arc::clone(&folder.report));
    for part in &folder.parts {
        files.insert(name(part), Arc::clone(part));
    }
    let mut diagnostics = Vec::new();
    let report = Engine::new(&files, Escaping::Markdown).map_err(|mistakes| diagnostics.extend(mistakes));
    let mut subject = None;
    if let Some(file) = &folder.subject {
        let alone = IndexMap::from([(SUBJECT.to_owned(), Arc::clone(file))]);
        subject = Engine::new(&alone, Escaping::Plain).map_err(|mistakes| diagnostics.extend(mistakes)).ok();
        files.insert(SUBJECT.to_owned(), Arc::clone(file));
    }
    match report {
        Ok(report) if diagnostics.is_empty() => Ok(Template { report, subject, files }),
        _ => Err(diagnostics),
    }
}

impl Template {
    /// The KPIs the template may speak of: every word of its text that is a KPI's id, in the catalog's order. Rather
    /// too many than too few; a total costs little.
    pub fn kpis_mentioned(&self, catalog: &Catalog) -> Vec<String> {
        let words: std::collections::BTreeSet<&str> =
            self.files.values().flat_map(|file| file.text.split(|character: char| !part_of_name(character))).collect();
        catalog.kpis.keys().filter(|id| words.contains(id.as_str())).cloned().collect()
    }

    /// Where a KPI's id first stands in the template, for the order in which its author names KPIs.
    pub(super) fn first_mention(&self, id: &str) -> usize {
        let lengths = self.files.values().map(|file| (&file.text, file.text.len()));
        let mut before = 0;
        for (text, length) in lengths {
            if let Some(at) = find_word(text, id) {
                return before + at;
            }
            before += length;
        }
        before
    }

    /// Whether the template may explain numbers: it holds the block's name behind a fence. Rather too often than too
    /// seldom; counting rows costs little.
    pub(super) fn explains(&self) -> bool {
        self.may_hold("explain")
    }

    /// Whether the template may list the alerts of the period.
    pub fn lists_alerts(&self) -> bool {
        self.may_hold("alerts")
    }

    fn may_hold(&self, block: &str) -> bool {
        let opens = |line: &str| line.trim_start().trim_start_matches(['`', '~']).trim_start().starts_with(block);
        self.files.values().flat_map(|file| file.text.lines()).any(opens)
    }

    /// The report's Markdown, with masked values.
    pub(super) fn render_report(&self, context: &Context, language: Language) -> Result<String, Vec<Diagnostic>> {
        self.report.render(REPORT, context, language)
    }

    /// The subject's text; `None` when the template has none.
    pub(super) fn render_subject(
        &self,
        context: &Context,
        language: Language,
    ) -> Option<Result<String, Vec<Diagnostic>>> {
        self.subject.as_ref().map(|engine| engine.render(SUBJECT, context, language))
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
            // A short block may also be a part of another line; it is meant where it fills its lines.
            let fills_lines = |start: &usize| {
                let (before, after) = (&file.text[..*start], &file.text[start + written.len()..]);
                before.trim_end_matches(' ').ends_with('\n') && after.trim_start_matches([' ', '\r']).starts_with('\n')
            };
            let whole = file.text.match_indices(written).map(|(start, _)| start).find(fills_lines);
            if let Some(start) = whole.or_else(|| file.text.find(written)).filter(|_| !written.is_empty()) {
                let inside = word.and_then(|word| find_word(written, word).map(|at| (at, word.len())));
                let (at, length) = inside.unwrap_or((0, written.len()));
                return Some(span(file, start + at, length));
            }
        }
        // The block was put together by the template; its words are still likely to stand somewhere.
        let word = word?;
        self.files.values().find_map(|file| find_word(&file.text, word).map(|start| span(file, start, word.len())))
    }

    /// The names that stand after a prefix such as `kpi.` in the template's tags, with their places.
    pub(super) fn names_after(&self, prefix: &str) -> Vec<(String, Span)> {
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

fn part_of_name(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// Where a name stands as a whole: `aht` is not in `what`.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let whole =
        |at: &usize| !text[..*at].ends_with(part_of_name) && !text[*at + word.len()..].starts_with(part_of_name);
    text.match_indices(word).map(|(at, _)| at).find(whole)
}

impl std::fmt::Debug for Template {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Template")
            .field("files", &self.files.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
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
        // Loops that call nothing and write nothing end as well.
        check_render(
            "{% set r = range(end=5000) %}{% for i in r %}{% for j in r %}{% endfor %}{% endfor %}",
            &["CB502 report-templates/t/report.md:1:62 the loops of one report may turn"],
        );
        check_render(
            "{% for i in range(end=2) -%}  я {{ nix }}{% endfor %}",
            &["CB502 report-templates/t/report.md:1:36"],
        );
        let long = format!("{{% for i in range(end=10000) %}}{}{{% endfor %}}", "x".repeat(300));
        check_render(&long, &["CB502 report-templates/t/report.md:1:1 the template makes more than 2 MB"]);
        check_render("a {{ nothing.here }}", &["CB502 report-templates/t/report.md:1:6 "]);
    }
}
