//! From strips to pages. A strip is what is never cut: a line of text, a row of a table, a chart. Strips that are kept
//! with the next one move to the following page together; a table's rows bring its header along, and a table that nearly
//! fits is kept whole.

use std::rc::Rc;

use super::mark::Mark;
use super::paper::{FIRST_TOP, Sheet, TOP};
use super::structure::ElementId;

/// The share of a page that may stay empty so that a table is not cut.
const MOST_HOLE: f64 = 0.33;
/// A table of at most this share of a page is never cut.
const SMALL: f64 = 0.4;

/// Strips that stand on sheets of one kind, in reading order.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) sheet: Sheet,
    pub(super) strips: Vec<Strip>,
    /// The same content with less space between its lines, for where that keeps a table on one page; empty for all else.
    pub(super) tight: Vec<Strip>,
    /// The height of what is kept with the end of a table.
    pub(super) tail: f64,
    /// Whether it may stand on a sheet of another size when there is room left on it: text after a turned table.
    pub(super) may_stay: bool,
}

/// The smallest thing that stands on one page. Its marks have their x on the page and their y below the strip's top.
#[derive(Clone, Debug, Default)]
pub(super) struct Strip {
    pub(super) height: f64,
    /// The space above it; none at the top of a page.
    pub(super) before: f64,
    /// Whether the next strip must be on the same page.
    pub(super) keep: bool,
    /// Whether it opens a page.
    pub(super) opens_page: bool,
    /// What its marks are part of, until one of them says otherwise.
    pub(super) element: Option<ElementId>,
    pub(super) marks: Vec<Mark>,
    /// What is repeated above it when it comes first on a page.
    pub(super) head: Option<Rc<Head>>,
    pub(super) bookmark: Option<Bookmark>,
}

/// A table's header on its following pages.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) height: f64,
    pub(super) marks: Vec<Mark>,
}

/// An entry of the outline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bookmark {
    /// 1, 2 or 3.
    pub(super) level: u8,
    pub(super) title: String,
}

/// A page with everything on it in its place.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) sheet: Sheet,
    pub(super) marks: Vec<Mark>,
    /// The bookmarks that lead here, with the height they lead to.
    pub(super) bookmarks: Vec<(Bookmark, f64)>,
}

/// The parts on pages, at least one page.
pub(super) fn paginate(parts: Vec<Part>) -> Vec<Page> {
    let Some(sheet) = parts.first().map(|part| part.sheet) else { return Vec::new() };
    let mut flow = Flow { pages: vec![Page::empty(sheet)], y: FIRST_TOP, empty: true };
    let mut waiting = Vec::new();
    for part in parts {
        flow.add(&mut waiting, part);
    }
    flow.place_together(std::mem::take(&mut waiting));
    flow.pages
}

/// Ties lines so that neither the first nor the last of them stands alone on a page.
pub(super) fn keep_pairs(lines: &mut [Strip]) {
    let count = lines.len();
    if count > 1 {
        lines[0].keep = true;
        lines[count - 2].keep = true;
    }
}

impl Part {
    /// Strips that have one form only.
    pub(super) fn new(sheet: Sheet, strips: Vec<Strip>) -> Self {
        Self { sheet, strips, tight: Vec::new(), tail: 0.0, may_stay: false }
    }
}

impl Page {
    fn empty(sheet: Sheet) -> Self {
        Self { sheet, marks: Vec::new(), bookmarks: Vec::new() }
    }
}

impl Strip {
    /// The strip as far as its place matters.
    fn outline(&self) -> Self {
        Self {
            height: self.height,
            before: self.before,
            keep: self.keep,
            opens_page: self.opens_page,
            head: self.head.as_ref().map(|head| Rc::new(Head { height: head.height, marks: Vec::new() })),
            ..Self::default()
        }
    }
}

struct Flow {
    pages: Vec<Page>,
    y: f64,
    /// Whether nothing stands on the page yet.
    empty: bool,
}

impl Flow {
    /// Places a part; what is kept with the next part stays waiting.
    fn add(&mut self, waiting: &mut Vec<Strip>, part: Part) {
        let stays = part.may_stay && self.y + height(waiting.iter().chain(&part.strips)) <= self.sheet().bottom();
        if part.sheet != self.sheet() && !stays {
            self.place_together(std::mem::take(waiting));
            self.turn_to(part.sheet);
        }
        let strips = if part.tight.is_empty() { part.strips } else { self.whole(waiting, part) };
        self.place(waiting, strips);
    }

