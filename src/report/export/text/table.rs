//! Tables in columns; a table too wide for that becomes a list of labels and values for each row.

use super::super::clean::{MOST_IN_CELL, clean};
use super::super::marks;
use super::width::{self, WIDTH};
use crate::report::document::{Align, Cell, Table, TableColumn};

/// The table with its caption above and what was left out below.
pub(super) fn table(table: &Table) -> String {
    let headings: Vec<String> = table.columns.iter().map(|column| one_line(&column.title)).collect();
    let rows: Vec<Vec<String>> = table.rows.iter().map(|row| texts(row, headings.len())).collect();
    let total: Option<Vec<String>> = table.total.as_ref().map(|row| texts(row, headings.len()));

    let mut lines = Vec::new();
    lines.extend(table.caption.iter().flat_map(|caption| width::wrap(&one_line(caption), WIDTH, "", "")));
    if !lines.is_empty() {
        lines.push(String::new());
    }
    match widths(&headings, rows.iter().chain(&total)) {
        Some(widths) => {
            let grid = Grid { columns: &table.columns, widths };
            lines.extend(grid.row(&headings));
            lines.push(grid.rule());
            lines.extend(rows.iter().flat_map(|row| grid.row(row)));
            if let Some(total) = &total {
                lines.push(grid.rule());
                lines.extend(grid.row(total));
            }
        }
        None => lines.extend(rows.iter().chain(&total).flat_map(|row| record(&headings, row))),
    }
    if let Some(omitted) = &table.omitted {
        lines.extend(width::wrap(&one_line(omitted), WIDTH, "", ""));
    }
    lines.join("\n")
}

/// The spaces between columns.
const GAP: usize = 2;
/// A column of words is never made narrower than this.
const NARROWEST: usize = 14;

/// A cell's text with the sign of its status.
fn texts(row: &[Cell], columns: usize) -> Vec<String> {
    let text = |cell: &Cell| match marks::sign(cell.status) {
        "" => one_line(&cell.text),
        sign => format!("{sign} {}", one_line(&cell.text)),
    };
    let mut texts: Vec<String> = row.iter().take(columns).map(text).collect();
    texts.resize(columns, String::new());
    texts
}

/// A text as a cell shows it.
fn one_line(text: &str) -> String {
    clean(text, MOST_IN_CELL).trim().to_owned()
}

/// The columns' widths: what they need, or less for the widest columns when that is too much for a line; none when the
/// columns cannot be made narrow enough.
fn widths<'a>(headings: &[String], rows: impl Iterator<Item = &'a Vec<String>>) -> Option<Vec<usize>> {
    let mut widths: Vec<usize> = headings.iter().map(|heading| longest_word(heading)).collect();
    for row in rows {
        for (width, text) in widths.iter_mut().zip(row) {
            *width = (*width).max(width::of(text));
        }
    }
    // A heading may take two lines before it widens a column.
    for (width, heading) in widths.iter_mut().zip(headings) {
        while width::wrap(heading, (*width).max(1), "", "").len() > 2 {
            *width += 1;
        }
    }
    let room = WIDTH.checked_sub(GAP * headings.len().saturating_sub(1))?;
    while widths.iter().sum::<usize>() > room {
        let widest = widths.iter_mut().max()?;
        if *widest <= NARROWEST {
            return None;
        }
        *widest -= 1;
    }
    Some(widths)
}

/// The columns the longest word of a heading takes.
fn longest_word(heading: &str) -> usize {
    heading.split(' ').map(width::of).max().unwrap_or(0)
}

/// A table in columns.
struct Grid<'a> {
    columns: &'a [TableColumn],
    widths: Vec<usize>,
}

impl Grid<'_> {
    /// A row in as many lines as its longest cell needs.
    fn row(&self, texts: &[String]) -> Vec<String> {
        let wrapped: Vec<Vec<String>> =
            texts.iter().zip(&self.widths).map(|(text, width)| width::wrap(text, (*width).max(1), "", "")).collect();
        let height = wrapped.iter().map(Vec::len).max().unwrap_or(0);
        (0..height)
            .map(|line| {
                let cell = |((lines, width), column): ((&Vec<String>, &usize), &TableColumn)| {
                    let text = lines.get(line).map_or("", String::as_str);
                    match column.align {
                        Align::Left => width::left(text, *width),
                        Align::Right => width::right(text, *width),
                    }
                };
                let cells: Vec<String> = wrapped.iter().zip(&self.widths).zip(self.columns).map(cell).collect();
                cells.join(&" ".repeat(GAP))
            })
            .collect()
    }

    /// A line under the headings and above the total.
    fn rule(&self) -> String {
        "-".repeat(self.widths.iter().sum::<usize>() + GAP * self.widths.len().saturating_sub(1))
    }
}

/// A row as labels and values, its first cell as the heading.
fn record(headings: &[String], row: &[String]) -> Vec<String> {
    let mut lines = row.first().map(|name| width::wrap(name, WIDTH, "", "")).unwrap_or_default();
    for (heading, text) in headings.iter().zip(row).skip(1) {
        lines.extend(width::wrap(&format!("{heading}: {text}"), WIDTH, "  ", "    "));
    }
    lines.push(String::new());
    lines
}
