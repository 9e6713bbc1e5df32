//! Whether a user's SQL is one whole query, so that it stays inside the parentheses it is put into: there a database
//! takes nothing but a SELECT. What the query says is the database's own affair.

use super::Dialect;
use super::scanner::{Kind, Scanner};

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

/// Why the SQL, already without its final semicolon, is not one query that ends where it ends; in words that go on after
/// "the query of …".
pub fn not_one_query(sql: &str, dialect: Dialect) -> Option<&'static str> {
    let mut depth = 0_usize;
    for (kind, range) in Scanner::new(sql, dialect) {
        match (kind, &sql[range]) {
            (Kind::Code, "(") => depth += 1,
            (Kind::Code, ")") if depth == 0 => return Some("closes a parenthesis that it did not open"),
            (Kind::Code, ")") => depth -= 1,
            (Kind::Semicolon, _) => return Some("holds more than one statement"),
            (Kind::Unfinished, _) => return Some("begins a text, a quoted name or a comment that never ends"),
            (Kind::RunComment, _) => return Some("holds a comment that MySQL runs: write it as SQL or leave it out"),
            // With ANSI_QUOTES the backslash stands for itself, without it takes the quote behind it along.
            (Kind::Quoted, text) if dialect == Dialect::MySql && text.starts_with('"') && text.contains('\\') => {
                return Some(
                    "has a backslash in double quotes, which servers read in two ways: write the text in single ones",
                );
            }
            _ => {}
        }
    }
    (depth > 0).then_some("does not close a parenthesis that it opened")
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[track_caller]
    fn check(dialect: Dialect, sql: &str, expected: Option<&str>) {
        let found = not_one_query(without_final_semicolon(sql, dialect), dialect);
        assert_eq!(found.map(|words| words.split(' ').next().unwrap()), expected, "{dialect:?}: {sql}");
    }

    #[test]
    fn a_query_stays_inside_its_parentheses() {
        for dialect in [Dialect::Sqlite, Dialect::Postgres, Dialect::MySql] {
            check(dialect, "SELECT (1) AS \"a)\", ')(' /* ) */ -- )\nFROM (SELECT 1) AS x;", None);
            check(dialect, "SELECT 1) AS x; DELETE FROM calls; --", Some("closes"));
            check(dialect, "SELECT 1) AS x UNION SELECT 2 FROM (SELECT 1", Some("closes"));
            check(dialect, "SELECT (1", Some("does"));
            check(dialect, "SELECT 1; DELETE FROM calls", Some("holds"));
            check(dialect, "SELECT 'a", Some("begins"));
            check(dialect, "SELECT 1 /* a", Some("begins"));
        }
        check(Dialect::Postgres, "SELECT $$)$$, E'\\')', '\\'", None);
        check(Dialect::Postgres, "SELECT $a$ $b$", Some("begins"));
        check(Dialect::MySql, "SELECT '\\')' # )", None);
        check(Dialect::MySql, "SELECT 1 /*!99999 ( */ )", Some("holds"));
        check(Dialect::MySql, "SELECT \"\\\"", Some("begins"));
        check(Dialect::MySql, "SELECT \"\\\" ) AS d INTO OUTFILE 'x' FROM (SELECT \"", Some("has"));
        check(Dialect::Sqlite, "SELECT [)] FROM t", None);
    }
}
