//! The mail's tables, and the line that says what was cut from a long one. A table too wide for a phone has each row's
//! name on a line of its own, above the numbers, and these in several lines where one has no room for them.

use super::super::marks;
use super::super::markup::cell;
use super::blocks::remark;
use super::density::{Density, Setting, per_line};
use super::style::Style;
use crate::locale::{self, hyphenated};
use crate::report::document::{Align, Cell, Document, Status, Table, TableColumn};

/// A table with at most so many rows.
pub(super) fn table(table: &Table, setting: &Setting, document: &Document, style: &Style, most: usize) -> String {
    let mut made = String::new();
    if let Some(caption) = &table.caption {
        let look = style.text(15, 21, &style.ink);
        made.push_str(&format!(
            "<p class=\"ink\" style=\"margin:0 0 8px;{look};font-weight:600\">{}</p>",
            cell(caption)
        ));
    }
    let lines = if setting.phone.flows { 0 } else { setting.phone.lines };
    let sheet = Sheet { columns: &table.columns, lines, flows: setting.phone.flows, style };
    made.push_str(&sheet.opening(setting));
    let below = format!("border-bottom:1px solid {}", style.line);
    for (index, cells) in table.rows.iter().take(most).enumerate() {
        let stripe = (index % 2 == 1).then(|| format!(" class=\"even\" bgcolor=\"{}\"", style.stripe));
        let look = RowLook { attributes: stripe.unwrap_or_default(), above: "", below: &below, weight: "" };
        made.push_str(&sheet.row(cells, &look));
    }
    if let Some(total) = &table.total {
        let above = format!("border-top:2px solid {}", style.ink);
        let look = RowLook { attributes: String::new(), above: &above, below: "", weight: "font-weight:700" };
        made.push_str(&sheet.row(total, &look));
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

/// How a row's cells look, but for their status.
struct RowLook<'a> {
    /// Of the row's element.
    attributes: String,
    /// The line above, the line below and the weight, as properties; empty for none.
    above: &'a str,
    below: &'a str,
    weight: &'a str,
}

/// How a table's rows are written.
struct Sheet<'a> {
    columns: &'a [TableColumn],
    /// How many lines a row's numbers take below its name; none when they stand beside it.
    lines: usize,
    /// Whether the style sheet breaks the rows into lines on a phone.
    flows: bool,
    style: &'a Style,
}

