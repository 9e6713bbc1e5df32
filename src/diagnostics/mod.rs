//! What callbrief says about a user's mistake: code, severity, place, message, hint. Rendering is in `render`;
//! failures of the world (database, mail server) are not here, each room has its own typed error for them.

mod code;
mod mask;
mod render;
mod suggestion;

use std::ops::Range;
use std::sync::Arc;

pub use code::Code;
pub use render::{Style, in_order, render_json, render_text};
pub use suggestion::nearest;

/// One file as it was read, kept so that a diagnostic can show the lines it speaks of.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path relative to the workspace, with `/` on every system.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// A stretch of a file, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// The file the stretch belongs to.
    pub file: Arc<SourceFile>,
    /// Byte offsets into `file.text`; both ends lie on character boundaries.
    pub range: Range<usize>,
}

/// A value together with the place where the user wrote it.
#[derive(Clone, Debug, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// How much a diagnostic weighs: errors make a workspace unusable, warnings do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The workspace cannot be used as it is.
    Error,
    /// The workspace works, but probably not as meant.
    Warning,
}

/// One mistake of a user, with its place and the way out.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// The stable code, never reused for another mistake.
    pub code: Code,
    /// Error or warning.
    pub severity: Severity,
    /// One line, lower case, without a full stop.
    pub message: String,
    /// The place; `None` only for what has no file, such as a missing one.
    pub span: Option<Span>,
    /// Further places that explain the first one, each with a short label.
    pub related: Vec<(Span, String)>,
    /// What to do about it, each a line of its own.
    pub hints: Vec<String>,
}

/// A position as editors count it: both from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span: Some(span),
            related: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, span, message) }
    }

    /// An error that belongs to no file.
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span: None,
            related: Vec::new(),
            hints: Vec::new(),
        }
    }

    /// Adds the way out.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds "did you mean …" when one of the known names is near enough to what was written.
    #[must_use]
    pub fn did_you_mean<'a>(self, written: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match nearest(written, known) {
            Some(name) => self.hint(format!("did you mean `{name}`?")),
            None => self,
        }
    }

    /// Adds another place that belongs to the mistake.
    #[must_use]
    pub fn related(mut self, span: Span, label: impl Into<String>) -> Self {
        self.related.push((span, label.into()));
        self
    }
}

impl Span {
    /// Line and column of the first character.
    pub fn position(&self) -> Position {
        let before = &self.file.text[..self.range.start];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Position {
            line: before.bytes().filter(|byte| *byte == b'\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }

    /// The text the span covers.
    pub fn text(&self) -> &str {
        &self.file.text[self.range.clone()]
    }
}

impl<T> Spanned<T> {
    /// Puts a value and its place together.
    pub fn new(value: T, span: Span) -> Self {
        Self { value, span }
    }
}
