//! The words of notices: lengths of time, labels, values. What is put where is in `notice`.

use chrono::TimeDelta;

use super::labels::Labels;
use super::state::Extremes;
use crate::locale::{Language, format_value, text};
use crate::workspace::{Catalog, Direction, Grouping, KpiDefinition};

/// Longest text of one label in a subject, in characters.
const LABEL_LENGTH: usize = 40;

/// A length of time: "5 min", "1 h 20 min", "2 d 3 h"; the two largest units, seconds only below a minute.
pub(super) fn length(length: TimeDelta, language: Language) -> String {
    let seconds = length.num_seconds().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let mut parts = Vec::new();
    if days > 0 {
        parts.push(text(language, "length-days", &[("days", days.into())]));
    }
    if hours > 0 {
        parts.push(text(language, "length-hours", &[("hours", hours.into())]));
    }
    if minutes > 0 && days == 0 {
        parts.push(text(language, "length-minutes", &[("minutes", minutes.into())]));
    }
    if seconds < 60 {
        parts.push(text(language, "length-seconds", &[("seconds", seconds.into())]));
    }
    parts.join("\u{a0}")
}

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
pub(super) fn worst(kpi: Option<&KpiDefinition>, range: Option<Extremes>, language: Language) -> String {
    let Some((kpi, range)) = kpi.zip(range) else { return value(kpi, None, language) };
    let write = |number| value(Some(kpi), Some(number), language);
    match kpi.better {
        Direction::Higher => write(range.lowest),
        Direction::Lower => write(range.highest),
        Direction::Neither if range.lowest == range.highest => write(range.lowest),
        Direction::Neither => format!("{} – {}", write(range.lowest), write(range.highest)),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        let check = |seconds: i64, english: &str, russian: &str| {
            let written = |language| length(TimeDelta::seconds(seconds), language).replace('\u{a0}', " ");
            assert_eq!(written(Language::English), english);
            assert_eq!(written(Language::Russian), russian);
        };
        check(0, "0 s", "0 с");
        check(45, "45 s", "45 с");
        check(300, "5 min", "5 мин");
        check(3_600, "1 h", "1 ч");
        check(4_800, "1 h 20 min", "1 ч 20 мин");
        check(2 * 86_400 + 3 * 3_600 + 240, "2 d 3 h", "2 дн. 3 ч");
    }
}
