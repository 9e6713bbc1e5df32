//! How values pass through Markdown and YAML without ever becoming markup: each character that could mean something
//! there travels as a private-use character, which means nothing anywhere, and is turned back after parsing.

use std::io::{self, Write};

/// Where the stand-ins begin: ASCII punctuation `c` travels as `U+E000 + c`.
const STAND_INS: u32 = 0xE000;
/// The stretch of stand-ins, one for each ASCII character.
const STAND_INS_END: u32 = STAND_INS + 0x7F;

/// Writes a value so that no Markdown or YAML parser finds structure in it; [`restore`] gives it back.
pub(super) fn write_masked(value: &str, output: &mut dyn Write) -> io::Result<()> {
    let mut buffer = [0; 4];
    for character in one_line(value) {
        let masked = if character.is_ascii_punctuation() {
            char::from_u32(STAND_INS + u32::from(character)).unwrap_or(character)
        } else {
            character
        };
        output.write_all(masked.encode_utf8(&mut buffer).as_bytes())?;
    }
    Ok(())
}

/// Writes a value into plain text, such as a subject: on one line, without invisible characters.
pub(super) fn write_plain(value: &str, output: &mut dyn Write) -> io::Result<()> {
    output.write_all(one_line(value).collect::<String>().as_bytes())
}

/// The text with its stand-ins turned back into what they stand for.
pub(super) fn restore(text: &str) -> String {
    text.chars()
        .map(|character| match u32::from(character) {
            code @ STAND_INS..=STAND_INS_END => char::from_u32(code - STAND_INS).unwrap_or(character),
            _ => character,
        })
        .collect()
}

/// A value of the data as one line of at most `limit` characters, for cells, labels and sentences.
pub(super) fn label(value: &str, limit: usize) -> String {
    let line: String = one_line(value).collect();
    let line = line.trim();
    if line.chars().count() <= limit {
        return line.to_owned();
    }
    let mut short: String = line.chars().take(limit.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// The characters of a value on one line: runs of white space and control characters become one space, characters
/// that turn the reading direction or hide are dropped, and private-use characters, which the data has no right to,
/// become the replacement character. No-break spaces stay, numbers need them.
fn one_line(value: &str) -> impl Iterator<Item = char> {
    let mut after_space = false;
    value.chars().filter_map(move |character| {
        if character == '\u{a0}' || character == '\u{202f}' {
            after_space = false;
            return Some(character);
        }
        if character.is_whitespace() || character.is_control() {
            return if std::mem::replace(&mut after_space, true) { None } else { Some(' ') };
        }
        if matches!(character, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        {
            return None;
        }
        after_space = false;
        Some(if matches!(character, '\u{e000}'..='\u{f8ff}') { '\u{fffd}' } else { character })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_as_they_were() {
        for value in
            ["**x**", "<script>alert(1)</script>", "```kpis", "a|b", "[a](javascript:x)", "Иванова, А.", "−3,1 п. п."]
        {
            let mut masked = Vec::new();
            write_masked(value, &mut masked).unwrap();
            let masked = String::from_utf8(masked).unwrap();
            assert!(!masked.chars().any(|character| character.is_ascii_punctuation()), "{masked:?}");
            assert_eq!(restore(&masked), value);
        }
    }

    #[test]
    fn lines_and_invisible_characters_go() {
        assert_eq!(label("a\r\n\r\n  b\u{202e}c\u{e02a}\u{0}", 80), "a bc\u{fffd}");
        assert_eq!(label("1\u{202f}000", 80), "1\u{202f}000");
        assert_eq!(label(&"я".repeat(10_000), 5), "яяяя…");
    }
}
