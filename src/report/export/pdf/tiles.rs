//! KPI tiles: up to four beside each other, all of one width, each row as high as its highest tile.

use super::flow::{MARGIN, Strip, WIDTH};
use super::fonts::Face;
use super::mark::Mark;
use super::sign;
use super::text::Look;
use crate::report::document::{Status, Tile, Words};
use crate::report::theme::Theme;

const GAP: f64 = 10.0;
const PADDING: f64 = 11.0;
const BAR: f64 = 3.0;
const TITLE_LINES: usize = 3;
const TITLE_LEADING: f64 = 11.5;
const VALUE: f64 = 21.0;
const LINE: f64 = 13.0;

/// The tiles as rows.
pub(super) fn strips(tiles: &[Tile], words: &Words, theme: &Theme) -> Vec<Strip> {
    let rows = tiles.len().div_ceil(4).max(1);
    // Two at least, since a single tile over the whole page would shout.
    let per_row = tiles.len().div_ceil(rows).clamp(2, 4);
    let width = (WIDTH - GAP * (per_row - 1) as f64) / per_row as f64;
    let mut strips: Vec<Strip> = tiles.chunks(per_row).map(|row| row_strip(row, width, words, theme)).collect();
    for strip in strips.iter_mut().skip(1) {
        strip.before = GAP;
    }
    strips
}

fn row_strip(row: &[Tile], width: f64, words: &Words, theme: &Theme) -> Strip {
    let title = Look { face: Face::Regular, size: 8.5, color: theme.muted };
    let inner = width - 2.0 * PADDING - BAR;
    let sign_room = 12.0;
    let titles: Vec<Vec<String>> = row
        .iter()
        .map(|tile| {
            // Only the first line has to leave room for the sign.
            let mut lines = title.lines(&tile.title, inner);
            if lines.first().is_some_and(|first| title.width(first) > inner - sign_room) {
                lines = title.lines(&tile.title, inner - sign_room);
            }
            if lines.len() > TITLE_LINES {
                let rest = lines.split_off(TITLE_LINES - 1).join(" ");
                lines.push(title.fit(&rest, inner - sign_room));
            }
            lines
        })
        .collect();
    let title_height = titles.iter().map(Vec::len).max().unwrap_or(1) as f64 * TITLE_LEADING;
    let details = row.iter().map(|tile| usize::from(tile.target.is_some()) + usize::from(tile.change.is_some()));
    let value_top = PADDING + title_height + 3.0;
    let details_top = value_top + 1.25 * VALUE + 3.0;
    let height = details_top + details.max().unwrap_or(0) as f64 * LINE + PADDING - 3.0;

    let mut marks = Vec::new();
    for (index, (tile, lines)) in row.iter().zip(titles).enumerate() {
        let x = MARGIN + index as f64 * (width + GAP);
        let text_x = x + BAR + PADDING;
        let (background, bar) = match tile.status {
            Status::Neutral => (theme.stripe, theme.line),
            status => (theme.status_tint(status), theme.status(status)),
        };
        marks.push(Mark::rectangle(x, 0.0, width, height, background));
        marks.push(Mark::rectangle(x, 0.0, BAR, height, bar));
        for (line, text) in lines.into_iter().enumerate() {
            marks.push(title.mark(text_x, PADDING + (line as f64 + 0.5) * TITLE_LEADING, text));
        }
        marks.extend(sign::status(tile.status, x + width - PADDING - 3.0, PADDING + 0.5 * TITLE_LEADING, 9.0, theme));
        let (value, text) = value(&tile.value, inner, words, theme);
        marks.push(value.mark(text_x, value_top + 0.625 * VALUE, text));
        details_marks(tile, text_x, details_top, inner, theme, &mut marks);
    }
    Strip { height, marks, ..Strip::default() }
}

/// The value as large as its tile allows. The words for a missing one are quieter than a figure.
fn value(text: &str, width: f64, words: &Words, theme: &Theme) -> (Look, String) {
    let mut look = Look { face: Face::Bold, size: VALUE, color: theme.ink };
    if text == words.no_data {
        look = Look { face: Face::Regular, size: 13.0, color: theme.muted };
    }
    while look.width(text) > width && look.size > 10.0 {
        look.size -= 0.5;
    }
    let text = look.fit(text, width);
    (look, text)
}

fn details_marks(tile: &Tile, x: f64, top: f64, width: f64, theme: &Theme, marks: &mut Vec<Mark>) {
    let look = Look { face: Face::Regular, size: 8.5, color: theme.muted };
    let mut middle = top + LINE / 2.0;
    if let Some(change) = &tile.change {
        let color = match change.status {
            Status::Neutral => theme.muted,
            status => theme.status(status),
        };
        marks.push(sign::trend(change.trend, x + 3.0, middle, 6.0, color));
        let look = Look { face: Face::Bold, color, ..look };
        marks.push(look.mark(x + 10.0, middle, look.fit(&change.text, width - 10.0)));
        middle += LINE;
    }
    if let Some(target) = &tile.target {
        marks.push(look.mark(x, middle, look.fit(target, width)));
    }
}
