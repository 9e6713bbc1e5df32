//! What ids may look like: names that stand in formulas are stricter than names that only stand in YAML.

use super::shape::Ids;

/// Words that the formula language keeps for itself.
pub(super) const RESERVED: [&str; 24] = [
    "and", "as", "break", "const", "continue", "do", "else", "false", "fn", "for", "global", "if", "in", "let", "loop",
    "null", "or", "private", "return", "switch", "this", "true", "until", "while",
];

/// What is wrong with an id, as the way out; nothing when it is fine.
pub(super) fn id_fault(written: &str, ids: Ids) -> Option<String> {
    if matches!(ids, Ids::Tests | Ids::Tables | Ids::Known(_)) {
        let good = !written.trim().is_empty() && !written.contains(['\n', '\r']);
        return (!good).then(|| "write a few words on one line".to_owned());
    }
    if !ids.are_identifiers() {
        let good = !written.is_empty() && written.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
        return (!good).then(|| "use letters, digits, `_` and `-`, without blanks".to_owned());
    }
    if !is_identifier(written) {
        let such_as = as_identifier(written).map_or_else(String::new, |id| format!(", such as `{id}`"));
        return Some(format!("it is used in formulas: write it with letters a to z, digits and `_`{such_as}"));
    }
    RESERVED.contains(&written).then(|| "the formula language uses this word itself; choose another one".to_owned())
}

/// Whether formulas can name it.
fn is_identifier(name: &str) -> bool {
    let letter = |first: char| first.is_ascii_alphabetic() || first == '_';
    name.starts_with(letter) && name.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// The nearest id that formulas can name.
fn as_identifier(written: &str) -> Option<String> {
    let changed: String = written
        .trim()
        .chars()
        .map(|c| if matches!(c, '-' | ' ' | '.') { '_' } else { c.to_ascii_lowercase() })
        .collect();
    is_identifier(&changed).then_some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::shape::Target;

    #[test]
    fn ids_in_formulas_are_stricter() {
        for (written, in_formulas, elsewhere) in [
            ("service_level", true, true),
            ("service-level", false, true),
            ("1st", false, true),
            ("in", false, true),
            ("уровень", false, true),
            ("two words", false, false),
            ("a/../b", false, false),
            ("", false, false),
        ] {
            assert_eq!(id_fault(written, Ids::Of(Target::Kpi)).is_none(), in_formulas, "{written}");
            assert_eq!(id_fault(written, Ids::Of(Target::Report)).is_none(), elsewhere, "{written}");
        }
        assert!(id_fault("Service-Level", Ids::Columns).is_some_and(|hint| hint.ends_with("`service_level`")));
    }
}
