//! YAML mistakes in plain words: the parser knows what broke, the person who wrote the file needs to know what to do.

use std::sync::Arc;

use granit_parser::{ErrorKind, ScanError};

use crate::diagnostics::{Code, Diagnostic, SourceFile, Span};

/// What there is too much of.
pub(super) enum TooMuch {
    /// Values, counting each alias as often as it is used.
    Values(usize),
}

/// The parser's error as a diagnostic at its place.
pub(super) fn syntax(file: &Arc<SourceFile>, error: &ScanError) -> Box<Diagnostic> {
    let length = file.text.len();
    let offset = error.marker().byte_offset().unwrap_or(length).min(length);
    let start = file.text.floor_char_boundary(offset);
    let place = place(file, start, error.kind());
    let line_start = file.text[..place.range.start].rfind('\n').map_or(0, |newline| newline + 1);
    let (message, hint) = words(error.kind(), &file.text[line_start..place.range.start]);
    let mut diagnostic = Diagnostic::error(Code::YamlSyntax, place.clone(), message);
    diagnostic.hints.extend(hint.map(str::to_owned));
    if is_about_brackets(error.kind())
        && let Some(open) = open_bracket(&file.text[..place.range.start])
    {
        diagnostic = diagnostic.related(Span { file: Arc::clone(file), range: open..open + 1 }, "opened here");
    }
    let line = file.text[line_start..].lines().next().unwrap_or_default();
    if line.contains("${") {
        diagnostic = diagnostic.hint("inside `{ … }` and `[ … ]` a `${VARIABLE}` has to stand in quotes");
    }
    Box::new(diagnostic)
}

/// A file with more than one document.
pub(super) fn second_document(span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::YamlSyntax, span, "a second YAML document begins here, but a file holds only one")
            .hint("remove the `---`, or move what follows into a file of its own"),
    )
}

/// A value with a `!tag`.
pub(super) fn tag(span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::YamlSyntax, span, "a tag such as `!name` has no meaning here")
            .hint("a text that begins with `!` has to stand in quotes"),
    )
}

/// A key that is a list or a map.
pub(super) fn key_is_no_text(span: Span) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::YamlSyntax, span, "a key must be a single word or text")
            .hint("a text that begins with `{` or `[` has to stand in quotes"),
    )
}

/// An alias that stands inside the value it names.
pub(super) fn alias_inside_itself(span: Span) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(Code::YamlSyntax, span, "an alias cannot stand inside the value it names"))
}

/// More than a file of rules can have a use for.
pub(super) fn too_much(span: Span, what: TooMuch) -> Box<Diagnostic> {
    let TooMuch::Values(most) = what;
    Box::new(
        Diagnostic::error(Code::YamlSyntax, span, format!("the file grows beyond {most} values here"))
            .hint("aliases (`*name`) that contain further aliases multiply; write the values out instead"),
    )
}

/// The stretch to point at: for tabs the tab, else the character where the parser stopped.
fn place(file: &Arc<SourceFile>, start: usize, kind: &ErrorKind) -> Span {
    let text = &file.text;
    let line_start = text[..start].rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |length| start + length);
    let blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    let start = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => text[line_start..line_end].find('\t').map_or(start, |tab| line_start + tab),
        // Where the file ends there is nothing to see: the last thing that was written is shown instead.
        _ if text[start..].bytes().all(blank) => {
            let end = text.trim_end().len();
            text[..end].char_indices().next_back().map_or(0, |(last, _)| last)
        }
        _ => start,
    };
    let end = text[start..].chars().next().map_or(start, |character| start + character.len_utf8());
    Span { file: Arc::clone(file), range: start..end }
}

fn is_about_brackets(kind: &ErrorKind) -> bool {
    use ErrorKind as Kind;
    matches!(
        kind,
        Kind::UnexpectedEofFlowSequence
            | Kind::ExpectedFlowSequenceSeparator
            | Kind::UnexpectedEofFlowMapping
            | Kind::UnexpectedEofImplicitFlowMapping
            | Kind::ExpectedFlowMappingSeparator
            | Kind::UnclosedFlowCollection { .. }
            | Kind::MismatchedFlowCollectionEnd { .. }
    )
}