    fn place(&mut self, waiting: &mut Vec<Strip>, strips: Vec<Strip>) {
        for strip in strips {
            if strip.opens_page {
                self.place_together(std::mem::take(waiting));
            }
            let keep = strip.keep;
            waiting.push(strip);
            if !keep {
                self.place_together(std::mem::take(waiting));
            }
        }
    }

    /// A table's strips, with a new page begun for them or their space taken in where that keeps the table in one piece
    /// or on fewer pages.
    fn whole(&mut self, waiting: &[Strip], part: Part) -> Vec<Strip> {
        let Part { strips, tight, tail, .. } = part;
        if !self.empty && waiting.iter().chain(&strips).next().is_some_and(|first| first.opens_page) {
            self.turn();
        }
        let [roomy, narrow] = [&strips, &tight].map(|strips| height(waiting.iter().chain(strips)));
        let (left, page) = (self.sheet().bottom() - self.y, self.sheet().room());
        if roomy + tail <= left {
            return strips;
        }
        if narrow + tail <= left {
            return tight;
        }
        if roomy <= left {
            return strips;
        }
        let may_move = left <= MOST_HOLE * page || roomy <= SMALL * page;
        if !self.empty && may_move && narrow <= page {
            self.turn();
            return if roomy <= page { strips } else { tight };
        }
        if self.pages_for(waiting, &tight) < self.pages_for(waiting, &strips) { tight } else { strips }
    }

    /// On how many further pages strips would stand.
    fn pages_for(&self, waiting: &[Strip], strips: &[Strip]) -> usize {
        let mut trial = Self { pages: vec![Page::empty(self.sheet())], y: self.y, empty: self.empty };
        let mut waiting: Vec<Strip> = waiting.iter().map(Strip::outline).collect();
        trial.place(&mut waiting, strips.iter().map(Strip::outline).collect());
        trial.place_together(waiting);
        trial.pages.len()
    }

    fn place_together(&mut self, group: Vec<Strip>) {
        let opens_page = group.first().is_some_and(|strip| strip.opens_page);
        let below_first: f64 = group.iter().skip(1).map(|strip| strip.before + strip.height).sum();
        let first = group.first().map_or(0.0, |strip| strip.height);
        let before = group.first().map_or(0.0, |strip| if self.empty { head(strip) } else { strip.before });
        let bottom = self.sheet().bottom();
        let fits = self.y + before + first + below_first <= bottom;
        if !self.empty && (opens_page || !fits) {
            self.turn();
        }
        // A group that is taller than a page is cut where the page ends.
        for strip in group {
            let before = if self.empty { head(&strip) } else { strip.before };
            if !self.empty && self.y + before + strip.height > bottom {
                self.turn();
            }
            self.put(strip);
        }
    }

    fn sheet(&self) -> Sheet {
        // Invariant: there is a page from the beginning on.
        self.pages[self.pages.len() - 1].sheet
    }

    fn turn(&mut self) {
        self.pages.push(Page::empty(self.sheet()));
        self.y = TOP;
        self.empty = true;
    }

    /// Goes on with a sheet of another size; a page with nothing on it becomes one.
    fn turn_to(&mut self, sheet: Sheet) {
        if !self.empty {
            self.turn();
        }
        if let Some(page) = self.pages.last_mut() {
            page.sheet = sheet;
        }
    }

    fn put(&mut self, strip: Strip) {
        let Some(page) = self.pages.last_mut() else { return };
        if !self.empty {
            self.y += strip.before;
        } else if let Some(head) = &strip.head {
            page.marks.push(Mark::Part(None));
            page.marks.extend(head.marks.iter().cloned().map(|mark| mark.moved(0.0, self.y)));
            self.y += head.height;
        }
        if let Some(bookmark) = strip.bookmark {
            page.bookmarks.push((bookmark, self.y));
        }
        page.marks.push(Mark::Part(strip.element));
        page.marks.extend(strip.marks.into_iter().map(|mark| mark.moved(0.0, self.y)));
        self.y += strip.height;
        self.empty = false;
    }
}

fn height<'a>(strips: impl Iterator<Item = &'a Strip>) -> f64 {
    strips.map(|strip| strip.before + strip.height).sum()
}

