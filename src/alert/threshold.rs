//! Another number in a condition, to see what a rule would do with it: `service_level < 70` with 80 instead.

use crate::workspace::{AlertDefinition, AlertSeverity, FormulaText};

const SIGNS: [&str; 6] = ["<=", ">=", "==", "!=", "<", ">"];

/// What goes before a KPI's name when its number in the condition of the alert's end is meant.
const RECOVERY: &str = "recovers_when";

/// Puts a number in the place of the one that a KPI is compared with first; whether there is such a number. `name` is the
/// KPI, whose number is that of the mildest severity, or `critical.service_level`, `recovers_when.service_level`.
pub fn set_threshold(rule: &mut AlertDefinition, name: &str, value: f64) -> bool {
    let (place, kpi) = name.split_once('.').map_or((None, name), |(place, kpi)| (Some(place), kpi));
    let put = |condition: &mut FormulaText| match with_number(&condition.text, kpi, value) {
        Some(text) => {
            *condition = FormulaText::inline(&condition.span.file.path, &text);
            true
        }
        None => false,
    };
    match place {
        Some(RECOVERY) => rule.levels.iter_mut().filter_map(|level| level.recovers_when.as_mut()).any(put),
        Some(word) => {
            let severity = AlertSeverity::ALL.into_iter().find(|severity| severity.word() == word);
            let level = rule.levels.iter_mut().find(|level| Some(level.severity) == severity);
            level.map(|level| &mut level.when).is_some_and(put)
        }
        None => rule.levels.iter_mut().map(|level| &mut level.when).any(put),
    }
}

/// The names [`set_threshold`] knows in a rule.
pub fn thresholds(rule: &AlertDefinition, kpis: &[String]) -> Vec<String> {
    let has_number = |condition: &FormulaText, kpi: &str| with_number(&condition.text, kpi, 0.0).is_some();
    let mut names = Vec::new();
    for kpi in kpis {
        let (first, others) = rule.levels.split_at(1.min(rule.levels.len()));
        names.extend(first.iter().filter(|level| has_number(&level.when, kpi)).map(|_| kpi.clone()));
        let others = others.iter().filter(|level| has_number(&level.when, kpi));
        names.extend(others.map(|level| format!("{}.{kpi}", level.severity.word())));
        let mut recoveries = rule.levels.iter().filter_map(|level| level.recovers_when.as_ref());
        names.extend(recoveries.any(|condition| has_number(condition, kpi)).then(|| format!("{RECOVERY}.{kpi}")));
    }
    names
}

/// The condition with another number where this name is compared with one first.
fn with_number(condition: &str, name: &str, value: f64) -> Option<String> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    condition.match_indices(name).find_map(|(start, _)| {
        let (before, behind) = (&condition[..start], &condition[start + name.len()..]);
        if before.ends_with(is_word) || behind.starts_with(is_word) {
            return None;
        }
        let number = number_behind(behind)
            .map(|number| start + name.len() + number.start..start + name.len() + number.end)
            .or_else(|| number_before(before))?;
        Some(format!("{}{value}{}", &condition[..number.start], &condition[number.end..]))
    })
}

fn number_behind(text: &str) -> Option<std::ops::Range<usize>> {
    let rest = text.trim_start();
    let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
    let digits = rest[sign.len()..].trim_start();
    let start = text.len() - digits.len();
    let length = digits.find(|letter: char| !is_of_number(letter)).unwrap_or(digits.len());
    digits[..length].parse::<f64>().ok().map(|_| start..start + length)
}

fn number_before(text: &str) -> Option<std::ops::Range<usize>> {
    let rest = text.trim_end();
    let sign = SIGNS.into_iter().find(|sign| rest.ends_with(sign))?;
    let digits = rest[..rest.len() - sign.len()].trim_end();
    let start = digits.rfind(|letter: char| !is_of_number(letter)).map_or(0, |last| last + 1);
    digits[start..].parse::<f64>().ok().map(|_| start..digits.len())
}

fn is_of_number(letter: char) -> bool {
    letter.is_ascii_digit() || matches!(letter, '.' | '-' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alert::fixture::workspace;

    #[test]
    fn the_first_number_a_name_is_compared_with() {
        let check = |condition: &str, name: &str, expected: Option<&str>| {
            assert_eq!(with_number(condition, name, 82.5).as_deref(), expected, "{condition}");
        };
        check("service_level < 70 and offered >= 20", "service_level", Some("service_level < 82.5 and offered >= 20"));
        check("service_level < 70 and offered>=20", "offered", Some("service_level < 70 and offered>=82.5"));
        check("70 > service_level", "service_level", Some("82.5 > service_level"));
        check("balance < -5.5", "balance", Some("balance < 82.5"));
        check("level < 5 and service_level < 7", "level", Some("level < 82.5 and service_level < 7"));
        check("previous(offered) > 3 or offered > 4", "offered", Some("previous(offered) > 3 or offered > 82.5"));
        check("offered > 2 * baseline(offered, 4)", "offered", Some("offered > 82.5 * baseline(offered, 4)"));
        check("offered > goal", "offered", None);
        check("asa > 1", "offered", None);
    }

    #[test]
    fn severities_and_the_end_have_numbers_of_their_own() {
        let rule = "alerts:\n  low:\n    warning: service_level < 80\n    critical: service_level < 60\n    \
                    recovers_when: service_level >= 85\n    window: 30m\n    notify: [floor]\n";
        let kpis = ["service_level".to_owned(), "offered".to_owned()];
        let check = |name: &str, expected: Option<[&str; 3]>| {
            let (mut catalog, _) = workspace(rule);
            let rule = &mut catalog.alerts["low"];
            let found = set_threshold(rule, name, 7.0).then(|| {
                let recovery = rule.levels[0].recovers_when.as_ref().map_or("", |text| text.text.as_str());
                [rule.levels[0].when.text.as_str(), rule.levels[1].when.text.as_str(), recovery].map(str::to_owned)
            });
            assert_eq!(found, expected.map(|texts| texts.map(str::to_owned)), "{name}");
        };
        check("service_level", Some(["service_level < 7", "service_level < 60", "service_level >= 85"]));
        check("critical.service_level", Some(["service_level < 80", "service_level < 7", "service_level >= 85"]));
        check("recovers_when.service_level", Some(["service_level < 80", "service_level < 60", "service_level >= 7"]));
        check("offered", None);
        check("other.service_level", None);
        let (catalog, _) = workspace(rule);
        let names = ["service_level", "critical.service_level", "recovers_when.service_level"];
        assert_eq!(thresholds(&catalog.alerts["low"], &kpis), names);
    }
}
