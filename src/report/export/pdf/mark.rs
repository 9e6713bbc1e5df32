//! What a laid-out page consists of: texts, shapes and links in points from the page's top left corner. Layout makes
//! marks, tests read them, `pen` turns them into PDF operations.

use std::rc::Rc;

use super::structure::ElementId;
use crate::report::charts::Color;
use crate::report::typeface::Face;

/// One thing on a page.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A text on its baseline.
    Text(TextMark),
    /// A filled rectangle; its corners are rounded when the radius is not zero.
    Rectangle { x: f64, y: f64, width: f64, height: f64, radius: f64, color: Color },
    /// A line through points.
    Line { points: Vec<(f64, f64)>, color: Color, width: f64, dash: Option<(f64, f64)> },
    /// A filled polygon.
    Polygon { points: Vec<(f64, f64)>, color: Color },
    /// A filled circle.
    Circle { x: f64, y: f64, radius: f64, color: Color },
    /// A place that leads to an address.
    Link { x: f64, y: f64, width: f64, height: f64, address: Rc<str> },
    /// The theme's logo.
    Logo { x: f64, y: f64, width: f64, height: f64 },
    /// What the marks that follow are part of; none for decoration.
    Part(Option<ElementId>),
}

/// A text on its baseline, starting at `x`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TextMark {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) text: String,
    pub(super) face: Face,
    pub(super) size: f64,
    pub(super) color: Color,
}

impl Mark {
    /// A rectangle with square corners.
    pub(super) fn rectangle(x: f64, y: f64, width: f64, height: f64, color: Color) -> Self {
        Self::Rectangle { x, y, width, height, radius: 0.0, color }
    }

    /// A solid line from left to right.
    pub(super) fn rule(x: f64, y: f64, length: f64, width: f64, color: Color) -> Self {
        Self::Line { points: vec![(x, y), (x + length, y)], color, width, dash: None }
    }

    /// The same mark, moved to the right and down.
    pub(super) fn moved(mut self, right: f64, down: f64) -> Self {
        match &mut self {
            Self::Text(TextMark { x, y, .. })
            | Self::Rectangle { x, y, .. }
            | Self::Circle { x, y, .. }
            | Self::Link { x, y, .. }
            | Self::Logo { x, y, .. } => {
                *x += right;
                *y += down;
            }
            Self::Line { points, .. } | Self::Polygon { points, .. } => {
                for (x, y) in points {
                    *x += right;
                    *y += down;
                }
            }
            Self::Part(_) => {}
        }
        self
    }
}
