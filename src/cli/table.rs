//! Tables for the terminal: names left, numbers right, one line under the header. A table that is too wide is broken
//! into several, each with the names of the rows again.

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
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
/// Blanks around each cell.
const PADDING: usize = 2;

/// The text of a table, no line wider than `width` unless a single word is. The first columns that stand left are the
/// names of the rows.
pub(super) fn render(width: usize, header: &[(&str, Side)], rows: &[Vec<String>]) -> String {
    let names = header.iter().take_while(|(_, side)| *side == Side::Left).count();
    let needed: Vec<usize> = (0..header.len()).map(|column| needed_width(column, header, rows)).collect();
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
    let lines: Vec<String> = table.to_string().lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

/// How wide a column must be for its cells to stand in one line and its header in a few.
fn needed_width(column: usize, header: &[(&str, Side)], rows: &[Vec<String>]) -> usize {
    let title = header[column].0;
    let longest_word = title.split_whitespace().map(UnicodeWidthStr::width).max().unwrap_or(0);
    let of_title = title.width().div_ceil(HEADER_LINES).max(longest_word);
    let of_cells = rows.iter().filter_map(|row| row.get(column)).map(|text| text.width()).max().unwrap_or(0);
    of_title.max(of_cells) + PADDING
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

    fn check(width: usize, expected: &[&str]) {
        let header = [
            ("Очередь", Side::Left),
            ("Calls offered", Side::Right),
            ("Среднее время ответа", Side::Right),
            ("Service level", Side::Right),
        ];
        let rows = [["Sales & 客服", "11,455", "0:34", "62.6%"], ["VIP", "9", "—", "no data"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        let table = render(width, &header, &rows);
        assert_eq!(table.lines().collect::<Vec<_>>(), expected, "{table}");
        assert!(table.lines().all(|line| line.width() <= width), "{table}");
    }

    #[test]
    fn a_table_has_one_line_and_is_broken_when_it_is_too_wide() {
        check(
            80,
            &[
                " Очередь        Calls offered   Среднее время ответа   Service level",
                "─────────────────────────────────────────────────────────────────────",
                " Sales & 客服          11,455                   0:34           62.6%",
                " VIP                        9                      —         no data",
            ],
        );
    }
}
