//! The three faces a PDF is set in: which characters they can draw, how wide these are, and the subset of a face that
//! is embedded. No layout here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use allsorts::binary::read::ReadScope;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use printpdf::{ParsedFont, PdfFont};

use super::PdfError;
use crate::report::fonts;

/// A face of the report's font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    /// Roboto Regular.
    Regular,
    /// Roboto Bold.
    Bold,
    /// Roboto Italic.
    Italic,
}

impl Face {
    /// Every face, in the order of their numbers.
    pub(super) const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Italic];

    /// The face's name in the file's resources.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Regular => "Regular",
            Self::Bold => "Bold",
            Self::Italic => "Italic",
        }
    }

    /// The width of a character in ems. The character has gone through [`drawable`].
    pub(super) fn advance(self, character: char) -> f64 {
        let metrics = self.metrics();
        let width = match metrics.near.get(character as usize) {
            Some(width) => *width,
            None => metrics.width(character),
        };
        f64::from(width)
    }

    fn metrics(self) -> &'static Metrics {
        static METRICS: OnceLock<[Metrics; 3]> = OnceLock::new();
        &METRICS.get_or_init(|| Self::ALL.map(Metrics::parse))[self as usize]
    }

    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => fonts::REGULAR,
            Self::Bold => fonts::BOLD,
            Self::Italic => fonts::ITALIC,
        }
    }
}

/// The character that is drawn in place of this one; none for characters that have no width and no look of their own.
/// Line breaks become spaces, and what the font does not know (emoji, other scripts) becomes a visible sign.
pub(super) fn drawable(character: char) -> Option<char> {
    match character {
        ' '..='~' => Some(character),
        '\n' | '\r' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        // Soft hyphens, joiners, direction marks, variation selectors and tags are instructions, not characters.
        '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{e0000}'..='\u{e01ef}' => None,
        control if control.is_control() => None,
        known if Face::ALL.iter().all(|face| face.metrics().knows(known)) => Some(known),
        '\u{202f}' | '\u{2007}' => Some('\u{a0}'),
        space if space.is_whitespace() => Some(' '),
        '\u{2212}' => Some('–'),
        '\u{2010}' | '\u{2011}' => Some('-'),
        _ => Some(replacement()),
    }
}

/// Whether a character is one the fonts cannot draw, so that a sign stands in its place.
pub(super) fn is_missing(character: char) -> bool {
    character != replacement() && drawable(character) == Some(replacement())
}

/// The part of a face that draws these characters, ready to be embedded. Each character gets a glyph of its own even
/// where the font draws two alike (Latin and Cyrillic А), since copied and searched text comes from the glyphs.
pub(super) fn embedded(face: Face, used: &BTreeSet<char>) -> Result<PdfFont, PdfError> {
    let metrics = face.metrics();
    // Glyph 0 is the one for missing characters; formats want it first.
    let mut glyphs = vec![0_u16];
    let mut codepoint_to_glyph = BTreeMap::new();
    let mut glyph_widths = BTreeMap::new();
    for character in used {
        let glyph = metrics.font.lookup_glyph_index(u32::from(*character)).unwrap_or(0);
        // At most 65,535 glyphs: a subset is smaller than its font but for the doubles named above.
        let new = u16::try_from(glyphs.len())
            .map_err(|_| PdfError::Font { face: face.name(), reason: "too many characters".to_owned() })?;
        glyphs.push(glyph);
        codepoint_to_glyph.insert(u32::from(*character), new);
        glyph_widths.insert(new, metrics.font.get_glyph_width(glyph).unwrap_or(0));
    }

    let failed = |reason: String| PdfError::Font { face: face.name(), reason };
    let data = ReadScope::new(face.bytes()).read::<FontData<'_>>().map_err(|error| failed(error.to_string()))?;
    let provider = data.table_provider(0).map_err(|error| failed(error.to_string()))?;
    let original_bytes = subset(&provider, &glyphs, &SubsetProfile::Minimal, CmapTarget::Unicode)
        .map_err(|error| failed(error.to_string()))?;

    Ok(PdfFont::new(ParsedFont {
        original_bytes,
        font_index: 0,
        // Six letters and a plus mark a subset; they are the same in every file, so that bytes are too.
        font_name: Some(format!("CLBRPT+Roboto-{}", face.name())),
        codepoint_to_glyph,
        glyph_widths,
        units_per_em: metrics.font.units_per_em,
        font_metrics: metrics.font.font_metrics.clone(),
        font_type: metrics.font.font_type,
        pdf_font_metrics: metrics.font.pdf_font_metrics.clone(),
    }))
}

/// How far widths are kept in an array: Latin, Greek, Cyrillic, punctuation.
const NEAR: usize = 0x2200;

struct Metrics {
    font: ParsedFont,
    /// Widths in ems by code point; the lookup every character of a report takes.
    near: Vec<f32>,
}

impl Metrics {
    fn parse(face: Face) -> Self {
        let font = ParsedFont::from_bytes(face.bytes(), 0, &mut Vec::new()).expect("the embedded fonts are readable");
        let mut metrics = Self { font, near: Vec::new() };
        metrics.near = (0..NEAR as u32).map(|code| char::from_u32(code).map_or(0.0, |it| metrics.width(it))).collect();
        metrics
    }

    fn knows(&self, character: char) -> bool {
        self.font.lookup_glyph_index(u32::from(character)).is_some_and(|glyph| glyph != 0)
    }

    fn width(&self, character: char) -> f32 {
        let glyph = self.font.lookup_glyph_index(u32::from(character)).unwrap_or(0);
        f32::from(self.font.get_glyph_width(glyph).unwrap_or(0)) / f32::from(self.font.units_per_em.max(1))
    }
}

fn replacement() -> char {
    static REPLACEMENT: OnceLock<char> = OnceLock::new();
    *REPLACEMENT.get_or_init(|| {
        let known = |it: &char| Face::ALL.iter().all(|face| face.metrics().knows(*it));
        ['□', '\u{fffd}'].into_iter().find(known).unwrap_or('?')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_without_a_glyph_become_visible_and_instructions_vanish() {
        let check = |text: &str, expected: &str| {
            let drawn: String = text.chars().filter_map(drawable).collect();
            assert_eq!(drawn.replace(replacement(), "?"), expected, "{text:?}");
        };
        check("Очередь «Продажи» № 5 — 12,5\u{a0}%", "Очередь «Продажи» № 5 — 12,5\u{a0}%");
        check("a\r\nb\tc", "a  b c");
        check("☎️ 😀", "? ?");
        check("so\u{ad}ft\u{200b}er\u{0}", "softer");
        check("12\u{202f}345 \u{2212}5", "12\u{202f}345 \u{2212}5");
    }

    #[test]
    fn digits_are_of_equal_width_so_that_columns_of_numbers_align() {
        for face in Face::ALL {
            let widths: BTreeSet<String> = ('0'..='9').map(|digit| face.advance(digit).to_string()).collect();
            assert_eq!(widths.len(), 1, "{face:?}: {widths:?}");
        }
    }

    #[test]
    fn letters_that_look_alike_keep_their_own_glyphs() {
        let font = embedded(Face::Bold, &"AАCС \u{a0}".chars().collect()).unwrap().parsed_font;
        let glyphs: BTreeSet<u16> = font.codepoint_to_glyph.values().copied().collect();
        assert_eq!(glyphs.len(), 6);
        assert!(font.original_bytes.len() < 10_000, "{} bytes", font.original_bytes.len());
    }
}
