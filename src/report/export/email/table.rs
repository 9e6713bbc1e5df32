//! The mail's tables, and the line that says what was cut from a long one.

use super::super::marks;
use super::super::markup::cell;
use super::blocks::remark;
use super::style::Style;
use crate::locale;
use crate::report::charts::{TextWeight, text_width};
use crate::report::document::{Align, Cell, Document, Status, Table, TableColumn};

/// A table with at most so many rows.
pub(super) fn table(table: &Table, document: &Document, style: &Style, most: usize) -> String {
    let mut made = String::new();
    if let Some(caption) = &table.caption {
        let look = style.text(15, 21, &style.ink);
        made.push_str(&format!(
            "<p class=\"ink\" style=\"margin:0 0 8px;{look};font-weight:600\">{}</p>",
            cell(caption)
        ));
    }
    let density = density(table);
    // Fonts and padding stand on the table, not on its cells: a long table is what makes a mail long.
    made.push_str(&format!(
        "<div style=\"overflow-x:auto\"><table class=\"data d{}\" width=\"100%\" cellpadding=\"{}\" cellspacing=\"0\" border=\"0\" \
         style=\"border-collapse:collapse;{}\">\n<tr class=\"head\" style=\"font-size:{}px;line-height:{}px\">",
        density.cell,
        density.padding,
        style.text(density.cell, density.cell + 5, &style.ink),
        density.head,
        density.head + 4
    ));
    for (index, column) in table.columns.iter().enumerate() {
        made.push_str(&format!(
            "<th scope=\"col\"{} align=\"{}\" valign=\"bottom\" bgcolor=\"{}\" style=\"border-bottom:2px solid {};font-weight:600\">{}</th>",
            width(table, index, column, density),
            align(column),
            style.tint,
            style.brand,
            cell(&column.title)
        ));
    }
    made.push_str("</tr>\n");
    for (index, cells) in table.rows.iter().take(most).enumerate() {
        let stripe = (index % 2 == 1).then(|| format!(" class=\"even\" bgcolor=\"{}\"", style.stripe));
        let look = format!("border-bottom:1px solid {}", style.line);
        made.push_str(&row(cells, table, style, &stripe.unwrap_or_default(), &look));
    }
    if let Some(total) = &table.total {
        let look = format!("border-top:2px solid {};font-weight:700", style.ink);
        made.push_str(&row(total, table, style, "", &look));
    }
    made.push_str("</table></div>");
    let cut = table.rows.len().saturating_sub(most);
    if cut > 0 {
        let words = locale::text(document.language, "more-rows-attached", &[("rows", cut.into())]);
        made.push_str(&remark(&format!("… {}", cell(&words)), style));
    }
    if let Some(omitted) = &table.omitted {
        made.push_str(&remark(&cell(omitted), style));
    }
    made
}

/// A row whose cells all look the same but for their status.
fn row(cells: &[Cell], table: &Table, style: &Style, attributes: &str, look: &str) -> String {
    let mut made = format!("<tr{attributes}>");
    for (content, column) in cells.iter().zip(&table.columns) {
        let text = cell(&content.text);
        let align = if column.align == Align::Right { " align=\"right\"" } else { "" };
        if content.status == Status::Neutral {
            made.push_str(&format!("<td{align} style=\"{look}\">{text}</td>"));
        } else {
            made.push_str(&format!(
                "<td class=\"{}\"{align} style=\"{look};color:{}\"><b>{}\u{a0}{text}</b></td>",
                marks::class(content.status),
                style.status(content.status),
                marks::sign(content.status),
            ));
        }
    }
    made.push_str("</tr>\n");
    made
}

/// The width a table has in the mail, in points.
const ROOM: f64 = 584.0;
/// Mail programs choose their own fonts; the widest common one is so much wider than the reports' own.
const WIDER: f64 = 1.25;

/// How closely a table is set: sizes of cells and headings, and the padding around them, in points.
#[derive(Clone, Copy)]
struct Density {
    cell: u32,
    head: u32,
    padding: u32,
}

/// The loosest setting in which no column is cut off; the closest one when none is close enough.
fn density(table: &Table) -> Density {
    let closest = Density { cell: 10, head: 9, padding: 2 };
    [(14, 13, 7), (13, 12, 5), (12, 11, 4), (11, 10, 3)]
        .map(|(cell, head, padding)| Density { cell, head, padding })
        .into_iter()
        .find(|density| least_width(table, *density) <= ROOM)
        .unwrap_or(closest)
}

/// The width below which a table cannot be set: each column is at least as wide as its longest word.
fn least_width(table: &Table, density: Density) -> f64 {
    let word = |text: &str, size: u32| {
        let width = |word: &str| WIDER * text_width(word, f64::from(size), TextWeight::Bold);
        // A space that breaks no line holds its words together.
        text.split(' ').map(width).fold(0.0, f64::max)
    };
    let column = |(index, column): (usize, &TableColumn)| {
        let cells = table.rows.iter().chain(&table.total).filter_map(|row| row.get(index));
        let cell = |cell: &Cell| {
            let mark = if cell.status == Status::Neutral { 0.0 } else { word("✗\u{a0}", density.cell) };
            word(&cell.text, density.cell) + mark
        };
        let widest = cells.map(cell).fold(word(&column.title, density.head), f64::max);
        widest + 2.0 * f64::from(density.padding)
    };
    table.columns.iter().enumerate().map(column).sum()
}

/// The room a column of names asks for, so that mail programs do not break short names to widen columns of numbers.
fn width(table: &Table, index: usize, column: &TableColumn, density: Density) -> String {
    if column.align == Align::Right {
        return String::new();
    }
    let longest = table.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.text.chars().count()).max();
    // A letter takes somewhat more than half its size; a name gets at most 40 %.
    let points = longest.unwrap_or(0) * density.cell as usize * 57 / 100 + 2 * density.padding as usize;
    let percent = (points * 100).div_ceil(ROOM as usize).min(40);
    format!(" width=\"{percent}%\"")
}

/// The value of the `align` attribute.
fn align(column: &TableColumn) -> &'static str {
    match column.align {
        Align::Left => "left",
        Align::Right => "right",
    }
}
