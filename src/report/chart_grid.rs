//! Charts of two groupings: heat maps, and bars stacked from parts.

use super::build::BuildRequest;
use super::chart::ChartChoice;
use super::chart_words::{grid_range, parts, with_limit};
use super::document::{Chart, ChartKind, Series, SeriesRole};
use super::figure::title;
use super::grid::{Grid, grid};
use super::keys::part_text;
use super::rows::groupings;
use super::status::scale;
use crate::kpi::KeyPart;
use crate::locale::text;
use crate::workspace::{DataDefinition, Grouping};

/// More rows of fields than this do not fit on a page.
const MOST_ROWS: usize = 24;
/// More columns of fields than this cannot be told apart.
const MOST_COLUMNS: usize = 62;
/// More parts than this cannot be told apart by their shades; the others are added up.
const MOST_PARTS: usize = 5;

/// A heat map: the first grouping's values are its rows, the second's its columns.
pub(super) fn heat_map(request: &BuildRequest<'_>, data: &DataDefinition, choice: &ChartChoice<'_>) -> Option<Chart> {
    let language = request.language;
    let definition = request.catalog.kpis.get(*choice.kpis.first()?)?;
    let by = groupings(data);
    let mut grid = grid(request, data, definition);
    let (all_rows, all_columns) = (grid.rows.len(), grid.columns.len());
    // Days and hours are not a list that can be cut: a limit is one of names.
    let limit = data.limit.filter(|_| matches!(by.first(), Some(Grouping::Dimension(_)))).unwrap_or(MOST_ROWS);
    grid.rows.truncate(limit.min(MOST_ROWS));
    grid.columns.truncate(MOST_COLUMNS);
    let heading = choice.title.map_or_else(|| title(definition, language), str::to_owned);
    let heading = with_limit(heading, grid.rows.len(), all_rows, language);
    let heading = with_limit(heading, grid.columns.len(), all_columns, language);
    let names = Names::of(request, &grid, &by);
    let series: Vec<Series> = grid
        .rows
        .iter()
        .zip(&names.rows)
        .map(|(row, name)| Series {
            name: name.clone(),
            values: grid.columns.iter().map(|column| grid.value(row, column)).collect(),
            role: SeriesRole::Part,
        })
        .collect();
    let alternative = format!("{heading}. {}", grid_range(&request.total(definition), &series, &names.columns));
    Some(Chart {
        title: heading,
        kind: ChartKind::HeatMap,
        categories: names.columns,
        series,
        target: None,
        statuses: Vec::new(),
        scale: scale(definition),
        alternative,
    })
}

/// Stacked bars: the first grouping's values are the bars, the second's the parts of each. Small parts are added up.
pub(super) fn stacked(request: &BuildRequest<'_>, data: &DataDefinition, choice: &ChartChoice<'_>) -> Option<Chart> {
    let language = request.language;
    let definition = request.catalog.kpis.get(*choice.kpis.first()?)?;
    let by = groupings(data);
    let mut grid = grid(request, data, definition);
    let all = grid.rows.len();
    let limit = data.limit.filter(|_| matches!(by.first(), Some(Grouping::Dimension(_)))).unwrap_or(all);
    grid.rows.truncate(limit);
    let names = Names::of(request, &grid, &by);
    let part = |column: &KeyPart| grid.rows.iter().map(|row| grid.value(row, column)).collect::<Vec<_>>();
    let shown = if grid.columns.len() > MOST_PARTS + 1 { MOST_PARTS } else { grid.columns.len() };
    let (large, small) = grid.columns.split_at(shown);
    let mut series: Vec<Series> = large
        .iter()
        .zip(&names.columns)
        .map(|(column, name)| Series { name: name.clone(), values: part(column), role: SeriesRole::Part })
        .collect();
    if !small.is_empty() {
        let sum = |one: Option<f64>, other: Option<f64>| match (one, other) {
            (Some(one), Some(other)) => Some(one + other),
            (one, other) => one.or(other),
        };
        let added = small
            .iter()
            .map(part)
            .reduce(|sums, values| sums.into_iter().zip(values).map(|(one, other)| sum(one, other)).collect());
        let name = text(language, "chart-others", &[("count", small.len().into())]);
        series.push(Series { name, values: added.unwrap_or_default(), role: SeriesRole::Part });
    }
    let heading = choice.title.map_or_else(|| title(definition, language), str::to_owned);
    let heading = with_limit(heading, grid.rows.len(), all, language);
    let alternative = format!("{heading}. {}", parts(&request.total(definition), &series));
    Some(Chart {
        title: heading,
        kind: ChartKind::StackedBar,
        categories: names.rows,
        series,
        target: None,
        statuses: Vec::new(),
        scale: scale(definition),
        alternative,
    })
}

/// The names along a grid's sides.
struct Names {
    rows: Vec<String>,
    columns: Vec<String>,
}

impl Names {
    fn of(request: &BuildRequest<'_>, grid: &Grid, by: &[Grouping]) -> Self {
        let names = |parts: &[KeyPart], place: usize| -> Vec<String> {
            let grouping = by.get(place);
            let name = |part| grouping.map(|by| part_text(part, by, request.period.zone, request.language));
            parts.iter().filter_map(name).collect()
        };
        Self { rows: names(&grid.rows, 0), columns: names(&grid.columns, 1) }
    }
}
