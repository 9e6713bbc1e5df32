//! The frame around a report's content: the HTML of the page or of a mail, with places for title, content and the rest.
//! A house may write its own in `report-templates/theme/`; the shipped ones are frames like any other.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;
use tera::Context;

use super::contrast::readable;
use super::loops::next_tag;
use super::mail_support;
use super::template_engine::{Engine, Escaping};
use super::template_errors::clamped;
use super::theme::Theme;
use crate::diagnostics::{Code, Diagnostic, SourceFile, Span};
use crate::locale::Language;

/// What a frame is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrameKind {
    /// The HTML page.
    Page,
    /// A mail's HTML.
    Mail,
}

/// A frame, parsed and tried out.
#[derive(Clone)]
pub struct Frame {
    engine: Engine,
    file: Arc<SourceFile>,
}

/// What stands in a frame besides the content. Every text is HTML already, ready to stand between tags or in an attribute; it
/// is empty where there is nothing to say.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FrameValues {
    /// The language's code, for `<html lang>`.
    pub lang: &'static str,
    /// The report's name.
    pub title: String,
    /// The period in words.
    pub subtitle: String,
    /// Whose report it is: the theme's name, or "callbrief".
    pub house: String,
    /// The house's sign as an `<img>`.
    pub logo: String,
    /// The line that mail programs show beside the subject, as a hidden element; empty in a page.
    pub preheader: String,
    /// The style sheet that the content needs, without `<style>`.
    pub style: String,
    /// Freshness of the data and the like, with `<br>` between lines.
    pub footnotes: String,
    /// The theme's line.
    pub footer: String,
    /// The theme's colours by name, as `#1f4e79`.
    pub color: IndexMap<&'static str, String>,
}

/// Where a frame's parts stand: what comes before the content, and what after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sides {
    pub(super) before: String,
    pub(super) after: String,
}

/// The name the engine knows a frame by.
const NAME: &str = "frame";
/// Stands for the content while a frame is rendered. No text holds it, because private-use characters are taken out.
const CONTENT: &str = "\u{e2ff}";

impl Frame {
    /// Parses a frame and tries it out with every value there and with every value empty. Only errors make it unusable; what
    /// a mail program would not show is warned about.
    pub(super) fn compile(file: &Arc<SourceFile>, kind: FrameKind) -> (Option<Self>, Vec<Diagnostic>) {
        let files = IndexMap::from([(NAME.to_owned(), Arc::clone(file))]);
        let frame = match Engine::new(&files, Escaping::Markup) {
            Ok(engine) => Self { engine, file: Arc::clone(file) },
            Err(mistakes) => return (None, mistakes),
        };
        for values in [FrameValues::sample("x"), FrameValues::sample("")] {
            match frame.render(&values, Language::English) {
                Ok(html) if html.matches(CONTENT).count() == 1 => {}
                Ok(html) => return (None, vec![frame.without_content(html.matches(CONTENT).count())]),
                Err(mistakes) => return (None, mistakes),
            }
        }
        let warnings = match kind {
            FrameKind::Page => Vec::new(),
            FrameKind::Mail => unsupported(file),
        };
        (Some(frame), warnings)
    }

    /// A frame that ships.
    pub(super) fn shipped(text: &str, kind: FrameKind) -> Self {
        let file = Arc::new(SourceFile { path: "the shipped frame".to_owned(), text: text.to_owned() });
        let (frame, mistakes) = Self::compile(&file, kind);
        frame.unwrap_or_else(|| panic!("the shipped frames have no mistakes: {mistakes:?}"))
    }

    /// The frame with its values, in two parts. It can only fail where it did not when it was tried out, such as in a branch
    /// for one language.
    pub(super) fn sides(&self, values: &FrameValues, language: Language) -> Result<Sides, Vec<Diagnostic>> {
        let html = self.render(values, language)?;
        match html.split_once(CONTENT) {
            Some((before, after)) => Ok(Sides { before: before.to_owned(), after: after.replace(CONTENT, "") }),
            None => Err(vec![self.without_content(0)]),
        }
    }

    fn render(&self, values: &FrameValues, language: Language) -> Result<String, Vec<Diagnostic>> {
        let mut context = Context::from_serialize(values).unwrap_or_default();
        context.insert("content", CONTENT);
        self.engine.render(NAME, &context, language)
    }

    fn without_content(&self, count: usize) -> Diagnostic {
        let content = "the report's content";
        let message = match count {
            0 => format!("the frame does not show {content}"),
            _ => format!("the frame shows {content} more than once"),
        };
        let at = self.file.text.rfind("content").filter(|_| count > 0).map_or(0..0, |at| at..at + "content".len());
        Diagnostic::error(Code::TemplateFailed, clamped(&self.file, at), message)
            .hint("write {{ content }} once, where the report belongs")
    }
}

