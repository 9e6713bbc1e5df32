//! Text from data and people made fit for a mail's header: one line, no invisible commands, not endless.

/// The text on one line without control and bidirectional-override characters, cut to so many characters. A name
/// with CR LF would make the message builder panic; a reversed subject can look like another one.
pub fn clean(text: &str, longest: usize) -> String {
    // Line ends and tabs separate words, so they become spaces; other control characters just go.
    let visible = text.chars().filter_map(|character| match character {
        character if character.is_whitespace() => Some(' '),
        character if character.is_control() || is_invisible_command(character) => None,
        character => Some(character),
    });
    let mut cleaned: Vec<char> = Vec::new();
    for character in visible {
        if character == ' ' && matches!(cleaned.last(), None | Some(' ')) {
            continue;
        }
        cleaned.push(character);
        // One more than fits, and a space that may turn out to be the last character.
        if cleaned.len() > longest + 1 {
            break;
        }
    }
    let mut cleaned = cleaned.into_iter().collect::<String>().trim_end().to_owned();
    if let Some((end, _)) = cleaned.char_indices().nth(longest) {
        let cut = cleaned[..end].char_indices().last().map_or(0, |(last, _)| last);
        cleaned.truncate(cut);
        cleaned.truncate(cleaned.trim_end().len());
        cleaned.push('…');
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
        check("twelve chars", "twelve chars");
        check("twelve chars  \n", "twelve chars");
        check("thirteen chars", "thirteen ch…");
        check("ten chars! and more", "ten chars!…");
        check("", "");
        check("\r\n", "");
        assert_eq!(clean(&"я".repeat(10_000), 100).chars().count(), 100);
    }
}
