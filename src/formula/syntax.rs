//! Formulas that Rhai's parser refuses, told in the words of people who do not program: what they probably meant, and
//! where. Also how a position of Rhai becomes a place in the user's file.

use std::ops::Range;
use std::sync::Arc;

use rhai::{LexError, ParseError, ParseErrorType, Position};

use super::brackets::{Brackets, brackets};
use crate::diagnostics::{Code, Diagnostic, SourceFile, Span};
use crate::workspace::FormulaText;

/// What is told: where in the formula, what is wrong, and the way out.
type Told = (Range<usize>, String, String);

/// A parser's refusal as a diagnostic.
pub(super) fn syntax_error(error: &ParseError, text: &FormulaText) -> Diagnostic {
    let written = &text.text;
    let at = word_at(written, error.position());
    let (code, (range, message, hint)) = match (too_large(error.err_type(), at.clone()), error.err_type()) {
        (Some(told), _) => (Code::FormulaLimit, told),
        (None, ParseErrorType::MismatchedType(expected, actual)) => {
            (Code::FormulaType, mismatched(at, expected, actual))
        }
        (None, other) => (Code::FormulaSyntax, explained(other, written, at)),
    };
    Diagnostic::error(code, text.span_of(range), message).hint(hint)
}

/// The place of a Rhai position in the formula's file: the word that stands there.
pub(super) fn place(text: &FormulaText, position: Position) -> Span {
    text.span_of(word_at(&text.text, position))
}

/// The place of the name behind a dot or in brackets, which Rhai reports by the sign before it.
pub(super) fn place_of_part(text: &FormulaText, position: Position) -> Span {
    let sign = word_at(&text.text, position);
    let rest = &text.text[sign.start..];
    let skipped = rest.len() - rest.trim_start_matches(['.', '[', '"', ' ']).len();
    text.span_of(word_from(&text.text, sign.start + skipped))
}

/// A file of functions as if it were one long formula.
pub(super) fn whole_file(file: &Arc<SourceFile>) -> FormulaText {
    FormulaText {
        text: file.text.clone(),
        span: Span { file: Arc::clone(file), range: 0..file.text.len() },
        origin: (0..=file.text.len()).collect(),
    }
}

/// A message with a small first letter, as diagnostics are written.
pub(super) fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    match letters.next() {
        Some(first) if !letters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => message.to_owned(),
    }
}

fn too_large(error: &ParseErrorType, at: Range<usize>) -> Option<Told> {
    let (message, hint) = match error {
        ParseErrorType::ExprTooDeep => {
            ("the formula is nested too deeply", "give its parts names with `let`, or make KPIs of them")
        }
        ParseErrorType::TooManyFunctions => ("there are too many functions", "100 functions are allowed"),
        ParseErrorType::LiteralTooLarge(..) => {
            ("this text or list is too long", "a text may have 4,096 characters, a list 1,000 items")
        }
        _ => return None,
    };
    Some((at, message.to_owned(), hint.to_owned()))
}

/// A constant of the wrong kind: Rhai writes "a boolean expression" and "a string".
fn mismatched(at: Range<usize>, expected: &str, actual: &str) -> Told {
    let plain =
        |kind: &str| match kind.trim_start_matches("a ").trim_start_matches("an ").trim_end_matches(" expression") {
            "boolean" | "bool" => "yes or no".to_owned(),
            "string" => "a text".to_owned(),
            "array" => "a list".to_owned(),
            _ => kind.to_owned(),
        };
    let hint = "a condition is a comparison, such as `count() >= 20`";
    (at, format!("{} is needed here, but this is {}", plain(expected), plain(actual)), hint.to_owned())
}

