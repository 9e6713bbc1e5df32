//! The brand: colours shared by every format, so that the mail, the page and the PDF look like one thing.

use std::sync::Arc;

use super::charts::Color;
use super::contrast::{READABLE, moved, turned};
use super::document::{Document, Status};
use super::frame::Frame;
use super::typeface::{Face, Style, Typeface};
use crate::workspace::Localized;

/// Colours and names that make a report look like the house it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The brand colour: headings' accent, current series, header band.
    pub brand: Color,
    /// A light tint of the brand, for table headers and tiles.
    pub brand_tint: Color,
    /// Running text.
    pub ink: Color,
    /// Secondary text: captions, footers, axis labels. At least 4.5:1 on white.
    pub muted: Color,
    /// Hairlines and grid lines.
    pub line: Color,
    /// Alternate table rows.
    pub stripe: Color,
    /// Target reached (text and marks; at least 4.5:1 on white).
    pub good: Color,
    /// Near the target.
    pub near: Color,
    /// Beyond the warning value.
    pub bad: Color,
    /// Background tints of the three, for tiles and cells.
    pub good_tint: Color,
    /// Background for "near".
    pub near_tint: Color,
    /// Background for "bad".
    pub bad_tint: Color,
    /// What charts and PDFs are set in.
    pub typeface: &'static Typeface,
    /// The families mails and pages are set in, the best first, as style sheets write them; those that ship when empty.
    pub families: String,
    /// The house's sign, in every format's head; none when the theme has none.
    pub logo: Option<Arc<Logo>>,
    /// A line of the house at the foot of every format, by language; nothing when the theme has none.
    pub footer: Localized,
    /// The house's name, by language; nothing when the theme has none.
    pub name: Localized,
    /// The house's own frame of the HTML page.
    pub page: Option<Arc<Frame>>,
    /// The house's own frame of mails.
    pub mail: Option<Arc<Frame>>,
}

/// A sign of the house as a PNG.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The file's bytes.
    pub png: Vec<u8>,
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// What it says to those who cannot see it: the house's name.
    pub alternative: String,
}

/// The box a logo is shown in, in CSS pixels or three quarters of a point.
const LOGO_BOX: (f64, f64) = (200.0, 56.0);

impl Logo {
    /// The size it is shown at, in CSS pixels: never larger than its box and never larger than it is.
    pub fn shown(&self) -> (f64, f64) {
        let (width, height) = (f64::from(self.width.max(1)), f64::from(self.height.max(1)));
        let scale = (LOGO_BOX.0 / width).min(LOGO_BOX.1 / height).min(1.0);
        (width * scale, height * scale)
    }
}

impl Default for Theme {
    fn default() -> Self {
        Self {
            brand: Color::hex(0x1f4e79),
            brand_tint: Color::hex(0xeaf1f8),
            ink: Color::hex(0x1b2430),
            muted: Color::hex(0x5b6776),
            line: Color::hex(0xd5dce4),
            stripe: Color::hex(0xf6f8fa),
            good: Color::hex(0x1a7f4b),
            near: Color::hex(0x946200),
            bad: Color::hex(0xb3261e),
            good_tint: Color::hex(0xebf6f0),
            near_tint: Color::hex(0xfdf3dc),
            bad_tint: Color::hex(0xfbe9e7),
            typeface: Typeface::shipped(),
            families: String::new(),
            logo: None,
            footer: Localized::default(),
            name: Localized::default(),
            page: None,
            mail: None,
        }
    }
}

/// The ground of dark screens.
pub const DARK_GROUND: Color = Color::hex(0x18_21_2b);

impl Theme {
    /// Whose report it is: the house, or whoever the document names.
    pub fn house<'a>(&'a self, document: &'a Document) -> &'a str {
        self.name.get(document.language).unwrap_or(&document.author)
    }

    /// Whether the house has fonts of its own for charts, pages and PDFs.
    pub fn has_own_fonts(&self) -> bool {
        self.regular() != Typeface::shipped().face(Style::Regular)
    }

