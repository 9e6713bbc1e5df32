//! How KPIs came about as strips: for each its name and value on one line, what it measures, its formula, and a line for
//! each part. A KPI's strips stay together on a page.

use super::flow::Strip;
use super::mark::Mark;
use super::paper::MARGIN;
use super::setup::{SMALL, Setup};
use super::structure::{Kind, Structure};
use super::text::{Look, capped};
use crate::report::document::{Explained, ExplainedKpi, ExplainedPart};
use crate::report::theme::Theme;

/// The most characters of one text that are shown.
const MOST_CHARACTERS: usize = 600;
/// The size of definitions and formulas.
const SIZE: f64 = 8.5;
/// The height of a line as a multiple of the font size.
const LEADING: f64 = 1.35;
/// The space between two KPIs, half of it under the line between them.
const BETWEEN: f64 = 9.0;
/// How far formulas and parts stand in.
const INDENT: f64 = 8.0;
/// Where the values of parts end, as a share of the line.
const VALUES_END: f64 = 0.48;
/// The space that values have; what stands left of them ends here.
const VALUES: f64 = 54.0;
/// The space between the columns of parts.
const GAP: f64 = 12.0;

/// The block's strips, in reading order.
pub(super) fn strips(explained: &Explained, setup: Setup<'_>, structure: &mut Structure) -> Vec<Strip> {
    let setting = Setting::new(setup);
    let mut strips = Vec::new();
    for kpi in &explained.kpis {
        let kpi = setting.kpi(kpi);
        strips.extend(read_line_by_line(kpi, structure));
    }
    let named: Vec<(String, &String)> =
        explained.facts.iter().map(|(name, fact)| (setting.name.fit(name, setting.width / 4.0), fact)).collect();
    let names = named.iter().map(|(name, _)| setting.name.width(name)).fold(0.0, f64::max);
    let mut facts = Vec::new();
    for (name, fact) in named {
        let left = names + GAP;
        let lines = setting.small.lines(&capped(fact, MOST_CHARACTERS), setting.width - left);
        for (index, line) in lines.into_iter().enumerate() {
            let middle = SMALL * LEADING / 2.0;
            let name = (index == 0).then(|| setting.name.mark(MARGIN, middle, name.as_str()));
            let marks = name.into_iter().chain([setting.small.mark(MARGIN + left, middle, line)]).collect();
            facts.push(Strip { height: SMALL * LEADING, marks, keep: true, ..Strip::default() });
        }
    }
    strips.extend(read_line_by_line(setting.ruled(facts), structure));
    strips
}

/// Each strip as a paragraph of its own.
fn read_line_by_line(mut strips: Vec<Strip>, structure: &mut Structure) -> Vec<Strip> {
    for strip in strips.iter_mut().filter(|strip| strip.marks.iter().any(|mark| matches!(mark, Mark::Text(_)))) {
        strip.element = Some(structure.add(Kind::Paragraph, None));
    }
    strips
}

/// The looks of the block's texts.
struct Setting<'a> {
    theme: &'a Theme,
    width: f64,
    title: Look,
    text: Look,
    target: Look,
    formula: Look,
    small: Look,
    part: Look,
    name: Look,
}

impl<'a> Setting<'a> {
    fn new(setup: Setup<'a>) -> Self {
        let theme = setup.theme;
        let look = |face, size, color| Look { face, size, color };
        Self {
            theme,
            width: setup.sheet.measure(),
            title: look(theme.bold(), 9.5, theme.ink),
            text: look(theme.regular(), SIZE, theme.ink),
            target: look(theme.regular(), SIZE, theme.muted),
            formula: look(theme.regular(), SIZE, theme.brand),
            small: look(theme.regular(), SMALL, theme.muted),
            part: look(theme.regular(), SMALL, theme.ink),
            name: look(theme.bold(), SMALL, theme.muted),
        }
    }

    fn kpi(&self, kpi: &ExplainedKpi) -> Vec<Strip> {
        let mut strips = vec![self.head(kpi)];
        let line = |look: &Look, x: f64, text: String| {
            let height = LEADING * look.size;
            Strip { height, keep: true, marks: vec![look.mark(x, height / 2.0, text)], ..Strip::default() }
        };
        if let Some(definition) = &kpi.definition {
            let lines = self.text.lines(&capped(definition, MOST_CHARACTERS), self.width);
            strips.extend(lines.into_iter().map(|text| line(&self.text, MARGIN, text)));
        }
        let first = strips.len();
        for formula in &kpi.formula {
            let lines = self.formula.lines(&capped(formula, MOST_CHARACTERS), self.width - INDENT);
            strips.extend(lines.into_iter().map(|text| line(&self.formula, MARGIN + INDENT, text)));
        }
        if let Some(formula) = strips.get_mut(first) {
            formula.before = 2.0;
        }
        let first = strips.len();
        strips.extend(kpi.parts.iter().map(|part| self.part(part)));
        if let Some(part) = strips.get_mut(first) {
            part.before = 2.0;
        }
        self.ruled(strips)
    }

    /// Strips that belong together, with a line above them.
    fn ruled(&self, mut strips: Vec<Strip>) -> Vec<Strip> {
        if let Some(last) = strips.last_mut() {
            last.keep = false;
            last.height += BETWEEN / 2.0;
        }
        let rule = Mark::rule(MARGIN, 0.0, self.width, 0.5, self.theme.line);
        let above = Strip { height: BETWEEN / 2.0, marks: vec![rule], keep: true, ..Strip::default() };
        std::iter::once(above).chain(strips).collect()
    }

    /// The name and the target at the left, the value at the right.
    fn head(&self, kpi: &ExplainedKpi) -> Strip {
        let middle = 1.5 * self.title.size / 2.0;
        let value = self.title.fit(&kpi.value, self.width / 3.0);
        let name = self.title.fit(&kpi.title, 0.45 * self.width);
        let after = MARGIN + self.title.width(&name) + GAP;
        let mut marks = vec![self.title.mark(MARGIN, middle, name)];
        if let Some(target) = &kpi.target {
            let room = MARGIN + self.width - self.title.width(&value) - GAP - after;
            marks.push(self.target.mark(after, middle, self.target.fit(target, room.max(0.0))));
        }
        marks.push(self.title.mark(MARGIN + self.width - self.title.width(&value), middle, value));
        Strip { height: 2.0 * middle, keep: true, marks, ..Strip::default() }
    }

    /// The part, its value, and where it is from, beside each other.
    fn part(&self, part: &ExplainedPart) -> Strip {
        let leading = LEADING * SMALL;
        let (left, right) = (MARGIN + INDENT, MARGIN + VALUES_END * self.width + GAP);
        let column = |look: &Look, x: f64, end: f64, text: &str| -> Vec<Mark> {
            let lines = look.lines(&capped(text, MOST_CHARACTERS), end - x).into_iter();
            let middle = |line: usize| (line as f64 + 0.5) * leading;
            lines.enumerate().map(|(line, text)| look.mark(x, middle(line), text)).collect()
        };
        let mut marks = column(&self.part, left, MARGIN + VALUES_END * self.width - VALUES - GAP, &part.what);
        let origin = column(&self.small, right, MARGIN + self.width, &part.origin);
        let lines = marks.len().max(origin.len());
        let value = self.part.fit(&part.value, VALUES);
        marks.push(self.part.mark(MARGIN + VALUES_END * self.width - self.part.width(&value), leading / 2.0, value));
        marks.extend(origin);
        Strip { height: lines as f64 * leading, keep: true, marks, ..Strip::default() }
    }
}