fn explained(error: &ParseErrorType, written: &str, at: Range<usize>) -> Told {
    let word = &written[at.clone()];
    if written.trim_start().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("select ")) {
        return (
            0..written.trim_end().len(),
            "this is SQL, not a formula".to_owned(),
            "the dataset's query is SQL; a formula aggregates its rows, as in `count(answered)` or `avg(wait_s)`"
                .to_owned(),
        );
    }
    if let ParseErrorType::BadInput(LexError::UnterminatedString) = error {
        return (at, "the text that begins here is never closed".to_owned(), "end it with `\"`".to_owned());
    }
    let found = decimal_comma(written, at.clone()).or_else(|| habit_at(written, at.clone()));
    if let Some(told) = found.or_else(|| capital_before(written, at.start)) {
        return told;
    }
    if word.starts_with(|first: char| first.is_ascii_digit()) {
        return (at.clone(), format!("`{word}` is neither a number nor a name"), fallback_hint());
    }
    if let Some(foreign) = word.chars().find(|letter| letter.is_alphabetic() && !letter.is_ascii()) {
        return (
            at,
            format!("`{word}` has the letter `{foreign}`, which is not Latin"),
            "names are written with Latin letters: switch the keyboard and type the word again".to_owned(),
        );
    }
    if word == "," && written[..at.start].contains(" in (") {
        let hint = "write `queue in [\"Sales\", \"Support\"]`";
        return (at, "a list stands in square brackets".to_owned(), hint.to_owned());
    }
    let is_about_brackets = matches!(error, ParseErrorType::UnexpectedEOF)
        || matches!(error, ParseErrorType::MissingToken(token, _) if matches!(token.as_str(), ")" | "]" | "}"))
        || word.is_empty()
        || matches!(word, ")" | "]" | "}" | "," | "fn");
    if is_about_brackets && let Some(told) = about_brackets(written) {
        return told;
    }
    match error {
        ParseErrorType::UnexpectedEOF => ends_too_early(written),
        _ if word.is_empty() => ends_too_early(written),
        ParseErrorType::MissingToken(token, _) if matches!(token.as_str(), "," | ";" | ")" | "]" | "}") => (
            at,
            format!("something is missing before `{word}`"),
            "conditions are joined by `and` or `or`, numbers by `+ - * /`, a function's arguments by `,`, steps by `;`"
                .to_owned(),
        ),
        ParseErrorType::MissingToken(token, _) => {
            (at, format!("a `{token}` is missing before `{word}`"), fallback_hint())
        }
        ParseErrorType::BadInput(LexError::ImproperSymbol(..)) | ParseErrorType::Reserved(_) => reserved(at, word),
        ParseErrorType::BadInput(LexError::UnexpectedInput(_)) if word == "," => (
            at,
            "something is missing before this `,`".to_owned(),
            "one `,` stands between two arguments of a function".to_owned(),
        ),
        ParseErrorType::BadInput(LexError::UnexpectedInput(_)) => (
            at,
            format!("`{word}` does not fit here: something is missing before it"),
            "an operator such as `<=` or `and` needs a value on both sides".to_owned(),
        ),
        other => (at, format!("the formula cannot be read: {}", lower_first(&other.to_string())), fallback_hint()),
    }
}

fn fallback_hint() -> String {
    "a formula looks like `percent(count(answered and wait_s <= 20), count(offered))`".to_owned()
}

fn reserved(at: Range<usize>, word: &str) -> Told {
    if word.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
        let message = format!("`{word}` cannot be used in a formula: the word is reserved");
        return (at, message, format!("if it is a column, write `dataset[\"{word}\"]` with the dataset's name"));
    }
    (at, format!("the sign `{word}` has no meaning in a formula"), fallback_hint())
}

fn ends_too_early(written: &str) -> Told {
    let end = written.trim_end().len();
    let last = written[..end].char_indices().next_back().map_or(0, |(at, _)| at);
    let sign = &written[last..end];
    if sign == "%" {
        return (
            last..end,
            "a percentage is written as a plain number".to_owned(),
            "write `80` instead of `80%`; a share is computed by `percent(part, whole)`".to_owned(),
        );
    }
    (last..end, format!("the formula ends too early: something must follow `{sign}`"), fallback_hint())
}

fn about_brackets(written: &str) -> Option<Told> {
    let closing = |open: &str| match open {
        "(" => ")",
        "[" => "]",
        _ => "}",
    };
    match brackets(written) {
        Brackets::Balanced => None,
        Brackets::Unclosed(at) => {
            let open = &written[at.clone()];
            let hint = format!("add a `{}`; each `{open}` needs one", closing(open));
            Some((at.clone(), format!("this `{open}` is never closed"), hint))
        }
        Brackets::Stray(at) => {
            let close = &written[at.clone()];
            Some((at.clone(), format!("this `{close}` closes nothing"), "take it away, or open it before".to_owned()))
        }
        Brackets::Crossed { open, close } => {
            let (left, right) = (&written[open], &written[close.clone()]);
            let message = format!("`{left}` is closed by `{right}`");
            Some((close.clone(), message, format!("write `{}` here", closing(left))))
        }
    }
}

