//! A drawing as SVG for a page: an image with a name, readable by a screen reader. No styles, no scripts, no links.

use std::fmt::Write as _;

use super::metrics::{is_known, text_width};
use super::{Anchor, Drawing, Shape};
use crate::report::typeface::Style;

/// The drawing as an `<svg>` element that says `alternative` to those who cannot see it. Units are those of the drawing;
/// the page scales it by its view box. Texts are as wide as they were laid out even where the reader's font is wider.
pub fn svg(drawing: &Drawing, alternative: &str) -> String {
    write(drawing, alternative, Fonts::Readers)
}

/// The name of the house's typeface in a page that brings it along.
pub const PAGE_FAMILY: &str = "house";

/// Which fonts an SVG is shown with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fonts {
    /// Those the reader's machine has.
    Readers,
    /// The ones it was laid out with.
    Embedded,
}

/// The drawing as an `<svg>` element for these fonts.
pub(super) fn write(drawing: &Drawing, alternative: &str, fonts: Fonts) -> String {
    let (width, height) = (number(drawing.width), number(drawing.height));
    let family = match drawing.typeface() {
        Some(house) if !house.is_shipped() => "house, sans-serif",
        _ => "Roboto, 'Helvetica Neue', Arial, sans-serif",
    };
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" font-family=\"{family}\"><title>{}</title>",
        escape(alternative)
    );
    for shape in &drawing.shapes {
        write_shape(&mut svg, shape, fonts);
    }
    svg.push_str("</svg>");
    svg
}

/// One shape as an element.
fn write_shape(svg: &mut String, shape: &Shape, fonts: Fonts) {
    let written = match shape {
        Shape::Rectangle { x, y, width, height, color } => write!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\"/>",
            number(*x),
            number(*y),
            number(*width),
            number(*height),
            color.html()
        ),
        Shape::Line { points, color, width, dash } => {
            let points: Vec<String> = points.iter().map(|(x, y)| format!("{},{}", number(*x), number(*y))).collect();
            let dash = dash.map(|(dash, gap)| format!(" stroke-dasharray=\"{} {}\"", number(dash), number(gap)));
            write!(
                svg,
                "<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" stroke-linejoin=\"round\"{}/>",
                points.join(" "),
                color.html(),
                number(*width),
                dash.unwrap_or_default()
            )
        }
        Shape::Circle { x, y, radius, color } => write!(
            svg,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" fill=\"{}\"/>",
            number(*x),
            number(*y),
            number(*radius),
            color.html()
        ),
        Shape::Text { x, y, text, size, color, anchor, face } => write!(
            svg,
            "<text x=\"{}\" y=\"{}\" font-size=\"{}\" fill=\"{}\"{}{}{}>{}</text>",
            number(*x),
            number(*y),
            number(*size),
            color.html(),
            match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            },
            match (fonts, face.style()) {
                // A bold face may be of a family of its own.
                (Fonts::Embedded, _) => {
                    format!(" font-family=\"{}\" font-weight=\"{}\"", escape(face.family()), face.weight())
                }
                (Fonts::Readers, Style::Bold) => " font-weight=\"700\"".to_owned(),
                (Fonts::Readers, _) => String::new(),
            },
            if fonts == Fonts::Readers && text.chars().nth(1).is_some() && is_known(text, *face) {
                format!(" textLength=\"{}\" lengthAdjust=\"spacingAndGlyphs\"", number(text_width(text, *size, *face)))
            } else {
                String::new()
            },
            escape(text)
        ),
    };
    written.expect("writing to a string does not fail");
}

/// A coordinate with at most two decimals; what is not a number becomes 0.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let written = format!("{value:.2}");
    let trimmed = written.trim_end_matches('0').trim_end_matches('.');
    if trimmed == "-0" { "0".to_owned() } else { trimmed.to_owned() }
}

/// The text as XML or HTML content or attribute value; characters XML does not allow become spaces.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            '\u{fffe}' | '\u{ffff}' => escaped.push(' '),
            other if other.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
