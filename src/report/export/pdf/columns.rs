//! How wide a table's columns are and how large its text is: as wide as the content wants, smaller text where that
//! is too wide, wrapped names where the text is as small as it may be, and several tables side by side in the reader's
//! mind (one under the other) where even that does not fit.

use std::ops::Range;

use super::text::advance;
use crate::report::document::Align;
use crate::report::typeface::Face;

/// The space at each side of a cell's text, and the same where columns are narrow.
const PADDING: f64 = 5.0;
const NARROW_PADDING: f64 = 3.5;
/// The room of a status sign before a cell's text, in ems.
pub(super) const SIGN: f64 = 1.15;
/// The room a bar needs to show a difference, in ems.
const BAR: f64 = 6.5;
/// The smallest font size that is still readable on paper.
const SMALLEST: f64 = 6.5;
/// Font sizes and how names stand, from the preferred to the least: first smaller text, then names in several lines, then both.
const CHOICES: [(f64, Names); 7] = [
    (8.5, Names::Whole),
    (8.0, Names::Whole),
    (7.5, Names::Whole),
    (8.0, Names::Wrapped),
    (7.5, Names::Wrapped),
    (7.0, Names::Wrapped),
    (SMALLEST, Names::Wrapped),
];
/// The room of names that are set in several lines, in ems.
const WRAPPED: f64 = 16.0;

/// How much wider than its content a column of numbers may become.
const MOST_GROWTH: f64 = 1.8;

/// How the names and the headings in a table stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Names {
    /// On one line as far as that is sensible.
    Whole,
    /// In several lines where they are long.
    Wrapped,
}

/// What a column wants, in ems of the font size and without padding.
#[derive(Clone, Copy, Debug)]
pub(super) struct Demand {
    align: Align,
    /// The heading's width and that of its longest word.
    heading: (f64, f64),
    cells: f64,
    least: f64,
    signs: bool,
}

/// Columns that stand beside each other.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    /// The first column, repeated when a table had to be split, before `columns`.
    pub(super) repeated: Option<usize>,
    pub(super) columns: Range<usize>,
    /// The font size in points.
    pub(super) size: f64,
    /// The widths in points with padding, the repeated column's first.
    pub(super) widths: Vec<f64>,
    /// The space at each side of a cell's text.
    pub(super) padding: f64,
    /// Whether there is too little room even for the smallest text.
    pub(super) cramped: bool,
}

impl Plan {
    /// The columns in the order they are shown.
    pub(super) fn indices(&self) -> impl Iterator<Item = usize> {
        self.repeated.into_iter().chain(self.columns.clone())
    }
}

impl Demand {
    /// A column with this heading, which is set in this face, and nothing in it yet.
    pub(super) fn new(align: Align, title: &str, bold: Face) -> Self {
        let heading = measure(title, bold);
        Self { align, heading, cells: 0.0, least: heading.1.min(12.0), signs: false }
    }

    /// Makes room for bars behind the numbers.
    pub(super) fn see_bar(&mut self) {
        self.cells = self.cells.max(BAR);
    }

    /// Takes a cell's text into account; `face` is bold for totals.
    pub(super) fn see(&mut self, text: &str, face: Face, sign: bool) {
        let (whole, word) = measure(text, face);
        let sign = if sign { SIGN } else { 0.0 };
        self.signs |= sign > 0.0;
        // Long names are wrapped rather than letting one of them make the whole table small.
        let (most, least) = match self.align {
            Align::Left => (28.0, word.clamp(f64::min(whole, 7.0), 12.0)),
            Align::Right => (16.0, word.min(12.0)),
        };
        self.cells = self.cells.max(whole.min(most) + sign);
        self.least = self.least.max(least.min(most) + sign);
    }

    /// The width it is set in, in ems.
    fn width(&self, names: Names) -> f64 {
        // A heading may take two lines, so only a good half of it counts; or three where there is little room.
        let (share, cells) = match (names, self.align) {
            (Names::Whole, _) => (0.6, self.cells),
            (Names::Wrapped, Align::Left) => (0.4, self.cells.min(WRAPPED).max(self.least)),
            (Names::Wrapped, Align::Right) => (0.4, self.cells),
        };
        let (whole, word) = self.heading;
        word.max(share * whole).min(16.0).max(cells)
    }

    /// Whether a cell of the column has a status sign.
    pub(super) fn signs(&self) -> bool {
        self.signs
    }
}

/// The plans for columns with these demands in this width; more than one only where the narrowest layout is too wide.
pub(super) fn plan(demands: &[Demand], width: f64) -> Vec<Plan> {
    let least = |index: usize| (demands[index].least * SMALLEST + 2.0 * NARROW_PADDING).min(width);
    let mut plans = Vec::new();
    let mut start = 0;
    while start < demands.len() {
        let names_first = demands[0].align == Align::Left && least(0) < 0.5 * width;
        let repeated = (start > 0 && names_first).then_some(0);
        let mut used = repeated.map_or(0.0, least);
        let mut end = start;
        while end < demands.len() && (end == start || used + least(end) <= width) {
            used += least(end);
            end += 1;
        }
        plans.push(fit(demands, repeated, start..end, width));
        start = end;
    }
    plans
}

