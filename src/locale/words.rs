//! The product's own words, with plurals, from `en.ftl` and `ru.ftl`. Titles users wrote are in the catalog.

use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Language, format_number};

type Bundle = FluentBundle<FluentResource>;

/// The text of a key, with its variables filled in; numbers are written as the language writes them. Every key that
/// stands in the sources is in both files, which a test makes sure of; any other key is given back as it is.
pub fn text(language: Language, key: &str, variables: &[(&str, FluentValue<'_>)]) -> String {
    let bundle = bundle(language);
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return key.to_owned() };
    let arguments: FluentArgs<'_> = variables.iter().map(|(name, value)| (*name, value.clone())).collect();
    // A variable that was not given stays visible as {$name}.
    bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
}

/// The language's words, read at the first use.
fn bundle(language: Language) -> &'static Bundle {
    static ENGLISH: OnceLock<Bundle> = OnceLock::new();
    static RUSSIAN: OnceLock<Bundle> = OnceLock::new();
    match language {
        Language::English => ENGLISH.get_or_init(|| {
            let mut bundle = read(Language::English);
            bundle.set_formatter(Some(|value, _| write_number(value, Language::English)));
            bundle
        }),
        Language::Russian => RUSSIAN.get_or_init(|| {
            let mut bundle = read(Language::Russian);
            bundle.set_formatter(Some(|value, _| write_number(value, Language::Russian)));
            bundle
        }),
    }
}

fn read(language: Language) -> Bundle {
    let identifier: LanguageIdentifier = language.code().parse().expect("our own codes are well-formed");
    let mut bundle = Bundle::new_concurrent(vec![identifier]);
    // The marks keep mixed directions apart; both languages run from left to right, and the marks show up as boxes.
    bundle.set_use_isolating(false);
    let resource = FluentResource::try_new(source(language).to_owned()).expect("a test reads the file");
    bundle.add_resource(resource).expect("a test finds keys that stand twice");
    bundle
}

fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("en.ftl"),
        Language::Russian => include_str!("ru.ftl"),
    }
}

fn write_number(value: &FluentValue<'_>, language: Language) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    let decimals = number.options.minimum_fraction_digits.unwrap_or(0);
    Some(format_number(number.value, u8::try_from(decimals).unwrap_or(u8::MAX), language))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    use super::*;

    /// The variables of each key, as the file of a language names them.
    fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut current = String::new();
        for line in source(language).lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if !line.starts_with([' ', '}']) {
                line.split_once(" =").unwrap().0.clone_into(&mut current);
                assert!(keys.insert(current.clone(), BTreeSet::new()).is_none(), "`{current}` stands twice");
            }
            let variables = line.split('$').skip(1);
            let name = |rest: &str| rest.chars().take_while(|letter| letter.is_ascii_alphanumeric()).collect();
            keys.get_mut(&current).unwrap().extend(variables.map(name));
        }
        keys
    }

    /// Keys written as literals in calls of `text` in the sources, with the file each stands in.
    fn keys_in_sources(folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                keys_in_sources(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let code = fs::read_to_string(&path).unwrap();
                for call in code.split("text(").skip(1) {
                    let (language, rest) = call.split_once(',').unwrap_or((call, ""));
                    let key = rest.trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"'));
                    if let (true, Some((key, _))) = (language.to_lowercase().ends_with("language"), key) {
                        found.insert(key.to_owned(), path.display().to_string());
                    }
                }
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_variables() {
        let english = keys(Language::English);
        assert_eq!(english, keys(Language::Russian));
        for language in Language::ALL {
            assert!(english.keys().all(|key| bundle(language).get_message(key).is_some_and(|m| m.value().is_some())));
        }
    }

    #[test]
    fn every_key_in_the_sources_has_words() {
        let mut found = BTreeMap::new();
        keys_in_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
        assert!(found.contains_key("percentage-points"), "the search finds calls");
        let known = keys(Language::English);
        for (key, file) in found {
            assert!(known.contains_key(&key), "{file} uses `{key}`, which no language has");
        }
    }

    fn check(key: &str, variables: &[(&str, FluentValue<'_>)], english: &str, russian: &str) {
        assert_eq!(text(Language::English, key, variables), english);
        assert_eq!(text(Language::Russian, key, variables), russian);
    }

    #[test]
    fn words_with_plurals_and_numbers() {
        for (rows, english, russian) in [
            (0, "0 rows", "0 строк"),
            (1, "1 row", "1 строка"),
            (3, "3 rows", "3 строки"),
            (11, "11 rows", "11 строк"),
            (21, "21 rows", "21 строка"),
            (1_000_002, "1,000,002 rows", "1\u{a0}000\u{a0}002 строки"),
        ] {
            check("rows", &[("rows", rows.into())], english, russian);
        }
        let place = [("page", "{page}".into()), ("pages", "{pages}".into())];
        check("page-of", &place, "page {page} of {pages}", "страница {page} из {pages}");
        check("failed", &[("reason", "<b>{ $x }".into())], "failed: <b>{ $x }", "ошибка: <b>{ $x }");
        check("target-value", &[], "target {$value}", "цель {$value}");
    }
}
