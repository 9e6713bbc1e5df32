//! The report as one page that needs nothing else: styles and charts are inside, there are no scripts and no addresses
//! to load from. It can be read on a phone, by night, printed, and listened to.

mod blocks;
mod explained;
mod frame;
mod table;
mod typeface;

use super::markup;
use crate::report::document::Document;
use crate::report::theme::Theme;

/// The document as a self-contained HTML page.
pub fn render(document: &Document, theme: &Theme) -> String {
    let sides = frame::sides(document, theme);
    let blocks = markup::body(document).iter().map(|block| blocks::block(block, document, theme));
    let content: Vec<String> = blocks.filter(|block| !block.is_empty()).collect();
    format!("{}{}{}", sides.before, content.join("\n"), sides.after)
}

#[cfg(test)]
mod tests;
