//! How closely a mail's table is set: as loosely as its columns allow, in the mail and on a phone. Units are CSS pixels.

use super::style::{PHONE_SIDE, SIDE, WIDTH};
use crate::locale::hyphenated;
use crate::report::charts::text_width;
use crate::report::document::{Align, Cell, Status, Table, TableColumn};
use crate::report::typeface::{Style, Typeface};

/// Where a table is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    /// In a window that holds the whole mail.
    Mail,
    /// On a phone of common width, where headings may be divided.
    Phone,
}

impl Room {
    /// Its width.
    fn width(self) -> f64 {
        f64::from(match self {
            Self::Mail => WIDTH - 2 * SIDE,
            Self::Phone => 360 - 2 * PHONE_SIDE,
        })
    }

    /// How much wider than the reports' own font the widest common one is there.
    fn wider(self) -> f64 {
        match self {
            Self::Mail => 1.25,
            Self::Phone => 1.06,
        }
    }
}

/// A name that takes more lines on a phone stands above its numbers.
const MOST_NAME_LINES: f64 = 3.0;

/// How closely a table is set.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Density {
    /// The cells' size.
    pub(super) cell: u32,
    /// The headings' size.
    pub(super) head: u32,
    /// The room around a cell's text.
    pub(super) padding: u32,
}

/// How a table is set on a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Phone {
    /// In the smallest size, because the common one does not do.
    pub(super) is_tight: bool,
    /// How many lines a row's numbers take below its name, because they do not fit beside it; none where they do.
    pub(super) lines: usize,
}

/// All that a table's texts say about how it is set. Finding it out takes longer than writing the table.
#[derive(Clone, Debug, Default)]
pub(super) struct Setting {
    /// In the mail.
    pub(super) density: Density,
    /// On a phone.
    pub(super) phone: Phone,
    /// The room each column of names asks for, in percent, so that mail programs do not break short names to widen columns of
    /// numbers; as many as there are columns.
    pub(super) names: Vec<usize>,
}

/// How a table is set.
pub(super) fn setting(table: &Table) -> Setting {
    let phone = phone(table);
    // A name above the numbers takes none of their room.
    let density = density(table, phone.lines);
    let names = (0..table.columns.len()).map(|index| name_width(table, index, density)).collect();
    Setting { density, phone, names }
}

/// The loosest setting in which nothing of a table is cut off whose numbers take so many lines below their name; the closest
/// one when none is close enough.
fn density(table: &Table, lines: usize) -> Density {
    let closest = Density { cell: 10, head: 9, padding: 2 };
    [(14, 13, 7), (13, 12, 5), (12, 11, 4), (11, 10, 3)]
        .map(|(cell, head, padding)| Density { cell, head, padding })
        .into_iter()
        .find(|density| least_width(table, lines, *density, Room::Mail) <= Room::Mail.width())
        .unwrap_or(closest)
}

/// The loosest setting of which all is seen on a phone without scrolling, if there is one; sizes are those of the style sheet.
fn phone(table: &Table) -> Phone {
    let common = Density { cell: 12, head: 11, padding: 3 };
    let tight = Density { cell: 11, head: 10, padding: 2 };
    // Two columns are never too many, and a first column of numbers is no name.
    if table.columns.len() < 3 || table.columns[0].align == Align::Right {
        return Phone { is_tight: least_width(table, 0, common, Room::Phone) > Room::Phone.width(), lines: 0 };
    }
    for density in [common, tight] {
        let fits = least_width(table, 0, density, Room::Phone) <= Room::Phone.width();
        if fits && name_lines(table, density) <= MOST_NAME_LINES {
            return Phone { is_tight: density.cell == tight.cell, lines: 0 };
        }
    }
    let most = table.columns.len() - 1;
    let choices = (1..=most).flat_map(|lines| [(lines, common), (lines, tight)]);
    let fits =
        |(lines, density): &(usize, Density)| least_width(table, *lines, *density, Room::Phone) <= Room::Phone.width();
    let (lines, density) = choices.into_iter().find(fits).unwrap_or((most, tight));
    Phone { is_tight: density.cell == tight.cell, lines }
}

/// How many of so many numbers stand in a line when they take so many lines.
pub(super) fn per_line(numbers: usize, lines: usize) -> usize {
    numbers.div_ceil(lines.max(1)).max(1)
}

/// How many lines the longest name takes beside the other columns on a phone.
fn name_lines(table: &Table, density: Density) -> f64 {
    let left = Room::Phone.width() - least_width(table, 1, density, Room::Phone) - 2.0 * f64::from(density.padding);
    let name = |row: &Vec<Cell>| {
        row.first().map_or(0.0, |cell| {
            text_width(&cell.text, f64::from(density.cell), Typeface::shipped().face(Style::Regular))
        })
    };
    table.rows.iter().map(name).fold(0.0, f64::max) / left.max(1.0)
}

/// The room a column of names asks for, in percent.
fn name_width(table: &Table, index: usize, density: Density) -> usize {
    let longest = table.rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.text.chars().count()).max();
    // A letter takes somewhat more than half its size; a name gets at most 40 %.
    let pixels = longest.unwrap_or(0) * density.cell as usize * 57 / 100 + 2 * density.padding as usize;
    (pixels * 100).div_ceil((WIDTH - 2 * SIDE) as usize).min(40)
}

/// The width below which a table cannot be set whose numbers take so many lines below their name, or stand beside it when
/// there are none: each column is at least as wide as its longest word, and those under each other as the widest of them.
fn least_width(table: &Table, lines: usize, density: Density, room: Room) -> f64 {
    let wider = room.wider();
    let width =
        |text: &str, size: u32| wider * text_width(text, f64::from(size), Typeface::shipped().face(Style::Bold));
    // A space that breaks no line holds its words together.
    let word = |text: &str, size: u32| text.split(' ').map(|word| width(word, size)).fold(0.0, f64::max);
    // A part of a divided word has its hyphen.
    let part = |text: &str, size: u32| match room {
        Room::Phone => {
            let part = |part: &str| width(part, size) + width("-", size);
            hyphenated(text).split([' ', '\u{ad}']).map(part).fold(0.0, f64::max)
        }
        Room::Mail => word(text, size),
    };
    let column = |(index, column): (usize, &TableColumn)| {
        let cells = table.rows.iter().chain(&table.total).filter_map(|row| row.get(index));
        let cell = |cell: &Cell| {
            let mark = if cell.status == Status::Neutral { 0.0 } else { word("✗\u{a0}", density.cell) };
            word(&cell.text, density.cell) + mark
        };
        let widest = cells.map(cell).fold(part(&column.title, density.head), f64::max);
        widest + 2.0 * f64::from(density.padding)
    };
    let widths: Vec<f64> = table.columns.iter().enumerate().map(column).collect();
    match (lines, widths.as_slice()) {
        (1.., [_, numbers @ ..]) => {
            let per = per_line(numbers.len(), lines);
            let under = |slot| numbers.iter().skip(slot).step_by(per).copied().fold(0.0, f64::max);
            (0..per.min(numbers.len())).map(under).sum()
        }
        _ => widths.iter().sum(),
    }
}
