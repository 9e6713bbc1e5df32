//! The sheet a page is laid out on: its size and what is between its margins, in points.

use crate::workspace::{Orientation, Paper, PdfDefinition};

/// The left and the right margin: 18 mm.
pub(super) const MARGIN: f64 = 51.02;
/// Where content begins on the first page.
pub(super) const FIRST_TOP: f64 = 52.0;
/// Where content begins on the following pages, under the running header.
pub(super) const TOP: f64 = 66.0;

/// The space under the content, with the footer in it.
const FOOT: f64 = 62.0;

/// A sheet's size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sheet {
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Sheet {
    /// The sheet a report asks for.
    pub(super) fn new(definition: &PdfDefinition) -> Self {
        let upright = match definition.paper {
            Paper::A4 => Self { width: 595.28, height: 841.89 },
            Paper::Letter => Self { width: 612.0, height: 792.0 },
        };
        match definition.orientation {
            Orientation::Portrait => upright,
            Orientation::Landscape => upright.turned(),
        }
    }

    /// The same sheet lying the other way.
    pub(super) fn turned(self) -> Self {
        Self { width: self.height, height: self.width }
    }

    /// Whether it stands upright, so that turning it gives more width.
    pub(super) fn is_upright(self) -> bool {
        self.height > self.width
    }

    /// The width between the margins: the length of a line.
    pub(super) fn measure(self) -> f64 {
        self.width - 2.0 * MARGIN
    }

    /// Where content ends.
    pub(super) fn bottom(self) -> f64 {
        self.height - FOOT
    }

    /// The height content has on all pages but the first.
    pub(super) fn room(self) -> f64 {
        self.bottom() - TOP
    }
}