/// Warnings about what mail programs do not show of a frame.
fn unsupported(file: &Arc<SourceFile>) -> Vec<Diagnostic> {
    // Tags of the template become blanks, so that places stay.
    let (mut html, mut at) = (file.text.clone(), 0);
    while let Some(tag) = next_tag(&file.text, at) {
        at = tag.end;
        html.replace_range(tag.clone(), &" ".repeat(tag.len()));
    }
    let warn = |finding: mail_support::Finding| {
        let span = Span { file: Arc::clone(file), range: finding.range };
        let feature = &finding.feature;
        let (message, hint) = match finding.programs.as_slice() {
            [] => (
                format!("nobody knows which mail programs show `{feature}`"),
                "use what caniemail.com lists, or leave it out",
            ),
            programs => (format!("`{feature}` is not shown by {}", listed(programs)), OLD_MEANS),
        };
        Diagnostic::warning(Code::UnsupportedInMail, span, message).hint(hint)
    };
    mail_support::unsupported(&html).into_iter().map(warn).collect()
}

/// Programs in words, the first two by name.
fn listed(programs: &[&str]) -> String {
    match programs {
        [first, second] => format!("{first} and {second}"),
        [first, second, _] => format!("{first}, {second} and 1 more mail program"),
        [first, second, more @ ..] => format!("{first}, {second} and {} more mail programs", more.len()),
        few => few.concat(),
    }
}

const OLD_MEANS: &str = "build mails of tables with `width`, `align`, `bgcolor`, and of `padding` on cells";

impl FrameValues {
    /// Values with this text wherever there is one.
    fn sample(text: &str) -> Self {
        let own = || text.to_owned();
        Self {
            lang: "en",
            title: own(),
            subtitle: own(),
            house: own(),
            logo: own(),
            preheader: own(),
            style: own(),
            footnotes: own(),
            footer: own(),
            color: colors_by_name(&Theme::default()),
        }
    }
}

/// A theme's colours by the names that frames use: those of `theme.yaml`, and `brand_text`, which can be read on white.
pub(super) fn colors_by_name(theme: &Theme) -> IndexMap<&'static str, String> {
    let colors = theme.colors().map(|(name, color)| (name, color.html()));
    colors.into_iter().chain([("brand_text", readable(theme.brand, theme.ink).html())]).collect()
}

impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        self.file == other.file
    }
}

impl Eq for Frame {}

impl std::fmt::Debug for Frame {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Frame").field("file", &self.file.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The frame in a text, and what is told about it as `code line:column message`.
    fn compiled(text: &str, kind: FrameKind) -> (Option<Frame>, Vec<String>) {
        let file = Arc::new(SourceFile { path: "report-templates/theme/mail.html".to_owned(), text: text.to_owned() });
        let (frame, mistakes) = Frame::compile(&file, kind);
        let shown = mistakes.iter().map(|mistake| {
            let at = mistake.span.as_ref().expect("every mistake has a place").position();
            format!("{} {}:{} {}", mistake.code, at.line, at.column, mistake.message)
        });
        (frame, shown.collect())
    }

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let (_, shown) = compiled(text, FrameKind::Mail);
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn mistakes_are_told_with_their_places() {
        check("<p>{{ content }}</p>", &[]);
        check("<p>\n{{ content", &["CB501 2:4 the template ends too early"]);
        check("<p>\n{{ contents }}", &["CB502 2:4 variable `contents` is not defined"]);
        check("{{ content }}\n {{ content }}", &["CB502 2:5 the frame shows the report's content more than once"]);
        check("<p>{{ title }}</p>", &["CB502 1:1 the frame does not show the report's content"]);
        check("{% if title %}{{ content }}{% endif %}", &["CB502 1:1 the frame does not show the report's content"]);
    }

    #[test]
    fn what_mail_programs_do_not_show_is_warned_about_and_used() {
        let text = "{# <video> #}<p style='color:{{ color.ink }};\n display:flex'>{{ content }}</p>";
        let (frame, shown) = compiled(text, FrameKind::Mail);
        assert_eq!(
            shown,
            ["CB504 2:2 `display:flex` is not shown by Outlook for Windows, Gmail for iOS and 1 more mail program"]
        );
        assert!(frame.is_some());
        assert_eq!(compiled(text, FrameKind::Page).1, Vec::<String>::new(), "a browser shows it");
    }

    #[test]
    fn values_are_put_in_as_they_are_and_the_content_parts_the_frame() {
        let (frame, _) =
            compiled("<title>{{ title }}</title>{% if lang == \"ru\" %}!{% endif %}{{ content }}.", FrameKind::Page);
        let values = FrameValues { lang: "ru", title: "A &amp; B".to_owned(), ..FrameValues::sample("") };
        let sides = frame.expect("no mistakes").sides(&values, Language::Russian);
        let expected = Sides { before: "<title>A &amp; B</title>!".to_owned(), after: ".".to_owned() };
        assert_eq!(sides, Ok(expected));
    }

    #[test]
    fn the_documented_frames_work() {
        let text = include_str!("../../report-templates/theme/README.md");
        let frames: Vec<&str> = text.split("```html\n").skip(1).filter_map(|part| part.split("```").next()).collect();
        let [page, mail] = frames.as_slice() else { panic!("{} frames", frames.len()) };
        assert_eq!(compiled(page, FrameKind::Page).1, Vec::<String>::new());
        assert_eq!(compiled(mail, FrameKind::Mail).1, Vec::<String>::new());
    }
}
