//! The words of notices: labels and values. What is put where is in `notice`.

use super::episode;
use super::evaluation::Told;
use super::labels::Labels;
use super::rule::Threshold;
use super::state::Extremes;
use crate::formula::Binary;
use crate::locale::{Language, format_value, text};
use crate::workspace::{AlertDefinition, AlertSeverity, Catalog, Direction, Grouping, KpiDefinition};

/// Longest text of one label in a subject, in characters.
const LABEL_LENGTH: usize = 40;

/// What the labels say, in the order of the rule's `by`; none for a rule without.
pub(super) fn place(labels: &Labels, by: &[Grouping], language: Language) -> Option<String> {
    let values: Vec<String> = by
        .iter()
        .filter_map(|grouping| labels.get(grouping.name()))
        .map(|value| value.map_or_else(|| text(language, "no-value", &[]), |value| shorten(value, LABEL_LENGTH)))
        .collect();
    (!values.is_empty()).then(|| values.join(" / "))
}

/// A grouping's name for people.
pub(super) fn grouping_title(grouping: &Grouping, catalog: &Catalog, language: Language) -> String {
    let titles = catalog.datasets.values().filter_map(|dataset| dataset.columns.get(grouping.name()));
    let title = titles.filter_map(|column| column.title.get(language)).next();
    title.unwrap_or_else(|| grouping.name()).to_owned()
}

/// A KPI's name for people.
pub(super) fn kpi_title(id: &str, catalog: &Catalog, language: Language) -> String {
    catalog.kpis.get(id).and_then(|kpi| kpi.title.get(language)).unwrap_or(id).to_owned()
}

/// A KPI's value, or the words for no data.
pub(super) fn value(kpi: Option<&KpiDefinition>, value: Option<f64>, language: Language) -> String {
    match (kpi, value) {
        (Some(kpi), Some(value)) => {
            let decimals = kpi.decimals.unwrap_or_else(|| kpi.unit.default_decimals());
            format_value(value, kpi.unit, decimals, language)
        }
        _ => text(language, "no-data", &[]),
    }
}

/// The worst value of a KPI in a range; the whole range where neither way is good.
pub(super) fn worst(
    kpi: Option<&KpiDefinition>,
    range: Option<Extremes>,
    good: Direction,
    language: Language,
) -> String {
    let Some((kpi, range)) = kpi.zip(range) else { return value(kpi, None, language) };
    let write = |number| value(Some(kpi), Some(number), language);
    if good == Direction::Neither && range.lowest < range.highest {
        return format!("{} – {}", write(range.lowest), write(range.highest));
    }
    write(episode::worst(good, range))
}

/// A threshold with its sign: "< 70%"; as few decimals as say it exactly.
pub(super) fn threshold(kpi: Option<&KpiDefinition>, threshold: Threshold, language: Language) -> String {
    let Some(kpi) = kpi else { return String::new() };
    let sign = match threshold.sign {
        Binary::LessOrEqual => "≤",
        Binary::GreaterOrEqual => "≥",
        Binary::Equal => "=",
        Binary::NotEqual => "≠",
        other => other.sign(),
    };
    let most = kpi.decimals.unwrap_or_else(|| kpi.unit.default_decimals());
    let is_exact = |digits: &u8| {
        let scaled = threshold.value * 10_f64.powi(i32::from(*digits));
        (scaled - scaled.round()).abs() < 1e-9
    };
    let digits = (0..most).find(is_exact).unwrap_or(most);
    format!("{sign}\u{a0}{}", format_value(threshold.value, kpi.unit, digits, language))
}

/// How much an alert matters, in a word.
pub(super) fn severity_word(severity: AlertSeverity, language: Language) -> String {
    match severity {
        AlertSeverity::Critical => text(language, "alert-critical", &[]),
        AlertSeverity::Warning => text(language, "alert-warning", &[]),
    }
}

/// The command that holds back further notices, ready to be pasted into a shell: of the one alert that is told, or of the
/// whole rule.
pub(super) fn silence_command(rule: &AlertDefinition, told: &[Told]) -> String {
    let mut words = vec!["callbrief silence add".to_owned(), quoted(&rule.id.value)];
    let firing: Vec<&Told> = told.iter().filter(|told| told.after.told.is_some()).collect();
    if let [one] = firing.as_slice() {
        let label = |(name, value): (&str, Option<&str>)| quoted(&format!("{name}={}", value.unwrap_or_default()));
        words.extend(one.labels.iter().map(label));
    }
    words.push("--for 2h --reason \"…\"".to_owned());
    words.join(" ")
}

/// A word for a shell: in quotes where it needs them.
fn quoted(word: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "_-=.:/".contains(letter);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    short.push('…');
    short
}
