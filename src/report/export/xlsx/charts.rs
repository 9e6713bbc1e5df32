//! The sheet of charts: for each chart the values as cells and the native chart beside them, so that a reader can change
//! both; a heat map is coloured cells. Below them the values of the tiles' small lines.

use rust_xlsxwriter::{ConditionalFormat2ColorScale, Worksheet, XlsxError};

use super::cell::{Place, write_number, write_text};
use super::chart::{Data, native};
use super::look::{Look, color};
use super::paper::{fit_row, print_on_paper};
use crate::locale;
use crate::report::charts::Color;
use crate::report::document::{Align, Block, Chart, ChartKind, Document, Tile};
use crate::report::theme::Theme;

/// How many rows a native chart covers, at the usual height of a row.
const CHART_ROWS: u32 = 17;
/// The widths of the column of categories and of the others, in characters.
const WIDTHS: (u16, u16) = (32, 12);

/// The sheet and what other sheets need of it.
pub(super) struct Charts<'a> {
    /// The sheet.
    pub(super) sheet: Worksheet,
    /// For each tile of the document, in order, where its course is.
    pub(super) courses: Vec<Option<Course<'a>>>,
}

/// The cells of a tile's course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Course<'a> {
    /// The sheet's name.
    pub(super) sheet: &'a str,
    pub(super) row: u32,
    /// The first column.
    pub(super) first: u16,
    /// The last column.
    pub(super) last: u16,
}

/// The sheet; none when there is nothing to draw.
pub(super) fn sheet<'a>(
    document: &Document,
    name: &'a str,
    theme: &Theme,
    look: &Look<'_>,
) -> Result<Option<Charts<'a>>, XlsxError> {
    let charts: Vec<&Chart> = document
        .blocks
        .iter()
        .filter_map(|block| if let Block::Chart(chart) = block { Some(chart) } else { None })
        .filter(|chart| !chart.categories.is_empty() && !chart.series.is_empty())
        .collect();
    let tiles: Vec<&Tile> = document
        .blocks
        .iter()
        .flat_map(|block| if let Block::Tiles(tiles) = block { tiles.as_slice() } else { &[] })
        .collect();
    if charts.is_empty() && tiles.iter().all(|tile| tile.sparkline.is_none()) {
        return Ok(None);
    }
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    let drawn = || charts.iter().filter(|chart| chart.kind != ChartKind::HeatMap);
    let columns = drawn().map(|chart| chart.series.len() + usize::from(chart.target.is_some())).max().unwrap_or(0);
    // All charts stand under each other, behind the longest list of series.
    let beside = u16::try_from(columns + 2).unwrap_or(u16::MAX);
    sheet.set_column_width(0, WIDTHS.0)?;
    let widest = charts.iter().map(|chart| chart.categories.len()).max().unwrap_or(0);
    sheet.set_column_range_width(1, beside.max(u16::try_from(widest).unwrap_or(u16::MAX)).max(1), WIDTHS.1)?;

    let mut row = 0;
    for chart in &charts {
        write_text(&mut sheet, Place { row, column: 0 }, &title(chart), look.heading())?;
        row = match chart.kind {
            ChartKind::HeatMap => heat_map(&mut sheet, row + 1, chart, theme, look)?,
            _ => {
                let below = values(&mut sheet, row + 1, chart, look)?;
                let data = Data { sheet: name, header: row + 1, chart };
                sheet.insert_chart(row + 1, beside, &native(&data, theme)?)?;
                below.max(row + 1 + CHART_ROWS)
            }
        } + 1;
    }
    let courses = courses(&mut sheet, name, row, &tiles, document, look)?;
    sheet.set_landscape();
    print_on_paper(&mut sheet, name);
    Ok(Some(Charts { sheet, courses }))
}

/// The chart's name; with the target where the native chart cannot draw it.
fn title(chart: &Chart) -> String {
    match &chart.target {
        Some(target) if chart.kind == ChartKind::Bullet => format!("{} ({})", chart.title, target.label),
        _ => chart.title.clone(),
    }
}

