//! Whether a query uses its window for nothing but to keep the rows inside it. Then the rows of a long window are those of
//! its parts. It is decided by the words alone, and in doubt by no.

use super::Dialect;
use super::scanner::{Kind, Scanner};

/// Words with which a row of a long window may be another one than that of a short one.
const OF_ALL_ROWS: [&str; 10] =
    ["group", "having", "distinct", "limit", "offset", "fetch", "over", "except", "intersect", "recursive"];

/// Why the rows of a long window may not be those of its parts; in words that go on after "the query of …". None when they
/// are: `:from` and `:to` are each compared with the column that places a row in time, and nothing looks at all rows.
pub fn not_only_bounded(sql: &str, dialect: Dialect, column: &str) -> Option<String> {
    let tokens: Vec<(Kind, &str)> = Scanner::new(sql, dialect)
        .filter(|(kind, _)| *kind != Kind::Space)
        .map(|(kind, range)| (kind, &sql[range]))
        .collect();
    let word = |place: usize| tokens.get(place).map_or("", |(_, text)| text);
    if let Some((_, word)) = tokens
        .iter()
        .find(|(kind, text)| *kind == Kind::Code && OF_ALL_ROWS.iter().any(|word| text.eq_ignore_ascii_case(word)))
    {
        return Some(format!("has a `{}`, which looks at all rows of the window", word.to_uppercase()));
    }
    let is_column = |place: usize| unquoted(word(place)).eq_ignore_ascii_case(column);
    // `began AS started_at`: the column under the name it has in the table.
    let places = || 2..tokens.len();
    let source = places().find(|place| is_column(*place) && word(place - 1).eq_ignore_ascii_case("as"));
    let source = source.map(|place| unquoted(word(place - 2)));
    let is_time = |place: usize| {
        let name = unquoted(word(place));
        is_column(place) || source.as_ref().is_some_and(|source| name.eq_ignore_ascii_case(source))
    };
    for (place, (_, name)) in tokens.iter().enumerate().filter(|(_, (kind, _))| *kind == Kind::Parameter) {
        let before = |back: usize| place.checked_sub(back);
        let sign = |signs: &[&str]| {
            signs.iter().rev().zip(1..).all(|(sign, back)| before(back).is_some_and(|place| word(place) == *sign))
        };
        let compared = match *name {
            ":from" if sign(&[">", "="]) => before(3),
            ":to" if sign(&["<"]) => before(2),
            _ => None,
        };
        let ends = ["", ")", "and", "order", ";"].iter().any(|end| word(place + 1).eq_ignore_ascii_case(end));
        if !ends || !compared.is_some_and(is_time) {
            return Some(format!("uses `{name}` for more than keeping the rows whose `{column}` lies in the window"));
        }
    }
    None
}

fn unquoted(word: &str) -> String {
    word.trim_matches(['"', '`', '[', ']']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: Option<&str>) {
        let found = not_only_bounded(sql, Dialect::Sqlite, "started_at");
        assert_eq!(found.as_deref().map(|words| words.split('`').nth(1).unwrap()), expected, "{sql}");
    }

    #[test]
    fn queries_that_only_keep_the_rows_of_the_window() {
        check("SELECT * FROM calls", None);
        check("SELECT * FROM calls WHERE started_at >= :from AND started_at < :to;", None);
        check("SELECT * FROM calls c WHERE (c.\"started_at\" >= :from) AND c.started_at<:to ORDER BY queue", None);
        check("SELECT began AS started_at FROM calls WHERE began >= :from AND began < :to", None);
        check("SELECT *, ':to' AS x FROM calls -- until :to\n", None);
        check("SELECT * FROM calls WHERE queue IN (SELECT name FROM queues) AND started_at < :to", None);
    }

    #[test]
    fn queries_that_look_at_the_window_in_another_way() {
        check("SELECT * FROM calls WHERE started_at < :to AND ended_at >= :from", Some(":from"));
        check("SELECT * FROM calls WHERE started_at BETWEEN :from AND :to", Some(":from"));
        check("SELECT * FROM calls WHERE started_at >= :from AND started_at <= :to", Some(":to"));
        check("SELECT * FROM calls WHERE started_at >= :from AND started_at < :to + 60", Some(":to"));
        check("SELECT *, :to AS until FROM calls WHERE started_at >= :from AND started_at < :to", Some(":to"));
        check("SELECT queue, COUNT(*) FROM calls GROUP BY queue", Some("GROUP"));
        check("SELECT DISTINCT caller FROM calls", Some("DISTINCT"));
        check("SELECT *, row_number() OVER () FROM calls", Some("OVER"));
    }
}
