//! A data block as a table: names, KPIs judged against their targets, the total computed from the parts.

use super::build::BuildRequest;
use super::document::{Align, Cell, Status, Table, TableColumn};
use super::figure::title;
use super::keys::{grouping_title, part_text};
use super::rows::{Rows, rows};
use super::status::scale;
use crate::locale::text;
use crate::workspace::{DataDefinition, Grouping};

/// No table is longer than this, whatever the report asks for: a PDF of a hundred pages helps nobody.
const MOST_ROWS: usize = 1_000;

/// Which columns and rows a table shows.
pub(super) struct TableChoice<'a> {
    /// The KPIs to show, known to be in the data block; all of them when none are named.
    pub(super) columns: Option<&'a [String]>,
    /// Whether the total is the last row.
    pub(super) total: bool,
    /// A line above the table.
    pub(super) title: Option<&'a str>,
}

/// The table of a data block.
pub(super) fn table(request: &BuildRequest<'_>, data: &DataDefinition, choice: &TableChoice<'_>) -> Table {
    let (language, zone) = (request.language, request.period.zone);
    let rows = rows(request, data);
    let shown_kpis: Vec<usize> = match choice.columns {
        Some(ids) => ids.iter().filter_map(|id| rows.column(id)).collect(),
        None => (0..rows.kpis.len()).collect(),
    };
    let by: Vec<&Grouping> = data.by.iter().map(|grouping| &grouping.value).collect();
    let names = by.iter().map(|grouping| TableColumn {
        title: grouping_title(grouping, data, request.catalog, language),
        align: Align::Left,
        scale: None,
    });
    let numbers = shown_kpis.iter().map(|column| TableColumn {
        title: title(rows.kpis[*column], language),
        align: Align::Right,
        scale: Some(scale(rows.kpis[*column])),
    });
    let columns = names.chain(numbers).collect();
    let all = rows.rows.len();
    let most = data.limit.unwrap_or(MOST_ROWS).min(MOST_ROWS);
    let cells = rows.rows.iter().take(most).map(|row| {
        let names =
            row.key.iter().zip(&by).map(|(part, grouping)| name_cell(part_text(part, grouping, zone, language)));
        names.chain(shown_kpis.iter().map(|column| rows.figure(row, *column).cell())).collect()
    });
    let omitted = (all > most).then(|| text(language, "first-of", &[("shown", most.into()), ("all", all.into())]));
    Table {
        data: Some(data.name.value.clone()),
        caption: choice.title.map(str::to_owned),
        columns,
        rows: cells.collect(),
        total: choice.total.then(|| total(request, &rows, by.len(), &shown_kpis)),
        omitted,
    }
}

/// The total row comes from the totals of the whole period, never from the rows: an average of averages is wrong, and
/// rows may have been left out.
fn total(request: &BuildRequest<'_>, rows: &Rows<'_>, names: usize, shown: &[usize]) -> Vec<Cell> {
    let mut cells = vec![name_cell(text(request.language, "total", &[]))];
    cells.resize_with(names.max(1), || name_cell(String::new()));
    cells.truncate(names);
    cells.extend(shown.iter().map(|column| request.total(rows.kpis[*column]).cell()));
    cells
}

fn name_cell(text: String) -> Cell {
    Cell { text, status: Status::Neutral, number: None, share: None }
}
