//! The mail's tables, and the line that says what was cut from a long one.

use super::super::marks;
use super::super::markup::cell;
use super::blocks::remark;
use super::style::Style;
use crate::locale;
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
    // Fonts and padding stand on the table, not on its cells: a long table is what makes a mail long.
    made.push_str(&format!(
        "<div style=\"overflow-x:auto\"><table class=\"data\" width=\"100%\" cellpadding=\"7\" cellspacing=\"0\" border=\"0\" \
         style=\"border-collapse:collapse;{}\">\n<tr class=\"head\" style=\"font-size:13px;line-height:17px\">",
        style.text(14, 19, &style.ink)
    ));
    for (index, column) in table.columns.iter().enumerate() {
        made.push_str(&format!(
            "<th scope=\"col\"{} align=\"{}\" valign=\"bottom\" bgcolor=\"{}\" style=\"border-bottom:2px solid {};font-weight:600\">{}</th>",
            width(table, index, column),
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

/// The room a column of names asks for, so that mail programs do not break short names to widen columns of numbers.
fn width(table: &Table, index: usize, column: &TableColumn) -> String {
    if column.align == Align::Right {
        return String::new();
    }
    let longest = table.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.text.chars().count()).max();
    // At this size a letter takes about 8 of the mail's 584 points beside the cell's padding; a name gets at most 40 %.
    let percent = ((longest.unwrap_or(0) * 8 + 14) * 100).div_ceil(584).min(40);
    format!(" width=\"{percent}%\"")
}

/// The value of the `align` attribute.
fn align(column: &TableColumn) -> &'static str {
    match column.align {
        Align::Left => "left",
        Align::Right => "right",
    }
}
