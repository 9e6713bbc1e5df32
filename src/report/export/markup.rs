//! What the page and the mail share: escaping, running text as elements, colours that can be read on white.

use super::clean::{MOST_IN_CELL, MOST_IN_TEXT, clean, safe_address};
use crate::report::charts::{Color, escape};
use crate::report::document::{Block, Document, Inline, plain_text};

/// The text as content or attribute value, on one line, at most as long as a cell may be.
pub(super) fn cell(text: &str) -> String {
    escape(&clean(text, MOST_IN_CELL))
}

/// The text as content or attribute value, on one line, at most as long as a paragraph may be.
pub(super) fn running(text: &str) -> String {
    escape(&clean(text, MOST_IN_TEXT))
}

/// Attributes for the elements of running text, each with a space before it.
#[derive(Clone, Debug, Default)]
pub(super) struct InlineAttributes {
    /// Of links.
    pub(super) link: String,
    /// Of code.
    pub(super) code: String,
}

/// Running text as elements. A link to somewhere a report may not lead is shown as its text.
pub(super) fn inlines(inlines: &[Inline], attributes: &InlineAttributes) -> String {
    inlines
        .iter()
        .map(|inline| match inline {
            Inline::Text(text) => running(text),
            Inline::Strong(inner) => format!("<strong>{}</strong>", self::inlines(inner, attributes)),
            Inline::Emphasis(inner) => format!("<em>{}</em>", self::inlines(inner, attributes)),
            Inline::Code(code) => format!("<code{}>{}</code>", attributes.code, running(code)),
            Inline::Link { text, address } => {
                let shown = self::inlines(text, attributes);
                match safe_address(address) {
                    Some(address) => format!("<a href=\"{}\"{}>{shown}</a>", escape(address), attributes.link),
                    None => shown,
                }
            }
            Inline::LineBreak => "<br>".to_owned(),
        })
        .collect()
}

/// The blocks below the document's head: without a first heading that only repeats the title.
pub(super) fn body(document: &Document) -> &[Block] {
    match document.blocks.split_first() {
        Some((Block::Heading { text, .. }, rest)) if plain_text(text).trim() == document.title.trim() => rest,
        _ => &document.blocks,
    }
}

/// The colour when text in it can be read on white (4.5:1), else the other one. A house may have a light brand colour.
pub(super) fn readable(color: Color, otherwise: Color) -> Color {
    let contrast = 1.05 / (luminance(color) + 0.05);
    if contrast >= 4.5 { color } else { otherwise }
}

/// Relative luminance by WCAG, 0 to 1.
fn luminance(color: Color) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(color.red) + 0.7152 * channel(color.green) + 0.0722 * channel(color.blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_text_is_escaped_and_links_are_checked() {
        let text = |text: &str| Inline::Text(text.to_owned());
        let link = |address: &str| Inline::Link { text: vec![text("a<b")], address: address.to_owned() };
        let attributes = InlineAttributes { link: " class=\"l\"".to_owned(), code: String::new() };
        let made = inlines(
            &[
                Inline::Strong(vec![text("<script>"), Inline::LineBreak]),
                link("https://example.com/?a=1&b='2'"),
                link("javascript:alert(1)"),
                Inline::Code("\"x\"".to_owned()),
            ],
            &attributes,
        );
        assert_eq!(
            made,
            "<strong>&lt;script&gt;<br></strong><a href=\"https://example.com/?a=1&amp;b=&#39;2&#39;\" class=\"l\">a&lt;b</a>\
             a&lt;b<code>&quot;x&quot;</code>"
        );
    }

    #[test]
    fn light_colours_are_not_written_with() {
        let ink = Color::hex(0x1b_24_30);
        assert_eq!(readable(Color::hex(0x1f_4e_79), ink), Color::hex(0x1f_4e_79));
        assert_eq!(readable(Color::hex(0xff_d4_00), ink), ink);
    }
}
