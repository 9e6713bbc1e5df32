//! Tables for the terminal: names left, numbers right, one line under the header. A table that is too wide is broken
//! into several, each with the names of the rows again.

use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, LineStyle, Table, TableStyle, Width};
use unicode_width::UnicodeWidthStr;

/// Where a column's cells stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));
/// A header may take so many lines before its column becomes wider than its cells.
const HEADER_LINES: usize = 3;
/// Blanks around each cell, and the one between columns.
const PADDING: usize = 3;

/// How wide a table may be where nobody says: in files and pipes.
const WIDTH: usize = 100;

/// The text of a table, as wide as the terminal allows. The first columns that stand left are the names of the rows.
pub(super) fn render(header: &[(&str, Side)], rows: Vec<Vec<String>>) -> String {
    within(terminal_width(), header, &rows)
}

/// The terminal's width, else what `COLUMNS` says.
fn terminal_width() -> usize {
    let term = console::Term::stdout();
    let of_terminal = term.size_checked().filter(|_| term.is_term()).map(|(_, columns)| usize::from(columns));
    let said = || std::env::var_os("COLUMNS").and_then(|columns| columns.to_str()?.parse().ok());
    of_terminal.or_else(said).filter(|columns| *columns >= 20).unwrap_or(WIDTH)
}

fn within(width: usize, header: &[(&str, Side)], rows: &[Vec<String>]) -> String {
    let names = header.iter().take_while(|(_, side)| *side == Side::Left).count();
    let needed: Vec<usize> =
        (0..header.len()).map(|column| needed_width(column, header, rows, UnicodeWidthStr::width)).collect();
    let of_names: usize = needed[..names].iter().sum();
    let mut parts: Vec<Vec<usize>> = vec![Vec::new()];
    let mut taken = of_names;
    for (column, needed) in needed.iter().enumerate().skip(names) {
        // Invariant: there is always a last part.
        if taken + needed > width && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(Vec::new());
            taken = of_names;
        }
        taken += needed;
        parts.last_mut().unwrap_or(&mut Vec::new()).push(column);
    }
    let columns = parts.into_iter().map(|part| (0..names).chain(part).collect::<Vec<_>>());
    let tables: Vec<String> = columns.map(|columns| one_table(width, &columns, header, rows)).collect();
    tables.join("\n\n")
}

fn one_table(width: usize, columns: &[usize], header: &[(&str, Side)], rows: &[Vec<String>]) -> String {
    let mut table = Table::new();
    table.load_style(STYLE);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(u16::try_from(width).unwrap_or(u16::MAX));
    table.set_header(columns.iter().map(|column| cell(header[*column].0, header[*column].1)));
    for row in rows {
        let cells = columns.iter().map(|column| (row.get(*column).map_or("", String::as_str), header[*column].1));
        table.add_row(cells.map(|(text, side)| cell(text, side)));
    }
    // Where all cells find room, only the header is wrapped; where they do not, words stay whole if they can.
    let of = |least: fn(&str) -> usize| -> Vec<usize> {
        columns.iter().map(|column| needed_width(*column, header, rows, least)).collect()
    };
    let choices = [of(UnicodeWidthStr::width), of(longest_word)];
    let fitting = choices.into_iter().find(|needed| needed.iter().sum::<usize>() <= width + 1);
    for (place, needed) in fitting.into_iter().flatten().enumerate() {
        if let (Some(column), Ok(needed)) = (table.column_mut(place), u16::try_from(needed - 1)) {
            column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(needed)));
        }
    }
    let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

/// How wide a column must be for its header to stand in a few lines and each cell to have what it needs at least.
fn needed_width(column: usize, header: &[(&str, Side)], rows: &[Vec<String>], least: fn(&str) -> usize) -> usize {
    let title = header[column].0;
    let of_title = title.width().div_ceil(HEADER_LINES).max(longest_word(title));
    let least = if header[column].1 == Side::Right { UnicodeWidthStr::width } else { least };
    let of_cells =
        rows.iter().filter_map(|row| row.get(column)).flat_map(|text| text.lines().map(least)).max().unwrap_or(0);
    of_title.max(of_cells) + PADDING
}

fn longest_word(text: &str) -> usize {
    text.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0)
}

fn cell(text: &str, side: Side) -> Cell {
    let alignment = match side {
        Side::Left => CellAlignment::Left,
        Side::Right => CellAlignment::Right,
    };
    Cell::new(text).set_alignment(alignment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(width: usize) -> String {
        let header = [
            ("Очередь", Side::Left),
            ("Calls offered", Side::Right),
            ("Среднее время ответа", Side::Right),
            ("Service level", Side::Right),
        ];
        let rows = [["Sales & 客服", "11,455", "0:34", "62.6%"], ["VIP", "9", "—", "no data"]];
        within(width, &header, &rows.map(|row| row.map(str::to_owned).to_vec()))
    }

    #[test]
    fn a_table_has_one_line_under_its_header() {
        let lines = [
            " Очередь        Calls offered   Среднее время ответа   Service level",
            "─────────────────────────────────────────────────────────────────────",
            " Sales & 客服          11,455                   0:34           62.6%",
            " VIP                        9                      —         no data",
        ];
        assert_eq!(table(80), lines.join("\n"));
    }

    #[test]
    fn a_table_that_is_too_wide_is_broken_between_columns_not_within_cells() {
        #[track_caller]
        fn check(width: usize, tables: usize) {
            let table = table(width);
            assert!(table.lines().all(|line| line.width() <= width), "{table}");
            for cell in ["Sales & 客服", "VIP"] {
                assert_eq!(table.matches(cell).count(), tables, "{table}");
            }
            for cell in ["11,455", "0:34", "no data"] {
                assert_eq!(table.matches(cell).count(), 1, "{table}");
            }
        }
        check(46, 1);
        check(40, 2);
        check(28, 3);
    }
}
