//! The words of notices: labels and values. What is put where is in `notice`.

use super::labels::Labels;
use super::state::Extremes;
use crate::locale::{Language, format_value, text};
use crate::workspace::{Catalog, Direction, Grouping, KpiDefinition};

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
