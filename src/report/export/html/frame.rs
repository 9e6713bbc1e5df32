//! The page around its blocks: the frame with its values.

use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use indexmap::IndexMap;

use super::super::markup::{cell, running};
use super::typeface;
use crate::report::document::Document;
use crate::report::frame::{Frame, FrameKind, FrameValues, Sides, colors_by_name};
use crate::report::theme::{DARK_GROUND, Logo, Theme};

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
        logo: theme.logo.as_deref().map(logo).unwrap_or_default(),
        preheader: String::new(),
        style: format!("{}{}{}{}", typeface::faces(theme), colors(theme), include_str!("page.css"), dark(theme)),
        footnotes: footnotes.join("<br>\n"),
        footer: theme.footer.get(document.language).map(running).unwrap_or_default(),
        color: colors_by_name(theme),
    };
    let own = theme.page.as_ref().and_then(|frame| frame.sides(&values, document.language).ok());
    own.unwrap_or_else(|| {
        shipped().sides(&values, document.language).expect("the shipped frame renders with any values")
    })
}

/// The frame that ships.
fn shipped() -> &'static Frame {
    static FRAME: OnceLock<Frame> = OnceLock::new();
    FRAME.get_or_init(|| Frame::shipped(include_str!("page.html"), FrameKind::Page))
}

/// The sign with its picture inside: the page needs nothing else.
fn logo(logo: &Logo) -> String {
    let (width, height) = logo.shown();
    format!(
        "<img class=\"logo\" src=\"data:image/png;base64,{}\" width=\"{width:.0}\" height=\"{height:.0}\" alt=\"{}\">",
        STANDARD.encode(&logo.png),
        cell(&logo.alternative)
    )
}

/// The theme's fonts and colours as variables that the style sheet uses.
fn colors(theme: &Theme) -> String {
    format!(":root{{--font:{};--ground:#ffffff;{}}}\n", typeface::families(theme), variables(&colors_by_name(theme)))
}

/// The same on dark screens, where charts are turned around in brightness and keep their hues.
fn dark(theme: &Theme) -> String {
    let mut colors = colors_by_name(&theme.dark());
    colors.insert("brand_text", theme.dark().brand.html());
    format!(
        "@media screen and (prefers-color-scheme:dark){{\n:root{{color-scheme:dark;--ground:{};{}}}\n\
         figure svg,.course svg{{filter:invert(1) hue-rotate(180deg)}}\n.logo{{padding:8px;border-radius:4px;background:#fff}}\n}}\n",
        DARK_GROUND.html(),
        variables(&colors)
    )
}

fn variables(colors: &IndexMap<&'static str, String>) -> String {
    colors.iter().map(|(name, color)| format!("--{}:{color};", name.replace('_', "-"))).collect()
}