/// Categories as rows, series as columns, the target as the last one; gives the first free row.
fn values(sheet: &mut Worksheet, header: u32, chart: &Chart, look: &Look<'_>) -> Result<u32, XlsxError> {
    write_text(sheet, Place { row: header, column: 0 }, "", look.column(Align::Left))?;
    let names = chart.series.iter().map(|series| &series.name).chain(chart.target.iter().map(|target| &target.label));
    for (column, name) in (1..).zip(names.clone()) {
        write_text(sheet, Place { row: header, column }, name, look.column(Align::Right))?;
    }
    fit_row(sheet, header, names.map(|name| (name.as_str(), usize::from(WIDTHS.1))))?;
    let mut row = header + 1;
    for (index, category) in chart.categories.iter().enumerate() {
        write_text(sheet, Place { row, column: 0 }, category, look.cell(Align::Left))?;
        let series = chart.series.iter().map(|series| series.values.get(index).copied().flatten());
        let target = chart.target.iter().map(|target| Some(target.value));
        for (column, number) in (1..).zip(series.chain(target)) {
            write_number(sheet, Place { row, column }, number, chart.scale, look.cell(Align::Right))?;
        }
        row += 1;
    }
    Ok(row)
}

/// Categories as columns, series as rows, from the palest to the strongest colour; what has no data stays white.
fn heat_map(
    sheet: &mut Worksheet,
    header: u32,
    chart: &Chart,
    theme: &Theme,
    look: &Look<'_>,
) -> Result<u32, XlsxError> {
    write_text(sheet, Place { row: header, column: 0 }, "", look.column(Align::Left))?;
    for (column, category) in (1..).zip(&chart.categories) {
        write_text(sheet, Place { row: header, column }, category, look.column(Align::Right))?;
    }
    let mut row = header + 1;
    for series in &chart.series {
        write_text(sheet, Place { row, column: 0 }, &series.name, look.cell(Align::Left))?;
        for (column, number) in (1..).zip(&series.values) {
            write_number(sheet, Place { row, column }, *number, chart.scale, look.cell(Align::Right))?;
        }
        row += 1;
    }
    let last = u16::try_from(chart.categories.len()).unwrap_or(u16::MAX);
    let white = Color::hex(0xff_ff_ff);
    // Black figures can be read on all of it.
    let scale = ConditionalFormat2ColorScale::new()
        .set_minimum_color(color(theme.brand.mix(white, 0.95)))
        .set_maximum_color(color(theme.brand.mix(white, 0.45)));
    sheet.add_conditional_format(header + 1, 1, row - 1, last, &scale)?;
    Ok(row)
}

/// A row of values for each tile that has a course, from this row on.
fn courses<'a>(
    sheet: &mut Worksheet,
    name: &'a str,
    heading: u32,
    tiles: &[&Tile],
    document: &Document,
    look: &Look<'_>,
) -> Result<Vec<Option<Course<'a>>>, XlsxError> {
    let mut row = heading;
    let mut courses = Vec::with_capacity(tiles.len());
    for tile in tiles {
        let line = tile.sparkline.as_ref().filter(|line| !line.values.is_empty());
        let Some(line) = line else {
            courses.push(None);
            continue;
        };
        if row == heading {
            let word = locale::text(document.language, "xlsx-course", &[]);
            write_text(sheet, Place { row, column: 0 }, &word, look.heading())?;
        }
        row += 1;
        write_text(sheet, Place { row, column: 0 }, &tile.title, look.cell(Align::Left))?;
        for (column, number) in (1..).zip(&line.values) {
            write_number(sheet, Place { row, column }, *number, tile.scale, look.cell(Align::Right))?;
        }
        let last = u16::try_from(line.values.len()).unwrap_or(u16::MAX);
        courses.push(Some(Course { sheet: name, row, first: 1, last }));
    }
    Ok(courses)
}
