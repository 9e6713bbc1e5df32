//! The page's tables: headings with scopes, a total, and a container of their own to scroll in on a phone.

use super::super::marks;
use super::super::markup::cell;
use crate::report::document::{Align, Cell, Document, Status, Table, TableColumn};

/// A table as elements.
pub(super) fn table(table: &Table, document: &Document) -> String {
    let label = table.caption.as_deref().unwrap_or(&document.title);
    let mut made =
        format!("<div class=\"scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{}\"><table>\n", cell(label));
    if let Some(caption) = &table.caption {
        made.push_str(&format!("<caption>{}</caption>\n", cell(caption)));
    }
    let headings: String = table
        .columns
        .iter()
        .map(|column| format!("<th scope=\"col\"{}>{}</th>", heading_class(column), cell(&column.title)))
        .collect();
    made.push_str(&format!("<thead><tr>{headings}</tr></thead>\n<tbody>\n"));
    for cells in &table.rows {
        made.push_str(&row(cells, table, document));
    }
    made.push_str("</tbody>\n");
    if let Some(total) = &table.total {
        made.push_str(&format!("<tfoot>\n{}</tfoot>\n", row(total, table, document)));
    }
    made.push_str("</table></div>");
    if let Some(omitted) = &table.omitted {
        made.push_str(&format!("\n<p class=\"omitted\">{}</p>", cell(omitted)));
    }
    made
}

/// One row; a first column of names holds the row's heading.
fn row(cells: &[Cell], table: &Table, document: &Document) -> String {
    let mut made = String::from("<tr>");
    for (index, (content, column)) in cells.iter().zip(&table.columns).enumerate() {
        let class = class(column, content.status);
        let (text, bar) = (cell(&content.text), bar(content));
        if index == 0 && column.align == Align::Left {
            made.push_str(&format!("<th scope=\"row\"{class}>{text}</th>"));
        } else if content.status == Status::Neutral {
            made.push_str(&format!("<td{class}>{text}{bar}</td>"));
        } else {
            let (sign, words) = (marks::sign(content.status), marks::words(content.status, document.language));
            made.push_str(&format!(
                "<td{class}><span class=\"sign\" aria-hidden=\"true\" title=\"{words}\">{sign}</span>{text}\
                 <span class=\"hidden\"> {words}</span>{bar}</td>"
            ));
        }
    }
    made.push_str("</tr>\n");
    made
}

/// The class attribute of a heading.
fn heading_class(column: &TableColumn) -> &'static str {
    match column.align {
        Align::Right => " class=\"number\"",
        Align::Left => "",
    }
}

/// The class attribute of a cell.
fn class(column: &TableColumn, status: Status) -> String {
    let align = (column.align == Align::Right).then_some("number");
    let status = (status != Status::Neutral).then(|| format!("status {} text", marks::class(status)));
    let classes: Vec<&str> = align.into_iter().chain(status.as_deref()).collect();
    if classes.is_empty() { String::new() } else { format!(" class=\"{}\"", classes.join(" ")) }
}

/// The bar below a cell's number. It says nothing to those who listen: the number does.
fn bar(cell: &Cell) -> String {
    let share = cell.share.filter(|share| share.is_finite()).map(|share| (share.clamp(0.0, 1.0) * 100.0).round());
    share.map(|share| format!("<span class=\"bar\" style=\"--share:{share}%\"></span>")).unwrap_or_default()
}
