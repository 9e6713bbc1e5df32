//! The first sheet: what the report says in words, and its KPIs with target, change and course.

use rust_xlsxwriter::{Format, Sparkline, Worksheet, XlsxError};

use super::super::clean::{MOST_IN_TEXT, clean};
use super::super::{marks, markup};
use super::cell::{Content, Place, write, write_text};
use super::charts::Course;
use super::look::Look;
use super::paper::{fit_row, print_on_paper, texts_are_meant};
use crate::locale;
use crate::report::document::{Align, Block, Document, Inline, Marker, Status, Tile, plain_text};

/// The widths of the columns in characters: the KPI, its value, the status, the target, the change, the course.
const WIDTHS: [u16; 6] = [34, 14, 24, 18, 18, 24];
/// The last column.
const LAST: u16 = WIDTHS.len() as u16 - 1;
/// How many characters of running text stand beside each other over all columns; proportional type takes less than
/// the figures that widths are counted in.
const LINE: usize = 124;

/// The sheet; `courses` tells for each tile where the values of its course are.
pub(super) fn sheet(
    document: &Document,
    name: &str,
    courses: &[Option<Course<'_>>],
    look: &Look<'_>,
) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    sheet.set_screen_gridlines(false);
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let mut page = Page { sheet, row: 0, look };
    write_text(&mut page.sheet, Place { row: 0, column: 0 }, &document.title, look.title())?;
    page.sheet.set_row_height(0, 30)?;
    page.row = 1;
    page.line(&document.subtitle, look.text())?;
    page.row += 1;

    let mut courses = courses.iter().copied();
    let mut heading = None;
    for block in markup::body(document) {
        if let Block::Heading { text, .. } = block {
            heading = Some(plain_text(text));
            continue;
        }
        // Headings of tables and charts are on the sheets of these.
        let heading =
            heading.take().filter(|_| !matches!(block, Block::Table(_) | Block::Chart(_) | Block::Explained(_)));
        if let Some(heading) = heading {
            page.line(&heading, look.heading())?;
        }
        match block {
            Block::Headline(headline) => {
                page.line(&plain_text(&headline.text), look.headline(headline.status))?;
                if let Some(remark) = &headline.remark {
                    page.line(remark, look.small())?;
                }
                page.row += 1;
            }
            Block::Paragraph(text) => page.paragraph(text, look.text())?,
            Block::Note(text) => page.paragraph(text, look.note())?,
            Block::List { marker, items } => {
                for (number, item) in (1..).zip(items) {
                    let before = match marker {
                        Marker::Bullet => "•".to_owned(),
                        Marker::Number => format!("{number}."),
                    };
                    page.line(&format!("{before} {}", plain_text(item)), look.text())?;
                }
                page.row += 1;
            }
            Block::Tiles(tiles) => page.tiles(tiles, &mut courses, document)?,
            Block::Heading { .. } | Block::Table(_) | Block::Chart(_) | Block::Explained(_) | Block::PageBreak => {}
        }
    }
    for footnote in &document.footnotes {
        page.line(footnote, look.small())?;
    }
    texts_are_meant(&mut page.sheet, page.row, LAST)?;
    print_on_paper(&mut page.sheet, name);
    Ok(page.sheet)
}

/// A sheet that is written from top to bottom.
struct Page<'a> {
    sheet: Worksheet,
    row: u32,
    look: &'a Look<'a>,
}

impl Page<'_> {
    /// A text over all columns.
    fn line(&mut self, text: &str, format: Format) -> Result<(), XlsxError> {
        let text = clean(text, MOST_IN_TEXT);
        if text.trim().is_empty() {
            return Ok(());
        }
        self.sheet.merge_range(self.row, 0, self.row, LAST, "", &format)?;
        write_text(&mut self.sheet, Place { row: self.row, column: 0 }, &text, format)?;
        fit_row(&mut self.sheet, self.row, [(text.as_str(), LINE)])?;
        self.row += 1;
        Ok(())
    }

    /// A paragraph with its own line breaks, and an empty row behind it.
    fn paragraph(&mut self, text: &[Inline], format: Format) -> Result<(), XlsxError> {
        for line in plain_text(text).lines() {
            self.line(line, format.clone())?;
        }
        self.row += 1;
        Ok(())
    }

    fn tiles<'c>(
        &mut self,
        tiles: &[Tile],
        courses: &mut impl Iterator<Item = Option<Course<'c>>>,
        document: &Document,
    ) -> Result<(), XlsxError> {
        let keys = ["xlsx-kpi", "xlsx-value", "xlsx-status", "xlsx-target", "xlsx-change", "xlsx-course"];
        for (column, key) in (0..).zip(keys) {
            let side = if column == 1 { Align::Right } else { Align::Left };
            let word = locale::text(document.language, key, &[]);
            let format = if column > 1 { self.look.column(side).set_indent(1) } else { self.look.column(side) };
            write_text(&mut self.sheet, Place { row: self.row, column }, &word, format)?;
        }
        self.row += 1;
        for tile in tiles {
            self.tile(tile, courses.next().flatten(), document)?;
        }
        self.row += 1;
        Ok(())
    }

    fn tile(&mut self, tile: &Tile, course: Option<Course<'_>>, document: &Document) -> Result<(), XlsxError> {
        let (row, look) = (self.row, self.look);
        let left = || look.cell(Align::Left).set_indent(1);
        let at = |column: u16| Place { row, column };
        write_text(&mut self.sheet, at(0), &tile.title, look.cell(Align::Left).set_text_wrap())?;
        let number = tile.number.map(|number| (number, tile.scale));
        // The status stands beside it in words.
        let value = Content { text: &tile.value, number, status: Status::Neutral };
        write(&mut self.sheet, at(1), &value, look.of_status(look.cell(Align::Right), tile.status))?;
        let status = marks::words(tile.status, document.language);
        write_text(&mut self.sheet, at(2), &status, look.of_status(left(), tile.status))?;
        write_text(&mut self.sheet, at(3), tile.target.as_deref().unwrap_or_default(), left())?;
        let change = tile.change.as_ref();
        let format = look.of_status(left(), change.map_or(Status::Neutral, |change| change.status));
        write_text(&mut self.sheet, at(4), &change.map(marks::change).unwrap_or_default(), format)?;
        write_text(&mut self.sheet, at(5), "", left())?;
        if let Some(course) = course {
            let line = Sparkline::new()
                .set_range((course.sheet, course.row, course.first, course.row, course.last))
                .set_sparkline_color(look.line())
                .show_last_point(true)
                .set_last_point_color(look.line());
            self.sheet.add_sparkline(row, 5, &line)?;
        }
        self.sheet.set_row_height(row, 24)?;
        self.row += 1;
        Ok(())
    }
}
