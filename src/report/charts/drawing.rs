//! What a laid-out chart consists of. Units are points (1/72 inch) in a box whose origin is at the top left.

use crate::report::typeface::{Face, Typeface};

/// A chart laid out for a given size.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    /// The width in points.
    pub width: f64,
    /// The height in points.
    pub height: f64,
    /// What is drawn, from back to front.
    pub shapes: Vec<Shape>,
}

impl Drawing {
    /// What its texts are set in; none when it has none.
    pub fn typeface(&self) -> Option<&'static Typeface> {
        self.shapes.iter().find_map(|shape| match shape {
            Shape::Text { face, .. } => Some(face.typeface()),
            _ => None,
        })
    }
}

/// One thing that is drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A filled rectangle.
    Rectangle {
        /// Left edge.
        x: f64,
        /// Top edge.
        y: f64,
        /// Width.
        width: f64,
        /// Height.
        height: f64,
        /// The fill.
        color: Color,
    },
    /// A line through points; at least two.
    Line {
        /// The points, `(x, y)`.
        points: Vec<(f64, f64)>,
        /// The stroke.
        color: Color,
        /// The stroke's width.
        width: f64,
        /// The dash and gap lengths; solid when none.
        dash: Option<(f64, f64)>,
    },
    /// A filled circle.
    Circle {
        /// The centre.
        x: f64,
        /// The centre.
        y: f64,
        /// The radius.
        radius: f64,
        /// The fill.
        color: Color,
    },
    /// A text on its baseline.
    Text {
        /// Where the anchor is.
        x: f64,
        /// The baseline.
        y: f64,
        /// The text.
        text: String,
        /// The font size in points.
        size: f64,
        /// The fill.
        color: Color,
        /// Which part of the text is at `x`.
        anchor: Anchor,
        /// What it is set in.
        face: Face,
    },
}

/// Which part of a text is at its x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The beginning.
    Start,
    /// The middle.
    Middle,
    /// The end.
    End,
}

/// An opaque colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    /// Red, 0 to 255.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Color {
    /// The colour of `0xRRGGBB`.
    pub const fn hex(value: u32) -> Self {
        Self { red: (value >> 16) as u8, green: (value >> 8) as u8, blue: value as u8 }
    }

    /// The colour as HTML writes it, `#rrggbb`.
    pub fn html(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// How light it is, from 0 to 1, as the contrast rules of the web (WCAG 2, relative luminance) count it.
    pub fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// This colour with a share of another one, 0 to 1.
    pub fn mix(self, other: Self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let channel = |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8;
        Self {
            red: channel(self.red, other.red),
            green: channel(self.green, other.green),
            blue: channel(self.blue, other.blue),
        }
    }
}
