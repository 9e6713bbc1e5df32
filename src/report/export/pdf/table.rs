//! Tables as strips: a caption, a header that is repeated on every page, rows that are never cut, a total, and a line
//! that says what was left out. Where a table stands is decided here too: turned, or in several parts, where it is too
//! wide. How wide columns are is in `columns`.

use std::rc::Rc;

use super::columns::{Demand, Plan, SIGN, plan};
use super::flow::{Head, Strip};
use super::mark::Mark;
use super::paper::{MARGIN, Sheet};
use super::setup::{SMALL, Setup};
use super::sign;
use super::structure::{ElementId, Kind, Structure};
use super::text::{Look, capped, clean};
use crate::locale;
use crate::report::charts::Color;
use crate::report::document::{Align, Cell, Status, Table};
use crate::report::typeface::{Face, Typeface};

/// The most characters of a cell that are shown; what is longer is no figure and no name.
const CELL_CHARACTERS: usize = 300;
/// The most characters of a column's heading.
const HEADING_CHARACTERS: usize = 80;
/// The height of a line as a multiple of the font size.
const LEADING: f64 = 1.3;
/// The space above and under a cell's text, and the same where a table is squeezed to fit.
const ROOM: f64 = 3.4;
const TIGHT_ROOM: f64 = 2.0;
/// So many rows stand on a page at least, under a header as well as above a total.
const LEAST_ROWS: usize = 3;
/// A table with more rows than this stands on several pages whatever its space.
const MOST_TO_SQUEEZE: usize = 200;

/// The table's strips in reading order, and the same with less space between the lines.
pub(super) fn strips(table: &Table, setup: Setup<'_>, structure: &mut Structure) -> (Vec<Strip>, Vec<Strip>) {
    let setting = Setting::new(table, setup);
    let plans = plan(&setting.demands, setup.sheet.measure());
    let elements: Vec<Elements> = plans.iter().map(|plan| Elements::new(&setting, plan, structure)).collect();
    let remark = structure.add(Kind::Paragraph, None);
    let with = |room: f64| -> Vec<Strip> {
        let mut strips = Vec::new();
        for (index, (plan, elements)) in plans.iter().zip(&elements).enumerate() {
            let caption = setting.caption(plan, plans.len());
            let mut part = setting.part(plan, caption.as_deref(), room, elements);
            if let Some(first) = part.first_mut().filter(|_| index > 0) {
                first.before = 12.0;
            }
            strips.append(&mut part);
        }
        let omitted = setting.omitted(remark);
        if let Some(last) = strips.last_mut() {
            last.keep = !omitted.is_empty();
        }
        strips.extend(omitted);
        strips
    };
    let tight = if table.rows.len() <= MOST_TO_SQUEEZE { with(TIGHT_ROOM) } else { Vec::new() };
    (with(ROOM), tight)
}

/// The sheet a table stands on: turned where that saves cutting it or setting it very small.
pub(super) fn sheet(table: &Table, setup: Setup<'_>) -> Sheet {
    let (own, turned) = (setup.sheet, setup.sheet.turned());
    if !own.is_upright() {
        return own;
    }
    let setting = Setting::new(table, setup);
    let strain = |sheet: Sheet| {
        let plans = plan(&setting.demands, sheet.measure());
        (plans.len(), plans.iter().any(|plan| plan.cramped))
    };
    if strain(turned) < strain(own) { turned } else { own }
}

/// A cell as it is shown.
struct Shown {
    text: String,
    status: Status,
    bar: Option<f64>,
}

struct Setting<'a> {
    table: &'a Table,
    setup: Setup<'a>,
    titles: Vec<String>,
    rows: Vec<Vec<Shown>>,
    total: Option<Vec<Shown>>,
    demands: Vec<Demand>,
}

/// What the marks of one part are part of.
struct Elements {
    caption: ElementId,
    header: Vec<ElementId>,
    rows: Vec<Vec<ElementId>>,
    total: Vec<ElementId>,
}

