//! From strips to pages. A strip is what is never cut: a line of text, a row of a table, a chart. Strips that are kept
//! with the next one move to the following page together; a table's rows bring its header along.

use std::rc::Rc;

use super::mark::Mark;

/// A page's size in points: A4, upright.
pub(super) const PAGE_WIDTH: f64 = 595.28;
/// A page's height.
pub(super) const PAGE_HEIGHT: f64 = 841.89;
/// Left and right margin: 18 mm.
pub(super) const MARGIN: f64 = 51.02;
/// The width between the margins.
pub(super) const WIDTH: f64 = PAGE_WIDTH - 2.0 * MARGIN;
/// Where content begins on the first page.
const FIRST_TOP: f64 = 52.0;
/// Where content begins on the following pages, under the running header.
const TOP: f64 = 66.0;
/// Where content ends, above the footer.
const BOTTOM: f64 = PAGE_HEIGHT - 62.0;

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
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    pub(super) marks: Vec<Mark>,
    /// The bookmarks that lead here, with the height they lead to.
    pub(super) bookmarks: Vec<(Bookmark, f64)>,
}

/// The strips on pages, at least one page.
pub(super) fn paginate(strips: Vec<Strip>) -> Vec<Page> {
    let mut flow = Flow { pages: vec![Page::default()], y: FIRST_TOP, empty: true };
    let mut rest = strips.into_iter().peekable();
    while let Some(first) = rest.next() {
        let mut group = vec![first];
        while group.last().is_some_and(|strip| strip.keep)
            && let Some(strip) = rest.next_if(|strip| !strip.opens_page)
        {
            group.push(strip);
        }
        flow.place_together(group);
    }
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

struct Flow {
    pages: Vec<Page>,
    y: f64,
    /// Whether nothing stands on the page yet.
    empty: bool,
}

impl Flow {
    fn place_together(&mut self, group: Vec<Strip>) {
        let opens_page = group.first().is_some_and(|strip| strip.opens_page);
        let below_first: f64 = group.iter().skip(1).map(|strip| strip.before + strip.height).sum();
        let first = group.first().map_or(0.0, |strip| strip.height);
        let before = group.first().map_or(0.0, |strip| if self.empty { head(strip) } else { strip.before });
        let fits = self.y + before + first + below_first <= BOTTOM;
        if !self.empty && (opens_page || !fits) {
            self.turn();
        }
        // A group that is taller than a page is cut where the page ends.
        for strip in group {
            let before = if self.empty { head(&strip) } else { strip.before };
            if !self.empty && self.y + before + strip.height > BOTTOM {
                self.turn();
            }
            self.place(strip);
        }
    }

    fn turn(&mut self) {
        self.pages.push(Page::default());
        self.y = TOP;
        self.empty = true;
    }

    fn place(&mut self, strip: Strip) {
        let Some(page) = self.pages.last_mut() else { return };
        if !self.empty {
            self.y += strip.before;
        } else if let Some(head) = &strip.head {
            page.marks.extend(head.marks.iter().cloned().map(|mark| mark.moved(0.0, self.y)));
            self.y += head.height;
        }
        if let Some(bookmark) = strip.bookmark {
            page.bookmarks.push((bookmark, self.y));
        }
        page.marks.extend(strip.marks.into_iter().map(|mark| mark.moved(0.0, self.y)));
        self.y += strip.height;
        self.empty = false;
    }
}

fn head(strip: &Strip) -> f64 {
    strip.head.as_ref().map_or(0.0, |head| head.height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::charts::Color;

    /// Strips of `(name, height, keep)`; the answer names what stands on each page.
    fn check(strips: &[(&str, f64, bool)], expected: &[&str]) {
        let strips = strips
            .iter()
            .map(|(name, height, keep)| Strip {
                height: *height,
                keep: *keep,
                bookmark: Some(Bookmark { level: 1, title: (*name).to_owned() }),
                marks: vec![Mark::rule(0.0, 0.0, 1.0, 1.0, Color::hex(0))],
                ..Strip::default()
            })
            .collect();
        let pages: Vec<String> = paginate(strips)
            .iter()
            .map(|page| page.bookmarks.iter().map(|(bookmark, _)| bookmark.title.as_str()).collect())
            .collect();
        assert_eq!(pages, expected);
    }

    #[test]
    fn what_is_kept_together_moves_together() {
        check(&[], &[""]);
        check(&[("a", 600.0, false), ("b", 100.0, false), ("c", 100.0, false)], &["ab", "c"]);
        check(&[("a", 600.0, false), ("b", 100.0, true), ("c", 100.0, false)], &["a", "bc"]);
        check(&[("a", 700.0, false), ("b", 20.0, true), ("c", 10.0, true), ("d", 20.0, false)], &["a", "bcd"]);
        check(&[("a", 10.0, true)], &["a"]);
    }

    #[test]
    fn a_group_taller_than_a_page_is_cut_and_nothing_is_lost() {
        check(&[("a", 500.0, true), ("b", 500.0, true), ("c", 500.0, false)], &["a", "b", "c"]);
        check(&[("a", 5000.0, false), ("b", 10.0, false)], &["a", "b"]);
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
