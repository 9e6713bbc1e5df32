//! A data block as a chart, and the chart in a sentence for those who cannot see it. Drawing is in `charts`.

use super::build::BuildRequest;
use super::document::{Chart, ChartKind, Scale, Series, SeriesRole, TargetLine};
use super::figure::title;
use super::keys::key_text;
use super::rows::{Rows, rows};
use super::status::decimals;
use crate::locale::text;
use crate::workspace::{DataDefinition, Grouping, KpiDefinition};

/// More bars or points than this cannot be told apart.
const MOST_CATEGORIES: usize = 800;

/// What a chart shows.
pub(super) struct ChartChoice<'a> {
    /// Line or bars.
    pub(super) kind: ChartKind,
    /// The KPIs, known to be in the data block and of one unit; at least one.
    pub(super) kpis: &'a [&'a str],
    /// Whether the first KPI's target is drawn.
    pub(super) target: bool,
    /// Whether the previous period of the first KPI is drawn.
    pub(super) previous: bool,
    /// The line above the chart; made from the KPI's name when none.
    pub(super) title: Option<&'a str>,
}

/// The chart of a data block; none when none of its KPIs is known.
pub(super) fn chart(request: &BuildRequest<'_>, data: &DataDefinition, choice: &ChartChoice<'_>) -> Option<Chart> {
    let language = request.language;
    let mut rows = rows(request, data);
    rows.rows.truncate(data.limit.unwrap_or(MOST_CATEGORIES).min(MOST_CATEGORIES));
    let columns: Vec<usize> = choice.kpis.iter().filter_map(|id| rows.column(id)).collect();
    let first = *columns.first()?;
    let definition = rows.kpis[first];
    let by: Vec<Grouping> = data.by.iter().map(|grouping| grouping.value.clone()).collect();
    let categories: Vec<String> =
        rows.rows.iter().map(|row| key_text(&row.key, &by, request.period.zone, language)).collect();
    let mut series: Vec<Series> = columns
        .iter()
        .map(|column| Series {
            name: title(rows.kpis[*column], language),
            values: rows.rows.iter().map(|row| rows.figure(row, *column).number()).collect(),
            role: SeriesRole::Current,
        })
        .collect();
    let before: Vec<Option<f64>> = rows.rows.iter().map(|row| rows.figure(row, first).previous).collect();
    if choice.previous && before.iter().any(Option::is_some) {
        let name = text(language, "previous-period", &[]);
        series.push(Series { name, values: before, role: SeriesRole::Previous });
    }
    let target_text = request.total(definition).target();
    let target = definition.target.zip(target_text.clone()).filter(|_| choice.target).map(|(value, target)| {
        TargetLine { value, label: text(language, "target-value", &[("value", target.into())]) }
    });
    let names: Vec<String> = columns.iter().map(|column| title(rows.kpis[*column], language)).collect();
    let title = choice.title.map_or_else(|| names.join(", "), str::to_owned);
    let sentences: Vec<String> = columns.iter().map(|column| sentence(request, &rows, *column, &categories)).collect();
    let mut alternative = format!("{title}. {}", sentences.join("; "));
    if let Some(target) = &target {
        alternative.push_str("; ");
        alternative.push_str(&target.label);
    }
    Some(Chart {
        title,
        kind: choice.kind,
        categories,
        series,
        target,
        statuses: Vec::new(),
        scale: Scale { unit: definition.unit, decimals: decimals(definition) },
        alternative,
    })
}

/// Lowest, highest and total value in words.
fn sentence(request: &BuildRequest<'_>, rows: &Rows<'_>, column: usize, categories: &[String]) -> String {
    let language = request.language;
    let definition: &KpiDefinition = rows.kpis[column];
    let numbers: Vec<(f64, &String)> = rows
        .rows
        .iter()
        .zip(categories)
        .filter_map(|(row, category)| rows.figure(row, column).number().map(|number| (number, category)))
        .collect();
    let total = request.total(definition);
    let name = title(definition, language);
    let by_number = |left: &&(f64, &String), right: &&(f64, &String)| left.0.total_cmp(&right.0);
    let (Some(low), Some(high)) = (numbers.iter().min_by(by_number), numbers.iter().max_by(by_number)) else {
        return text(language, "chart-empty", &[("kpi", name.into())]);
    };
    text(
        language,
        "chart-range",
        &[
            ("kpi", name.into()),
            ("total", total.text().into()),
            ("low", total.write(low.0).into()),
            ("lowAt", low.1.as_str().into()),
            ("high", total.write(high.0).into()),
            ("highAt", high.1.as_str().into()),
        ],
    )
}