impl Elements {
    fn new(setting: &Setting<'_>, plan: &Plan, structure: &mut Structure) -> Self {
        let table = structure.add(Kind::Table, None);
        let caption = structure.add(Kind::Caption, Some(table));
        let mut row = |kind: Kind| -> Vec<ElementId> {
            let row = structure.add(Kind::Row, Some(table));
            plan.indices().map(|_| structure.add(kind, Some(row))).collect()
        };
        Self {
            caption,
            header: row(Kind::Header),
            rows: setting.rows.iter().map(|_| row(Kind::Cell)).collect(),
            total: if setting.total.is_some() { row(Kind::Cell) } else { Vec::new() },
        }
    }
}

/// How a row's cells look.
struct RowLook<'a> {
    face: Face,
    fill: Option<Color>,
    room: f64,
    elements: &'a [ElementId],
}

impl<'a> Setting<'a> {
    fn new(table: &'a Table, setup: Setup<'a>) -> Self {
        let theme = setup.theme;
        let titles: Vec<String> = table
            .columns
            .iter()
            .map(|it| capped(&clean(&it.title, theme.typeface), HEADING_CHARACTERS).into_owned())
            .collect();
        let rows: Vec<Vec<Shown>> = table.rows.iter().map(|row| shown(row, theme.typeface)).collect();
        let total = table.total.as_ref().map(|row| shown(row, theme.typeface));
        let mut demands: Vec<Demand> = table
            .columns
            .iter()
            .zip(&titles)
            .map(|(column, title)| Demand::new(column.align, title, theme.bold()))
            .collect();
        for (row, face) in
            rows.iter().map(|row| (row, theme.regular())).chain(total.iter().map(|row| (row, theme.bold())))
        {
            for (demand, cell) in demands.iter_mut().zip(row) {
                demand.see(&cell.text, face, cell.status != Status::Neutral);
                if cell.bar.is_some() {
                    demand.see_bar();
                }
            }
        }
        Self { table, setup, titles, rows, total, demands }
    }

    /// The line above a part. A table in several parts says which columns each of them shows.
    fn caption(&self, plan: &Plan, parts: usize) -> Option<String> {
        let caption = self.table.caption.as_ref().map(|caption| capped(caption, CELL_CHARACTERS).into_owned());
        if parts < 2 {
            return caption;
        }
        let (first, last) = (plan.columns.start + 1, plan.columns.end);
        let values = [("first", first.into()), ("last", last.into()), ("all", self.table.columns.len().into())];
        let columns = locale::text(self.setup.language, "pdf-columns", &values);
        Some(caption.map_or_else(|| columns.clone(), |caption| format!("{caption} — {columns}")))
    }

    /// The columns of one plan, from the caption to the total.
    fn part(&self, plan: &Plan, caption: Option<&str>, room: f64, elements: &Elements) -> Vec<Strip> {
        let theme = self.setup.theme;
        let mut strips = Vec::new();
        if let Some(caption) = caption {
            let look = Look { face: self.setup.theme.bold(), size: 9.0, color: theme.ink };
            strips.extend(look.lines(caption, self.setup.sheet.measure()).into_iter().map(|line| Strip {
                height: 14.0,
                keep: true,
                element: Some(elements.caption),
                marks: vec![look.mark(MARGIN, 5.5, line)],
                ..Strip::default()
            }));
        }
        let header = self.header(plan, &elements.header);
        let head = Rc::new(self.repeated_head(&header, caption));
        strips.push(header);
        let first_row = strips.len();
        for (index, (row, elements)) in self.rows.iter().zip(&elements.rows).enumerate() {
            let fill = (index % 2 == 1).then_some(theme.stripe);
            let look = RowLook { face: self.setup.theme.regular(), fill, room, elements };
            strips.push(Strip { head: Some(Rc::clone(&head)), ..self.row(plan, row, &look) });
        }
        if self.rows.is_empty() {
            strips.push(Strip { element: Some(elements.caption), ..self.empty_row() });
        }
        // Neither under the header nor above the total does a row stand alone.
        let count = strips.len() - first_row;
        for (index, strip) in strips[first_row..].iter_mut().enumerate() {
            strip.keep = index + 1 < LEAST_ROWS.min(count) || (index + LEAST_ROWS >= count && index + 1 < count);
        }
        if let Some(total) = &self.total {
            if let Some(last) = strips.last_mut() {
                last.keep = true;
            }
            let look = RowLook { face: self.setup.theme.bold(), fill: None, room, elements: &elements.total };
            let mut strip = self.row(plan, total, &look);
            strip.marks.push(Mark::rule(MARGIN, 0.0, plan.widths.iter().sum(), 0.9, theme.brand));
            strips.push(Strip { head: Some(head), ..strip });
        }
        strips
    }

