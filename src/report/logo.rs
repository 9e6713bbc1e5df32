//! A picture file into the sign of the house: a PNG on white paper, small enough to travel with every mail.

use resvg::tiny_skia::{Color, FilterQuality, Pixmap, PixmapPaint, Transform};
use resvg::usvg::{Options, Tree};

use super::theme::Logo;
use crate::workspace::Asset;

/// The box a logo is kept in, in pixels: enough for paper, and three times what screens show.
const MOST: (f32, f32) = (600.0, 168.0);
/// A PNG with more pixels than this is a photograph, and takes longer to read than it is worth.
const MOST_SIDE: u32 = 4_000;

/// Why a file cannot be a logo, as the rest of a sentence that begins with its name, and what to do about it.
pub(super) struct Fault {
    pub(super) message: &'static str,
    pub(super) hint: &'static str,
}

/// The logo in a picture file. It is laid on white: a dark sign without a ground would be lost on a dark screen.
pub(super) fn logo(name: &str, picture: &Asset, alternative: &str) -> Result<Logo, Fault> {
    if picture.length > picture.bytes.len() as u64 {
        return Err(Fault { message: "is larger than 500 kB", hint: "save it smaller: 600 pixels wide is enough" });
    }
    let drawn =
        if name.to_ascii_lowercase().ends_with(".svg") { of_svg(&picture.bytes) } else { of_png(&picture.bytes) }?;
    let png = drawn.encode_png().map_err(|_| EMPTY)?;
    Ok(Logo { png, width: drawn.width(), height: drawn.height(), alternative: alternative.to_owned() })
}

const EMPTY: Fault = Fault { message: "has no size", hint: "export it again from the program it was drawn with" };

fn of_png(bytes: &[u8]) -> Result<Pixmap, Fault> {
    let no_png =
        Fault { message: "is no PNG", hint: "save it as PNG or SVG; other kinds are not shown by every mail program" };
    // Width and height stand at the same place of every PNG, so a bomb is seen before it is unpacked.
    let side = |at: usize| bytes.get(at..at + 4).and_then(|side| side.try_into().ok()).map(u32::from_be_bytes);
    let (Some(width), Some(height)) = (side(16), side(20)) else { return Err(no_png) };
    if !bytes.starts_with(b"\x89PNG") {
        return Err(no_png);
    }
    if width.max(height) > MOST_SIDE {
        return Err(Fault {
            message: "has more than 4000 pixels on a side",
            hint: "save it smaller: 600 pixels wide is enough",
        });
    }
    let picture =
        Pixmap::decode_png(bytes).map_err(|_| Fault { message: "is a damaged PNG", hint: "save it again" })?;
    let scale = fitting(width as f32, height as f32).min(1.0);
    let mut paper = paper(width as f32 * scale, height as f32 * scale)?;
    let paint = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
    paper.draw_pixmap(0, 0, halved(picture, scale).as_ref(), &paint, Transform::identity(), None);
    Ok(paper)
}

/// The picture at this scale. A filter looks at few neighbours, so a large picture is made smaller in steps.
fn halved(mut picture: Pixmap, scale: f32) -> Pixmap {
    let (width, height) = (picture.width() as f32 * scale, picture.height() as f32 * scale);
    while picture.width() as f32 > width + 0.5 {
        let step = (width / picture.width() as f32).max(0.5);
        let size = |side: u32, least: f32| (side as f32 * step).max(least).round().max(1.0) as u32;
        let Some(mut smaller) = Pixmap::new(size(picture.width(), width), size(picture.height(), height)) else {
            break;
        };
        let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
        let (x, y) =
            (smaller.width() as f32 / picture.width() as f32, smaller.height() as f32 / picture.height() as f32);
        smaller.draw_pixmap(0, 0, picture.as_ref(), &paint, Transform::from_scale(x, y), None);
        if smaller.width() == picture.width() {
            break;
        }
        picture = smaller;
    }
    picture
}

fn of_svg(bytes: &[u8]) -> Result<Pixmap, Fault> {
    let fault = Fault { message: "is no SVG that can be drawn", hint: "export it again, with its texts as paths" };
    let tree = Tree::from_data(bytes, &Options { resources_dir: None, ..Options::default() }).map_err(|_| fault)?;
    let scale = fitting(tree.size().width(), tree.size().height());
    let mut paper = paper(tree.size().width() * scale, tree.size().height() * scale)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut paper.as_mut());
    Ok(paper)
}

/// The scale at which a picture of this size fills the box.
fn fitting(width: f32, height: f32) -> f32 {
    (MOST.0 / width).min(MOST.1 / height)
}

fn paper(width: f32, height: f32) -> Result<Pixmap, Fault> {
    let mut paper = Pixmap::new(width.round().max(1.0) as u32, height.round().max(1.0) as u32).ok_or(EMPTY)?;
    paper.fill(Color::WHITE);
    Ok(paper)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><rect width='20' height='20' fill='#f00'/></svg>";

    fn picture(bytes: &[u8]) -> Asset {
        Asset { bytes: bytes.into(), length: bytes.len() as u64 }
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let mut picture = Pixmap::new(width, height).unwrap();
        picture.fill(Color::from_rgba8(255, 0, 0, 128));
        picture.encode_png().unwrap()
    }

    #[track_caller]
    fn check(name: &str, bytes: &[u8], expected: Result<(u32, u32), &str>) {
        let found = logo(name, &picture(bytes), "House").map(|logo| {
            let decoded = Pixmap::decode_png(&logo.png).unwrap();
            assert!(decoded.pixels().iter().all(|pixel| pixel.is_opaque()), "on paper");
            assert_eq!((decoded.width(), decoded.height()), (logo.width, logo.height));
            (logo.width, logo.height)
        });
        assert_eq!(found.map_err(|fault| fault.message), expected, "{name}");
    }

    #[test]
    fn pictures_become_small_pngs_on_white() {
        check("logo.svg", SVG.as_bytes(), Ok((336, 168)));
        check("logo.png", &png(100, 50), Ok((100, 50)));
        check("Logo.PNG", &png(3_000, 300), Ok((600, 60)));
        check("logo.png", &png(10, 1_000), Ok((2, 168)));
    }

    #[test]
    fn what_is_no_logo_is_refused() {
        check("logo.png", b"GIF89a..................", Err("is no PNG"));
        check("logo.png", b"", Err("is no PNG"));
        check("logo.png", &png(100, 50)[..60], Err("is a damaged PNG"));
        check("logo.png", &png(4_001, 1), Err("has more than 4000 pixels on a side"));
        check("logo.svg", b"<svg", Err("is no SVG that can be drawn"));
        let long = Asset { bytes: png(9, 9).into(), length: 700_000 };
        assert_eq!(logo("logo.png", &long, "").err().map(|fault| fault.message), Some("is larger than 500 kB"));
    }

    #[test]
    fn an_svg_reads_nothing_else() {
        let outside = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:x='http://www.w3.org/1999/xlink' width='9' height='9'>\
                       <image x:href='/etc/hostname' width='9' height='9'/></svg>";
        let drawn = of_svg(outside.as_bytes()).map_err(|fault| fault.message).unwrap();
        assert!(drawn.pixels().iter().all(|pixel| pixel.red() == 255 && pixel.green() == 255));
    }
}
