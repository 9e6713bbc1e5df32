//! KPI tiles as aligned lines: sign, name, value, target, change, course.

use super::super::clean::{MOST_IN_CELL, clean};
use super::super::marks;
use super::chart::course;
use super::width::{self, WIDTH};
use crate::report::document::Tile;

/// The columns of a tile's line: the sign before the name, and the course, which gives way first.
const COLUMNS: usize = 6;
const VALUE: usize = 2;
const COURSE: usize = 5;
/// A course of more values than this is no longer a small one.
const MOST_VALUES: usize = 31;
/// The spaces between columns.
const GAP: usize = 3;

/// One line for each tile, or a few where a line would be too long.
pub(super) fn tiles(tiles: &[Tile]) -> String {
    let mut rows: Vec<[String; COLUMNS]> = tiles.iter().map(texts).collect();
    if used(&widths(&rows)) > WIDTH {
        rows.iter_mut().for_each(|row| row[COURSE].clear());
    }
    let widths = widths(&rows);
    if used(&widths) > WIDTH {
        return rows.iter().map(lines).collect::<Vec<_>>().join("\n");
    }
    let line = |row: &[String; COLUMNS]| {
        let cell = |column: usize| match column {
            VALUE => width::right(&row[column], widths[column]),
            _ => width::left(&row[column], widths[column]),
        };
        let cells: Vec<String> = (0..COLUMNS).filter(|column| widths[*column] > 0).map(cell).collect();
        // The sign belongs to the name after it.
        let joined = cells.join(&" ".repeat(GAP));
        if widths[0] > 0 { joined.replacen(&" ".repeat(GAP), " ", 1) } else { joined }
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn texts(tile: &Tile) -> [String; COLUMNS] {
    let short = |text: &str| clean(text, MOST_IN_CELL).trim().to_owned();
    let small = tile.sparkline.as_ref().filter(|line| line.values.len() <= MOST_VALUES);
    [
        marks::sign(tile.status).to_owned(),
        short(&tile.title),
        short(&tile.value),
        tile.target.as_deref().map(short).unwrap_or_default(),
        tile.change.as_ref().map(|change| short(&change.text)).unwrap_or_default(),
        small.map(|line| course(&line.values)).unwrap_or_default(),
    ]
}

fn widths(rows: &[[String; COLUMNS]]) -> Vec<usize> {
    (0..COLUMNS).map(|column| rows.iter().map(|row| width::of(&row[column])).max().unwrap_or(0)).collect()
}

/// The columns of a line with the gaps between those that hold something.
fn used(widths: &[usize]) -> usize {
    widths.iter().filter(|width| **width > 0).map(|width| width + GAP).sum::<usize>().saturating_sub(GAP)
}

/// A tile whose texts are too long for a line.
fn lines([sign, title, value, target, change, _]: &[String; COLUMNS]) -> String {
    let facts: Vec<&str> =
        [value, target, change].into_iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
    let mut lines = width::wrap(&format!("{sign} {title}"), WIDTH, "", "");
    lines.extend(width::wrap(&facts.join(", "), WIDTH, "    ", "    "));
    lines.join("\n")
}