fn head(strip: &Strip) -> f64 {
    strip.head.as_ref().map_or(0.0, |head| head.height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::PdfDefinition;

    fn part(strips: &[(&str, f64, bool)], tight: f64) -> Part {
        let strips: Vec<Strip> = strips
            .iter()
            .map(|(name, height, keep)| Strip {
                height: *height,
                keep: *keep,
                bookmark: Some(Bookmark { level: 1, title: (*name).to_owned() }),
                ..Strip::default()
            })
            .collect();
        let squeezed = strips.iter().map(|strip| Strip { height: tight * strip.height, ..strip.clone() });
        let tight = if tight < 1.0 { squeezed.collect() } else { Vec::new() };
        Part { tight, ..Part::new(Sheet::new(&PdfDefinition::default()), strips) }
    }

    /// What stands on each page.
    fn check(parts: Vec<Part>, expected: &[&str]) {
        let pages: Vec<String> = paginate(parts)
            .iter()
            .map(|page| page.bookmarks.iter().map(|(bookmark, _)| bookmark.title.as_str()).collect())
            .collect();
        assert_eq!(pages, expected);
    }

    #[test]
    fn what_is_kept_together_moves_together() {
        let check = |strips: &[(&str, f64, bool)], expected: &[&str]| check(vec![part(strips, 1.0)], expected);
        check(&[], &[""]);
        check(&[("a", 600.0, false), ("b", 100.0, false), ("c", 100.0, false)], &["ab", "c"]);
        check(&[("a", 600.0, false), ("b", 100.0, true), ("c", 100.0, false)], &["a", "bc"]);
        check(&[("a", 700.0, false), ("b", 20.0, true), ("c", 10.0, true), ("d", 20.0, false)], &["a", "bcd"]);
        check(&[("a", 10.0, true)], &["a"]);
    }

    #[test]
    fn a_group_taller_than_a_page_is_cut_and_nothing_is_lost() {
        let check = |strips: &[(&str, f64, bool)], expected: &[&str]| check(vec![part(strips, 1.0)], expected);
        check(&[("a", 500.0, true), ("b", 500.0, true), ("c", 500.0, false)], &["a", "b", "c"]);
        check(&[("a", 5000.0, false), ("b", 10.0, false)], &["a", "b"]);
    }

    #[test]
    fn a_table_that_nearly_fits_is_squeezed_or_moved_and_a_long_one_is_cut() {
        let above = |height: f64| part(&[("a", height, false), ("h", 20.0, true)], 1.0);
        let table = |rows: &[(&str, f64, bool)]| part(rows, 0.9);
        let small = [("1", 100.0, false), ("2", 100.0, false)];
        let large = [("1", 200.0, false), ("2", 200.0, false), ("3", 200.0, false)];
        let huge = [("1", 300.0, false), ("2", 300.0, false), ("3", 300.0, false)];
        check(vec![above(400.0), table(&small)], &["ah12"]);
        // 727 points: 520 and 220 do not fit, 520 and 200 do.
        check(vec![above(515.0), table(&small)], &["ah12"]);
        check(vec![above(560.0), table(&small)], &["a", "h12"]);
        check(vec![above(450.0), table(&large)], &["ah1", "23"]);
        check(vec![above(500.0), table(&large)], &["a", "h123"]);
        check(vec![above(50.0), table(&huge)], &["ah12", "3"]);
    }

    #[test]
    fn another_sheet_is_another_page() {
        let lying = |name: &str| {
            let part = part(&[(name, 10.0, false)], 1.0);
            Part { sheet: part.sheet.turned(), ..part }
        };
        let standing = |name: &str| part(&[(name, 10.0, false)], 1.0);
        check(vec![standing("a"), lying("b"), lying("c"), standing("d")], &["a", "bc", "d"]);
        check(vec![lying("a"), standing("b")], &["a", "b"]);
        let text = |height: f64| Part { may_stay: true, ..part(&[("t", height, false)], 1.0) };
        check(vec![lying("a"), text(100.0), text(400.0), standing("d")], &["at", "td"]);
    }

    #[test]
    fn the_first_and_the_last_line_take_a_neighbour_along() {
        let check = |count: usize, expected: &str| {
            let mut lines = vec![Strip::default(); count];
            keep_pairs(&mut lines);
            let kept: String = lines.iter().map(|line| if line.keep { 'k' } else { '.' }).collect();
            assert_eq!(kept, expected);
        };
        check(1, ".");
        check(2, "k.");
        check(3, "kk.");
        check(5, "k..k.");
    }
}
