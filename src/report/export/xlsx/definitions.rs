//! The last sheet: how the KPIs are defined and what their values were computed from.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::cell::{Place, write_text};
use super::look::Look;
use super::paper::{fit_row, print_on_paper, texts_are_meant};
use crate::locale;
use crate::report::document::{Align, Block, Document, Explained, ExplainedKpi};

/// The columns: the key of the heading and the width in characters.
const COLUMNS: [(&str, u16); 8] = [
    ("xlsx-kpi", 26),
    ("xlsx-value", 12),
    ("xlsx-target", 14),
    ("explain-definition", 40),
    ("explain-formula", 44),
    ("xlsx-part", 36),
    ("xlsx-value", 14),
    ("xlsx-origin", 44),
];

/// The sheet; none when the document explains nothing.
pub(super) fn sheet(document: &Document, name: &str, look: &Look<'_>) -> Result<Option<Worksheet>, XlsxError> {
    let explained: Vec<&Explained> = document
        .blocks
        .iter()
        .filter_map(|block| if let Block::Explained(explained) = block { Some(explained) } else { None })
        .filter(|explained| !explained.kpis.is_empty() || !explained.facts.is_empty())
        .collect();
    if explained.is_empty() {
        return Ok(None);
    }
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    for (column, (key, width)) in (0..).zip(COLUMNS) {
        let word = locale::text(document.language, key, &[]);
        write_text(&mut sheet, Place { row: 0, column }, &word, look.column(Align::Left))?;
        sheet.set_column_width(column, width)?;
    }
    let mut row = 1;
    for kpi in explained.iter().flat_map(|explained| &explained.kpis) {
        for texts in rows(kpi) {
            write_row(&mut sheet, row, &texts, || look.text())?;
            let widths = COLUMNS.iter().map(|(_, width)| usize::from(*width));
            fit_row(&mut sheet, row, texts.iter().map(String::as_str).zip(widths))?;
            row += 1;
        }
    }
    row += 1;
    for (fact, text) in explained.iter().flat_map(|explained| &explained.facts) {
        write_row(&mut sheet, row, &[fact, text], || look.small().unset_text_wrap())?;
        row += 1;
    }
    texts_are_meant(&mut sheet, row, COLUMNS.len() as u16 - 1)?;
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    print_on_paper(&mut sheet, name);
    Ok(Some(sheet))
}

/// A row for each part; what is of the whole KPI stands in the first.
fn rows(kpi: &ExplainedKpi) -> Vec<[String; 8]> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut rows = vec![<[String; 8]>::default(); kpi.parts.len().max(1)];
    let whole =
        [kpi.title.clone(), kpi.value.clone(), text(&kpi.target), text(&kpi.definition), kpi.formula.join("\n")];
    rows[0][..whole.len()].clone_from_slice(&whole);
    for (row, part) in rows.iter_mut().zip(&kpi.parts) {
        row[whole.len()..].clone_from_slice(&[part.what.clone(), part.value.clone(), part.origin.clone()]);
    }
    rows
}

fn write_row(
    sheet: &mut Worksheet,
    row: u32,
    texts: &[impl AsRef<str>],
    format: impl Fn() -> Format,
) -> Result<(), XlsxError> {
    for (column, text) in (0..).zip(texts).filter(|(_, text)| !text.as_ref().is_empty()) {
        write_text(sheet, Place { row, column }, text.as_ref(), format())?;
    }
    Ok(())
}
