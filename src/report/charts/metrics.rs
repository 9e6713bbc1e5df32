//! How wide a text is in the face it is set in, so that labels can be placed and shortened before anything is drawn. No
//! shaping: kerning makes real text a hair narrower, never wider.

use crate::report::typeface::Face;

/// The distance between baselines of stacked labels, in font sizes.
pub(super) const LINE_HEIGHT: f64 = 1.22;
/// How far a text reaches above its baseline, in font sizes.
pub(super) const ASCENT: f64 = 0.8;
/// How far below its middle line the baseline of a text with capitals and digits lies, in font sizes.
pub(super) const MIDDLE: f64 = 0.355;

/// The width of a text in points at a font size in points.
pub fn text_width(text: &str, size: f64, face: Face) -> f64 {
    text.chars().map(|character| face.width(character).unwrap_or(UNKNOWN_ADVANCE)).sum::<f64>() * size
}

/// Whether the face has every character, so that `text_width` is no guess.
pub(super) fn is_known(text: &str, face: Face) -> bool {
    text.chars().all(|character| face.width(character).is_some())
}

/// The text on one line without control characters, shortened with "…" to a width in points; empty when not even one
/// character fits.
pub(super) fn fit(text: &str, size: f64, face: Face, width: f64) -> String {
    let text = single_line(text);
    if text_width(&text, size, face) <= width {
        return text;
    }
    let mut kept = String::new();
    let mut used = text_width("…", size, face);
    let mut buffer = [0; 4];
    for character in text.chars() {
        used += text_width(character.encode_utf8(&mut buffer), size, face);
        if used > width {
            break;
        }
        kept.push(character);
    }
    let kept = kept.trim_end();
    if kept.is_empty() { String::new() } else { format!("{kept}…") }
}

/// The text split into lines of at most this width in points; what does not fit into `most` lines is cut with "…".
pub(super) fn wrap(text: &str, size: f64, face: Face, width: f64, most: usize) -> Vec<String> {
    let text = single_line(text);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let joined = lines.last().map(|line| format!("{line} {word}"));
        match (joined, lines.last_mut()) {
            (Some(joined), Some(line)) if lines_full(most, line, &joined, size, face, width) => *line = joined,
            _ => lines.push(word.to_owned()),
        }
    }
    if lines.len() > most {
        let rest = lines.split_off(most.saturating_sub(1)).join(" ");
        lines.push(rest);
    }
    lines.into_iter().map(|line| fit(&line, size, face, width)).filter(|line| !line.is_empty()).collect()
}

/// Whether a word still goes on the present line.
fn lines_full(most: usize, line: &str, joined: &str, size: f64, face: Face, width: f64) -> bool {
    most == 1 || line.is_empty() || text_width(joined, size, face) <= width
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::typeface::{Style, Typeface};

    fn regular() -> Face {
        Typeface::shipped().face(Style::Regular)
    }

    #[test]
    fn widths_come_from_the_font() {
        let width = |text: &str| text_width(text, 10.0, regular());
        assert_eq!(width(""), 0.0);
        assert_eq!(width("0000"), width("1111"), "digits are of equal width");
        assert!((5.0..6.5).contains(&width("0")), "{}", width("0"));
        assert!(width("Щ") > width("і"), "Cyrillic is known");
        assert!(text_width("Queue", 10.0, regular().styled(Style::Bold)) > width("Queue"));
    }

    #[test]
    fn long_texts_are_shortened_to_the_width() {
        for text in ["Billing and invoices", "Отдел продаж и сопровождения", "a\r\nb\u{202e}c", &"x".repeat(10_000)]
        {
            let fitted = fit(text, 9.0, regular(), 40.0);
            assert!(text_width(&fitted, 9.0, regular()) <= 40.0, "{fitted}");
            assert!(!fitted.chars().any(char::is_control), "{fitted:?}");
        }
        assert_eq!(fit("Sales", 9.0, regular(), 100.0), "Sales");
        assert_eq!(fit("Sales", 9.0, regular(), 2.0), "");
        assert_eq!(wrap("Mon 16 Nov", 9.0, regular(), 32.0, 2), ["Mon 16", "Nov"]);
        assert_eq!(wrap("one two three four", 9.0, regular(), 30.0, 2).len(), 2);
    }
}
