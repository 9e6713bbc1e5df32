//! Single values as JSON Schemas: types, words, patterns. What the check accepts, these accept; patterns use only what
//! every dialect of regular expressions has.

use serde_json::{Map, Value, json};

use super::ids::RESERVED;
use super::shape::{Ids, Kind, Zero};
use super::values::URL_SCHEMES;
use crate::time::PeriodName;

/// Where a schema keeps the names of time zones.
const ZONE: &str = "#/definitions/zone";

/// A value that stands for itself.
pub(super) fn single(kind: &Kind) -> Map<String, Value> {
    let value = match kind {
        Kind::Formula => json!({ "type": ["string", "number", "boolean"], "pattern": "\\S" }),
        Kind::Number => json!({ "type": "number" }),
        Kind::NumberOrNull => json!({ "type": ["number", "null"] }),
        Kind::Integer(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        Kind::YesNo => json!({ "type": "boolean" }),
        Kind::TimeOfDay => text("^\\s*([01]?[0-9]|2[0-3]):[0-5]?[0-9]\\s*$", "hours and minutes, such as 10:00"),
        Kind::Zone => json!({ "$ref": ZONE }),
        Kind::Period => period(),
        Kind::OneOf(words) => {
            let (words, meanings): (Vec<_>, Vec<_>) = words.iter().copied().unzip();
            json!({ "enum": words, "enumDescriptions": meanings })
        }
        Kind::Duration(zero) => {
            let part = "[0-9]+[smhdw]\\s*";
            let pattern = match zero {
                Zero::Allowed => format!("^\\s*({part})+$"),
                Zero::Refused => format!("^\\s*({part})*[0-9]*[1-9][0-9]*[smhdw]\\s*({part})*$"),
            };
            text(&pattern, "a number with s, m, h, d or w, such as 30s, 5m, 4h, 1h30m or 6d")
        }
        Kind::Written(form) => text(form.pattern, form.allowed),
        Kind::Address => text("^[^<]*[^<\\s]@[^<\\s]+\\s*$", "an address such as anna@example.com"),
        Kind::Mailbox => text("\\S@\\S+\\s*$", "anna@example.com or Anna <anna@example.com>"),
        Kind::DatabaseUrl => {
            let servers: Vec<_> = URL_SCHEMES.into_iter().filter(|scheme| *scheme != "sqlite").collect();
            text(
                &format!("^\\s*(sqlite:|({})://)\\s*\\S", servers.join("|")),
                "for example sqlite:var/calls.db or postgres://user@host/database",
            )
        }
        Kind::Color => text("^#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$", "a colour such as \"#1f4e79\", in quotes"),
        // Everything else is a text that is not blank, or no single value.
        _ => text("\\S", "a text that is not empty"),
    };
    inside(value)
}

/// An id, as the value of a key or as a key.
pub(super) fn id(ids: Ids) -> Map<String, Value> {
    if matches!(ids, Ids::Tests | Ids::Tables | Ids::Known(_)) {
        return inside(text("\\S", "a few words on one line"));
    }
    if ids.are_identifiers() {
        let mut id =
            inside(text("^[A-Za-z_][A-Za-z0-9_]*$", "letters a to z, digits and `_`, as it is used in formulas"));
        id.insert("not".into(), json!({ "enum": RESERVED }));
        return id;
    }
    // Letters of every alphabet: all but blanks and ASCII's other signs.
    inside(text("^[^\\s!-,./:-@\\[-\\^`{-~]+$", "letters, digits, `_` and `-`, without blanks"))
}

/// A value for which a variable of the environment may stand.
pub(super) fn or_variable(value: Map<String, Value>) -> Map<String, Value> {
    inside(json!({ "anyOf": [value, text("\\$\\{", "a variable of the environment: ${NAME}")] }))
}

/// Whether a schema speaks of time zones, of which there are too many to list at each place.
pub(super) fn names_a_zone(schema: &Map<String, Value>) -> bool {
    schema.iter().any(|(key, value)| match value {
        Value::Object(inner) => names_a_zone(inner),
        Value::Array(items) => items.iter().filter_map(Value::as_object).any(names_a_zone),
        value => key == "$ref" && value == ZONE,
    })
}

/// Every time zone's name.
pub(super) fn zone() -> Value {
    let names: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
    // Some editors say this instead of listing six hundred names.
    let allowed = "write continent and city, such as Europe/Moscow, Asia/Yekaterinburg or UTC";
    json!({ "title": "time zone", "enum": names, "errorMessage": allowed })
}

/// The names that are relative to "now", offered as they are and accepted in every spelling, and stretches of days. A year
/// may look like a number.
fn period() -> Value {
    let names: Vec<&str> = PeriodName::relative_names().collect();
    let spelled: Vec<String> = names.iter().map(|name| any_spelling(name)).collect();
    let day = "[0-9]{4}[-_][0-9]{2}[-_][0-9]{2}";
    let part = "([Ww][0-9]{2}|[Qq][1-4]|[0-9]{2})";
    let pattern = format!("^\\s*({}|{day}(\\s*\\.\\.\\s*{day})?|[0-9]{{4}}([-_]{part})?)\\s*$", spelled.join("|"));
    json!({
        "anyOf": [
            { "enum": names },
            text(&pattern, "previous_week, 2026-11-20, 2026-W46, 2026-11, 2026-Q4, 2026 or 2026-11-01..2026-11-15"),
            { "type": "integer", "minimum": 1970, "maximum": 2200 },
        ]
    })
}

/// A pattern for a name in small or capital letters, with `-` or `_`.
fn any_spelling(name: &str) -> String {
    let letter = |letter: char| match letter {
        '_' => "[-_]".to_owned(),
        letter => format!("[{letter}{}]", letter.to_ascii_uppercase()),
    };
    name.chars().map(letter).collect()
}

/// A text; editors that know `patternErrorMessage` say what is allowed instead of showing the pattern.
fn text(pattern: &str, allowed: &str) -> Value {
    json!({ "type": "string", "pattern": pattern, "patternErrorMessage": format!("write {allowed}") })
}

fn inside(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests {
    use boon::{Compiler, Schemas};
    use proptest::prelude::*;

    use super::*;
    use crate::time::parse_duration;
    use crate::workspace::ids::id_fault;
    use crate::workspace::shape::Target;

    /// Whether a schema accepts each of these values.
    fn accepted(schema: Map<String, Value>, values: &[Value]) -> Vec<bool> {
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(boon::Draft::V7);
        compiler.add_resource("http://callbrief.test/it", Value::Object(schema)).expect("a resource");
        let index = compiler.compile("http://callbrief.test/it", &mut schemas).expect("a schema");
        values.iter().map(|value| schemas.validate(value, index).is_ok()).collect()
    }

    #[track_caller]
    fn check(schema: Map<String, Value>, good: &[&str], bad: &[&str]) {
        let values: Vec<Value> = good.iter().chain(bad).map(|text| json!(text)).collect();
        let expected: Vec<bool> = good.iter().map(|_| true).chain(bad.iter().map(|_| false)).collect();
        assert_eq!(accepted(schema, &values), expected, "{good:?} {bad:?}");
    }

    #[test]
    fn values_are_accepted_as_the_check_accepts_them() {
        check(
            single(&Kind::Period),
            &["previous_week", "This-Month", "2026-11-20", "2026-W46", "2026-w46", "2026-Q4", "2026", "2026-11"],
            &["last_week", "2026-1", "2026-Q5", "26-11-20", "2026-11-20.."],
        );
        check(
            single(&Kind::Duration(Zero::Allowed)),
            &["0s", "1h30m", "1h 30m", " 6d "],
            &["30", "1 minute", "m", "5 m"],
        );
        check(single(&Kind::Duration(Zero::Refused)), &["0m30s", "10s", "05m"], &["0s", "0h0m", "00s"]);
        check(
            single(&Kind::DatabaseUrl),
            &["sqlite:calls.db", "sqlite:///srv/calls.db", "postgres://reader@db/calls", "postgresql:///calls"],
            &["sqlite:", "oracle://db", "postgres:db", "calls.db"],
        );
        check(single(&Kind::Color), &["#1f4e79", "#FFF"], &["blue", "1f4e79", "#12345", "#12345g", ""]);
        check(single(&Kind::Address), &["anna@example.com"], &["anna", "Anna <anna@example.com>", "anna@exa mple.com"]);
        check(single(&Kind::Mailbox), &["anna@example.com", "Anna <anna@example.com>"], &["anna", "Anna <anna>"]);
        check(or_variable(single(&Kind::Integer(1, 65_535))), &["${PORT}", "${PORT:-25}"], &["25", "$PORT"]);
        check(id(Ids::Of(Target::Kpi)), &["service_level"], &["service-level", "1st", "in", "уровень", ""]);
        check(id(Ids::Of(Target::Report)), &["service-level", "1st", "уровень"], &["two words", "a/b", "a.b", ""]);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn nothing_is_refused_that_the_check_accepts(
            durations in prop::collection::vec("[ 0-9smhdwx]{0,8}", 40),
            periods in prop::collection::vec("(19|20)[0-9]{2}[-_]?[wWqQ0-9_.-]{0,16}|[a-zA-Z_-]{0,14}", 40),
            ids in prop::collection::vec("[a-z0-9A-Z_./я é-]{0,6}", 40),
        ) {
            let values = |texts: &[String]| texts.iter().map(|text| json!(text)).collect::<Vec<_>>();
            for (text, accepted) in durations.iter().zip(accepted(single(&Kind::Duration(Zero::Allowed)), &values(&durations))) {
                prop_assert_eq!(accepted, parse_duration(text).is_some(), "{:?}", text);
            }
            for (text, accepted) in periods.iter().zip(accepted(single(&Kind::Period), &values(&periods))) {
                prop_assert!(accepted || PeriodName::parse(text).is_err(), "{:?}", text);
            }
            for target in [Target::Kpi, Target::Report] {
                for (text, accepted) in ids.iter().zip(accepted(id(Ids::Of(target)), &values(&ids))) {
                    prop_assert_eq!(accepted, id_fault(text, Ids::Of(target)).is_none(), "{:?}", text);
                }
            }
        }
    }
}
