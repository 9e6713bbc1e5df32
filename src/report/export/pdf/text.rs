//! Running text into lines: inlines become pieces of one style, pieces are wrapped at a width with the font's own
//! measures. Nothing here knows pages.

use std::borrow::Cow;
use std::rc::Rc;

use super::fonts::drawable;
use super::mark::{Mark, TextMark};
use crate::report::charts::Color;
use crate::report::document::Inline;
use crate::report::export::clean::safe_address;
use crate::report::theme::Theme;
use crate::report::typeface::{Face, Style, Typeface};

/// The height of a line of running text as a multiple of the font size.
pub(super) const LEADING: f64 = 1.45;
/// Half the height of a capital: where the baseline lies below the middle of a line.
pub(super) const HALF_CAPITAL: f64 = 0.355;

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) face: Face,
    pub(super) size: f64,
    pub(super) color: Color,
}

impl Look {
    /// The width of a cleaned text in points.
    pub(super) fn width(&self, text: &str) -> f64 {
        text.chars().map(|character| advance(self.face, character)).sum::<f64>() * self.size
    }

    /// The text as a mark whose line is `middle` points below the strip's top, starting at `x`.
    pub(super) fn mark(&self, x: f64, middle: f64, text: impl Into<String>) -> Mark {
        let y = middle + HALF_CAPITAL * self.size;
        Mark::Text(TextMark { x, y, text: text.into(), face: self.face, size: self.size, color: self.color })
    }

    /// The text cut to a width, with an ellipsis where something was cut.
    pub(super) fn fit(&self, text: &str, width: f64) -> String {
        let text = clean(text, self.face.typeface());
        if self.width(&text) <= width {
            return text.into_owned();
        }
        let mut room = width / self.size - advance(self.face, '…');
        let kept: String = text
            .chars()
            .take_while(|character| {
                room -= advance(self.face, *character);
                room >= 0.0
            })
            .collect();
        format!("{}…", kept.trim_end())
    }

    /// The text in lines of at most this width; one empty line for an empty text.
    pub(super) fn lines(&self, text: &str, width: f64) -> Vec<String> {
        let text = clean(text, self.face.typeface());
        if self.width(&text) <= width {
            return vec![text.into_owned()];
        }
        let piece = Piece { text: text.into_owned(), look: *self, link: None, code: false };
        wrap(&[piece], width).into_iter().map(|line| line.into_iter().map(|it| it.text).collect()).collect()
    }
}

/// A stretch of text in one style.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) text: String,
    pub(super) look: Look,
    pub(super) link: Option<Rc<str>>,
    pub(super) code: bool,
}

/// A piece's part on one line, `x` points after the line's beginning.
#[derive(Clone, Debug)]
pub(super) struct Fragment {
    pub(super) x: f64,
    pub(super) width: f64,
    pub(super) text: String,
    pub(super) look: Look,
    link: Option<Rc<str>>,
    code: bool,
}

impl Fragment {
    /// Whether it leads to an address.
    pub(super) fn is_link(&self) -> bool {
        self.link.is_some()
    }

    /// The marks of the fragment on a line that begins at `x` and has its middle at `middle`.
    pub(super) fn marks(self, x: f64, middle: f64, theme: &Theme, out: &mut Vec<Mark>) {
        let (x, size) = (x + self.x, self.look.size);
        if self.code {
            let (height, radius) = (1.3 * size, 2.0);
            let y = middle - height / 2.0;
            out.push(Mark::Rectangle {
                x: x - 1.5,
                y,
                width: self.width + 3.0,
                height,
                radius,
                color: theme.brand_tint,
            });
        }
        if let Some(address) = self.link {
            let color = self.look.color;
            out.push(Mark::rule(x, middle + (HALF_CAPITAL + 0.16) * size, self.width, 0.5, color));
            out.push(Mark::Link { x, y: middle - 0.6 * size, width: self.width, height: 1.2 * size, address });
        }
        out.push(self.look.mark(x, middle, self.text));
    }
}

