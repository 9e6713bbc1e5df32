//! From blocks to strips: the title, headings, paragraphs, lists, notes and footnotes, and the space between blocks.
//! Tiles, tables and charts have their own files.

use super::flow::{Bookmark, MARGIN, Strip, WIDTH, keep_pairs};
use super::fonts::Face;
use super::mark::Mark;
use super::text::{LEADING, Look, capped, clean, pieces, wrap};
use super::{chart, explained, table, tiles};
use crate::report::document::{Block, Chart, Document, Headline, Inline, Marker, plain_text};
use crate::report::theme::Theme;

/// The size of running text in points.
pub(super) const BODY: f64 = 10.0;
/// The size of small print: captions, remarks under tables, footers.
pub(super) const SMALL: f64 = 7.5;

/// The height of a heading's line as a multiple of its size.
const HEADING_LEADING: f64 = 1.25;

/// The document's content as strips, in reading order.
pub(super) fn compose(document: &Document, theme: &Theme) -> Vec<Strip> {
    let mut composer =
        Composer { document, theme, strips: Vec::new(), gap_after: None, least_gap: 0.0, break_due: false };
    let repeats_title = composer.title();
    let mut rest = &document.blocks[usize::from(repeats_title)..];
    while let [first, after @ ..] = rest {
        rest = match (first, after) {
            (Block::Chart(left), [Block::Chart(right), after @ ..]) if chart::side_by_side(left, right) => {
                composer.charts(&[left, right]);
                after
            }
            _ => {
                composer.block(first);
                after
            }
        };
    }
    composer.footnotes();
    composer.strips
}

struct Composer<'a> {
    document: &'a Document,
    theme: &'a Theme,
    strips: Vec<Strip>,
    /// The space the last block wants under it, in place of what the next wants above.
    gap_after: Option<f64>,
    /// The least space under the last block: more under tables, tiles and charts than under text.
    least_gap: f64,
    /// Whether the next strip opens a page. A break that nothing follows makes no page.
    break_due: bool,
}

impl Composer<'_> {
    /// Adds a block's strips, this far under what came before.
    fn add(&mut self, gap: f64, mut strips: Vec<Strip>) {
        let gap = self.gap_after.take().unwrap_or(gap.max(self.least_gap));
        self.least_gap = 0.0;
        if let Some(first) = strips.first_mut() {
            first.before = gap;
            first.opens_page = std::mem::take(&mut self.break_due);
        }
        self.strips.append(&mut strips);
    }

    /// Author, title and subtitle; tells whether the first block says the title once more and is to be left out.
    fn title(&mut self) -> bool {
        let theme = self.theme;
        let eyebrow = Look { face: Face::Bold, size: 8.5, color: theme.brand };
        let title = Look { face: Face::Bold, size: 23.0, color: theme.ink };
        let subtitle = Look { face: Face::Regular, size: 12.0, color: theme.muted };
        let author = eyebrow.fit(&self.document.author, WIDTH);
        let mut strips = Vec::new();
        if !author.trim().is_empty() {
            strips.push(Strip { height: 16.0, marks: vec![eyebrow.mark(MARGIN, 6.0, author)], ..Strip::default() });
        }
        let repeated = match self.document.blocks.first() {
            Some(Block::Heading { level, text }) if plain_text(text).trim() == self.document.title.trim() => {
                Some(*level)
            }
            _ => None,
        };
        let lines = title.lines(&capped(&self.document.title, 240), WIDTH);
        let mut lines: Vec<Strip> = lines.into_iter().map(|line| line_strip(&title, line, 1.2)).collect();
        lines[0].bookmark = repeated.and_then(|level| bookmark(level, &self.document.title));
        strips.append(&mut lines);
        let lines = subtitle.lines(&capped(&self.document.subtitle, 240), WIDTH);
        strips.extend(lines.into_iter().map(|line| line_strip(&subtitle, line, 1.6)));
        let rule = Mark::rule(MARGIN, 8.0, WIDTH, 0.6, theme.line);
        strips.push(Strip { height: 9.0, marks: vec![rule], ..Strip::default() });
        self.strips.append(&mut strips);
        self.gap_after = Some(16.0);
        repeated.is_some()
    }

    fn block(&mut self, block: &Block) {
        let theme = self.theme;
        match block {
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Headline(Headline { text, .. }) | Block::Paragraph(text) => {
                let look = Look { face: Face::Regular, size: BODY, color: theme.ink };
                let lines = text_strips(text, look, MARGIN, WIDTH, theme);
                self.add(8.0, lines);
            }
            Block::List { marker, items } => {
                for (index, item) in items.iter().enumerate() {
                    let lines = list_item(*marker, index, item, items.len(), theme);
                    self.add(if index == 0 { 8.0 } else { 3.5 }, lines);
                }
            }
            Block::Tiles(entries) => self.add(12.0, tiles::strips(entries, &self.document.words, theme)),
            Block::Table(content) => self.add(12.0, table::strips(content, &self.document.words, theme)),
            Block::Chart(content) => self.charts(&[content]),
            Block::Note(text) => self.add(12.0, note(text, theme)),
            Block::Explained(content) => self.add(8.0, explained::strips(content, theme)),
            Block::PageBreak => self.page_break(),
        }
        match block {
            Block::Heading { level, .. } => self.gap_after = Some(if *level == 1 { 9.0 } else { 7.0 }),
            Block::Tiles(_) | Block::Table(_) | Block::Note(_) => self.least_gap = 15.0,
            _ => {}
        }
    }

    fn charts(&mut self, charts: &[&Chart]) {
        self.add(16.0, vec![chart::strip(charts, self.theme, self.document.language)]);
        self.least_gap = 15.0;
    }

    fn heading(&mut self, level: u8, text: &[Inline]) {
        let theme = self.theme;
        let (size, gap, color) = match level {
            0 | 1 => (15.0, 24.0, theme.brand),
            2 => (12.0, 20.0, theme.ink),
            _ => (BODY, 14.0, theme.ink),
        };
        let look = Look { face: Face::Bold, size, color };
        let mut lines = text_strips(text, look, MARGIN, WIDTH, theme);
        for line in &mut lines {
            // Lines of a heading stand closer than running text.
            let less = (LEADING - HEADING_LEADING) * size;
            line.height -= less;
            line.keep = true;
            line.marks = line.marks.drain(..).map(|mark| mark.moved(0.0, -less / 2.0)).collect();
        }
        if let Some(first) = lines.first_mut() {
            first.bookmark = bookmark(level, &plain_text(text));
        }
        // Headings that follow each other stand closer than a heading under text.
        let follows_heading = self.strips.last().is_some_and(|strip| strip.keep);
        if follows_heading {
            self.gap_after = Some(10.0);
        }
        self.add(gap, lines);
    }

    /// The next strip opens a page. Headings right before a break belong to what follows them.
    fn page_break(&mut self) {
        let headings = self.strips.iter().rev().take_while(|strip| strip.keep).count();
        let first = self.strips.len() - headings;
        match self.strips.get_mut(first) {
            Some(heading) => heading.opens_page = true,
            None => self.break_due = true,
        }
    }

    fn footnotes(&mut self) {
        let look = Look { face: Face::Regular, size: SMALL, color: self.theme.muted };
        let last = self.document.footnotes.len().saturating_sub(1);
        for (index, text) in self.document.footnotes.iter().enumerate() {
            let mut lines = text_strips(&[Inline::Text(text.clone())], look, MARGIN, WIDTH, self.theme);
            // Small print that is cut in two looks as if something were missing.
            if let Some(line) = lines.last_mut() {
                line.keep = index < last;
            }
            if index == 0 {
                let rule = Mark::rule(MARGIN, 0.0, 60.0, 0.6, self.theme.line);
                lines.insert(0, Strip { height: 6.0, marks: vec![rule], keep: true, ..Strip::default() });
                self.gap_after = None;
            }
            self.add(if index == 0 { 18.0 } else { 1.5 }, lines);
        }
    }
}

