//! How wide a text is in the reports' own font, so that labels can be placed and shortened before anything is drawn.
//! No shaping: kerning makes real text a hair narrower, never wider.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use allsorts::Font;
use allsorts::binary::read::ReadScope;
use allsorts::font::MatchingPresentation;
use allsorts::font_data::FontData;

use super::TextWeight;
use crate::report::fonts;

/// The distance between baselines of stacked labels, in font sizes.
pub(super) const LINE_HEIGHT: f64 = 1.22;
/// How far a text reaches above its baseline, in font sizes.
pub(super) const ASCENT: f64 = 0.8;
/// How far below its middle line the baseline of a text with capitals and digits lies, in font sizes.
pub(super) const MIDDLE: f64 = 0.355;

/// The width of a text in points at a font size in points.
pub fn text_width(text: &str, size: f64, weight: TextWeight) -> f64 {
    let advances = advances(weight);
    let ems: f64 = text.chars().map(|character| advances.get(&character).copied().unwrap_or(UNKNOWN_ADVANCE)).sum();
    ems * size
}

/// Whether the font has every character, so that `text_width` is no guess.
pub(super) fn is_known(text: &str, weight: TextWeight) -> bool {
    let advances = advances(weight);
    text.chars().all(|character| advances.contains_key(&character))
}

/// The text on one line without control characters, shortened with "…" to a width in points; empty when not even one
/// character fits.
pub(super) fn fit(text: &str, size: f64, weight: TextWeight, width: f64) -> String {
    let text = single_line(text);
    if text_width(&text, size, weight) <= width {
        return text;
    }
    let mut kept = String::new();
    let mut used = text_width("…", size, weight);
    let mut buffer = [0; 4];
    for character in text.chars() {
        used += text_width(character.encode_utf8(&mut buffer), size, weight);
        if used > width {
            break;
        }
        kept.push(character);
    }
    let kept = kept.trim_end();
    if kept.is_empty() { String::new() } else { format!("{kept}…") }
}

/// The text split into lines of at most this width in points; what does not fit into `most` lines is cut with "…".
pub(super) fn wrap(text: &str, size: f64, weight: TextWeight, width: f64, most: usize) -> Vec<String> {
    let text = single_line(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match (joined, lines.last_mut()) {
            (Some(joined), Some(line)) if lines_full(most, line, &joined, size, weight, width) => *line = joined,
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(rest);
    }
    lines.into_iter().map(|line| fit(&line, size, weight, width)).filter(|line| !line.is_empty()).collect()
}

/// Whether a word still goes on the present line.
fn lines_full(most: usize, line: &str, joined: &str, size: f64, weight: TextWeight, width: f64) -> bool {
    most == 1 || line.is_empty() || text_width(joined, size, weight) <= width
}

/// Labels are names from a database: line ends, tabs and text-direction overrides must not move anything.
fn single_line(text: &str) -> String {
    let cleaned: String = text
        .chars()
        .take(MOST_CHARACTERS)
        .filter(|character| !matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .map(|character| if character.is_control() || character == '\u{2028}' || character == '\u{2029}' { ' ' } else { character })
        .collect();
    cleaned.trim().to_owned()
}

/// No label of a chart is longer than this, whatever the database holds.
const MOST_CHARACTERS: usize = 400;

/// The advance assumed for characters the font lacks, in font sizes: wide, so that nothing overlaps.
const UNKNOWN_ADVANCE: f64 = 1.0;

/// The advances of one weight, read from the font once.
fn advances(weight: TextWeight) -> &'static BTreeMap<char, f64> {
    static REGULAR: OnceLock<BTreeMap<char, f64>> = OnceLock::new();
    static BOLD: OnceLock<BTreeMap<char, f64>> = OnceLock::new();
    match weight {
        TextWeight::Regular => REGULAR.get_or_init(|| read_advances(fonts::REGULAR)),
        TextWeight::Bold => BOLD.get_or_init(|| read_advances(fonts::BOLD)),
    }
}

/// Advances of the characters that occur in labels: Latin, Greek, Cyrillic, punctuation, currency, arrows, signs.
fn read_advances(font: &'static [u8]) -> BTreeMap<char, f64> {
    let data = ReadScope::new(font).read::<FontData<'_>>().expect("the embedded font is a font");
    let provider = data.table_provider(0).expect("the embedded font has a table directory");
    let mut font = Font::new(provider).expect("the embedded font has the tables every font has");
    let units = font.head_table.units_per_em;
    let ranges = [0x20..=0x24f_u32, 0x370..=0x52f, 0x2000..=0x206f, 0x20a0..=0x20bf, 0x2100..=0x22ff];
    ranges
        .into_iter()
        .flatten()
        .filter_map(char::from_u32)
        .filter_map(|character| {
            let (glyph, _) = font.lookup_glyph_index(character, MatchingPresentation::NotRequired, None);
            let advance = if glyph == 0 { None } else { font.horizontal_advance(glyph) }?;
            Some((character, f64::from(advance) / f64::from(units)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_come_from_the_font() {
        let width = |text: &str| text_width(text, 10.0, TextWeight::Regular);
        assert_eq!(width(""), 0.0);
        assert_eq!(width("0000"), width("1111"), "digits are of equal width");
        assert!((5.0..6.5).contains(&width("0")), "{}", width("0"));
        assert!(width("Щ") > width("і"), "Cyrillic is known");
        assert!(text_width("Queue", 10.0, TextWeight::Bold) > width("Queue"));
    }

    #[test]
    fn long_texts_are_shortened_to_the_width() {
        for text in ["Billing and invoices", "Отдел продаж и сопровождения", "a\r\nb\u{202e}c", &"x".repeat(10_000)]
        {
            let fitted = fit(text, 9.0, TextWeight::Regular, 40.0);
            assert!(text_width(&fitted, 9.0, TextWeight::Regular) <= 40.0, "{fitted}");
            assert!(!fitted.chars().any(char::is_control), "{fitted:?}");
        }
        assert_eq!(fit("Sales", 9.0, TextWeight::Regular, 100.0), "Sales");
        assert_eq!(fit("Sales", 9.0, TextWeight::Regular, 2.0), "");
        assert_eq!(wrap("Mon 16 Nov", 9.0, TextWeight::Regular, 32.0, 2), ["Mon 16", "Nov"]);
        assert_eq!(wrap("one two three four", 9.0, TextWeight::Regular, 30.0, 2).len(), 2);
    }
}
