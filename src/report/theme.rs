//! The brand: colours shared by every format, so that the mail, the page and the PDF look like one thing.

use std::sync::Arc;

use super::charts::Color;
use super::document::Status;
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
    /// The house's sign, in every format's head; none when the theme has none.
    pub logo: Option<Arc<Logo>>,
    /// A line of the house at the foot of every format, by language; nothing when the theme has none.
    pub footer: Localized,
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
            good_tint: Color::hex(0xe6f4ec),
            near_tint: Color::hex(0xfdf3dc),
            bad_tint: Color::hex(0xfbe9e7),
            logo: None,
            footer: Localized::default(),
        }
    }
}

impl Theme {
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
