//! A data block as a table: names, KPIs judged against their targets, changes and bars where they are asked for, the
//! total computed from the parts.

use super::build::BuildRequest;
use super::document::{Align, Cell, Scale, Status, Table, TableColumn};
use super::evidence::{ENOUGH_CALLS, too_few, volume};
use super::figure::{Figure, title};
use super::keys::{grouping_title, part_text};
use super::rows::{Row, Rows, groupings, rows};
use super::status::scale;
use crate::locale::{Language, Unit, difference_shown, text};
use crate::workspace::{DataDefinition, KpiDefinition};

/// No table is longer than this, whatever the report asks for: a PDF of a hundred pages helps nobody.
const MOST_ROWS: usize = 1_000;
/// What stands behind the name of a group with too few calls.
const FEW: &str = "\u{a0}*";

/// Which columns and rows a table shows.
pub(super) struct TableChoice<'a> {
    /// The KPIs to show, known to be in the data block; all of them when none are named.
    pub(super) columns: Option<&'a [String]>,
    /// The KPIs whose cells hold a bar.
    pub(super) bars: &'a [String],
    /// The KPIs that are followed by their change.
    pub(super) changes: &'a [String],
    /// Whether the total is the last row.
    pub(super) total: bool,
    /// A line above the table.
    pub(super) title: Option<&'a str>,
}

/// The table of a data block.
pub(super) fn table(request: &BuildRequest<'_>, data: &DataDefinition, choice: &TableChoice<'_>) -> Table {
    let (language, zone) = (request.language, request.period.zone);
    let rows = rows(request, data);
    let all = rows.rows.len();
    let most = data.limit.unwrap_or(MOST_ROWS).min(MOST_ROWS);
    let shown = &rows.rows[..all.min(most)];
    let columns = columns(&rows, shown, choice);
    let by = groupings(data);
    let titles = by.iter().map(|grouping| TableColumn {
        title: grouping_title(grouping, data, request.catalog, language),
        align: Align::Left,
        scale: None,
    });
    let changes = columns.iter().filter(|column| matches!(column.content, Content::Change)).count();
    let titles = titles.chain(columns.iter().map(|column| column.title(&rows, changes, language))).collect();
    let cells = |row: &Row<'_>| -> Vec<Cell> {
        let few = too_few(&rows, row);
        let parts = row.key.iter().zip(&by).map(|(part, grouping)| part_text(part, grouping, zone, language));
        let marked = parts.enumerate().map(|(place, name)| if few && place == 0 { name + FEW } else { name });
        let names = marked.map(name_cell).collect::<Vec<_>>();
        let numbers = columns.iter().map(|column| {
            let cell = column.cell(&rows.figure(row, column.kpi));
            if few { Cell { status: Status::Neutral, ..cell } } else { cell }
        });
        names.into_iter().chain(numbers).collect()
    };
    let mut remarks = Vec::new();
    if all > most {
        remarks.push(text(language, "first-of", &[("shown", most.into()), ("all", all.into())]));
    }
    if let (true, Some(calls)) = (shown.iter().any(|row| too_few(&rows, row)), volume(&rows)) {
        let kpi = title(rows.kpis[calls], language);
        remarks.push(text(language, "table-few", &[("kpi", kpi.into()), ("enough", ENOUGH_CALLS.into())]));
    }
    Table {
        data: Some(data.name.value.clone()),
        caption: choice.title.map(str::to_owned),
        columns: titles,
        rows: shown.iter().map(cells).collect(),
        total: choice.total.then(|| total(request, &rows, by.len(), &columns)),
        omitted: (!remarks.is_empty()).then(|| remarks.join("; ")),
    }
}

