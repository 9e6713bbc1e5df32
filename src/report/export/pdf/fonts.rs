//! What a PDF draws in place of each character, and the part of a face that it carries with it. No layout here.

use std::collections::{BTreeMap, BTreeSet};

use printpdf::{ParsedFont, PdfFont};

use super::PdfError;
use crate::report::typeface::{Face, Typeface};

/// The character that is drawn in place of this one; none for characters that have no width and no look of their own.
/// Line breaks become spaces, and what the font does not know (emoji, other scripts) becomes a visible sign.
pub(super) fn drawable(character: char, typeface: &Typeface) -> Option<char> {
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
        known if typeface.knows(known) => Some(known),
        '\u{202f}' | '\u{2007}' => Some('\u{a0}'),
        space if space.is_whitespace() => Some(' '),
        '\u{2212}' => Some('–'),
        '\u{2010}' | '\u{2011}' => Some('-'),
        _ => Some(replacement(typeface)),
    }
}

/// Whether a character is one the fonts cannot draw, so that a sign stands in its place.
pub(super) fn is_missing(character: char, typeface: &Typeface) -> bool {
    let replacement = replacement(typeface);
    character != replacement && drawable(character, typeface) == Some(replacement)
}

/// The part of a face that draws these characters, ready to be embedded. Each character gets a glyph of its own even
/// where the font draws two alike (Latin and Cyrillic А), since copied and searched text comes from the glyphs.
pub(super) fn embedded(face: Face, used: &BTreeSet<char>) -> Result<PdfFont, PdfError> {
    let (parsed, name) = (face.parsed(), face.style().name());
    // Glyph 0 is the one for missing characters; formats want it first.
    let mut glyphs = vec![0_u16];
    let mut codepoint_to_glyph = BTreeMap::new();
    let mut glyph_widths = BTreeMap::new();
    for character in used {
        let glyph = face.glyph(*character);
        // At most 65,535 glyphs: a subset is smaller than its font but for the doubles named above.
        let new = u16::try_from(glyphs.len())
            .map_err(|_| PdfError::Font { face: name, reason: "too many characters".to_owned() })?;
        glyphs.push(glyph);
        codepoint_to_glyph.insert(u32::from(*character), new);
        glyph_widths.insert(new, parsed.get_glyph_width(glyph).unwrap_or(0));
    }
    let original_bytes = face.subset(&glyphs).map_err(|reason| PdfError::Font { face: name, reason })?;

    Ok(PdfFont::new(ParsedFont {
        original_bytes,
        font_index: 0,
        // Six letters and a plus mark a subset; they are the same in every file, so that bytes are too.
        font_name: Some(format!("CLBRPT+{}-{name}", ascii_name(face.family()))),
        codepoint_to_glyph,
        glyph_widths,
        units_per_em: parsed.units_per_em,
        font_metrics: parsed.font_metrics.clone(),
        font_type: parsed.font_type,
        pdf_font_metrics: parsed.pdf_font_metrics.clone(),
    }))
}

/// A family's name as names in PDFs may be: letters and digits.
fn ascii_name(family: &str) -> String {
    family.chars().filter(char::is_ascii_alphanumeric).take(40).collect()
}

/// The sign that stands for a character the typeface does not have.
fn replacement(typeface: &Typeface) -> char {
    ['□', '\u{fffd}'].into_iter().find(|sign| typeface.knows(*sign)).unwrap_or('?')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::typeface::Style;

    #[test]
    fn characters_without_a_glyph_become_visible_and_instructions_vanish() {
        let check = |text: &str, expected: &str| {
            let typeface = Typeface::shipped();
            let drawn: String = text.chars().filter_map(|character| drawable(character, typeface)).collect();
            assert_eq!(drawn.replace(replacement(typeface), "?"), expected, "{text:?}");
        };
        check("Очередь «Продажи» № 5 — 12,5\u{a0}%", "Очередь «Продажи» № 5 — 12,5\u{a0}%");
        check("a\r\nb\tc", "a  b c");
        check("☎️ 😀", "? ?");
        check("so\u{ad}ft\u{200b}er\u{0}", "softer");
        check("12\u{202f}345 \u{2212}5", "12\u{202f}345 \u{2212}5");
    }

    #[test]
    fn letters_that_look_alike_keep_their_own_glyphs() {
        let font =
            embedded(Typeface::shipped().face(Style::Bold), &"AАCС \u{a0}".chars().collect()).unwrap().parsed_font;
        let glyphs: BTreeSet<u16> = font.codepoint_to_glyph.values().copied().collect();
        assert_eq!(glyphs.len(), 6);
        assert!(font.original_bytes.len() < 10_000, "{} bytes", font.original_bytes.len());
    }
}