/// The inlines as pieces in this look; bold, italic, code and links differ from it.
pub(super) fn pieces(inlines: &[Inline], look: Look, theme: &Theme) -> Vec<Piece> {
    let mut out = Vec::new();
    collect(inlines, &Piece { text: String::new(), look, link: None, code: false }, theme, &mut out);
    out
}

fn collect(inlines: &[Inline], like: &Piece, theme: &Theme, out: &mut Vec<Piece>) {
    for inline in inlines {
        match inline {
            Inline::Text(text) => {
                out.push(Piece { text: clean(text, like.look.face.typeface()).into_owned(), ..like.clone() })
            }
            Inline::Code(text) => out.push(Piece {
                text: clean(text, like.look.face.typeface()).into_owned(),
                code: true,
                ..like.clone()
            }),
            Inline::LineBreak => out.push(Piece { text: "\n".to_owned(), ..like.clone() }),
            Inline::Strong(inner) => {
                let look = Look { face: like.look.face.styled(Style::Bold), ..like.look };
                collect(inner, &Piece { look, ..like.clone() }, theme, out);
            }
            Inline::Emphasis(inner) => {
                // There is no bold italic: what is bold already stays bold.
                let style = if like.look.face.style() == Style::Bold { Style::Bold } else { Style::Italic };
                let face = like.look.face.styled(style);
                collect(inner, &Piece { look: Look { face, ..like.look }, ..like.clone() }, theme, out);
            }
            Inline::Link { text, address } => match safe_address(address) {
                Some(address) => {
                    let look = Look { color: theme.brand, ..like.look };
                    collect(text, &Piece { look, link: Some(address.into()), ..like.clone() }, theme, out);
                }
                // Only its words are shown where an address is none a report may lead to.
                None => collect(text, like, theme, out),
            },
        }
    }
}

