//! Charts as drawings: a chart is laid out once into lines, rectangles and texts, which HTML shows as SVG, mail as
//! PNG and PDF as vectors. No format is known in `layout`; painters for SVG and PNG stand beside it.

mod drawing;

pub use drawing::{Anchor, Color, Drawing, Shape, TextWeight};
