//! Running text as strips, one for each line: headings, paragraphs, lists, remarks, the headline.

use super::cover::bookmark;
use super::flow::{Strip, keep_pairs};
use super::mark::Mark;
use super::paper::MARGIN;
use super::setup::{BODY, Setup};
use super::sign;
use super::structure::{ElementId, Kind, Structure};
use super::text::{LEADING, Look, pieces, wrap};
use crate::report::charts::Color;
use crate::report::document::{Headline, Inline, Marker, Status, plain_text};
use crate::report::theme::Theme;

/// The height of a heading's line as a multiple of its size.
const HEADING_LEADING: f64 = 1.25;
/// The width of the bar at the left of a box.
const BAR: f64 = 3.0;
/// How far the text in a box stands in.
const INDENT: f64 = 14.0;
/// The space above and under the text in a box.
const PADDING: f64 = 8.0;

/// Where running text stands and what it is part of.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) width: f64,
    pub(super) element: ElementId,
}

/// Running text, with no line of it alone on a page.
pub(super) fn text(text: &[Inline], look: Look, place: Place, theme: &Theme, structure: &mut Structure) -> Vec<Strip> {
    let height = LEADING * look.size;
    let mut lines: Vec<Strip> = wrap(&pieces(text, look, theme), place.width)
        .into_iter()
        .map(|line| {
            let mut marks = Vec::new();
            for fragment in line {
                let link = fragment.is_link().then(|| structure.add(Kind::Link, Some(place.element)));
                if link.is_some() {
                    marks.push(Mark::Part(link));
                }
                fragment.marks(place.x, height / 2.0, theme, &mut marks);
                if link.is_some() {
                    marks.push(Mark::Part(Some(place.element)));
                }
            }
            Strip { height, element: Some(place.element), marks, ..Strip::default() }
        })
        .collect();
    keep_pairs(&mut lines);
    lines
}

/// A paragraph in this look.
pub(super) fn paragraph(inlines: &[Inline], look: Look, setup: Setup<'_>, structure: &mut Structure) -> Vec<Strip> {
    let element = structure.add(Kind::Paragraph, None);
    text(inlines, look, Place { x: MARGIN, width: setup.sheet.measure(), element }, setup.theme, structure)
}

/// A heading's lines and the space it wants above it; they are kept with what follows.
pub(super) fn heading(level: u8, inlines: &[Inline], setup: Setup<'_>, structure: &mut Structure) -> (Vec<Strip>, f64) {
    let theme = setup.theme;
    let (size, gap, color) = match level {
        0 | 1 => (15.0, 24.0, theme.brand),
        2 => (12.0, 20.0, theme.ink),
        _ => (BODY, 14.0, theme.ink),
    };
    let look = Look { face: theme.bold(), size, color };
    let element = structure.add(Kind::Heading(level.clamp(1, 3) + 1), None);
    let place = Place { x: MARGIN, width: setup.sheet.measure(), element };
    let mut lines = text(inlines, look, place, theme, structure);
    for line in &mut lines {
        // Lines of a heading stand closer than running text.
        let less = (LEADING - HEADING_LEADING) * size;
        line.height -= less;
        line.keep = true;
        line.marks = line.marks.drain(..).map(|mark| mark.moved(0.0, -less / 2.0)).collect();
    }
    if let Some(first) = lines.first_mut() {
        first.bookmark = bookmark(level, &plain_text(inlines));
    }
    (lines, gap)
}

