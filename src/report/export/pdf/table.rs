//! Tables as strips: a caption, a header that is repeated on every page, rows that are never cut, a total, and a line
//! that says what was left out.

use std::rc::Rc;

use super::columns::{Demand, PADDING, Plan, SIGN, plan};
use super::compose::SMALL;
use super::flow::{Head, MARGIN, Strip, WIDTH};
use super::fonts::Face;
use super::mark::Mark;
use super::sign;
use super::text::{Look, capped, clean};
use crate::report::document::{Align, Cell, Status, Table, Words};
use crate::report::theme::Theme;

/// The most characters of a cell that are shown; what is longer is no figure and no name.
const CELL_CHARACTERS: usize = 300;
/// The most characters of a column's heading.
const HEADING_CHARACTERS: usize = 80;
/// The height of a line as a multiple of the font size.
const LEADING: f64 = 1.3;
/// The space above and under a cell's text.
const ROOM: f64 = 3.4;

/// The table's strips, in reading order.
pub(super) fn strips(table: &Table, words: &Words, theme: &Theme) -> Vec<Strip> {
    let setting = Setting::new(table, words, theme);
    let mut strips = Vec::new();
    for (index, plan) in plan(&setting.demands, WIDTH).iter().enumerate() {
        let mut part = setting.part(plan);
        if index > 0
            && let Some(first) = part.first_mut()
        {
            first.before = 12.0;
        }
        strips.append(&mut part);
    }
    if let Some(text) = &table.omitted {
        if let Some(last) = strips.last_mut() {
            last.keep = true;
        }
        let look = Look { face: Face::Italic, size: SMALL, color: theme.muted };
        strips.extend(look.lines(text, WIDTH).into_iter().enumerate().map(|(index, line)| Strip {
            before: if index == 0 { 4.0 } else { 0.0 },
            height: LEADING * SMALL,
            marks: vec![look.mark(MARGIN, LEADING * SMALL / 2.0, line)],
            ..Strip::default()
        }));
    }
    strips
}

/// A cell as it is shown.
struct Shown {
    text: String,
    status: Status,
}

struct Setting<'a> {
    table: &'a Table,
    words: &'a Words,
    theme: &'a Theme,
    titles: Vec<String>,
    rows: Vec<Vec<Shown>>,
    total: Option<Vec<Shown>>,
    demands: Vec<Demand>,
}

impl<'a> Setting<'a> {
    fn new(table: &'a Table, words: &'a Words, theme: &'a Theme) -> Self {
        let titles: Vec<String> =
            table.columns.iter().map(|it| capped(&clean(&it.title), HEADING_CHARACTERS).into_owned()).collect();
        let rows: Vec<Vec<Shown>> = table.rows.iter().map(|row| shown(row)).collect();
        let total = table.total.as_ref().map(|row| shown(row));
        let mut demands: Vec<Demand> =
            table.columns.iter().zip(&titles).map(|(column, title)| Demand::new(column.align, title)).collect();
        for (row, face) in rows.iter().map(|row| (row, Face::Regular)).chain(total.iter().map(|row| (row, Face::Bold)))
        {
            for (demand, cell) in demands.iter_mut().zip(row) {
                demand.see(&cell.text, face, cell.status != Status::Neutral);
            }
        }
        Self { table, words, theme, titles, rows, total, demands }
    }

    /// The columns of one plan, from the caption to the total.
    fn part(&self, plan: &Plan) -> Vec<Strip> {
        let mut strips = Vec::new();
        if let Some(caption) = &self.table.caption {
            let look = Look { face: Face::Bold, size: 9.0, color: self.theme.ink };
            strips.extend(look.lines(&capped(caption, CELL_CHARACTERS), WIDTH).into_iter().map(|line| Strip {
                height: 14.0,
                keep: true,
                marks: vec![look.mark(MARGIN, 5.5, line)],
                ..Strip::default()
            }));
        }
        let header = self.header(plan);
        let head = Rc::new(self.repeated_head(&header));
        strips.push(header);
        let first_row = strips.len();
        for (index, row) in self.rows.iter().enumerate() {
            let fill = (index % 2 == 1).then_some(self.theme.stripe);
            strips.push(Strip { head: Some(Rc::clone(&head)), ..self.row(plan, row, Face::Regular, fill) });
        }
        if self.rows.is_empty() {
            strips.push(self.empty_row());
        }
        // The header never stands above a single row, and the total never without one.
        let last_row = strips.len() - 1;
        if last_row > first_row {
            strips[first_row].keep = true;
        }
        if let Some(total) = &self.total {
            strips[last_row].keep = true;
            let mut strip = self.row(plan, total, Face::Bold, None);
            strip.marks.push(Mark::rule(MARGIN, 0.0, plan.widths.iter().sum(), 0.9, self.theme.brand));
            strips.push(Strip { head: Some(head), ..strip });
        }
        strips
    }

