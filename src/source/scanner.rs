//! The lexis of SQL, as much of each dialect's as it takes to leave texts, quoted names, comments and `::casts` alone.
//! It is not a parser.

use std::ops::Range;

use super::Dialect;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Code,
    Quoted,
    /// A quoted stretch or a comment that goes on to the end of the SQL because its own end is missing.
    Unfinished,
    /// Blanks and comments.
    Space,
    /// The beginning of a comment whose content MySQL runs, or does not run, depending on its version.
    RunComment,
    Semicolon,
    /// A named parameter.
    Parameter,
    /// A parameter written in the database's own way.
    Foreign,
}

/// Cuts SQL into tokens; every byte belongs to exactly one.
pub(super) struct Scanner<'a> {
    sql: &'a str,
    at: usize,
    dialect: Dialect,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(sql: &'a str, dialect: Dialect) -> Self {
        Self { sql, at: 0, dialect }
    }

    fn rest(&self) -> &'a str {
        &self.sql[self.at..]
    }

    /// The kind of the token that begins here, and its length in bytes.
    fn token(&self) -> (Kind, usize) {
        let rest = self.rest();
        let mut characters = rest.chars();
        let first = characters.next().unwrap_or(' ');
        let second = characters.next();
        let (mysql, postgres, sqlite) =
            (self.dialect == Dialect::MySql, self.dialect == Dialect::Postgres, self.dialect == Dialect::Sqlite);
        match first {
            '\'' => up_to(Kind::Quoted, quoted(rest, '\'', mysql), rest),
            '"' => up_to(Kind::Quoted, quoted(rest, '"', mysql), rest),
            '`' if !postgres => up_to(Kind::Quoted, quoted(rest, '`', false), rest),
            '[' if sqlite => up_to(Kind::Quoted, rest.find(']').map(|end| end + 1), rest),
            '-' if second == Some('-') && (!mysql || characters.next().is_none_or(char::is_whitespace)) => {
                (Kind::Space, line(rest))
            }
            '#' if mysql => (Kind::Space, line(rest)),
            '/' if mysql && (rest.starts_with("/*!") || rest.starts_with("/*M!")) => (Kind::RunComment, 3),
            '/' if second == Some('*') => up_to(Kind::Space, comment(rest, postgres), rest),
            '$' if postgres => dollar(rest),
            ':' if second == Some(':') => (Kind::Code, 2),
            ':' if second.is_some_and(begins_word) => (Kind::Parameter, 1 + word(&rest[1..])),
            '?' if !postgres => (Kind::Foreign, 1 + word(&rest[1..])),
            ':' | '$' | '@' if sqlite && second.is_some_and(in_word) => (Kind::Foreign, 1 + word(&rest[1..])),
            ';' => (Kind::Semicolon, 1),
            _ if first.is_whitespace() => (Kind::Space, first.len_utf8()),
            _ if in_word(first) => {
                let length = word(rest);
                // PostgreSQL's E'…' strings take backslashes; the word before the quote decides.
                if postgres && rest[..length].eq_ignore_ascii_case("e") && rest[length..].starts_with('\'') {
                    let end = quoted(&rest[length..], '\'', true).map(|end| length + end);
                    up_to(Kind::Quoted, end, rest)
                } else {
                    (Kind::Code, length)
                }
            }
            _ => (Kind::Code, first.len_utf8()),
        }
    }
}

impl Iterator for Scanner<'_> {
    type Item = (Kind, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.at >= self.sql.len() {
            return None;
        }
        let (kind, length) = self.token();
        let start = self.at;
        self.at += length;
        Some((kind, start..self.at))
    }
}

fn begins_word(character: char) -> bool {
    character.is_alphabetic() || character == '_'
}

fn in_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The length of a word; `$` may stand inside one, so that `a$b$c` does not begin a dollar-quoted string.
fn word(text: &str) -> usize {
    text.char_indices()
        .find(|(at, character)| !in_word(*character) && (*character != '$' || *at == 0))
        .map_or(text.len(), |(at, _)| at)
}

fn line(text: &str) -> usize {
    text.find('\n').map_or(text.len(), |end| end + 1)
}

/// A token that ends here, or goes on to the end of the SQL.
fn up_to(kind: Kind, end: Option<usize>, text: &str) -> (Kind, usize) {
    end.map_or((Kind::Unfinished, text.len()), |end| (kind, end))
}

/// The length of a quoted stretch, if it ends; a doubled quote reads as its end and a new beginning, which comes to the same.
fn quoted(text: &str, quote: char, takes_backslashes: bool) -> Option<usize> {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if takes_backslashes && character == '\\' {
            escaped = true;
        } else if character == quote {
            return Some(at + 1);
        }
    }
    None
}

fn comment(text: &str, nests: bool) -> Option<usize> {
    let mut depth = 1;
    let mut at = 2;
    while depth > 0 {
        let end = text[at..].find("*/")?;
        match text[at..at + end].find("/*").filter(|_| nests) {
            Some(inner) => {
                depth += 1;
                at += inner + 2;
            }
            None => {
                depth -= 1;
                at += end + 2;
            }
        }
    }
    Some(at)
}

/// PostgreSQL's `$tag$ … $tag$`, or one of its numbered parameters.
fn dollar(text: &str) -> (Kind, usize) {
    let name = text[1..].find(|character| !in_word(character)).unwrap_or(text.len() - 1);
    if name > 0 && text[1..=name].bytes().all(|byte| byte.is_ascii_digit()) {
        return (Kind::Foreign, 1 + name);
    }
    if !text[1 + name..].starts_with('$') {
        return (Kind::Code, 1);
    }
    let tag = &text[..name + 2];
    up_to(Kind::Quoted, text[tag.len()..].find(tag).map(|end| tag.len() + end + tag.len()), text)
}