/// `1,5` where a number with a point is meant.
fn decimal_comma(written: &str, at: Range<usize>) -> Option<Told> {
    let digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
    let is_comma = &written[at.clone()] == ","
        && digit(written[..at.start].chars().next_back())
        && digit(written[at.end..].chars().next());
    is_comma.then(|| {
        let start = written[..at.start].trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
        let end =
            at.end + written[at.end..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(written.len() - at.end);
        let number = &written[start..end];
        (
            start..end,
            "a number has a decimal point, not a comma".to_owned(),
            format!("write `{}`", number.replace(',', ".")),
        )
    })
}

/// A `NOT` before the place: it reads as a name, so the parser stops one word later.
fn capital_before(written: &str, at: usize) -> Option<Told> {
    let before = written[..at].trim_end();
    let start = before.trim_end_matches(|letter: char| letter.is_alphanumeric() || letter == '_').len();
    let is_capital = matches!(&before[start..], "NOT" | "Not" | "НЕ" | "не");
    if is_capital { habit_at(written, start..before.len()) } else { None }
}

/// What people bring from spreadsheets, SQL and other languages, by the word or sign at which the parser stops.
fn habit_at(written: &str, at: Range<usize>) -> Option<Told> {
    let word = &written[at.clone()];
    if word == "(" && written[at.start..].starts_with("(*") {
        let end = at.start + if written[at.start..].starts_with("(*)") { 3 } else { 2 };
        let message = "`*` does not stand for all rows here";
        return Some((at.start..end, message.to_owned(), "to count all rows, write `count()`".to_owned()));
    }
    if word.starts_with('>') && written[..at.start].ends_with('<') {
        return Some((
            at.start - 1..at.end,
            "`<>` is not known here".to_owned(),
            "write `!=` for \"is not\"".to_owned(),
        ));
    }
    if at.start == written.len() - written.trim_start().len() && word == "=" {
        let message = "a formula does not begin with `=`";
        return Some((at, message.to_owned(), "take the `=` away".to_owned()));
    }
    let (message, hint) = match word {
        "=" => ("`=` does not compare", "write `==` to compare, as in `queue == \"Sales\"`"),
        "=<" => ("the two signs of `=<` stand the wrong way round", "write `<=`"),
        "=>" => ("the two signs of `=>` stand the wrong way round", "write `>=`"),
        "===" => ("`===` is not known here", "write `==`"),
        "!==" => ("`!==` is not known here", "write `!=`"),
        "AND" | "And" => ("`and` is written in small letters", "write `and`"),
        "OR" | "Or" => ("`or` is written in small letters", "write `or`"),
        "NOT" | "Not" => ("`not` is written in small letters", "write `not`"),
        "IN" | "In" => ("`in` is written in small letters", "write `queue in [\"Sales\", \"Support\"]`"),
        "и" | "И" => ("formulas are written with English words", "write `and`"),
        "или" | "ИЛИ" => ("formulas are written with English words", "write `or`"),
        "не" | "НЕ" => ("formulas are written with English words", "write `not`"),
        "если" | "ЕСЛИ" => ("formulas are written with English words", "write `if … { … } else { … }`"),
        "between" | "BETWEEN" => ("`between` is not known here", "write `wait_s >= 5 and wait_s <= 10`"),
        "like" | "LIKE" => (
            "`like` is not known here",
            "write `contains(queue, \"VIP\")`, `starts_with(queue, \"VIP\")` or `ends_with(queue, \"VIP\")`",
        ),
        "is" | "IS" => ("`is` is not known here", "write `is_null(csat)` or `not is_null(csat)`"),
        "null" | "NULL" | "nil" | "None" => {
            ("there is no `null` in a formula", "write `is_null(csat)` to find rows without a value")
        }
        "then" | "THEN" => ("`then` is not known here", "write `if … { … } else { … }`"),
        "?" => ("`? :` is not known here", "write `if … { … } else { … }`"),
        "#" | "--" => ("this does not begin a comment", "a comment begins with `//`"),
        "“" | "”" | "„" | "«" | "»" | "‘" | "’" => {
            ("text stands in straight double quotes", "write `\"Sales\"`")
        }
        quoted if quoted.starts_with('\'') => (
            "text stands in double quotes, not in single ones",
            "write `\"Sales\"`; in YAML put the formula behind `|`",
        ),
        "eval" | "print" | "debug" | "type_of" | "Fn" | "call" | "curry" | "import" | "export" | "spawn" | "async"
        | "await" | "is_shared" | "is_def_var" | "is_def_fn" => {
            return Some((
                at.clone(),
                format!("`{word}` is not available in formulas"),
                "a formula computes one number from columns and KPIs; it has `let`, `if`, `switch` and the functions"
                    .to_owned(),
            ));
        }
        _ => return None,
    };
    Some((at, message.to_owned(), hint.to_owned()))
}

/// The word or sign at a position; the whole text when there is no position.
fn word_at(text: &str, position: Position) -> Range<usize> {
    let Some(line) = position.line() else { return 0..text.trim_end().len() };
    let line_start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let column = position.position().unwrap_or(1).max(1);
    let start = text[line_start..].char_indices().nth(column - 1).map_or(text.len(), |(byte, _)| line_start + byte);
    word_from(text, start)
}

fn word_from(text: &str, start: usize) -> Range<usize> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_sign = |letter: char| matches!(letter, '<' | '>' | '=' | '!' | '&' | '|' | '*');
    let rest = &text[start..];
    let run = |of: fn(char) -> bool| rest.find(|letter| !of(letter)).unwrap_or(rest.len());
    match rest.chars().next() {
        None => start..start,
        // A letter of another alphabet may stand in the middle of a word.
        Some(first) if is_word(first) => {
            let before = text[..start].trim_end_matches(is_word).len();
            before..start + run(|letter| letter.is_alphanumeric() || letter == '_')
        }
        Some(first) if is_sign(first) => {
            start..start + run(|letter| matches!(letter, '<' | '>' | '=' | '!' | '&' | '|' | '*'))
        }
        Some('\'') => {
            let inner = rest[1..].find('\'').map_or(1, |end| end + 2);
            start..start + inner
        }
        Some('-') if rest.starts_with("--") => start..start + 2,
        Some(first) => start..start + first.len_utf8(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::engine::FormulaEngine;
    use super::super::evaluation::Known;
    use super::super::schema::Schema;
    use super::*;

    fn formula(text: &str) -> FormulaText {
        whole_file(&Arc::new(SourceFile { path: "rules/kpis/all.yaml".to_owned(), text: text.to_owned() }))
    }

    /// Pieces of formulas, well and badly written, in any order.
    fn pieces() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "count", "(", ")", "[", "]", "{", "}", ",", ";", ".", "=", "==", "<>", "=<", "<=", "!", "and", "NOT", "in",
            "if", "else", "let", "fn f(x)", "loop", "switch", "=>", "_", "??", "?", "'", "\"", "`", "${", "\\", "“",
            "и", "соunt", "📞", "1,5", "12abc", "80%", "%", "--", "#", "//", "/*", "(*", " ", "\n", "\t", "\r\n", "()",
            "null", "eval", "calls", "wait_s", "7", "-", "+", "é", "\u{202e}", "\u{0}", "SELECT ",
        ]);
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_told_at_a_place_within_it(text in prop_oneof![pieces(), any::<String>()]) {
            let engine = FormulaEngine::bare(Schema::default());
            match engine.compile(&formula(&text)) {
                Ok(formula) => {
                    engine.evaluate(&formula, None, &Known::default());
                }
                Err(diagnostic) => {
                    let span = diagnostic.span.as_ref().expect("a formula has a place");
                    prop_assert!(span.range.end <= text.len());
                    prop_assert!(text.get(span.range.clone()).is_some(), "{:?} splits a character", span.range);
                    prop_assert!(!diagnostic.hints.is_empty(), "{}", diagnostic.message);
                }
            }
        }
    }
}
