//! What a page is set in: the house's own faces, which it carries with it, or fonts that the reader's machine has.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::report::charts::PAGE_FAMILY;
use crate::report::theme::Theme;
use crate::report::typeface::{Face, Style};

/// The families in the order they are asked for.
pub(super) fn families(theme: &Theme) -> String {
    const SYSTEM: &str = "-apple-system,BlinkMacSystemFont,\"Segoe UI\",Roboto,\"Helvetica Neue\",Arial,sans-serif";
    let others = if theme.families.is_empty() { SYSTEM } else { &theme.families };
    if theme.typeface.is_shipped() { others.to_owned() } else { format!("{PAGE_FAMILY},{others}") }
}

/// The rules that bring the house's faces along; nothing for the shipped typeface, which no page needs to look well.
pub(super) fn faces(theme: &Theme) -> String {
    if theme.typeface.is_shipped() {
        return String::new();
    }
    let rule = |(style, look): (Style, &str)| {
        let file = subset(theme.typeface.face(style)).ok()?;
        let file = STANDARD.encode(file);
        Some(format!("@font-face{{font-family:{PAGE_FAMILY};{look};src:url(data:font/ttf;base64,{file})}}\n"))
    };
    let looks = [(Style::Regular, "font-weight:400"), (Style::Bold, "font-weight:600 700")];
    looks.into_iter().filter_map(rule).collect()
}

/// The face with the characters of reports: Latin, Greek, Cyrillic, punctuation, currencies, arrows, signs. The same for every
/// page, since readers compare and archive them.
fn subset(face: Face) -> Result<Vec<u8>, String> {
    let ranges = [0x20..=0x17f_u32, 0x370..=0x3ff, 0x400..=0x45f, 0x2010..=0x2044, 0x20a0..=0x20bf, 0x2100..=0x2265];
    let characters = ranges.into_iter().flatten().filter_map(char::from_u32);
    let known: std::collections::BTreeSet<u16> =
        characters.map(|it| face.glyph(it)).filter(|glyph| *glyph != 0).collect();
    let glyphs: Vec<u16> = std::iter::once(0).chain(known).collect();
    face.subset(&glyphs)
}
