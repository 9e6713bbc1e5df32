//! HTML as the pieces that matter for mail programs: opening tags with their attributes, and style sheets. It reads
//! what people write into frames, mistakes included, and never fails.

use std::ops::Range;

/// A piece of HTML, with places in bytes.
pub(super) enum Piece {
    /// An opening tag.
    Element {
        /// Its name in small letters.
        name: String,
        /// `<` and the name.
        range: Range<usize>,
        /// Its attributes.
        attributes: Vec<Attribute>,
    },
    /// The inside of a `<style>` element.
    Sheet(Range<usize>),
}

/// An attribute of an element.
pub(super) struct Attribute {
    /// Its name in small letters.
    pub(super) name: String,
    /// Where the name stands.
    pub(super) range: Range<usize>,
    /// Where the value stands, without quotes; empty when there is none.
    pub(super) value: Range<usize>,
}

/// The pieces in the order of the text. Comments are passed over, Outlook's conditional ones with what is in them.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let rest = &html[start..];
        if rest.starts_with("<!--") {
            at = end(html, start + 4, "-->");
        } else if rest.starts_with("<!") || rest.starts_with("</") || rest.starts_with("<?") {
            at = end(html, start, ">");
        } else {
            let length =
                rest[1..].bytes().take_while(|byte| byte.is_ascii_alphanumeric() || b":-".contains(byte)).count();
            at = start + 1 + length;
            if length > 0 {
                let name = rest[1..=length].to_ascii_lowercase();
                let attributes = attributes(html, &mut at);
                pieces.push(Piece::Element { name: name.clone(), range: start..start + 1 + length, attributes });
                // What is inside these is no HTML.
                if name == "style" || name == "script" {
                    let close = html[at..]
                        .to_ascii_lowercase()
                        .find(&format!("</{name}"))
                        .map_or(html.len(), |close| at + close);
                    pieces.extend((name == "style").then_some(Piece::Sheet(at..close)));
                    at = close;
                }
            }
        }
    }
    pieces
}

/// The attributes up to the end of the tag, behind which `at` is then.
fn attributes(html: &str, at: &mut usize) -> Vec<Attribute> {
    let mut found = Vec::new();
    loop {
        skip(html, at, |byte| byte.is_ascii_whitespace() || byte == b'/');
        let start = *at;
        skip(html, at, |byte| !byte.is_ascii_whitespace() && !b"=>/".contains(&byte));
        let range = start..*at;
        skip(html, at, |byte| byte.is_ascii_whitespace());
        let mut value = *at..*at;
        if html[*at..].starts_with('=') {
            *at += 1;
            skip(html, at, |byte| byte.is_ascii_whitespace());
            let quote = html[*at..].bytes().next().filter(|byte| b"\"'".contains(byte));
            if let Some(quote) = quote {
                *at += 1;
                let start = *at;
                skip(html, at, |byte| byte != quote);
                value = start..*at;
                *at = (*at + 1).min(html.len());
            } else {
                let start = *at;
                skip(html, at, |byte| !byte.is_ascii_whitespace() && byte != b'>');
                value = start..*at;
            }
        }
        if !range.is_empty() {
            found.push(Attribute { name: html[range.clone()].to_ascii_lowercase(), range, value });
        }
        match html[*at..].bytes().next() {
            None => return found,
            Some(b'>') => {
                *at += 1;
                return found;
            }
            Some(_) => {}
        }
    }
}

/// Moves behind the bytes of a kind. Only ASCII ends a stretch, so `at` stays on a character's boundary.
fn skip(html: &str, at: &mut usize, of_kind: impl Fn(u8) -> bool) {
    *at += html[*at..].bytes().take_while(|byte| of_kind(*byte)).count();
}

/// Behind the next such mark, or the end.
fn end(html: &str, from: usize, mark: &str) -> usize {
    html[from..].find(mark).map_or(html.len(), |found| from + found + mark.len())
}
