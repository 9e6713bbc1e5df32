//! A data block as a chart over one axis: lines, bars, bullets. Grids are in `chart_grid`, the charts' sentences in
//! `chart_words`, drawing in `charts`.

use super::build::BuildRequest;
use super::chart_grid::{heat_map, stacked};
use super::chart_words::{met_targets, range, with_limit};
use super::document::{Chart, ChartKind, Series, SeriesRole, TargetLine};
use super::figure::title;
use super::keys::key_text;
use super::rows::{groupings, rows};
use super::status::scale;
use crate::locale::text;
use crate::workspace::{DataDefinition, KpiDefinition};

/// More bars or points than this cannot be told apart.
const MOST_CATEGORIES: usize = 800;
/// More lying bars than this do not fit beside anything else on a page.
const MOST_BULLETS: usize = 20;

/// What a chart shows.
pub(super) struct ChartChoice<'a> {
    /// How it is drawn.
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
    match (choice.kind, data.by.len()) {
        (ChartKind::HeatMap, _) => heat_map(request, data, choice),
        (ChartKind::StackedBar, 2) => stacked(request, data, choice),
        _ => over_one_axis(request, data, choice),
    }
}

fn over_one_axis(request: &BuildRequest<'_>, data: &DataDefinition, choice: &ChartChoice<'_>) -> Option<Chart> {
    let language = request.language;
    let mut rows = rows(request, data);
    let all = rows.rows.len();
    let most = if choice.kind == ChartKind::Bullet { MOST_BULLETS } else { MOST_CATEGORIES };
    rows.rows.truncate(data.limit.unwrap_or(most).min(most));
    let columns: Vec<usize> = choice.kpis.iter().filter_map(|id| rows.column(id)).collect();
    let first = *columns.first()?;
    let definition = rows.kpis[first];
    let by = groupings(data);
    let categories: Vec<String> =
        rows.rows.iter().map(|row| key_text(&row.key, &by, request.period.zone, language)).collect();
    let role = if choice.kind == ChartKind::StackedBar { SeriesRole::Part } else { SeriesRole::Current };
    let mut series: Vec<Series> = columns
        .iter()
        .map(|column| Series {
            name: title(rows.kpis[*column], language),
            values: rows.rows.iter().map(|row| rows.figure(row, *column).number()).collect(),
            role,
        })
        .collect();
    let before: Vec<Option<f64>> = rows.rows.iter().map(|row| rows.figure(row, first).previous).collect();
    if choice.previous && before.iter().any(Option::is_some) {
        series.push(Series { name: request.compared_name(), values: before, role: SeriesRole::Previous });
    }
    let target = target_line(request, definition).filter(|_| choice.target);
    let heading = choice.title.map_or_else(|| names(request, &rows.kpis, &columns), str::to_owned);
    let heading = with_limit(heading, categories.len(), all, language);
    let mut sentences: Vec<String> = columns.iter().map(|column| range(request, &rows, *column, &categories)).collect();
    sentences.extend(target.as_ref().map(|target| target.label.clone()));
    let mut statuses = Vec::new();
    if choice.kind == ChartKind::Bullet {
        statuses = rows.rows.iter().map(|row| rows.status(row, first)).collect();
        sentences.extend(met_targets(&statuses, language));
    }
    Some(Chart {
        alternative: format!("{heading}. {}", sentences.join("; ")),
        title: heading,
        kind: choice.kind,
        categories,
        series,
        target,
        statuses,
        scale: scale(definition),
    })
}

/// The target as a line with its label; none without a target.
fn target_line(request: &BuildRequest<'_>, definition: &KpiDefinition) -> Option<TargetLine> {
    let written = request.total(definition).target()?;
    let label = text(request.language, "target-value", &[("value", written.into())]);
    Some(TargetLine { value: definition.target?, label })
}

/// The KPIs' names, for a chart whose template gives it no title.
fn names(request: &BuildRequest<'_>, kpis: &[&KpiDefinition], columns: &[usize]) -> String {
    columns.iter().map(|column| title(kpis[*column], request.language)).collect::<Vec<_>>().join(", ")
}
