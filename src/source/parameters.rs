//! Named parameters: finds `:name` in SQL and rewrites it to what the database takes. Knows just enough of each
//! dialect's lexis to leave strings, quoted names, comments and `::casts` alone; it is not a parser.

use std::ops::Range;

use super::{Dialect, Statement, Value};

/// A statement whose parameters cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParameterError {
    /// A name without a value.
    #[error("unknown parameter `:{name}`, known are {}", listed(.known))]
    Unknown {
        /// The name, without the colon.
        name: String,
        /// The names that have values.
        known: Vec<String>,
    },
    /// A parameter written in the database's own way, which would get no value.
    #[error("`{text}` stands for a parameter, which has no value here; parameters are written as in `:from`")]
    Foreign {
        /// The parameter as written.
        text: String,
    },
}

/// The names of the parameters, each once, in the order they first appear.
pub fn used_parameters(sql: &str, dialect: Dialect) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (kind, range) in Scanner::new(sql, dialect) {
        let name = &sql[range];
        if kind == Kind::Parameter && !names.iter().any(|known| known == &name[1..]) {
            names.push(name[1..].to_owned());
        }
    }
    names
}

/// The SQL without the semicolon that ends it, and without what follows: it is to stand inside parentheses.
pub fn without_final_semicolon(sql: &str, dialect: Dialect) -> &str {
    let mut end = None;
    for (kind, range) in Scanner::new(sql, dialect) {
        match kind {
            Kind::Semicolon => end = end.or(Some(range.start)),
            Kind::Space => {}
            // More than one statement: left as it is, the database refuses it.
            _ if end.is_some() => return sql,
            _ => {}
        }
    }
    &sql[..end.unwrap_or(sql.len())]
}

/// The SQL with the database's own placeholders, and the values in their order.
pub(super) fn positional(statement: &Statement, dialect: Dialect) -> Result<(String, Vec<Value>), ParameterError> {
    let sql = statement.sql.as_str();
    let mut text = String::with_capacity(sql.len());
    let mut values = Vec::new();
    let mut places: Vec<&str> = Vec::new();
    for (kind, range) in Scanner::new(sql, dialect) {
        let token = &sql[range];
        match kind {
            Kind::Parameter => {
                let name = &token[1..];
                let value = statement.parameters.get(name).ok_or_else(|| ParameterError::Unknown {
                    name: name.to_owned(),
                    known: statement.parameters.keys().cloned().collect(),
                })?;
                let known = places.iter().position(|place| *place == name);
                // MySQL's placeholders have no numbers: each needs its own value.
                let place = match known {
                    Some(place) if dialect != Dialect::MySql => place,
                    _ => {
                        places.push(name);
                        values.push(value.clone());
                        places.len() - 1
                    }
                };
                text.push_str(&dialect.placeholder(place + 1));
            }
            Kind::Foreign => return Err(ParameterError::Foreign { text: token.to_owned() }),
            _ => text.push_str(token),
        }
    }
    Ok((text, values))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Code,
    Quoted,
    /// Blanks and comments.
    Space,
    Semicolon,
    Parameter,
    Foreign,
}

/// Cuts SQL into tokens; every byte belongs to exactly one.
struct Scanner<'a> {
    sql: &'a str,
    at: usize,
    dialect: Dialect,
}

impl<'a> Scanner<'a> {
    fn new(sql: &'a str, dialect: Dialect) -> Self {
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
            '\'' => (Kind::Quoted, quoted(rest, '\'', mysql)),
            '"' => (Kind::Quoted, quoted(rest, '"', mysql)),
            '`' if !postgres => (Kind::Quoted, quoted(rest, '`', false)),
            '[' if sqlite => (Kind::Quoted, rest.find(']').map_or(rest.len(), |end| end + 1)),
            '-' if second == Some('-') && (!mysql || characters.next().is_none_or(char::is_whitespace)) => {
                (Kind::Space, line(rest))
            }
            '#' if mysql => (Kind::Space, line(rest)),
            '/' if second == Some('*') => (Kind::Space, comment(rest, postgres)),
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
                    (Kind::Quoted, length + quoted(&rest[length..], '\'', true))
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

/// The length of a quoted stretch; a doubled quote reads as its end and a new beginning, which comes to the same.
fn quoted(text: &str, quote: char, takes_backslashes: bool) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if takes_backslashes && character == '\\' {
            escaped = true;
        } else if character == quote {
            return at + 1;
        }
    }
    text.len()
}