    fn header(&self, plan: &Plan, elements: &[ElementId]) -> Strip {
        let theme = self.setup.theme;
        let look = Look { face: self.setup.theme.bold(), size: plan.size, color: theme.brand };
        let line = LEADING * plan.size;
        let cells: Vec<Vec<String>> = plan
            .indices()
            .zip(&plan.widths)
            .map(|(index, width)| look.lines(&self.titles[index], width - 2.0 * plan.padding))
            .collect();
        let most = cells.iter().map(Vec::len).max().unwrap_or(1);
        let height = most as f64 * line + 2.0 * ROOM + 1.0;
        let width: f64 = plan.widths.iter().sum();
        let mut marks = vec![
            Mark::rectangle(MARGIN, 0.0, width, height, theme.brand_tint),
            Mark::rule(MARGIN, height, width, 0.9, theme.brand),
        ];
        let mut x = MARGIN;
        for (((index, width), lines), element) in plan.indices().zip(&plan.widths).zip(cells).zip(elements) {
            // Headings of one line stand at the bottom, next to the numbers they name.
            let top = height - ROOM - lines.len() as f64 * line;
            let align = self.table.columns[index].align;
            marks.push(Mark::Part(Some(*element)));
            text_marks(&look, lines, align, (x + plan.padding, width - 2.0 * plan.padding), top, &mut marks);
            x += width;
        }
        Strip { height, keep: true, marks, ..Strip::default() }
    }

    /// The header on the table's following pages, under a line that says that it goes on. It is no part of what is read.
    fn repeated_head(&self, header: &Strip, caption: Option<&str>) -> Head {
        const LINE: f64 = 13.0;
        let look = Look { face: self.setup.theme.italic(), size: SMALL, color: self.setup.theme.muted };
        let continued = &self.setup.words.continued;
        let text =
            caption.map_or_else(|| continued.clone(), |caption| format!("{} — {continued}", capped(caption, 100)));
        let mut marks = vec![look.mark(MARGIN, 4.0, look.fit(&text, self.setup.sheet.measure()))];
        let own = header.marks.iter().filter(|mark| !matches!(mark, Mark::Part(_)));
        marks.extend(own.cloned().map(|mark| mark.moved(0.0, LINE)));
        Head { height: LINE + header.height, marks }
    }