/// A text as it is drawn: only characters the font has, no line breaks, no runs of spaces.
pub(super) fn clean<'a>(text: &'a str, typeface: &Typeface) -> Cow<'a, str> {
    // A house's own typeface may lack what the shipped one has.
    let cyrillic = typeface.is_shipped();
    let ordinary = |character: char| matches!(character, '!'..='~') || (cyrillic && matches!(character, 'А'..='я'));
    let mut space = false;
    let clean = text.chars().all(|character| {
        let double = space && character == ' ';
        space = character == ' ';
        (space && !double) || ordinary(character)
    });
    if clean {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars().filter_map(|character| drawable(character, typeface)) {
        if character != ' ' || !out.ends_with(' ') {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// The width of a character in ems; the character is one that is drawn.
pub(super) fn advance(face: Face, character: char) -> f64 {
    face.width(character).unwrap_or_else(|| face.missing_width())
}

/// A text of at most so many characters, with an ellipsis where something was cut.
pub(super) fn capped(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => Cow::Owned(format!("{}…", text[..end].trim_end())),
        None => Cow::Borrowed(text),
    }
}

/// The pieces in lines of at most this width. Lines break at spaces and after hyphens; a word that is longer than a
/// line is broken where the line is full. There is at least one line.
pub(super) fn wrap(pieces: &[Piece], width: f64) -> Vec<Vec<Fragment>> {
    let glyphs: Vec<(char, f64, usize)> = pieces
        .iter()
        .enumerate()
        .flat_map(|(index, piece)| {
            piece.text.chars().map(move |it| (it, advance(piece.look.face, it) * piece.look.size, index))
        })
        .collect();
    let mut lines = Vec::new();
    let mut start = 0;
    loop {
        let (end, next) = line_end(&glyphs, start, width);
        lines.push(fragments(&glyphs[start..end], pieces));
        match next {
            Some(next) => start = next,
            None => return lines,
        }
    }
}

/// Where the line that begins at `start` ends, and where the next one begins; none after the last.
fn line_end(glyphs: &[(char, f64, usize)], start: usize, width: f64) -> (usize, Option<usize>) {
    let mut used = 0.0;
    let mut chance = None;
    for (index, (character, advance, _)) in glyphs.iter().enumerate().skip(start) {
        if *character == '\n' {
            return (index, Some(index + 1));
        }
        used += advance;
        // A space at the end of a line takes no room.
        if used > width + 0.01 && *character != ' ' && index > start {
            let end = chance.unwrap_or(index);
            let next = (end..glyphs.len()).find(|index| glyphs[*index].0 != ' ').unwrap_or(end);
            return (end, Some(next));
        }
        let letter_before = index > start && glyphs[index - 1].0.is_alphabetic();
        if *character == ' ' || (matches!(character, '-' | '–' | '—' | '/') && letter_before) {
            chance = Some(index + 1);
        }
    }
    (glyphs.len(), None)
}

fn fragments(glyphs: &[(char, f64, usize)], pieces: &[Piece]) -> Vec<Fragment> {
    let kept = glyphs.iter().rposition(|glyph| glyph.0 != ' ').map_or(0, |last| last + 1);
    let mut x = 0.0;
    glyphs[..kept]
        .chunk_by(|left, right| left.2 == right.2)
        .map(|run| {
            let piece = &pieces[run[0].2];
            let width: f64 = run.iter().map(|glyph| glyph.1).sum();
            let text = run.iter().map(|glyph| glyph.0).collect();
            x += width;
            Fragment { x: x - width, width, text, look: piece.look, link: piece.link.clone(), code: piece.code }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn face(style: Style) -> Face {
        Typeface::shipped().face(style)
    }

    fn look() -> Look {
        Look { face: face(Style::Regular), size: 10.0, color: Color::hex(0) }
    }

    #[test]
    fn lines_break_at_spaces_and_nothing_is_lost() {
        let check = |text: &str, width: f64, expected: &[&str]| {
            assert_eq!(look().lines(text, width), expected, "{text:?} at {width}");
        };
        check("", 50.0, &[""]);
        check("one two three", 500.0, &["one two three"]);
        check("one two three", 40.0, &["one two", "three"]);
        check("первый второй третий", 80.0, &["первый второй", "третий"]);
        check("call-centre", 30.0, &["call-", "centre"]);
        check("12\u{a0}345 calls", 40.0, &["12\u{a0}345", "calls"]);
        check("a\r\nb", 500.0, &["a b"]);
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken() {
        let name = "Ж".repeat(10_000);
        let lines = look().lines(&name, 200.0);
        assert!(lines.iter().all(|line| look().width(line) <= 200.01));
        assert_eq!(lines.concat(), name);
    }

    #[test]
    fn a_cut_text_fits_and_says_so() {
        let cut = look().fit("a rather long name of a queue", 60.0);
        assert!(cut.ends_with('…') && look().width(&cut) <= 60.0, "{cut}");
        assert_eq!(capped("abcdef", 3), "abc…");
        assert_eq!(capped("abc", 3), "abc");
    }

    #[test]
    fn styles_and_line_breaks_survive_wrapping() {
        let theme = Theme::default();
        let inlines = [
            Inline::Text("Service ".into()),
            Inline::Strong(vec![Inline::Text("level".into()), Inline::Emphasis(vec![Inline::Text("!".into())])]),
            Inline::LineBreak,
            Inline::Link { text: vec![Inline::Text("more".into())], address: "https://example.org".into() },
        ];
        let lines = wrap(&pieces(&inlines, look(), &theme), 500.0);
        let seen: Vec<Vec<(String, Face, bool)>> = lines
            .iter()
            .map(|line| line.iter().map(|it| (it.text.clone(), it.look.face, it.link.is_some())).collect())
            .collect();
        assert_eq!(
            seen,
            [
                vec![
                    ("Service ".to_owned(), face(Style::Regular), false),
                    ("level".to_owned(), face(Style::Bold), false),
                    ("!".to_owned(), face(Style::Bold), false)
                ],
                vec![("more".to_owned(), face(Style::Regular), true)],
            ]
        );
    }
}
