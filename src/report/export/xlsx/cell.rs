//! A figure or a text into a cell: numbers as numbers with the format of their unit, texts never as formulas.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::super::clean::{MOST_IN_TEXT, clean};
use super::super::formula_text::may_be_formula;
use super::super::marks;
use crate::locale::Unit;
use crate::report::document::{Scale, Status};

/// Seconds of a day: workbooks keep lengths of time as days.
const DAY_S: f64 = 86_400.0;

/// Where a cell is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) row: u32,
    pub(super) column: u16,
}

/// What is written into a cell.
#[derive(Clone, Copy, Debug)]
pub(super) struct Content<'a> {
    /// The text; what is shown when there is no number.
    pub(super) text: &'a str,
    /// The number behind it and how it is written.
    pub(super) number: Option<(f64, Scale)>,
    /// Told by a sign behind the number; its colour is in the format.
    pub(super) status: Status,
}

/// Writes a cell.
pub(super) fn write(
    sheet: &mut Worksheet,
    place: Place,
    content: &Content<'_>,
    format: Format,
) -> Result<(), XlsxError> {
    let number = content.number.and_then(|(number, scale)| Some((stored(number, scale.unit)?, scale)));
    match number {
        Some((number, scale)) => {
            let format = format.set_num_format(number_format(scale, content.status));
            sheet.write_number_with_format(place.row, place.column, number, &format)?;
        }
        None => write_text(sheet, place, content.text, format)?,
    }
    Ok(())
}

/// Writes a text, which stays one whatever it begins with, also when someone edits the cell.
pub(super) fn write_text(sheet: &mut Worksheet, place: Place, text: &str, format: Format) -> Result<(), XlsxError> {
    let format = if may_be_formula(text) { format.set_quote_prefix() } else { format };
    sheet.write_string_with_format(place.row, place.column, lines(text), &format)?;
    Ok(())
}

/// Writes a number without the marks of a status, for the cells charts are drawn from; where there is none, the cell
/// stays empty, which charts show as a gap.
pub(super) fn write_number(
    sheet: &mut Worksheet,
    place: Place,
    number: Option<f64>,
    scale: Scale,
    format: Format,
) -> Result<(), XlsxError> {
    let format = format.set_num_format(number_format(scale, Status::Neutral));
    match number.and_then(|number| stored(number, scale.unit)) {
        Some(number) => sheet.write_number_with_format(place.row, place.column, number, &format)?,
        None => sheet.write_blank(place.row, place.column, &format)?,
    };
    Ok(())
}

/// A number as workbooks keep it: shares instead of percent, days instead of seconds. Lengths of time below zero have
/// none, as Excel fills their cells with #.
fn stored(number: f64, unit: Unit) -> Option<f64> {
    let stored = match unit {
        Unit::Percent => number / 100.0,
        Unit::Duration if number < 0.0 => return None,
        Unit::Duration => number / DAY_S,
        Unit::Count | Unit::Number | Unit::Money => number,
    };
    stored.is_finite().then_some(stored)
}

/// How numbers of a unit are shown. Excel puts the reader's own separators for `,` and `.`.
pub(super) fn number_format(scale: Scale, status: Status) -> String {
    let decimals = match scale.decimals {
        0 => String::new(),
        digits => format!(".{}", "0".repeat(usize::from(digits))),
    };
    let number = match scale.unit {
        Unit::Count | Unit::Number | Unit::Money => format!("#,##0{decimals}"),
        Unit::Percent => format!("0{decimals}%"),
        Unit::Duration => "[h]:mm:ss".to_owned(),
    };
    match marks::sign(status) {
        "" => number,
        sign => format!("{number}\" {sign}\""),
    }
}

/// The text with its own line ends, each line cleaned.
fn lines(text: &str) -> String {
    text.lines().map(|line| clean(line, MOST_IN_TEXT)).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_kept_as_spreadsheets_keep_them() {
        for (number, unit, kept) in [
            (83.5, Unit::Percent, Some(0.835)),
            (-100.0, Unit::Percent, Some(-1.0)),
            (43_200.0, Unit::Duration, Some(0.5)),
            (-5.0, Unit::Duration, None),
            (-1_234.5, Unit::Money, Some(-1_234.5)),
            (f64::INFINITY, Unit::Count, None),
        ] {
            assert_eq!(stored(number, unit), kept, "{number}");
        }
        for (unit, decimals, status, format) in [
            (Unit::Count, 0, Status::Neutral, "#,##0"),
            (Unit::Percent, 1, Status::Bad, "0.0%\" ✗\""),
            (Unit::Duration, 0, Status::Good, "[h]:mm:ss\" ✓\""),
            (Unit::Money, 2, Status::Neutral, "#,##0.00"),
        ] {
            assert_eq!(number_format(Scale { unit, decimals }, status), format);
        }
    }
}
