//! How wide texts are in a terminal, and lines of at most so many columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The columns a line has: what mail programs show without breaking it.
pub(super) const WIDTH: usize = 76;

/// How many columns a text takes; Cyrillic letters take one, emoji and Chinese characters two.
pub(super) fn of(text: &str) -> usize {
    text.width()
}

/// The text with spaces after it up to a width.
pub(super) fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(of(text))))
}

/// The text with spaces before it up to a width.
pub(super) fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(of(text))))
}

/// The text in lines of at most `width` columns, broken at spaces; a word longer than a line is broken anywhere. `first`
/// stands before the first line, `next` before the others.
pub fn wrap(text: &str, width: usize, first: &str, next: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !empty && of(&line) + 1 + of(word) > width {
            lines.push(std::mem::replace(&mut line, next.to_owned()));
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        empty = false;
        if of(&line) + of(word) <= width {
            line.push_str(word);
            continue;
        }
        for character in word.chars() {
            if of(&line) + character.width().unwrap_or(0) > width && of(&line) > of(next) {
                lines.push(std::mem::replace(&mut line, next.to_owned()));
            }
            line.push(character);
        }
    }
    if !empty {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_by_what_is_seen() {
        assert_eq!(wrap("one two three", 7, "", ""), ["one two", "three"]);
        assert_eq!(wrap("один два три", 8, "- ", "  "), ["- один", "  два", "  три"]);
        assert_eq!(wrap("abcdefgh ij", 4, "", ""), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("😀😀😀", 4, "", ""), ["😀😀", "😀"]);
        assert_eq!(wrap("12\u{a0}408 calls", 7, "", ""), ["12\u{a0}408", "calls"]);
        assert_eq!(wrap("  ", 7, "- ", ""), Vec::<String>::new());
        assert_eq!(right("да", 4), "  да");
    }
}
