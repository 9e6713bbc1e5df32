//! A drawing as a PNG for mail, painted with the fonts it was laid out with only, so that every machine gives the same bytes.

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::{Drawing, svg};
use crate::report::typeface::{Style, Typeface};

/// Why a drawing could not be painted. Trying again does not help.
#[derive(Debug, thiserror::Error)]
pub enum ChartError {
    /// The size in pixels is zero or more than the painter can hold.
    #[error("a chart of {width} x {height} pixels cannot be painted")]
    Size {
        /// The width in pixels.
        width: u32,
        /// The height in pixels.
        height: u32,
    },
    /// The drawing did not make a picture.
    #[error("the chart cannot be painted: {0}")]
    Paint(String),
}

/// The drawing as a PNG with `scale` pixels to a point, on opaque white.
pub fn png(drawing: &Drawing, scale: f64) -> Result<Vec<u8>, ChartError> {
    paint(drawing, scale, Color::WHITE)
}

/// The drawing as a PNG with `scale` pixels to a point that shows the ground it stands on.
pub fn png_without_ground(drawing: &Drawing, scale: f64) -> Result<Vec<u8>, ChartError> {
    paint(drawing, scale, Color::TRANSPARENT)
}

fn paint(drawing: &Drawing, scale: f64, ground: Color) -> Result<Vec<u8>, ChartError> {
    let pixels = |points: f64| (points * scale).round().clamp(0.0, f64::from(u32::MAX)) as u32;
    let (width, height) = (pixels(drawing.width), pixels(drawing.height));
    if width > MOST_PIXELS || height > MOST_PIXELS {
        return Err(ChartError::Size { width, height });
    }
    let typeface = drawing.typeface().unwrap_or_else(Typeface::shipped);
    let options = Options {
        font_family: typeface.face(Style::Regular).family().to_owned(),
        fontdb: typeface.database(),
        resources_dir: None,
        ..Options::default()
    };
    let tree = Tree::from_str(&svg::write(drawing, "", svg::Fonts::Embedded), &options)
        .map_err(|error| ChartError::Paint(error.to_string()))?;
    let mut picture = Pixmap::new(width, height).ok_or(ChartError::Size { width, height })?;
    picture.fill(ground);
    resvg::render(&tree, Transform::from_scale(scale as f32, scale as f32), &mut picture.as_mut());
    picture.encode_png().map_err(|error| ChartError::Paint(error.to_string()))
}

/// No mail needs a picture wider or higher than this.
const MOST_PIXELS: u32 = 8_000;