fn comment(text: &str, nests: bool) -> usize {
    let mut depth = 1;
    let mut at = 2;
    while depth > 0 {
        let Some(end) = text[at..].find("*/") else { return text.len() };
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
    at
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
    let length = text[tag.len()..].find(tag).map_or(text.len(), |end| tag.len() + end + tag.len());
    (Kind::Quoted, length)
}

fn listed(known: &[String]) -> String {
    if known.is_empty() {
        return "none".to_owned();
    }
    known.iter().map(|name| format!("`:{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(dialect: Dialect, sql: &str, expected: &str, names: &[&str]) {
        let values = ["a", "b", "c"].map(|name| (name.to_owned(), Value::Text(name.to_owned())));
        let statement = Statement { sql: sql.to_owned(), parameters: values.into_iter().collect() };
        let (text, values) = positional(&statement, dialect).unwrap();
        assert_eq!(text, expected);
        assert_eq!(values, names.iter().map(|name| Value::Text((*name).to_owned())).collect::<Vec<_>>());
        let mut distinct: Vec<&str> = Vec::new();
        for name in names {
            if !distinct.contains(name) {
                distinct.push(name);
            }
        }
        assert_eq!(used_parameters(sql, dialect), distinct);
    }

    #[test]
    fn names_become_placeholders_of_each_dialect() {
        let sql = "x >= :a AND x < :b OR y = :a";
        check(Dialect::Sqlite, sql, "x >= ?1 AND x < ?2 OR y = ?1", &["a", "b"]);
        check(Dialect::Postgres, sql, "x >= $1 AND x < $2 OR y = $1", &["a", "b"]);
        check(Dialect::MySql, sql, "x >= ? AND x < ? OR y = ?", &["a", "b", "a"]);
    }

    #[test]
    fn text_that_only_looks_like_a_parameter_stays() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
            for same in [
                "':a' || 'it''s :b'",
                "\":a\" \"x\"\":b\"",
                "-- :a\n",
                "/* :a */",
                "x::text",
                "'очередь :a'",
                "'unfinished :a",
                "-- unfinished :a",
                "/* unfinished :a",
            ] {
                check(dialect, same, same, &[]);
            }
        }
        check(Dialect::MySql, "# :a\n :b", "# :a\n ?", &["b"]);
        check(Dialect::MySql, "`:a` 'it\\':a' @v := 5 - 3--:a", "`:a` 'it\\':a' @v := 5 - 3--?", &["a"]);
        check(Dialect::Sqlite, "[:a] `:b` 'x\\' = :c", "[:a] `:b` 'x\\' = ?1", &["c"]);
        check(Dialect::Postgres, "$$ :a $$ $t$ $$ :b $t$ a$b$c = :c", "$$ :a $$ $t$ $$ :b $t$ a$b$c = $1", &["c"]);
        check(Dialect::Postgres, "E'it\\':a' /* /* */ :b */ :c::int", "E'it\\':a' /* /* */ :b */ $1::int", &["c"]);
        check(Dialect::Postgres, "j ? 'k' AND j #> :a", "j ? 'k' AND j #> $1", &["a"]);
    }

    #[test]
    fn a_parameter_without_a_value_is_named() {
        let refused = |dialect, sql: &str| {
            let parameters = [("from".to_owned(), Value::Null), ("to".to_owned(), Value::Null)].into_iter().collect();
            positional(&Statement { sql: sql.to_owned(), parameters }, dialect).unwrap_err().to_string()
        };
        assert_eq!(refused(Dialect::Sqlite, "x > :form"), "unknown parameter `:form`, known are `:from`, `:to`");
        for (dialect, sql, text) in [
            (Dialect::Sqlite, "x > ?", "?"),
            (Dialect::Sqlite, "x > @from", "@from"),
            (Dialect::Sqlite, "x > :1", ":1"),
            (Dialect::Postgres, "x > $12", "$12"),
            (Dialect::MySql, "x > ?", "?"),
        ] {
            assert!(refused(dialect, sql).starts_with(&format!("`{text}` stands for a parameter")), "{sql}");
        }
    }

    #[test]
    fn the_final_semicolon_goes_and_others_stay() {
        for (sql, expected) in [
            ("SELECT 1", "SELECT 1"),
            ("SELECT 1 ;\n", "SELECT 1 "),
            ("SELECT ';' ; -- done", "SELECT ';' "),
            ("SELECT 1;;", "SELECT 1"),
            ("SELECT 1; DELETE FROM calls", "SELECT 1; DELETE FROM calls"),
        ] {
            assert_eq!(without_final_semicolon(sql, Dialect::Sqlite), expected);
        }
    }
}
