//! What all sheets share: how they are printed, how high rows of wrapped text are.

use rust_xlsxwriter::{IgnoreError, Worksheet, XlsxError};
use unicode_width::UnicodeWidthStr;

/// The height of a line of text in points.
const LINE_HEIGHT: f64 = 15.5;
/// A row with more lines than this is cut; Excel allows no more than 409 points.
const MOST_LINES: usize = 24;

/// On A4, as wide as the paper; the sheet's name and the page's number at the foot.
pub(super) fn print_on_paper(sheet: &mut Worksheet, name: &str) {
    const A4: u8 = 9;
    sheet.set_paper_size(A4).set_print_fit_to_pages(1, 0);
    // An ampersand begins a code here.
    sheet.set_footer(format!("&L{}&R&P / &N", name.replace('&', "&&")));
}

/// Figures that are told as texts, such as changes with their arrows, are no mistakes to be marked.
pub(super) fn texts_are_meant(sheet: &mut Worksheet, last_row: u32, last_column: u16) -> Result<(), XlsxError> {
    sheet.ignore_error_range(0, 0, last_row, last_column, IgnoreError::NumberStoredAsText)?;
    Ok(())
}

/// Makes a row as high as its wrapped texts need, each given with the width it has, in characters. Excel would find the
/// height itself, other programs do not.
pub(super) fn fit_row<'a>(
    sheet: &mut Worksheet,
    row: u32,
    texts: impl IntoIterator<Item = (&'a str, usize)>,
) -> Result<(), XlsxError> {
    let most = texts.into_iter().map(|(text, width)| lines(text, width)).max().unwrap_or(1);
    sheet.set_row_height(row, most.clamp(1, MOST_LINES) as f64 * LINE_HEIGHT + 2.0)?;
    Ok(())
}

/// How many lines a text takes when it breaks between words.
fn lines(text: &str, width: usize) -> usize {
    let of_line = |line: &str| {
        let (mut lines, mut used) = (1, 0);
        for word in line.split_whitespace().map(UnicodeWidthStr::width) {
            if used > 0 && used + 1 + word > width {
                lines += 1;
                used = 0;
            }
            used += word + usize::from(used > 0);
            // A word longer than the line breaks inside.
            lines += used.saturating_sub(1) / width.max(1);
            used %= width.max(1) + 1;
        }
        lines
    };
    text.lines().map(of_line).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        for (text, width, expected) in [
            ("", 10, 0),
            ("one two", 10, 1),
            ("one two three", 7, 2),
            ("one\ntwo", 10, 2),
            ("Средняя скорость ответа (ASA)", 12, 3),
            ("abcdefghijkl", 5, 3),
        ] {
            assert_eq!(lines(text, width), expected, "{text:?} in {width}");
        }
    }
}
