//! Text from data and people made fit for a mail's header: one line, no invisible commands, not endless.

/// The text on one line without control and bidirectional-override characters, cut to so many characters. A name
/// with CR LF would make the message builder panic; a reversed subject can look like another one.
pub fn clean(text: &str, longest: usize) -> String {
    let mut cleaned = String::with_capacity(text.len().min(4 * longest));
    let mut characters = 0;
    let mut space_due = false;
    for character in text.chars() {
        // Line ends and tabs separate words, so they become a space before control characters are dropped.
        if character.is_whitespace() {
            space_due = !cleaned.is_empty();
            continue;
        }
        if character.is_control() || is_invisible_command(character) {
            continue;
        }
        let room = longest.saturating_sub(characters);
        if room <= 1 + usize::from(space_due) {
            cleaned.push('…');
            break;
        }
        if space_due {
            cleaned.push(' ');
            characters += 1;
            space_due = false;
        }
        cleaned.push(character);
        characters += 1;
    }
    cleaned
}

/// Marks that change the direction of what follows, and others that are not seen.
fn is_invisible_command(character: char) -> bool {
    matches!(
        character,
        '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
    )
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn text_becomes_one_honest_line() {
        let check = |text: &str, expected: &str| assert_eq!(clean(text, 12), expected, "{text:?}");
        check("Анна", "Анна");
        check("Bad\r\nBcc: x", "Bad Bcc: x");
        check("  a \t b  ", "a b");
        check("\u{0}a\u{1b}b\u{85}c", "ab c");
        check("\u{202E}gpj.exe", "gpj.exe");
        check("👩‍💻 ok", "👩‍💻 ok");
        check("twelve chars", "twelve char…");
        check("thirteen chars", "thirteen…");
        check("", "");
        check("\r\n", "");
        assert_eq!(clean(&"я".repeat(10_000), 100).chars().count(), 100);
    }
}
