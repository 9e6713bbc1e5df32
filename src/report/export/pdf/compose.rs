//! From blocks to parts of pages: which block stands on which sheet, how far blocks are from each other, what opens a
//! page. How a block looks is in the file of its kind.

use super::flow::{Part, Strip};
use super::mark::Mark;
use super::missing;
use super::paper::{MARGIN, Sheet};
use super::setup::{BODY, SMALL, Setup};
use super::sheets::sheets;
use super::structure::Structure;
use super::text::Look;
use super::{chart, cover, explained, prose, table, tiles};
use crate::report::document::{Block, Chart, Document, Inline};
use crate::report::theme::Theme;

/// A document's content, ready to be put on pages.
pub(super) struct Composed {
    /// The content, in reading order; at least the title.
    pub(super) parts: Vec<Part>,
    /// What the content's marks are part of.
    pub(super) structure: Structure,
}

/// Composes a document for this sheet.
pub(super) fn compose(document: &Document, theme: &Theme, sheet: Sheet) -> Composed {
    let setup = Setup::new(document, theme, sheet);
    let mut composer = Composer {
        document,
        setup,
        parts: Vec::new(),
        structure: Structure::default(),
        gap_after: None,
        least_gap: 0.0,
        may_stay: false,
        break_due: false,
    };
    let sheets = sheets(&document.blocks, setup);
    composer.setup.sheet = sheets.first().copied().unwrap_or(sheet);
    let repeats_title = composer.title();
    let mut blocks = document.blocks.iter().zip(sheets).skip(usize::from(repeats_title)).peekable();
    while let Some((block, sheet)) = blocks.next() {
        composer.setup.sheet = sheet;
        match block {
            Block::Chart(left) => {
                let beside = |next: &&(&Block, Sheet)| match next.0 {
                    Block::Chart(right) => chart::side_by_side(left, right, sheet),
                    _ => false,
                };
                match blocks.peek().filter(beside) {
                    Some((Block::Chart(right), _)) => {
                        composer.charts(&[left, right]);
                        blocks.next();
                    }
                    _ => composer.charts(&[left]),
                }
            }
            block => composer.block(block),
        }
    }
    composer.footnotes();
    Composed { parts: composer.parts, structure: composer.structure }
}

struct Composer<'a> {
    document: &'a Document,
    /// What the next block is laid out with.
    setup: Setup<'a>,
    parts: Vec<Part>,
    structure: Structure,
    /// The space the last block wants under it, in place of what the next wants above.
    gap_after: Option<f64>,
    /// The least space under the last block: more under tables, tiles and charts than under text.
    least_gap: f64,
    /// Whether the next strips are text that may stand on a sheet of another size.
    may_stay: bool,
    /// Whether the next strip opens a page. A break that nothing follows makes no page.
    break_due: bool,
}