/// The bracket that is still open at the end of a text. Quotes are not minded: the place explains, nothing depends on it.
fn open_bracket(text: &str) -> Option<usize> {
    let mut closed = 0_usize;
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b'}' | b']' => closed += 1,
            b'{' | b'[' if closed == 0 => return Some(at),
            b'{' | b'[' => closed -= 1,
            _ => {}
        }
    }
    None
}

/// Message and way out for what the parser met.
fn words(kind: &ErrorKind, line_before: &str) -> (String, Option<&'static str>) {
    use ErrorKind as Kind;
    let (message, hint) = match kind {
        Kind::TabNotAllowed
        | Kind::TabInBlockIndentation
        | Kind::TabInIndentation
        | Kind::TabAtBlockScalarStart
        | Kind::TabInPlainScalar => ("a tab cannot indent a line", "use spaces, two for each level"),
        Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => (
            "a quote is opened here and never closed",
            "add the closing quote; inside '…' a quote is written twice: ''",
        ),
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => (
            "something follows the closing quote",
            "put the whole value into the quotes; inside '…' a quote is written twice: ''",
        ),
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => (
            "inside \"…\" a backslash begins an escape, and this one is unknown",
            "write the value in single quotes, where a backslash is a backslash",
        ),
        Kind::UnclosedFlowCollection { open } => {
            return (
                format!("the `{open}` is never closed"),
                Some(if *open == '[' { "add the `]`" } else { "add the `}`" }),
            );
        }
        Kind::UnexpectedEofFlowSequence | Kind::ExpectedFlowSequenceSeparator => {
            ("a list in `[ … ]` is not closed here", "separate its items by commas and close it with `]`")
        }
        Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::ExpectedFlowMappingSeparator => {
            ("a map in `{ … }` is not closed here", "separate its entries by commas and close it with `}`")
        }
        Kind::MismatchedFlowCollectionEnd { open, close } => {
            return (format!("`{close}` cannot close what `{open}` opened"), None);
        }
        Kind::MisplacedFlowCollectionEnd => {
            ("a closing bracket without an opening one", "remove it, or put the text in quotes")
        }
        Kind::MappingValueNotAllowed | Kind::InvalidColonPlacement | Kind::InvalidMappingValueWhitespace => {
            if line_before.contains(": ") {
                ("a second `:` in one line", "put a text that contains `: ` in quotes")
            } else {
                ("this line is indented too far, or the line above lacks its `:`", "align it with the keys beside it")
            }
        }
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => (
            "this line is neither a `key: value` nor a `- item`",
            "add the `:` with a space after it, or indent the line if it continues the value above",
        ),
        Kind::InvalidIndentation
        | Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::UnexpectedEofBlockMapping
        | Kind::UnexpectedEofBlockSequence
        | Kind::MappingKeyNotAllowed
        | Kind::BlockSequenceEntryNotAllowed
        | Kind::InvalidBlockEntryWhitespace
        | Kind::InvalidFlowScalarIndent
        | Kind::InvalidQuotedScalarIndent => {
            ("this line's indentation fits none of the lines above", "align it with the keys it belongs to")
        }
        Kind::InvalidBlockScalarIndent => (
            "a line of this text is indented less than its first line",
            "indent every line of a text after `|` or `>` at least as far as the first one",
        ),
        Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
            ("the text after `|` or `>` begins on the next line", "move it there and indent it")
        }
        Kind::UnknownAnchor => (
            "a value that begins with `*` refers to an anchor, and there is none of this name above",
            "put a text that begins with `*` in quotes",
        ),
        Kind::MissingAnchorOrAliasName => {
            ("a value cannot begin with `&` or `*`", "put a text that begins with `&` or `*` in quotes")
        }
        Kind::UnexpectedCharacter { character } => {
            return (
                format!("a value cannot begin with `{character}`"),
                Some("put a text that begins with a special character in quotes"),
            );
        }
        Kind::RecursionLimitExceeded => {
            ("values are nested too deeply here", "no file of callbrief needs more than a few levels")
        }
        Kind::UndeclaredTagHandle
        | Kind::ExpectedTagBang
        | Kind::InvalidTagTerminator
        | Kind::MissingTagUri
        | Kind::UnclosedVerbatimTag => ("a value cannot begin with `!`", "put a text that begins with `!` in quotes"),
        other => return (format!("this is not YAML: {other}"), None),
    };
    (message.to_owned(), Some(hint))
}
