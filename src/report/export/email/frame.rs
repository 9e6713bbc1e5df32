//! The mail around its blocks: the frame with its values, and the one-column table of the blocks.

use std::sync::OnceLock;

use super::super::markup::{cell, running};
use super::style::{Style, sheet};
use super::{Cut, Prepared, blocks, logo};
use crate::locale;
use crate::report::document::{Block, Document};
use crate::report::frame::{Frame, FrameKind, FrameValues, Sides, colors_by_name};
use crate::report::theme::Theme;

/// What comes before the content, and what after: by the house's own frame, or by the shipped one where there is none or where
/// it fails.
pub(super) fn sides(document: &Document, theme: &Theme) -> Sides {
    let footnotes = document.footnotes.iter().filter(|footnote| !footnote.trim().is_empty());
    let footnotes: Vec<String> = footnotes.map(|footnote| running(footnote)).collect();
    let values = FrameValues {
        lang: document.language.code(),
        title: cell(&document.title),
        subtitle: cell(&document.subtitle),
        house: cell(theme.house(document)),
        logo: theme.logo.as_deref().map(logo::element).unwrap_or_default(),
        preheader: preheader(&document.preheader),
        style: sheet(theme),
        footnotes: footnotes.join("<br>"),
        footer: theme.footer.get(document.language).map(running).unwrap_or_default(),
        color: colors_by_name(theme),
    };
    let own = theme.mail.as_ref().and_then(|frame| frame.sides(&values, document.language).ok());
    own.unwrap_or_else(|| {
        shipped().sides(&values, document.language).expect("the shipped frame renders with any values")
    })
}

/// The blocks as a table, as far as the cut leaves them.
pub(super) fn content(document: &Document, all: &[Block], prepared: &[Prepared], style: &Style, cut: Cut) -> String {
    let mut html = String::from(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"table-layout:fixed\">\n",
    );
    for (block, prepared) in all.iter().zip(prepared).take(cut.blocks) {
        html.push_str(&blocks::block(block, prepared, document, style, cut));
    }
    if cut.blocks < all.len() {
        let words = locale::text(document.language, "mail-shortened", &[]);
        html.push_str(&blocks::row(0, 20, &blocks::remark(&cell(&words), style)));
    }
    html.push_str("</table>");
    html
}

/// The frame that ships.
fn shipped() -> &'static Frame {
    static FRAME: OnceLock<Frame> = OnceLock::new();
    FRAME.get_or_init(|| Frame::shipped(include_str!("mail.html"), FrameKind::Mail))
}

/// The line that mail programs show beside the subject. What follows it is invisible and keeps the programs from
/// filling the line with the mail's first words.
fn preheader(text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    format!(
        "<div style=\"display:none;max-height:0;overflow:hidden;mso-hide:all;font-size:1px;line-height:1px;color:#ffffff;opacity:0\">\
         {}{}</div>",
        cell(text),
        "&#847;&zwnj;&nbsp;".repeat(40)
    )
}
