//! KPI tiles as aligned lines: sign, name, value, target, change.

use super::super::clean::{MOST_IN_CELL, clean};
use super::super::marks;
use super::width::{self, WIDTH};
use crate::report::document::Tile;

/// One line for each tile, or a few where a line would be too long.
pub(super) fn tiles(tiles: &[Tile]) -> String {
    let rows: Vec<[String; 5]> = tiles
        .iter()
        .map(|tile| {
            let short = |text: &str| clean(text, MOST_IN_CELL).trim().to_owned();
            [
                marks::sign(tile.status).to_owned(),
                short(&tile.title),
                short(&tile.value),
                tile.target.as_deref().map(short).unwrap_or_default(),
                tile.change.as_ref().map(|change| short(&change.text)).unwrap_or_default(),
            ]
        })
        .collect();
    let widths: Vec<usize> =
        (0..5).map(|column| rows.iter().map(|row| width::of(&row[column])).max().unwrap_or(0)).collect();
    let used: usize = widths.iter().filter(|width| **width > 0).map(|width| width + GAP).sum();
    if used > WIDTH + GAP {
        return rows.iter().map(lines).collect::<Vec<_>>().join("\n");
    }
    let line = |row: &[String; 5]| {
        let cell = |column: usize| match column {
            2 => width::right(&row[column], widths[column]),
            _ => width::left(&row[column], widths[column]),
        };
        let cells: Vec<String> = (0..5).filter(|column| widths[*column] > 0).map(cell).collect();
        // The sign belongs to the name after it.
        let joined = cells.join(&" ".repeat(GAP));
        if widths[0] > 0 { joined.replacen(&" ".repeat(GAP), " ", 1) } else { joined }
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The spaces between columns.
const GAP: usize = 3;

/// A tile whose texts are too long for a line.
fn lines([sign, title, value, target, change]: &[String; 5]) -> String {
    let facts: Vec<&str> =
        [value, target, change].into_iter().map(String::as_str).filter(|fact| !fact.is_empty()).collect();
    let mut lines = width::wrap(&format!("{sign} {title}"), WIDTH, "", "");
    lines.extend(width::wrap(&facts.join(", "), WIDTH, "    ", "    "));
    lines.join("\n")
}
