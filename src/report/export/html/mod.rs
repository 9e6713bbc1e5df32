//! The report as one page that needs nothing else: styles and charts are inside, there are no scripts and no addresses
//! to load from. It can be read on a phone, printed, and listened to.

mod blocks;
mod explained;
mod table;

use super::markup::{self, cell, readable};
use crate::report::document::Document;
use crate::report::theme::Theme;

/// The document as a self-contained HTML page.
pub fn render(document: &Document, theme: &Theme) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"author\" content=\"{}\">\n<title>{}</title>\n<style>\n{}{}</style>\n</head>\n<body>\n",
        document.language.code(),
        cell(&document.author),
        cell(&document.title),
        colors(theme),
        include_str!("page.css"),
    );
    page.push_str(&format!(
        "<header><p class=\"author\">{}</p><h1>{}</h1><p class=\"subtitle\">{}</p></header>\n<main>\n",
        cell(&document.author),
        cell(&document.title),
        cell(&document.subtitle)
    ));
    for block in markup::body(document) {
        page.push_str(&blocks::block(block, document, theme));
        page.push('\n');
    }
    page.push_str("</main>\n");
    if !document.footnotes.is_empty() {
        page.push_str("<footer>\n");
        for footnote in &document.footnotes {
            page.push_str(&format!("<p>{}</p>\n", markup::running(footnote)));
        }
        page.push_str("</footer>\n");
    }
    page.push_str("</body>\n</html>\n");
    page
}

/// The theme's colours as variables that the style sheet uses.
fn colors(theme: &Theme) -> String {
    let colors = [
        ("brand", theme.brand),
        ("brand-text", readable(theme.brand, theme.ink)),
        ("tint", theme.brand_tint),
        ("ink", theme.ink),
        ("muted", theme.muted),
        ("line", theme.line),
        ("stripe", theme.stripe),
        ("good", theme.good),
        ("near", theme.near),
        ("bad", theme.bad),
        ("good-tint", theme.good_tint),
        ("near-tint", theme.near_tint),
        ("bad-tint", theme.bad_tint),
    ];
    let variables: String = colors.iter().map(|(name, color)| format!("--{name}:{};", color.html())).collect();
    format!(":root{{{variables}}}\n")
}

#[cfg(test)]
mod tests;