/// The total row comes from the totals of the whole period, never from the rows: an average of averages is wrong, and
/// rows may have been left out.
fn total(request: &BuildRequest<'_>, rows: &Rows<'_>, names: usize, columns: &[Column]) -> Vec<Cell> {
    let mut cells = vec![name_cell(text(request.language, "total", &[]))];
    cells.resize_with(names.max(1), || name_cell(String::new()));
    cells.truncate(names);
    let of_total = |column: &Column| Column { longest: None, ..*column }.cell(&request.total(rows.kpis[column.kpi]));
    cells.extend(columns.iter().map(of_total));
    cells
}

/// A column of numbers.
#[derive(Clone, Copy)]
struct Column {
    /// The KPI's place in the data block.
    kpi: usize,
    content: Content,
    /// The value whose bar fills the cell; none for columns without bars.
    longest: Option<f64>,
}

/// What a column of numbers holds.
#[derive(Clone, Copy)]
enum Content {
    Value,
    Change,
}

fn columns<'a>(rows: &Rows<'a>, shown: &[Row<'a>], choice: &TableChoice<'_>) -> Vec<Column> {
    let kpis: Vec<usize> = match choice.columns {
        Some(ids) => ids.iter().filter_map(|id| rows.column(id)).collect(),
        None => (0..rows.kpis.len()).collect(),
    };
    let mut columns = Vec::new();
    for kpi in kpis {
        let id = &rows.kpis[kpi].id.value;
        let longest = choice.bars.contains(id).then(|| longest(rows, shown, kpi)).flatten();
        columns.push(Column { kpi, content: Content::Value, longest });
        if choice.changes.contains(id) {
            columns.push(Column { kpi, content: Content::Change, longest: None });
        }
    }
    columns
}

/// The value whose bar fills the cell: the highest one, or the whole where all are shares of it.
fn longest<'a>(rows: &Rows<'a>, shown: &[Row<'a>], kpi: usize) -> Option<f64> {
    let numbers = shown.iter().filter_map(|row| rows.figure(row, kpi).number());
    let highest = numbers.reduce(f64::max).filter(|highest| *highest > 0.0)?;
    Some(if rows.kpis[kpi].unit == Unit::Percent && highest <= 100.0 { 100.0 } else { highest })
}

impl Column {
    /// The column's heading; beside its KPI, a change needs that one's name only when there are several.
    fn title(self, rows: &Rows<'_>, changes: usize, language: Language) -> TableColumn {
        let definition: &KpiDefinition = rows.kpis[self.kpi];
        let name = title(definition, language);
        let (title, scale) = match self.content {
            Content::Value => (name, Some(scale(definition))),
            Content::Change => {
                let title = match changes {
                    1 => text(language, "column-change", &[]),
                    _ => text(language, "column-change-of", &[("kpi", name.into())]),
                };
                (title, change_scale(definition))
            }
        };
        TableColumn { title, align: Align::Right, scale }
    }

    fn cell(self, figure: &Figure<'_>) -> Cell {
        match self.content {
            Content::Value => {
                let number = figure.number();
                let share = |longest: f64| number.map(|number| (number / longest).clamp(0.0, 1.0));
                Cell { share: self.longest.and_then(share), ..figure.cell() }
            }
            Content::Change => {
                // The value beside it is judged already; a second colour would only make the row louder.
                let (text, status) = (figure.change().map(|change| change.text).unwrap_or_default(), Status::Neutral);
                let number = change_scale(figure.definition).zip(figure.number().zip(figure.previous));
                let number = number.map(|(Scale { decimals, .. }, (now, before))| {
                    difference_shown(before, now, figure.definition.unit, decimals)
                });
                Cell { text, status, number, share: None }
            }
        }
    }
}

/// How a change is written in typed cells: percentage points are plain numbers; lengths of time cannot be negative there.
fn change_scale(definition: &KpiDefinition) -> Option<Scale> {
    let scale = scale(definition);
    match definition.unit {
        Unit::Duration => None,
        Unit::Percent => Some(Scale { unit: Unit::Number, ..scale }),
        Unit::Count | Unit::Number | Unit::Money => Some(scale),
    }
}

fn name_cell(text: String) -> Cell {
    Cell { text, status: Status::Neutral, number: None, share: None }
}
