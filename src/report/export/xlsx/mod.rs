//! The report as a workbook: a summary, a sheet for each table with typed cells that can be filtered and summed, native
//! charts beside the cells they are drawn from, and how the KPIs are defined. The same document gives the same bytes.

mod cell;
mod chart;
mod charts;
mod definitions;
mod look;
mod paper;
mod sheet_names;
mod summary;
mod table;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::look::Look;
use self::sheet_names::SheetNames;
use super::clean::{MOST_IN_CELL, clean};
use crate::locale;
use crate::report::document::{Block, Document, plain_text};
use crate::report::theme::Theme;

/// The document as a workbook. Fails only for what no workbook holds, such as more columns than Excel has.
pub fn render(document: &Document, theme: &Theme) -> Result<Vec<u8>, XlsxError> {
    let look = Look::new(theme);
    let mut names = SheetNames::default();
    let word = |key: &str| locale::text(document.language, key, &[]);
    let summary_name = names.take(&word("sheet-summary"));
    let charts_name = names.take(&word("sheet-charts"));
    let definitions_name = names.take(&word("sheet-definitions"));

    let charts = charts::sheet(document, &charts_name, theme, &look)?;
    let courses = charts.as_ref().map(|charts| charts.courses.as_slice()).unwrap_or_default();
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(clean(&document.title, MOST_IN_CELL))
            .set_subject(clean(&document.subtitle, MOST_IN_CELL))
            .set_author(clean(&document.author, MOST_IN_CELL))
            .set_creation_datetime(&ExcelDateTime::from_timestamp(document.created.timestamp())?),
    );
    workbook.push_worksheet(summary::sheet(document, &summary_name, courses, &look)?);
    let mut heading = None;
    for block in &document.blocks {
        match block {
            Block::Heading { text, .. } => heading = Some(plain_text(text)),
            Block::Table(table) => {
                let named = table.caption.iter().chain(&heading).find(|name| !name.trim().is_empty());
                let name = names.take(&named.cloned().unwrap_or_else(|| word("sheet-table")));
                workbook.push_worksheet(table::sheet(table, &name, &look)?);
            }
            _ => {}
        }
    }
    if let Some(charts) = charts {
        workbook.push_worksheet(charts.sheet);
    }
    if let Some(definitions) = definitions::sheet(document, &definitions_name, &look)? {
        workbook.push_worksheet(definitions);
    }
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests;
