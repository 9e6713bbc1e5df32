//! The head of the first page: author, title and period at the left, the logo at the right.

use super::flow::{Bookmark, Strip};
use super::mark::Mark;
use super::paper::MARGIN;
use super::setup::Setup;
use super::structure::{Kind, Structure};
use super::text::{Look, capped, clean};
use crate::report::document::{Block, Document, plain_text};
use crate::report::theme::Logo;
use crate::report::typeface::Typeface;

/// The most room a logo takes on the first page, width and height.
const LOGO: (f64, f64) = (150.0, 38.0);
/// The title's size, and the least it is set in to stand on one line.
const TITLE: f64 = 23.0;
const LEAST_TITLE: f64 = 18.0;
/// The space between the title and the logo.
const GAP: f64 = 18.0;

/// The head's strips, and whether the document's first block says the title once more and is to be left out.
pub(super) fn strips(document: &Document, setup: Setup<'_>, structure: &mut Structure) -> (Vec<Strip>, bool) {
    let theme = setup.theme;
    let eyebrow = Look { face: theme.bold(), size: 8.5, color: theme.brand };
    let mut title = Look { face: theme.bold(), size: TITLE, color: theme.ink };
    let subtitle = Look { face: theme.regular(), size: 12.0, color: theme.muted };
    let logo = theme.logo.as_deref().map(|logo| (logo, fitted(logo, LOGO)));
    let width = setup.sheet.measure() - logo.map_or(0.0, |(_, (width, _))| width + GAP);
    // A title that is a little too long for its line is set smaller rather than in two.
    while title.size > LEAST_TITLE && title.width(&clean(&document.title, theme.typeface)) > width {
        title.size -= 1.0;
    }
    if title.width(&clean(&document.title, theme.typeface)) > width {
        title.size = TITLE;
    }
    let repeated = match document.blocks.first() {
        Some(Block::Heading { level, text }) if plain_text(text).trim() == document.title.trim() => Some(*level),
        _ => None,
    };

    let mut strips = Vec::new();
    let author = eyebrow.fit(&document.author, width);
    if !author.trim().is_empty() {
        let element = Some(structure.add(Kind::Paragraph, None));
        strips.push(Strip {
            height: 16.0,
            element,
            marks: vec![eyebrow.mark(MARGIN, 6.0, author)],
            ..Strip::default()
        });
    }
    let mut lines = |look: &Look, text: &str, leading: f64, kind: Kind| {
        let element = structure.add(kind, None);
        for line in look.lines(&capped(text, 240), width) {
            let height = leading * look.size;
            let marks = vec![look.mark(MARGIN, height / 2.0, line)];
            strips.push(Strip { height, element: Some(element), marks, ..Strip::default() });
        }
    };
    lines(&title, &document.title, 1.2, Kind::Heading(1));
    lines(&subtitle, &document.subtitle, 1.6, Kind::Paragraph);
    if let (Some(level), Some(first)) = (repeated, strips.first_mut()) {
        first.bookmark = bookmark(level, &document.title);
    }
    let mut rule = Strip { height: 9.0, ..Strip::default() };
    if let Some((logo, (width, height))) = logo {
        // The rule lies under the logo even where there is only one line of title beside it.
        let beside: f64 = strips.iter().map(|strip| strip.height).sum();
        rule.height += (height - 6.0 - beside).max(0.0);
        if let Some(first) = strips.first_mut() {
            let x = MARGIN + setup.sheet.measure() - width;
            let figure = structure.figure(&logo.alternative, None);
            first.marks.push(Mark::Part(Some(figure)));
            first.marks.push(Mark::Logo { x, y: -6.0, width, height });
        }
    }
    rule.marks = vec![Mark::rule(MARGIN, rule.height - 1.0, setup.sheet.measure(), 0.6, theme.line)];
    for strip in &mut strips {
        strip.keep = true;
    }
    strips.push(rule);
    (strips, repeated.is_some())
}

/// A logo's size in a box, in its own proportions; never larger than it is at 96 pixels to the inch.
pub(super) fn fitted(logo: &Logo, (width, height): (f64, f64)) -> (f64, f64) {
    let own = (f64::from(logo.width.max(1)), f64::from(logo.height.max(1)));
    let scale = (width / own.0).min(height / own.1).min(0.75);
    (own.0 * scale, own.1 * scale)
}

/// An entry of the outline; none for a heading without words.
pub(super) fn bookmark(level: u8, title: &str) -> Option<Bookmark> {
    let title = clean(title, Typeface::shipped());
    let title = capped(title.trim(), 120).into_owned();
    (!title.is_empty()).then_some(Bookmark { level: level.clamp(1, 3), title })
}