/// An entry of the outline; none for a heading without words.
fn bookmark(level: u8, title: &str) -> Option<Bookmark> {
    let title = clean(title);
    let title = capped(title.trim(), 120).into_owned();
    (!title.is_empty()).then_some(Bookmark { level: level.clamp(1, 3), title })
}

fn line_strip(look: &Look, text: String, leading: f64) -> Strip {
    let height = leading * look.size;
    Strip { height, keep: true, marks: vec![look.mark(MARGIN, height / 2.0, text)], ..Strip::default() }
}

/// Running text as one strip per line.
fn text_strips(text: &[Inline], look: Look, x: f64, width: f64, theme: &Theme) -> Vec<Strip> {
    let height = LEADING * look.size;
    let mut lines: Vec<Strip> = wrap(&pieces(text, look, theme), width)
        .into_iter()
        .map(|line| {
            let mut marks = Vec::new();
            for fragment in line {
                fragment.marks(x, height / 2.0, theme, &mut marks);
            }
            Strip { height, marks, ..Strip::default() }
        })
        .collect();
    keep_pairs(&mut lines);
    lines
}

fn list_item(marker: Marker, index: usize, item: &[Inline], count: usize, theme: &Theme) -> Vec<Strip> {
    let look = Look { face: Face::Regular, size: BODY, color: theme.ink };
    let sign = Look { color: theme.brand, ..look };
    let (text, indent) = match marker {
        Marker::Bullet => ("•".to_owned(), 14.0),
        Marker::Number => (format!("{}.", index + 1), sign.width(&format!("{count}.")) + 7.0),
    };
    let mut lines = text_strips(item, look, MARGIN + indent, WIDTH - indent, theme);
    if let Some(first) = lines.first_mut() {
        let x = match marker {
            Marker::Bullet => MARGIN + 3.0,
            Marker::Number => MARGIN + indent - 7.0 - sign.width(&text),
        };
        first.marks.insert(0, sign.mark(x, first.height / 2.0, text));
    }
    lines
}

/// A remark in a tinted box with a bar at its left.
fn note(text: &[Inline], theme: &Theme) -> Vec<Strip> {
    const BAR: f64 = 3.0;
    const INDENT: f64 = 14.0;
    const PADDING: f64 = 8.0;
    let look = Look { face: Face::Regular, size: 9.5, color: theme.ink };
    let mut lines = text_strips(text, look, MARGIN + INDENT, WIDTH - 2.0 * INDENT, theme);
    let last = lines.len() - 1;
    for (index, line) in lines.iter_mut().enumerate() {
        let above = if index == 0 { PADDING } else { 0.0 };
        let below = if index == last { PADDING } else { 0.0 };
        line.height += above + below;
        // A hair more than the line, so that no seam shows between two of them.
        let height = line.height + if index == last { 0.0 } else { 0.3 };
        let mut marks = vec![
            Mark::rectangle(MARGIN, 0.0, WIDTH, height, theme.near_tint),
            Mark::rectangle(MARGIN, 0.0, BAR, height, theme.near),
        ];
        marks.extend(line.marks.drain(..).map(|mark| mark.moved(0.0, above)));
        line.marks = marks;
    }
    lines
}