    fn header(&self, plan: &Plan) -> Strip {
        let look = Look { face: Face::Bold, size: plan.size, color: self.theme.brand };
        let line = LEADING * plan.size;
        let cells: Vec<Vec<String>> = plan
            .indices()
            .zip(&plan.widths)
            .map(|(index, width)| look.lines(&self.titles[index], width - 2.0 * PADDING))
            .collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = most as f64 * line + 2.0 * ROOM + 1.0;
        let width: f64 = plan.widths.iter().sum();
        let mut marks = vec![
            Mark::rectangle(MARGIN, 0.0, width, height, self.theme.brand_tint),
            Mark::rule(MARGIN, height, width, 0.9, self.theme.brand),
        ];
        let mut x = MARGIN;
        for ((index, width), lines) in plan.indices().zip(&plan.widths).zip(cells) {
            // Headings of one line stand at the bottom, next to the numbers they name.
            let top = height - ROOM - lines.len() as f64 * line;
            let align = self.table.columns[index].align;
            text_marks(&look, lines, align, (x, *width), top, &mut marks);
            x += width;
        }
        Strip { height, keep: true, marks, ..Strip::default() }
    }

    /// The header on the table's following pages, under a line that says that it goes on.
    fn repeated_head(&self, header: &Strip) -> Head {
        const LINE: f64 = 13.0;
        let look = Look { face: Face::Italic, size: SMALL, color: self.theme.muted };
        let text = match &self.table.caption {
            Some(caption) => format!("{} — {}", capped(caption, 100), self.words.continued),
            None => self.words.continued.clone(),
        };
        let mut marks = vec![look.mark(MARGIN, 4.0, look.fit(&text, WIDTH))];
        marks.extend(header.marks.iter().cloned().map(|mark| mark.moved(0.0, LINE)));
        Head { height: LINE + header.height, marks }
    }

    fn row(&self, plan: &Plan, row: &[Shown], face: Face, fill: Option<crate::report::charts::Color>) -> Strip {
        let theme = self.theme;
        let line = LEADING * plan.size;
        let look = Look { face, size: plan.size, color: theme.ink };
        let cells: Vec<(usize, f64, &Shown, Vec<String>)> = plan
            .indices()
            .zip(&plan.widths)
            .filter_map(|(index, width)| {
                let cell = row.get(index)?;
                let lines = look.lines(&cell.text, width - 2.0 * PADDING - self.sign_room(index, cell, plan.size));
                Some((index, *width, cell, lines))
            })
            .collect();
        let most = cells.iter().map(|cell| cell.3.len()).max().unwrap_or(1);
        let height = most as f64 * line + 2.0 * ROOM;
        let width: f64 = plan.widths.iter().sum();
        let mut marks = Vec::with_capacity(cells.len() + 2);
        if let Some(color) = fill {
            marks.push(Mark::rectangle(MARGIN, 0.0, width, height, color));
        }
        marks.push(Mark::rule(MARGIN, height, width, 0.35, theme.line));
        let mut x = MARGIN;
        for (index, width, cell, lines) in cells {
            let sign_room = self.sign_room(index, cell, plan.size);
            let mut look = look;
            if cell.status != Status::Neutral {
                let (y, height) = (0.8, height - 1.6);
                let color = theme.status_tint(cell.status);
                marks.push(Mark::Rectangle { x: x + 0.8, y, width: width - 1.6, height, radius: 1.5, color });
                let centre = x + PADDING + 0.42 * plan.size;
                marks.extend(sign::status(cell.status, centre, ROOM + line / 2.0, 0.72 * plan.size, theme));
                look.color = theme.status(cell.status);
            }
            text_marks(
                &look,
                lines,
                self.table.columns[index].align,
                (x + sign_room, width - sign_room),
                ROOM,
                &mut marks,
            );
            x += width;
        }
        Strip { height, marks, ..Strip::default() }
    }

    /// The room before a cell's text. Names stay in line whether they have a sign or not; numbers are right anyway.
    fn sign_room(&self, index: usize, cell: &Shown, size: f64) -> f64 {
        let in_line = self.table.columns[index].align == Align::Left && self.demands[index].signs();
        if in_line || cell.status != Status::Neutral { SIGN * size } else { 0.0 }
    }

    fn empty_row(&self) -> Strip {
        let look = Look { face: Face::Italic, size: 8.5, color: self.theme.muted };
        let height = LEADING * look.size + 2.0 * ROOM;
        let marks = vec![
            look.mark(MARGIN + PADDING, height / 2.0, look.fit(&self.words.no_data, WIDTH)),
            Mark::rule(MARGIN, height, WIDTH, 0.35, self.theme.line),
        ];
        Strip { height, marks, ..Strip::default() }
    }
}

fn shown(row: &[Cell]) -> Vec<Shown> {
    row.iter()
        .map(|cell| Shown { text: capped(&clean(&cell.text), CELL_CHARACTERS).into_owned(), status: cell.status })
        .collect()
}

/// Lines of a cell between its padding; `place` is the cell's left edge and width.
fn text_marks(look: &Look, lines: Vec<String>, align: Align, place: (f64, f64), top: f64, marks: &mut Vec<Mark>) {
    let line = LEADING * look.size;
    for (index, text) in lines.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        let x = match align {
            Align::Left => place.0 + PADDING,
            Align::Right => place.0 + place.1 - PADDING - look.width(&text),
        };
        marks.push(look.mark(x, top + (index as f64 + 0.5) * line, text));
    }
}