    /// The face of running text.
    pub fn regular(&self) -> Face {
        self.typeface.face(Style::Regular)
    }

    /// The face of headings and totals.
    pub fn bold(&self) -> Face {
        self.typeface.face(Style::Bold)
    }

    /// The face of remarks.
    pub fn italic(&self) -> Face {
        self.typeface.face(Style::Italic)
    }

    /// The same house on dark screens: light ink on dark grounds, its own colours moved until they can be read there.
    pub fn dark(&self) -> Self {
        let (tint, stripe) = (Color::hex(0x22_30_3e), Color::hex(0x1d_28_33));
        let shade = |color: Color| DARK_GROUND.mix(color, 0.3);
        let light = |color: Color| moved(turned(color), &[DARK_GROUND, tint, stripe, shade(color)], READABLE);
        Self {
            brand: light(self.brand),
            brand_tint: tint,
            ink: Color::hex(0xe9_ee_f4),
            muted: Color::hex(0xa9_b6_c4),
            line: Color::hex(0x3a_48_57),
            stripe,
            good: light(self.good),
            near: light(self.near),
            bad: light(self.bad),
            good_tint: shade(self.good),
            near_tint: shade(self.near),
            bad_tint: shade(self.bad),
            ..self.clone()
        }
    }

    /// The colours by their key in `theme.yaml`.
    pub fn colors(&self) -> [(&'static str, Color); 12] {
        [
            ("brand", self.brand),
            ("brand_tint", self.brand_tint),
            ("ink", self.ink),
            ("muted", self.muted),
            ("line", self.line),
            ("stripe", self.stripe),
            ("good", self.good),
            ("near", self.near),
            ("bad", self.bad),
            ("good_tint", self.good_tint),
            ("near_tint", self.near_tint),
            ("bad_tint", self.bad_tint),
        ]
    }

    /// The text colour of a status.
    pub fn status(&self, status: Status) -> Color {
        match status {
            Status::Good => self.good,
            Status::Near => self.near,
            Status::Bad => self.bad,
            Status::Neutral => self.ink,
        }
    }

    /// The background of a status; white for a neutral one.
    pub fn status_tint(&self, status: Status) -> Color {
        match status {
            Status::Good => self.good_tint,
            Status::Near => self.near_tint,
            Status::Bad => self.bad_tint,
            Status::Neutral => Color::hex(0xffffff),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::contrast::contrast;
    use super::*;

    /// Every text colour on every ground it stands on.
    #[track_caller]
    fn check(theme: &Theme, ground: Color, tile: Color) {
        let grounds = [("ground", ground), ("tile", tile), ("stripe", theme.stripe)];
        let inks = [
            ("ink", theme.ink, None),
            ("muted", theme.muted, None),
            ("good", theme.good, Some(theme.good_tint)),
            ("near", theme.near, Some(theme.near_tint)),
            ("bad", theme.bad, Some(theme.bad_tint)),
            ("brand", theme.brand, None),
        ];
        for (ink, color, own) in inks {
            for (name, ground) in grounds.into_iter().chain(own.map(|own| ("its own tint", own))) {
                let found = contrast(color, ground);
                assert!(found >= READABLE, "{ink} on {name}: {found:.2}");
            }
        }
        for tint in [theme.good_tint, theme.near_tint, theme.bad_tint, theme.brand_tint] {
            assert!(contrast(theme.ink, tint) >= READABLE);
        }
    }

    #[test]
    fn the_shipped_colours_can_be_read_by_day_and_by_night() {
        let theme = Theme::default();
        check(&theme, Color::hex(0xff_ff_ff), theme.stripe);
        check(&theme.dark(), DARK_GROUND, theme.dark().brand_tint);
        let yellow = Theme { brand: Color::hex(0xff_d4_00), good: Color::hex(0), ..theme };
        check(&yellow.dark(), DARK_GROUND, yellow.dark().brand_tint);
    }
}