impl Sheet<'_> {
    /// The table up to its headings. Fonts and padding stand on the table, not on its cells: a long table is what makes a mail
    /// long.
    fn opening(&self, setting: &Setting) -> String {
        let Density { cell: size, head, padding } = setting.density;
        let mut made = format!(
            "<div style=\"overflow-x:auto\"><table class=\"data d{size}{}\" width=\"100%\" cellpadding=\"{padding}\" cellspacing=\"0\" border=\"0\" \
             style=\"border-collapse:collapse;{}\">\n<tr{}>",
            self.classes(setting),
            self.style.text(size, size + 5, &self.style.ink),
            if self.flows { format!(" class=\"h\" bgcolor=\"{}\"", self.style.tint) } else { String::new() },
        );
        for (index, column) in self.columns.iter().enumerate() {
            let (attributes, line) = match (index, self.lines) {
                (0, 1..) => (format!(" colspan=\"{}\"", self.per_line()), String::new()),
                (_, 0) if column.align == Align::Left => {
                    (format!(" width=\"{}%\"", setting.names[index]), self.underline())
                }
                _ if self.is_last(index) => (String::new(), self.underline()),
                _ => (String::new(), String::new()),
            };
            made.push_str(&format!(
                "<th class=\"{}\" scope=\"col\"{attributes} align=\"{}\" valign=\"bottom\" bgcolor=\"{}\" \
                 style=\"font-size:{head}px;line-height:{}px;font-weight:600{line}\">{}</th>",
                self.class("h", index),
                align(column),
                self.style.tint,
                head + 4,
                cell(&hyphenated(&column.title))
            ));
            if self.breaks(index) {
                made.push_str("</tr>\n<tr>");
            }
        }
        let filling = format!(" class=\"h\" bgcolor=\"{}\"{}", self.style.tint, css(&[&self.underline()[1..]]));
        made.push_str(&format!("{}</tr>\n", self.rest("th", &filling)));
        made
    }

    fn underline(&self) -> String {
        format!(";border-bottom:2px solid {}", self.style.brand)
    }

    /// What the style sheet makes of the table on a phone.
    fn classes(&self, setting: &Setting) -> String {
        let tight = if setting.phone.is_tight { " p11" } else { "" };
        let numbers = self.columns.len().saturating_sub(1);
        match self.flows {
            true => format!("{tight} flow n{}", per_line(numbers, setting.phone.lines)),
            false => tight.to_owned(),
        }
    }

    /// The classes of a cell, of which one is given.
    fn class(&self, class: &str, index: usize) -> String {
        let flowing = match (self.flows, index) {
            (false, _) => "",
            (true, 0) => "name",
            (true, _) => "f",
        };
        [class, flowing].join(" ").trim().to_owned()
    }

    /// How many numbers stand in a line.
    fn per_line(&self) -> usize {
        per_line(self.columns.len().saturating_sub(1), self.lines)
    }

    /// Whether a line ends after this column and the row goes on.
    fn breaks(&self, index: usize) -> bool {
        self.lines > 0 && index.is_multiple_of(self.per_line()) && index + 1 < self.columns.len()
    }

    /// Whether a column stands in the last line of its row.
    fn is_last(&self, index: usize) -> bool {
        self.lines == 0 || index > (self.lines - 1) * self.per_line()
    }

    /// An empty cell with these attributes that fills a row's last line; nothing where it is full.
    fn rest(&self, element: &str, attributes: &str) -> String {
        let places = if self.lines > 0 { self.lines * self.per_line() + 1 } else { 0 };
        match places.saturating_sub(self.columns.len()) {
            0 => String::new(),
            missing => format!("<{element} colspan=\"{missing}\"{attributes}></{element}>"),
        }
    }

    /// A row, in as many rows of the table as it has lines.
    fn row(&self, cells: &[Cell], look: &RowLook<'_>) -> String {
        let attributes = &look.attributes;
        let mut made = format!("<tr{attributes}>");
        for (index, (content, column)) in cells.iter().zip(self.columns).enumerate() {
            if index > 0 || column.align == Align::Right {
                let above = if self.lines > 0 { "" } else { look.above };
                let below = if self.is_last(index) { look.below } else { "padding-bottom:0" };
                made.push_str(&self.value(content, column, index, &[above, below, look.weight]));
                if self.breaks(index) {
                    made.push_str(&format!("</tr>\n<tr{attributes}>"));
                }
            } else if self.lines > 0 {
                let weight = if look.weight.is_empty() { "font-weight:600" } else { look.weight };
                let name =
                    format!(" colspan=\"{}\"{}", self.per_line(), css(&[look.above, "padding-bottom:0", weight]));
                made.push_str(&format!(
                    "<th scope=\"row\" align=\"left\"{name}>{}</th></tr>\n<tr{attributes}>",
                    self.inside(content)
                ));
            } else {
                // Headings are bold by themselves.
                let weight = if look.weight.is_empty() { "font-weight:400" } else { look.weight };
                let name = css(&[look.above, look.below, weight]);
                let class = if self.flows { " class=\"name\"" } else { "" };
                made.push_str(&format!("<th scope=\"row\"{class} align=\"left\"{name}>{}</th>", self.inside(content)));
            }
        }
        made.push_str(&format!("{}</tr>\n", self.rest("td", &css(&[look.below]))));
        made
    }

    fn value(&self, content: &Cell, column: &TableColumn, index: usize, look: &[&str]) -> String {
        let align = if column.align == Align::Right { " align=\"right\"" } else { "" };
        let inside = self.inside(content);
        if content.status == Status::Neutral {
            let class = if self.flows { format!(" class=\"{}\"", self.class("", index)) } else { String::new() };
            return format!("<td{class}{align}{}>{inside}</td>", css(look));
        }
        let color = format!("color:{}", self.style.status(content.status));
        let look = css(&[look, &[&color]].concat());
        let class = self.class(marks::class(content.status), index);
        format!("<td class=\"{class}\"{align}{look}><b>{inside}</b></td>")
    }

    /// A cell's text with the sign of its status, and its bar below: cells of a table, which every mail program shows.
    fn inside(&self, content: &Cell) -> String {
        let text = cell(&content.text);
        let sign = marks::sign(content.status);
        let text = if sign.is_empty() { text } else { format!("{sign}\u{a0}{text}") };
        let Some(share) = content.share.filter(|share| share.is_finite()) else { return text };
        let percent = (share.clamp(0.0, 1.0) * 100.0).round();
        let part = |class: &str, percent: f64, color: &str| match percent {
            percent if percent > 0.0 => {
                format!("<td{class} width=\"{percent}%\" height=\"3\" bgcolor=\"{color}\"></td>")
            }
            _ => String::new(),
        };
        format!(
            "{text}<table class=\"bar\" role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\"><tr>{}{}</tr></table>",
            part(" class=\"full\"", percent, &self.style.brand),
            part("", 100.0 - percent, &self.style.line),
        )
    }
}

/// A style attribute of these properties, with a space before it.
fn css(properties: &[&str]) -> String {
    let properties: Vec<&str> = properties.iter().copied().filter(|property| !property.is_empty()).collect();
    if properties.is_empty() { String::new() } else { format!(" style=\"{}\"", properties.join(";")) }
}

/// The value of the `align` attribute.
fn align(column: &TableColumn) -> &'static str {
    match column.align {
        Align::Left => "left",
        Align::Right => "right",
    }
}
