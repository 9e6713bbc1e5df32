//! The last look at texts that come from databases and templates before they are set: nothing in them may break a line,
//! turn the direction of the text around or grow without bounds. Escaping is each format's own affair.

/// No cell, tile or label is longer than this, in characters.
pub(super) const MOST_IN_CELL: usize = 300;
/// No stretch of running text is longer than this, in characters.
pub(super) const MOST_IN_TEXT: usize = 4_000;
/// An address longer than this is none a mail program opens.
const MOST_IN_ADDRESS: usize = 2_000;

/// The text on one line without control characters, cut with "…" after so many characters.
pub(super) fn clean(text: &str, most: usize) -> String {
    let mut cleaned = String::with_capacity(text.len().min(4 * most));
    let mut characters = text.chars().filter(|character| !is_direction_mark(*character));
    for character in characters.by_ref().take(most) {
        let breaks = character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}');
        cleaned.push(if breaks { ' ' } else { character });
    }
    if characters.next().is_some() {
        cleaned.pop();
        cleaned.truncate(cleaned.trim_end().len());
        cleaned.push('…');
    }
    cleaned
}

/// The address of a link when it is one a report may lead to: `https:`, `http:` or `mailto:`.
pub(super) fn safe_address(address: &str) -> Option<&str> {
    let address = address.trim();
    let scheme = |scheme: &str| address.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let known = scheme("https://") || scheme("http://") || scheme("mailto:");
    let plain = address.chars().all(|character| {
        !character.is_control()
            && !character.is_whitespace()
            && !is_direction_mark(character)
            && !"<>\"`\\".contains(character)
    });
    (known && plain && address.len() <= MOST_IN_ADDRESS).then_some(address)
}

/// Invisible characters that reverse what follows them, and byte order marks.
fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_stay_on_their_line_and_within_bounds() {
        assert_eq!(clean("Bcc: x\r\nSubject: y\u{202e}\u{0}", 300), "Bcc: x  Subject: y ");
        assert_eq!(clean("Иванова 😀", 300), "Иванова 😀");
        assert_eq!(clean("12345", 5), "12345");
        assert_eq!(clean("123456", 5), "1234…");
        assert_eq!(clean(&"я".repeat(10_000), 300).chars().count(), 300);
    }

    #[test]
    fn addresses_are_of_three_kinds() {
        for good in ["https://example.com/a?b=c&d=1", "HTTP://example.com", "mailto:a@example.com"] {
            assert_eq!(safe_address(good), Some(good));
        }
        let long = format!("https://example.com/{}", "a".repeat(3_000));
        for bad in [
            "javascript:alert(1)",
            " java\nscript:alert(1)",
            "data:text/html,x",
            "https://a\r\nb",
            "https://a\"onclick=",
            "//example.com",
            "https:example.com",
            "",
            "ж",
            &long,
        ] {
            assert_eq!(safe_address(bad), None, "{bad}");
        }
    }
}
