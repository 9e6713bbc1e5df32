//! Placeholders in the titles and descriptions of KPIs: `{sl_threshold}` stands for that parameter's value, so that a text
//! never says another threshold than the formula has. They are filled when a KPI is read, for each language its own way.

use indexmap::IndexMap;

use super::definition::{Localized, ParameterDefinition};
use super::names::Names;
use super::shape::Target;
use super::yaml::{Node, NodeKind};
use crate::diagnostics::{Code, Diagnostic, Span};
use crate::locale::format_in_sentence;

/// The keys whose texts may have placeholders.
const KEYS: [&str; 2] = ["title", "description"];

/// The texts with the values of the parameters they name; a placeholder of none stays as it is.
pub(super) fn fill(texts: Localized, parameters: &IndexMap<String, ParameterDefinition>) -> Localized {
    let filled = texts.texts.into_iter().map(|(language, text)| {
        let mut filled = String::with_capacity(text.len());
        let mut written = 0;
        for (place, name) in placeholders(&text) {
            if let Some(parameter) = parameters.get(name) {
                filled.push_str(&text[written..place.start]);
                filled.push_str(&format_in_sentence(parameter.value, parameter.unit, language));
                written = place.end;
            }
        }
        filled.push_str(&text[written..]);
        (language, filled)
    });
    Localized { texts: filled.collect() }
}

/// Reports placeholders of a KPI's texts that name no parameter.
pub(super) fn check(kpi: &Node, names: &Names, diagnostics: &mut Vec<Diagnostic>) {
    for text in KEYS.into_iter().filter_map(|key| kpi.get(key)) {
        let in_languages = text.entries().iter().map(|entry| &entry.value);
        let alone = matches!(text.kind, NodeKind::Scalar(_)).then_some(text);
        for node in in_languages.chain(alone) {
            // A name cannot be written in another way than it is read, so the file's own text can be looked at.
            for (place, name) in placeholders(node.span.text()) {
                if names.has(Target::Parameter, name) {
                    continue;
                }
                let start = node.span.range.start;
                let span = Span { range: start + place.start..start + place.end, file: node.span.file.clone() };
                let message = format!("there is no parameter `{name}` to stand here");
                let diagnostic = Diagnostic::error(Code::UnknownParameter, span, message)
                    .did_you_mean(name, names.all(Target::Parameter));
                diagnostics.push(diagnostic.hint("parameters stand in rules/kpis/ under `parameters`"));
            }
        }
    }
}

/// Each `{name}` in a text, with the name; braces around anything else are braces.
fn placeholders(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    text.match_indices('{').filter_map(move |(start, _)| {
        let rest = &text[start + 1..];
        let name = &rest[..rest.find(|letter| !is_part(letter))?];
        let is_name = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
        (is_name && rest[name.len()..].starts_with('}')).then(|| (start..start + name.len() + 2, name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{SourceFile, Spanned};
    use crate::locale::{Language, Unit};

    #[test]
    fn values_stand_in_the_language_of_the_text() {
        let span = Span { file: SourceFile { path: String::new(), text: String::new() }.into(), range: 0..0 };
        let parameter = |value: f64, unit: Unit| ParameterDefinition {
            id: Spanned::new(String::new(), span.clone()),
            value,
            unit,
            title: Localized::default(),
            description: Localized::default(),
        };
        let parameters = IndexMap::from([
            ("sl_threshold".to_owned(), parameter(20.0, Unit::Duration)),
            ("goal".to_owned(), parameter(80.5, Unit::Percent)),
        ]);
        let check = |text: &str, english: &str, russian: &str| {
            let texts = Language::ALL.into_iter().map(|language| (language, text.to_owned())).collect();
            let filled = fill(Localized { texts }, &parameters);
            assert_eq!(filled.get(Language::English), Some(english));
            assert_eq!(filled.get(Language::Russian), Some(russian));
        };
        check("in {sl_threshold}, {goal}", "in 20\u{a0}s, 80.5%", "in 20\u{a0}с, 80,5\u{a0}%");
        check("{sl_threshold}{sl_threshold}", "20\u{a0}s20\u{a0}s", "20\u{a0}с20\u{a0}с");
        check("{unknown} {} { goal } {1} {goal", "{unknown} {} { goal } {1} {goal", "{unknown} {} { goal } {1} {goal");
        check("{{goal}}", "{80.5%}", "{80,5\u{a0}%}");
    }
}
