//! Named parameters: finds `:name` in SQL and rewrites it to what the database takes.

use super::scanner::{Kind, Scanner};
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
}
