//! KPI tiles beside each other, all of one width, each row as high as its highest tile.

use super::chart::paint;
use super::flow::Strip;
use super::mark::Mark;
use super::paper::MARGIN;
use super::setup::Setup;
use super::sign;
use super::structure::{Kind, Structure};
use super::text::Look;
use crate::report::charts;
use crate::report::document::{Status, Tile};
use crate::report::theme::Theme;

const GAP: f64 = 10.0;
const PADDING: f64 = 11.0;
const BAR: f64 = 3.0;
/// A tile narrower than this has no room for a figure in large type.
const LEAST_WIDTH: f64 = 112.0;
const TITLE_LINES: usize = 3;
const TITLE_LEADING: f64 = 11.5;
const VALUE: f64 = 21.0;
const LINE: f64 = 13.0;
/// The height of the small line that shows a value's course.
const SPARKLINE: f64 = 24.0;

/// The tiles as rows.
pub(super) fn strips(tiles: &[Tile], setup: Setup<'_>, structure: &mut Structure) -> Vec<Strip> {
    let measure = setup.sheet.measure();
    let most = (((measure + GAP) / (LEAST_WIDTH + GAP)) as usize).clamp(2, 6);
    let rows = tiles.len().div_ceil(most).max(1);
    // Two at least, since a single tile over the whole page would shout.
    let per_row = tiles.len().div_ceil(rows).clamp(2, most);
    let width = (measure - GAP * (per_row - 1) as f64) / per_row as f64;
    let mut strips: Vec<Strip> = tiles.chunks(per_row).map(|row| row_strip(row, width, setup, structure)).collect();
    for strip in strips.iter_mut().skip(1) {
        strip.before = GAP;
    }
    strips
}

fn row_strip(row: &[Tile], width: f64, setup: Setup<'_>, structure: &mut Structure) -> Strip {
    let theme = setup.theme;
    let title = Look { face: theme.regular(), size: 8.5, color: theme.muted };
    let inner = width - 2.0 * PADDING - BAR;
    let titles: Vec<Vec<String>> = row.iter().map(|tile| title_lines(tile, &title, inner)).collect();
    let title_height = titles.iter().map(Vec::len).max().unwrap_or(1) as f64 * TITLE_LEADING;
    let details = row.iter().map(|tile| usize::from(tile.target.is_some()) + usize::from(tile.change.is_some()));
    let value_top = PADDING + title_height + 3.0;
    let details_top = value_top + 1.25 * VALUE + 3.0;
    let line_top = details_top + details.max().unwrap_or(0) as f64 * LINE + 3.0;
    let has_line = row.iter().any(|tile| tile.sparkline.is_some());
    let height = line_top + PADDING - 6.0 + if has_line { SPARKLINE + 4.0 } else { 0.0 };

    let mut marks = Vec::new();
    for (index, (tile, lines)) in row.iter().zip(titles).enumerate() {
        let x = MARGIN + index as f64 * (width + GAP);
        let text_x = x + BAR + PADDING;
        let (background, bar) = match tile.status {
            Status::Neutral => (theme.stripe, theme.line),
            status => (theme.status_tint(status), theme.status(status)),
        };
        let element = structure.add(Kind::Paragraph, None);
        marks.push(Mark::Part(Some(element)));
        marks.push(Mark::rectangle(x, 0.0, width, height, background));
        marks.push(Mark::rectangle(x, 0.0, BAR, height, bar));
        for (line, text) in lines.into_iter().enumerate() {
            marks.push(title.mark(text_x, PADDING + (line as f64 + 0.5) * TITLE_LEADING, text));
        }
        marks.extend(sign::status(tile.status, x + width - PADDING - 3.0, PADDING + 0.5 * TITLE_LEADING, 9.0, theme));
        let (value, text) = value(&tile.value, inner, setup);
        marks.push(value.mark(text_x, value_top + 0.625 * VALUE, text));
        details_marks(tile, text_x, details_top, inner, theme, &mut marks);
        if let Some(line) = &tile.sparkline {
            let figure = structure.figure(&line.alternative, Some(element));
            marks.push(Mark::Part(Some(figure)));
            let drawing = charts::sparkline(line, inner, SPARKLINE, theme);
            marks.extend(paint(drawing).into_iter().map(|mark| mark.moved(text_x, line_top)));
        }
    }
    Strip { height, marks, ..Strip::default() }
}

/// The title's lines. Only the first one has to leave room for the sign.
fn title_lines(tile: &Tile, title: &Look, inner: f64) -> Vec<String> {
    const SIGN: f64 = 12.0;
    let mut lines = title.lines(&tile.title, inner);
    if lines.first().is_some_and(|first| title.width(first) > inner - SIGN) {
        lines = title.lines(&tile.title, inner - SIGN);
    }
    if lines.len() > TITLE_LINES {
        let rest = lines.split_off(TITLE_LINES - 1).join(" ");
        lines.push(title.fit(&rest, inner - SIGN));
    }
    lines
}

/// The value as large as its tile allows. The words for a missing one are quieter than a figure.
fn value(text: &str, width: f64, setup: Setup<'_>) -> (Look, String) {
    let mut look = Look { face: setup.theme.bold(), size: VALUE, color: setup.theme.ink };
    if text == setup.words.no_data {
        look = Look { face: setup.theme.regular(), size: 13.0, color: setup.theme.muted };
    }
    while look.width(text) > width && look.size > 10.0 {
        look.size -= 0.5;
    }
    let text = look.fit(text, width);
    (look, text)
}

fn details_marks(tile: &Tile, x: f64, top: f64, width: f64, theme: &Theme, marks: &mut Vec<Mark>) {
    let look = Look { face: theme.regular(), size: 8.5, color: theme.muted };
    let mut middle = top + LINE / 2.0;
    if let Some(change) = &tile.change {
        let color = match change.status {
            Status::Neutral => theme.muted,
            status => theme.status(status),
        };
        marks.push(sign::trend(change.trend, x + 3.0, middle, 6.0, color));
        let look = Look { face: theme.bold(), color, ..look };
        marks.push(look.mark(x + 10.0, middle, look.fit(&change.text, width - 10.0)));
        middle += LINE;
    }
    if let Some(target) = &tile.target {
        marks.push(look.mark(x, middle, look.fit(target, width)));
    }
}
