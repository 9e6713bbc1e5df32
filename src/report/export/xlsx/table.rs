//! A table as a sheet: heading and rows as a spreadsheet's own table, to be filtered, sorted and read by other programs;
//! below an empty row the total, which filters and sums do not reach, and what was left out.

use rust_xlsxwriter::{ConditionalFormatDataBar, ConditionalFormatType, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

use super::cell::{Content, Place, write, write_text};
use super::look::Look;
use super::paper::{fit_row, print_on_paper};
use crate::report::document::{Align, Cell, Table};

/// The narrowest and the widest column, in characters.
const WIDTHS: (usize, usize) = (10, 48);
/// Room beside the longest text: the button of the filter, the sign of a status.
const BESIDE: usize = 4;
/// Tables with more columns are printed lying.
const MOST_COLUMNS_UPRIGHT: usize = 6;

/// The sheet of a table.
pub(super) fn sheet(table: &Table, name: &str, look: &Look<'_>) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    for (index, column) in (0..).zip(&table.columns) {
        write_text(&mut sheet, Place { row: 0, column: index }, &column.title, look.column(column.align))?;
        sheet.set_column_width(index, width(table, usize::from(index)) as f64)?;
    }
    // The button of the filter covers the heading's end.
    let room = |index: usize| width(table, index).saturating_sub(BESIDE);
    fit_row(
        &mut sheet,
        0,
        table.columns.iter().enumerate().map(|(index, column)| (column.title.as_str(), room(index))),
    )?;
    let mut row = 1;
    for cells in &table.rows {
        for (index, column, cell) in typed(table, cells) {
            let format = look.of_status(look.cell(column), cell.status);
            write(&mut sheet, Place { row, column: index }, &content(table, index, cell), format)?;
        }
        row += 1;
    }
    bars(&mut sheet, table, look)?;
    if let (Some(last), true) =
        (u16::try_from(table.columns.len()).ok().and_then(|count| count.checked_sub(1)), row > 1)
    {
        sheet.autofilter(0, 0, row - 1, last)?;
    }
    row += 1;
    if let Some(cells) = &table.total {
        for (index, column, cell) in typed(table, cells) {
            let format = look.of_status(look.total(column), cell.status);
            write(&mut sheet, Place { row, column: index }, &content(table, index, cell), format)?;
        }
        row += 1;
    }
    if let Some(omitted) = &table.omitted {
        // Not wrapped: it may run over the cells beside it.
        write_text(&mut sheet, Place { row, column: 0 }, omitted, look.small().unset_text_wrap())?;
    }
    let names = table.columns.iter().take_while(|column| column.align == Align::Left).count();
    sheet.set_freeze_panes(1, u16::try_from(names.min(2)).unwrap_or(0))?;
    sheet.set_repeat_rows(0, 0)?;
    print_on_paper(&mut sheet, name);
    if table.columns.len() > MOST_COLUMNS_UPRIGHT {
        sheet.set_landscape();
    }
    Ok(sheet)
}

/// The cells of a row with their columns' numbers and sides.
fn typed<'a>(table: &'a Table, cells: &'a [Cell]) -> impl Iterator<Item = (u16, Align, &'a Cell)> {
    (0..).zip(table.columns.iter().zip(cells)).map(|(index, (column, cell))| (index, column.align, cell))
}

fn content<'a>(table: &Table, column: u16, cell: &'a Cell) -> Content<'a> {
    let scale = table.columns.get(usize::from(column)).and_then(|column| column.scale);
    Content { text: &cell.text, number: cell.number.zip(scale), status: cell.status }
}

/// Bars in the columns that have some; from zero, as the report's own.
fn bars(sheet: &mut Worksheet, table: &Table, look: &Look<'_>) -> Result<(), XlsxError> {
    let Some(last) = u32::try_from(table.rows.len()).ok().filter(|count| *count > 0) else { return Ok(()) };
    for (index, _) in (0..).zip(&table.columns) {
        let cells = || table.rows.iter().filter_map(|row| row.get(usize::from(index)));
        if !cells().any(|cell| cell.share.is_some()) {
            continue;
        }
        let mut bar = ConditionalFormatDataBar::new().set_fill_color(look.bar()).set_solid_fill(true);
        if cells().filter_map(|cell| cell.number).all(|number| number >= 0.0) {
            bar = bar.set_minimum(ConditionalFormatType::Number, 0);
        }
        sheet.add_conditional_format(1, index, last, index, &bar)?;
    }
    Ok(())
}

/// As wide as the longest cell and the longest word of the heading, within bounds.
fn width(table: &Table, column: usize) -> usize {
    let cells = table.rows.iter().chain(&table.total).filter_map(|row| row.get(column));
    let longest = cells.map(|cell| cell.text.width()).max().unwrap_or(0);
    let words = table.columns.get(column).into_iter().flat_map(|column| column.title.split_whitespace());
    (longest.max(words.map(UnicodeWidthStr::width).max().unwrap_or(0)) + BESIDE).clamp(WIDTHS.0, WIDTHS.1)
}
