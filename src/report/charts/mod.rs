//! Charts as drawings: a chart is laid out once into lines, rectangles and texts, which HTML shows as SVG, mail as
//! PNG and PDF as vectors. No format is known in `layout`; painters for SVG and PNG stand beside it.

mod drawing;
mod layout;
mod png;
mod svg;

mod axis;
mod bar;
mod bullet;
mod heat;
mod legend;
mod line;
mod metrics;
mod sparkline;
mod stacked;
mod style;
mod ticks;

pub use drawing::{Anchor, Color, Drawing, Shape};
pub use layout::{height, layout};
pub use metrics::text_width;
pub use png::{ChartError, png, png_without_ground};
pub use sparkline::sparkline;
pub(in crate::report) use style::series_color;
pub(crate) use svg::escape;
pub use svg::{PAGE_FAMILY, svg};

/// A value that can be drawn. Databases hold infinities and numbers no axis can show; the former are gaps.
fn usable(value: Option<f64>) -> Option<f64> {
    value.filter(|value| value.is_finite()).map(|value| value.clamp(-1e15, 1e15))
}
