//! The mail's looks: inline styles, made once for a theme, and the small style sheet for phones and dark screens.

use crate::report::charts::Color;
use crate::report::contrast::{VISIBLE, moved, readable};
use crate::report::document::Status;
use crate::report::theme::{DARK_GROUND, Theme};

/// The families of a theme that names none; Outlook for Windows takes the first one it knows.
const FAMILIES: &str = "'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/// The width of the mail in pixels.
pub(super) const WIDTH: u32 = 640;
/// The distance of the content from the mail's sides in pixels.
pub(super) const SIDE: u32 = 28;
/// The same on a phone, by the style sheet.
pub(super) const PHONE_SIDE: u32 = 16;

/// Colours as mails write them.
#[derive(Clone, Debug)]
pub(super) struct Style {
    pub(super) theme: Theme,
    /// The families of fonts as a declaration.
    pub(super) font: String,
    pub(super) brand: String,
    pub(super) brand_text: String,
    pub(super) tint: String,
    pub(super) ink: String,
    pub(super) muted: String,
    pub(super) line: String,
    pub(super) stripe: String,
}

impl Style {
    /// The styles of a theme.
    pub(super) fn new(theme: &Theme) -> Self {
        Self {
            theme: theme.clone(),
            font: format!("font-family:{}", families(theme)),
            brand: theme.brand.html(),
            brand_text: readable(theme.brand, theme.ink).html(),
            tint: theme.brand_tint.html(),
            ink: theme.ink.html(),
            muted: theme.muted.html(),
            line: theme.line.html(),
            stripe: theme.stripe.html(),
        }
    }

    /// Font, size and line height in pixels, and colour.
    pub(super) fn text(&self, size: u32, line: u32, color: &str) -> String {
        format!("{};font-size:{size}px;line-height:{line}px;color:{color}", self.font)
    }

    /// The colour of a status as a mark at a side; the hairlines' colour for a neutral one.
    pub(super) fn accent(&self, status: Status) -> String {
        match status {
            Status::Neutral => self.line.clone(),
            known => self.theme.status(known).html(),
        }
    }

    /// The colour of a status as text.
    pub(super) fn status(&self, status: Status) -> String {
        self.theme.status(status).html()
    }

    /// The theme with a brand that is seen on tiles by day and by night, for pictures that show the ground behind them.
    pub(super) fn on_any_ground(&self) -> Theme {
        let dark = self.theme.dark();
        let brand = moved(self.theme.brand, &[self.theme.stripe, dark.brand_tint], VISIBLE);
        Theme { brand, line: Color::hex(0x8a_95_a1), muted: Color::hex(0x8a_95_a1), ..self.theme.clone() }
    }
}

fn families(theme: &Theme) -> &str {
    if theme.families.is_empty() { FAMILIES } else { &theme.families }
}

/// The style sheet: what inline styles cannot say, and what Outlook does not inherit from a table. A program that drops it still
/// shows the whole mail.
pub(super) fn sheet(theme: &Theme) -> String {
    let dark = theme.dark();
    let mut sheet = include_str!("mail.css")
        .replace("$families", families(theme))
        .replace("$ground", &DARK_GROUND.html())
        .replace("$day_ink", &theme.ink.html());
    // Longer names first: `$brand` is the beginning of `$brand_tint`.
    let mut colors = dark.colors();
    colors.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    for (name, color) in colors {
        sheet = sheet.replace(&format!("${name}"), &color.html());
    }
    sheet
}
