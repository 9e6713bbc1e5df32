//! Whether the brackets of a formula fit together, and if not, which one is to blame. Brackets in texts and comments do
//! not count.

use std::ops::Range;

/// How the brackets of a text fit.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Brackets {
    /// Every one has its partner.
    Balanced,
    /// The innermost one that is not closed.
    Unclosed(Range<usize>),
    /// The first one that closes nothing.
    Stray(Range<usize>),
    /// The first one that is closed by one of another kind.
    Crossed {
        /// The opening one.
        open: Range<usize>,
        /// The closing one.
        close: Range<usize>,
    },
}

/// Looks at all brackets of a text.
pub(super) fn brackets(text: &str) -> Brackets {
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' | '`' => {
                while let Some((_, inner)) = letters.next() {
                    if inner == '\\' {
                        letters.next();
                    } else if inner == letter {
                        break;
                    }
                }
            }
            '/' if letters.peek().is_some_and(|(_, next)| *next == '/') => {
                letters.find(|(_, inner)| *inner == '\n');
            }
            '(' | '[' | '{' => open.push((letter, at)),
            ')' | ']' | '}' => match open.pop() {
                None => return Brackets::Stray(at..at + 1),
                Some((left, _)) if matches!((left, letter), ('(', ')') | ('[', ']') | ('{', '}')) => {}
                Some((_, left)) => return Brackets::Crossed { open: left..left + 1, close: at..at + 1 },
            },
            _ => {}
        }
    }
    open.pop().map_or(Brackets::Balanced, |(_, at)| Brackets::Unclosed(at..at + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bracket_to_blame_is_found() {
        assert_eq!(brackets("count(queue in [\"a)\", `(`]) // (("), Brackets::Balanced);
        assert_eq!(brackets("percent(count(a), count()"), Brackets::Unclosed(7..8));
        assert_eq!(brackets("percent(count(a"), Brackets::Unclosed(13..14));
        assert_eq!(brackets("count(a))"), Brackets::Stray(8..9));
        assert_eq!(brackets("count(q in [1, 2)"), Brackets::Crossed { open: 11..12, close: 16..17 });
        assert_eq!(brackets("\"never closed ("), Brackets::Balanced);
    }
}