/// A list, the strips of each item on their own.
pub(super) fn list(
    marker: Marker,
    items: &[Vec<Inline>],
    setup: Setup<'_>,
    structure: &mut Structure,
) -> Vec<Vec<Strip>> {
    let theme = setup.theme;
    let look = Look { face: theme.regular(), size: BODY, color: theme.ink };
    let sign = Look { color: theme.brand, ..look };
    let list = structure.add(Kind::List, None);
    let mut strips = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let (label, indent) = match marker {
            Marker::Bullet => ("•".to_owned(), 14.0),
            Marker::Number => (format!("{}.", index + 1), sign.width(&format!("{}.", items.len())) + 7.0),
        };
        let x = match marker {
            Marker::Bullet => MARGIN + 3.0,
            Marker::Number => MARGIN + indent - 7.0 - sign.width(&label),
        };
        let item_element = structure.add(Kind::Item, Some(list));
        let label_element = structure.add(Kind::Label, Some(item_element));
        let element = structure.add(Kind::Body, Some(item_element));
        let place = Place { x: MARGIN + indent, width: setup.sheet.measure() - indent, element };
        let mut lines = text(item, look, place, theme, structure);
        if let Some(first) = lines.first_mut() {
            let label = sign.mark(x, first.height / 2.0, label);
            first.marks.splice(0..0, [Mark::Part(Some(label_element)), label, Mark::Part(Some(element))]);
        }
        strips.push(lines);
    }
    strips
}

/// A remark in a tinted box with a bar at its left.
pub(super) fn note(inlines: &[Inline], setup: Setup<'_>, structure: &mut Structure) -> Vec<Strip> {
    let theme = setup.theme;
    let look = Look { face: theme.regular(), size: 9.5, color: theme.ink };
    let element = structure.add(Kind::Paragraph, None);
    let width = setup.sheet.measure();
    let place = Place { x: MARGIN + INDENT, width: width - 2.0 * INDENT, element };
    boxed(text(inlines, look, place, theme, structure), width, theme.near_tint, theme.near)
}

/// What matters first: large, in a box of its status, with the remark in small print under it. Never cut.
pub(super) fn headline(headline: &Headline, setup: Setup<'_>, structure: &mut Structure) -> Vec<Strip> {
    let theme = setup.theme;
    let (background, bar) = match headline.status {
        Status::Neutral => (theme.brand_tint, theme.brand),
        status => (theme.status_tint(status), theme.status(status)),
    };
    let width = setup.sheet.measure();
    let has_sign = headline.status != Status::Neutral;
    let x = MARGIN + INDENT + if has_sign { 20.0 } else { 0.0 };
    let element = structure.add(Kind::Paragraph, None);
    let place = Place { x, width: MARGIN + width - INDENT - x, element };
    let look = Look { face: theme.bold(), size: 12.5, color: theme.ink };
    let mut lines = text(&headline.text, look, place, theme, structure);
    if let Some(first) = lines.first_mut() {
        let signs = sign::status(headline.status, MARGIN + INDENT + 6.0, first.height / 2.0, 12.0, theme);
        first.marks.splice(0..0, signs);
    }
    if let Some(remark) = &headline.remark {
        let look = Look { face: theme.regular(), size: 8.5, color: theme.muted };
        let place = Place { element: structure.add(Kind::Paragraph, None), ..place };
        lines.extend(text(&[Inline::Text(remark.clone())], look, place, theme, structure));
    }
    let mut strips = boxed(lines, width, background, bar);
    let last = strips.len() - 1;
    strips[..last].iter_mut().for_each(|strip| strip.keep = true);
    strips
}

/// Lines in a tinted box with a bar at its left.
fn boxed(mut lines: Vec<Strip>, width: f64, background: Color, bar: Color) -> Vec<Strip> {
    let last = lines.len() - 1;
    for (index, line) in lines.iter_mut().enumerate() {
        let above = if index == 0 { PADDING } else { 0.0 };
        let below = if index == last { PADDING } else { 0.0 };
        line.height += above + below;
        // A hair more than the line, so that no seam shows between two of them.
        let height = line.height + if index == last { 0.0 } else { 0.3 };
        let mut marks = vec![
            Mark::rectangle(MARGIN, 0.0, width, height, background),
            Mark::rectangle(MARGIN, 0.0, BAR, height, bar),
        ];
        marks.extend(line.marks.drain(..).map(|mark| mark.moved(0.0, above)));
        line.marks = marks;
    }
    lines
}