impl Composer<'_> {
    /// Adds a block's strips, this far under what came before.
    fn add(&mut self, gap: f64, strips: Vec<Strip>) {
        self.add_table(gap, strips, Vec::new());
    }

    /// Adds a table, which has a second form with less space in it.
    fn add_table(&mut self, gap: f64, mut strips: Vec<Strip>, mut tight: Vec<Strip>) {
        let gap = self.gap_after.take().unwrap_or(gap.max(self.least_gap));
        self.least_gap = 0.0;
        let opens_page = std::mem::take(&mut self.break_due);
        for first in [strips.first_mut(), tight.first_mut()].into_iter().flatten() {
            first.before = gap;
            first.opens_page = opens_page;
        }
        let may_stay = self.may_stay;
        self.parts.push(Part { tight, may_stay, ..Part::new(self.setup.sheet, strips) });
    }

    /// Author, title and subtitle; tells whether the first block says the title once more and is to be left out.
    fn title(&mut self) -> bool {
        let (strips, repeated) = cover::strips(self.document, self.setup, &mut self.structure);
        self.parts.push(Part::new(self.setup.sheet, strips));
        self.gap_after = Some(16.0);
        repeated
    }

    fn block(&mut self, block: &Block) {
        let (setup, structure) = (self.setup, &mut self.structure);
        self.may_stay = matches!(block, Block::Paragraph(_) | Block::List { .. } | Block::Note(_));
        match block {
            Block::Heading { level, text } => return self.heading(*level, text),
            Block::Chart(content) => return self.charts(&[content]),
            Block::PageBreak => return self.page_break(),
            Block::Paragraph(text) => {
                let look = Look { face: setup.theme.regular(), size: BODY, color: setup.theme.ink };
                let strips = prose::paragraph(text, look, setup, structure);
                self.add(8.0, strips);
            }
            Block::List { marker, items } => {
                for (index, strips) in prose::list(*marker, items, setup, structure).into_iter().enumerate() {
                    self.add(if index == 0 { 8.0 } else { 3.5 }, strips);
                }
            }
            Block::Headline(content) => {
                let strips = prose::headline(content, setup, structure);
                self.add(12.0, strips);
            }
            Block::Tiles(entries) => {
                let strips = tiles::strips(entries, setup, structure);
                self.add(12.0, strips);
            }
            Block::Table(content) => {
                let (strips, tight) = table::strips(content, setup, structure);
                self.add_table(12.0, strips, tight);
            }
            Block::Note(text) => {
                let strips = prose::note(text, setup, structure);
                self.add(12.0, strips);
            }
            Block::Explained(content) => {
                let strips = explained::strips(content, setup, structure);
                self.add(8.0, strips);
            }
        }
        if matches!(block, Block::Headline(_) | Block::Tiles(_) | Block::Table(_) | Block::Note(_)) {
            self.least_gap = 15.0;
        }
    }

    fn charts(&mut self, charts: &[&Chart]) {
        self.may_stay = false;
        let strip = chart::strip(charts, self.setup, &mut self.structure);
        self.add(16.0, vec![strip]);
        self.least_gap = 15.0;
    }

    fn heading(&mut self, level: u8, text: &[Inline]) {
        let (strips, gap) = prose::heading(level, text, self.setup, &mut self.structure);
        // Headings that follow each other stand closer than a heading under text.
        let last = self.parts.last().and_then(|part| part.strips.last());
        if last.is_some_and(|strip| strip.keep) {
            self.gap_after = None;
            self.add(10.0, strips);
        } else {
            self.add(gap, strips);
        }
        self.gap_after = Some(if level <= 1 { 9.0 } else { 7.0 });
    }

    /// The next strip opens a page. Headings right before a break belong to what follows them.
    fn page_break(&mut self) {
        let strips = self.parts.iter_mut().flat_map(|part| &mut part.strips);
        match strips.rev().take_while(|strip| strip.keep).last() {
            Some(heading) => heading.opens_page = true,
            None => self.break_due = true,
        }
    }

    /// The small print. It does not stand on a page of its own where the last block can give it some company.
    fn footnotes(&mut self) {
        let look = Look { face: self.setup.theme.regular(), size: SMALL, color: self.setup.theme.muted };
        let missing = missing::footnote(self.document, self.setup.theme.typeface);
        let texts: Vec<&String> = self.document.footnotes.iter().chain(&missing).collect();
        let last = texts.len().saturating_sub(1);
        let before = self.parts.len();
        self.may_stay = true;
        for (index, text) in texts.into_iter().enumerate() {
            let inlines = [Inline::Text(text.clone())];
            let mut lines = prose::paragraph(&inlines, look, self.setup, &mut self.structure);
            // Small print that is cut in two looks as if something were missing.
            if let Some(line) = lines.last_mut() {
                line.keep = index < last;
            }
            if index == 0 {
                let rule = Mark::rule(MARGIN, 0.0, 60.0, 0.6, self.setup.theme.line);
                lines.insert(0, Strip { height: 6.0, marks: vec![rule], keep: true, ..Strip::default() });
                self.gap_after = None;
            }
            self.add(if index == 0 { 18.0 } else { 1.5 }, lines);
        }
        let can_be_cut = matches!(
            self.document.blocks.last(),
            Some(Block::Paragraph(_) | Block::List { .. } | Block::Note(_) | Block::Table(_) | Block::Explained(_))
        );
        let notes = self.parts.split_off(before);
        if let Some(block) = self.parts.last_mut().filter(|_| can_be_cut && !notes.is_empty()) {
            block.tail = notes.iter().flat_map(|part| &part.strips).map(|strip| strip.before + strip.height).sum();
            for end in [block.strips.last_mut(), block.tight.last_mut()].into_iter().flatten() {
                end.keep = true;
            }
        }
        self.parts.extend(notes);
    }
}
