//! Charts in characters: bars, shades and columns of numbers, each below its title and its sentence. A chart with too many
//! categories for that is its sentence alone.

use super::super::clean::{MOST_IN_CELL, MOST_IN_TEXT, clean};
use super::super::marks;
use super::table::table;
use super::width::{self, WIDTH};
use crate::locale;
use crate::report::document::{
    Align, Cell, Chart, ChartKind, Document, Series, SeriesRole, Status, Table, TableColumn,
};

/// The most categories a chart has that is shown as a list.
const MOST_LINES: usize = 31;
/// The columns of the longest bar.
const LONGEST_BAR: usize = 32;
/// The columns of a label.
const LONGEST_LABEL: usize = 24;
/// Shades of a field, from little to much. Nothing stands where there is no data.
const SHADES: [&str; 5] = ["··", "░░", "▒▒", "▓▓", "██"];
/// Steps of a course, from low to high.
const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The chart's lines.
pub(super) fn chart(chart: &Chart, document: &Document) -> Vec<String> {
    let mut lines = width::wrap(&clean(&chart.title, MOST_IN_CELL), WIDTH, "", "");
    lines.extend(width::wrap(&clean(&chart.alternative, MOST_IN_TEXT), WIDTH, "", ""));
    let drawn = match chart.kind {
        ChartKind::Line | ChartKind::Bar | ChartKind::Bullet => bars(chart, document),
        ChartKind::StackedBar => parts(chart, document),
        ChartKind::HeatMap => fields(chart),
    };
    if !drawn.is_empty() {
        lines.push(String::new());
        lines.extend(drawn);
    }
    lines
}

/// A course in one character for each value, with a gap where there is none.
pub(super) fn course(values: &[Option<f64>]) -> String {
    let Some((low, high)) = range(values.iter()) else { return String::new() };
    let step =
        |value: f64| ((value - low) / (high - low).max(f64::MIN_POSITIVE) * 7.0).round().clamp(0.0, 7.0) as usize;
    let level = |value: &Option<f64>| match finite(value) {
        Some(_) if high <= low => STEPS[3],
        Some(value) => STEPS[step(value)],
        None => ' ',
    };
    values.iter().map(level).collect()
}

/// The present series as bars beside their values, with the sign of each status.
fn bars(chart: &Chart, document: &Document) -> Vec<String> {
    let current = chart.series.iter().find(|series| series.role == SeriesRole::Current);
    let Some(series) = current.filter(|series| series.values.iter().any(|value| finite(value).is_some())) else {
        return Vec::new();
    };
    if chart.categories.len() > MOST_LINES {
        return Vec::new();
    }
    let sign = |index: usize| chart.statuses.get(index).map_or("", |status| marks::sign(*status));
    let has_signs = chart.statuses.iter().any(|status| *status != Status::Neutral);
    let label = |(index, label): (usize, &String)| match has_signs {
        true => format!("{} {}", width::left(sign(index), 1), clean(label, LONGEST_LABEL)),
        false => clean(label, LONGEST_LABEL),
    };
    let labels: Vec<String> = chart.categories.iter().enumerate().map(label).collect();
    let values: Vec<String> = series.values.iter().map(|value| written(value, chart, document)).collect();
    let numbers = series.values.iter().zip(&values).filter(|(value, _)| finite(value).is_some()).map(|(_, text)| text);
    let (label_width, value_width) = (widest(labels.iter()), widest(numbers));
    let most = series.values.iter().filter_map(finite).fold(0.0, f64::max);
    let line = |((label, value), text): ((&String, &Option<f64>), &String)| {
        let share = finite(value).filter(|_| most > 0.0).map_or(0.0, |value| (value / most).max(0.0));
        let bar = "█".repeat((share * LONGEST_BAR as f64).round() as usize);
        format!("{}  {}  {bar}", width::left(label, label_width), width::right(text, value_width))
    };
    let mut lines: Vec<String> = labels.iter().zip(&series.values).zip(&values).map(line).collect();
    lines.extend(chart.target.iter().map(|target| format!("({})", clean(&target.label, LONGEST_LABEL))));
    lines
}

/// The parts of a whole as columns of numbers.
fn parts(chart: &Chart, document: &Document) -> Vec<String> {
    if chart.categories.len() > MOST_LINES {
        return Vec::new();
    }
    let column = |title: &str, align: Align| TableColumn { title: clean(title, LONGEST_LABEL), align, scale: None };
    let cell = |text: String| Cell { text, status: Status::Neutral, number: None, share: None };
    let row = |(index, category): (usize, &String)| {
        let value = |series: &Series| cell(written(series.values.get(index).unwrap_or(&None), chart, document));
        std::iter::once(cell(clean(category, LONGEST_LABEL))).chain(chart.series.iter().map(value)).collect()
    };
    let names = chart.series.iter().map(|series| column(&series.name, Align::Right));
    let made = table(&Table {
        data: None,
        caption: None,
        columns: std::iter::once(column("", Align::Left)).chain(names).collect(),
        rows: chart.categories.iter().enumerate().map(row).collect(),
        total: None,
        omitted: None,
    });
    made.trim_end().lines().map(str::to_owned).collect()
}

/// A grid of shades, a row for each series, with every few columns named above.
fn fields(chart: &Chart) -> Vec<String> {
    let Some((low, high)) = range(chart.series.iter().flat_map(|series| &series.values)) else { return Vec::new() };
    let labels: Vec<String> = chart.series.iter().map(|series| clean(&series.name, LONGEST_LABEL)).collect();
    let margin = widest(labels.iter()) + 2;
    if margin + 2 * chart.categories.len() > WIDTH || chart.series.len() > MOST_LINES {
        return Vec::new();
    }
    let names: Vec<String> = chart.categories.iter().map(|category| clean(category, LONGEST_LABEL)).collect();
    let every = (widest(names.iter()) + 1).div_ceil(2).max(1);
    let mut head = " ".repeat(margin);
    for name in names.iter().step_by(every) {
        head.push_str(&width::left(name, 2 * every));
    }
    let shade = |value: &Option<f64>| match finite(value) {
        None => "  ",
        Some(_) if high <= low => SHADES[2],
        Some(value) => SHADES[((value - low) / (high - low) * 4.0).round() as usize],
    };
    let row = |(series, label): (&Series, &String)| {
        let fields: String = series.values.iter().take(chart.categories.len()).map(shade).collect();
        format!("{}{fields}", width::left(label, margin))
    };
    let rows = chart.series.iter().zip(&labels).map(row);
    // The last name may stand over the edge of the grid.
    std::iter::once(head).filter(|head| width::of(head.trim_end()) <= WIDTH).chain(rows).collect()
}

/// A value as it is written everywhere, or the words for no data.
fn written(value: &Option<f64>, chart: &Chart, document: &Document) -> String {
    match finite(value) {
        Some(value) => locale::format_value(value, chart.scale.unit, chart.scale.decimals, document.language),
        None => document.words.no_data.clone(),
    }
}

/// The least and the greatest value; none when there is none.
fn range<'a>(values: impl Iterator<Item = &'a Option<f64>> + Clone) -> Option<(f64, f64)> {
    let known = || values.clone().filter_map(finite);
    Some((known().reduce(f64::min)?, known().reduce(f64::max)?))
}

fn finite(value: &Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite())
}

fn widest<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    texts.map(|text| width::of(text)).max().unwrap_or(0)
}