fn fit(demands: &[Demand], repeated: Option<usize>, columns: Range<usize>, width: f64) -> Plan {
    let shown: Vec<Demand> = repeated.into_iter().chain(columns.clone()).map(|index| demands[index]).collect();
    let wanted = |size: f64, names: Names| -> Vec<f64> {
        shown.iter().map(|demand| demand.width(names) * size + 2.0 * padding(names)).collect()
    };
    let fitting = CHOICES.into_iter().find(|(size, names)| wanted(*size, *names).iter().sum::<f64>() <= width);
    let (size, names) = fitting.unwrap_or((SMALLEST, Names::Wrapped));
    let (mut wanted, padding) = (wanted(size, names), padding(names));
    // Names in several lines are given what would bring them back on one, as far as there is room.
    let spare = (width - wanted.iter().sum::<f64>()).max(0.0);
    let lacking: Vec<f64> =
        shown.iter().zip(&wanted).map(|(demand, has)| (demand.cells * size + 2.0 * padding - has).max(0.0)).collect();
    let share = (spare / lacking.iter().sum::<f64>().max(f64::EPSILON)).min(1.0);
    wanted.iter_mut().zip(lacking).for_each(|(has, lacks)| *has += share * lacks);
    let total: f64 = wanted.iter().sum();
    let widths = if fitting.is_some() {
        let right = |index: usize| shown[index].align == Align::Right;
        let numbers: f64 = wanted.iter().enumerate().filter(|it| right(it.0)).map(|it| it.1).sum();
        // What is left goes to all columns by their width, so that the table is as wide as the text above it. But
        // numbers do not drift too far from what they belong to: beyond that, names take it.
        let growth = if numbers < total { f64::min(width / total, MOST_GROWTH) } else { width / total };
        let names = (width - growth * numbers) / (total - numbers).max(f64::EPSILON);
        wanted.iter().enumerate().map(|(index, it)| it * if right(index) { growth } else { names }).collect()
    } else {
        let least: Vec<f64> =
            shown.iter().map(|demand| demand.least.min(demand.width(names)) * size + 2.0 * padding).collect();
        let needed: f64 = least.iter().sum();
        let share = ((width - needed) / (total - needed).max(f64::EPSILON)).clamp(0.0, 1.0);
        let scale = f64::min(1.0, width / needed);
        least.iter().zip(&wanted).map(|(least, wanted)| scale * (least + share * (wanted - least))).collect()
    };
    Plan { repeated, columns, size, widths, padding, cramped: fitting.is_none() }
}

fn padding(names: Names) -> f64 {
    match names {
        Names::Whole => PADDING,
        Names::Wrapped => NARROW_PADDING,
    }
}

/// The width of a cleaned text and of its longest word, in ems.
fn measure(text: &str, face: Face) -> (f64, f64) {
    let (mut whole, mut word, mut longest) = (0.0, 0.0, 0.0_f64);
    for character in text.chars() {
        let advance = advance(face, character);
        whole += advance;
        word = if character == ' ' { 0.0 } else { word + advance };
        longest = longest.max(word);
    }
    (whole, longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::typeface::{Style, Typeface};

    fn face(style: Style) -> Face {
        Typeface::shipped().face(style)
    }

    fn demands(columns: &[(Align, &str, &str)]) -> Vec<Demand> {
        columns
            .iter()
            .map(|(align, title, cell)| {
                let mut demand = Demand::new(*align, title, face(Style::Bold));
                demand.see(cell, face(Style::Regular), false);
                demand
            })
            .collect()
    }

    #[test]
    fn every_plan_fills_the_width_and_shows_each_column_once() {
        let check = |count: usize, cell: &str, size: f64, plans: usize| {
            let mut columns = vec![(Align::Left, "Очередь", "Техническая поддержка, вторая линия")];
            columns.extend(vec![(Align::Right, "Доступность", cell); count]);
            let found = plan(&demands(&columns), 493.0);
            assert_eq!((found[0].size, found.len()), (size, plans), "{count} columns of {cell}");
            for plan in &found {
                assert!((plan.widths.iter().sum::<f64>() - 493.0).abs() < 0.01, "{plan:?}");
            }
            let shown: Vec<usize> = found.iter().flat_map(|plan| plan.columns.clone()).collect();
            assert_eq!(shown, (0..=count).collect::<Vec<_>>());
        };
        check(0, "", 8.5, 1);
        check(4, "83,4\u{a0}%", 8.5, 1);
        check(6, "83,4\u{a0}%", 7.5, 1);
        check(7, "83,4\u{a0}%", 7.0, 1);
        check(40, "83,4\u{a0}%", 6.5, 5);
    }

    #[test]
    fn one_long_name_does_not_make_the_table_small() {
        let name = "name ".repeat(60);
        let plans = plan(&demands(&[(Align::Left, "Agent", &name), (Align::Right, "Calls", "12")]), 493.0);
        assert_eq!(plans.iter().map(|plan| plan.size).collect::<Vec<_>>(), [8.5]);
    }
}