    fn row(&self, plan: &Plan, row: &[Shown], own: &RowLook<'_>) -> Strip {
        let theme = self.setup.theme;
        let line = LEADING * plan.size;
        let look = Look { face: own.face, size: plan.size, color: theme.ink };
        let cells: Vec<(usize, f64, &Shown, Vec<String>)> = plan
            .indices()
            .zip(&plan.widths)
            .filter_map(|(index, width)| {
                let cell = row.get(index)?;
                let lines = look.lines(&cell.text, width - 2.0 * plan.padding - self.sign_room(index, cell, plan.size));
                Some((index, *width, cell, lines))
            })
            .collect();
        let most = cells.iter().map(|cell| cell.3.len()).max().unwrap_or(1);
        let height = most as f64 * line + 2.0 * own.room;
        let width: f64 = plan.widths.iter().sum();
        let mut marks = Vec::with_capacity(2 * cells.len() + 2);
        if let Some(color) = own.fill {
            marks.push(Mark::rectangle(MARGIN, 0.0, width, height, color));
        }
        marks.push(Mark::rule(MARGIN, height, width, 0.35, theme.line));
        let mut x = MARGIN;
        for ((index, width, cell, lines), element) in cells.into_iter().zip(own.elements) {
            let sign_room = self.sign_room(index, cell, plan.size);
            let mut look = look;
            if cell.status != Status::Neutral {
                let (y, height) = (0.8, height - 1.6);
                let color = theme.status_tint(cell.status);
                marks.push(Mark::Rectangle { x: x + 0.8, y, width: width - 1.6, height, radius: 1.5, color });
                look.color = theme.status(cell.status);
            }
            if let Some(share) = cell.bar {
                let (y, height) = (1.8, height - 3.6);
                let own = if cell.status == Status::Neutral { theme.brand } else { theme.status(cell.status) };
                let color = own.mix(Color::hex(0x00ff_ffff), 0.78);
                marks.push(Mark::rectangle(x + 1.6, y, share * (width - 3.2), height, color));
                // Numbers on a bar are read best in the colour of all text; the bar and the sign tell the status.
                look.color = theme.ink;
            }
            let centre = x + plan.padding + 0.42 * plan.size;
            marks.extend(sign::status(cell.status, centre, own.room + line / 2.0, 0.72 * plan.size, theme));
            let align = self.table.columns[index].align;
            marks.push(Mark::Part(Some(*element)));
            let place = (x + plan.padding + sign_room, width - 2.0 * plan.padding - sign_room);
            text_marks(&look, lines, align, place, own.room, &mut marks);
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
        let theme = self.setup.theme;
        let width = self.setup.sheet.measure();
        let look = Look { face: self.setup.theme.italic(), size: 8.5, color: theme.muted };
        let height = LEADING * look.size + 2.0 * ROOM;
        let text = look.fit(&self.setup.words.no_data, width - 10.0);
        let marks =
            vec![look.mark(MARGIN + 5.0, height / 2.0, text), Mark::rule(MARGIN, height, width, 0.35, theme.line)];
        Strip { height, marks, ..Strip::default() }
    }

    /// What was left out, in words.
    fn omitted(&self, element: ElementId) -> Vec<Strip> {
        let Some(text) = &self.table.omitted else { return Vec::new() };
        let look = Look { face: self.setup.theme.italic(), size: SMALL, color: self.setup.theme.muted };
        let lines = look.lines(text, self.setup.sheet.measure());
        let strip = |(index, line): (usize, String)| Strip {
            before: if index == 0 { 4.0 } else { 0.0 },
            height: LEADING * SMALL,
            element: Some(element),
            marks: vec![look.mark(MARGIN, LEADING * SMALL / 2.0, line)],
            ..Strip::default()
        };
        lines.into_iter().enumerate().map(strip).collect()
    }
}

fn shown(row: &[Cell], typeface: &Typeface) -> Vec<Shown> {
    row.iter()
        .map(|cell| Shown {
            text: capped(&clean(&cell.text, typeface), CELL_CHARACTERS).into_owned(),
            status: cell.status,
            bar: cell.share.filter(|share| share.is_finite()).map(|share| share.clamp(0.0, 1.0)),
        })
        .collect()
}

/// Lines of a cell; `place` is where they may begin and how wide they may be.
fn text_marks(look: &Look, lines: Vec<String>, align: Align, place: (f64, f64), top: f64, marks: &mut Vec<Mark>) {
    let line = LEADING * look.size;
    for (index, text) in lines.into_iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        let x = match align {
            Align::Left => place.0,
            Align::Right => place.0 + place.1 - look.width(&text),
        };
        marks.push(look.mark(x, top + (index as f64 + 0.5) * line, text));
    }
}
