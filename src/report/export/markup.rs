//! What the page and the mail share: escaping, running text as elements.

use super::clean::{MOST_IN_CELL, MOST_IN_TEXT, clean, safe_address};
use crate::report::charts::escape;
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
}
