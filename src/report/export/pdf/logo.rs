//! The theme's logo as an image of the file: decoded, made no larger than paper can show, with its transparency.

use lopdf::{Dictionary, Object, Stream};
use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};

use super::PdfError;
use crate::report::theme::Logo;

/// The image's name in the file.
pub(super) const NAME: &str = "Logo";

/// At the largest size it is drawn in, this is more than three hundred pixels to the inch.
const MOST_PIXELS: u32 = 640;

/// Adds the logo to what the pages can draw.
pub(super) fn add(file: &mut lopdf::Document, logo: &Logo) -> Result<(), PdfError> {
    let picture = decoded(logo)?;
    let mut colors = Vec::with_capacity(3 * picture.pixels().len());
    let mut opacity = Vec::with_capacity(picture.pixels().len());
    for pixel in picture.pixels() {
        let color = pixel.demultiply();
        colors.extend([color.red(), color.green(), color.blue()]);
        opacity.push(color.alpha());
    }
    let image = |color_space: &str, content: Vec<u8>| {
        let entries = Dictionary::from_iter([
            ("Type", "XObject".into()),
            ("Subtype", "Image".into()),
            ("Width", i64::from(picture.width()).into()),
            ("Height", i64::from(picture.height()).into()),
            ("ColorSpace", color_space.into()),
            ("BitsPerComponent", 8.into()),
        ]);
        Stream::new(entries, content)
    };
    let mut main = image("DeviceRGB", colors);
    if opacity.iter().any(|alpha| *alpha < u8::MAX) {
        let mask = file.add_object(image("DeviceGray", opacity));
        main.dict.set("SMask", mask);
    }
    let id = file.add_object(main);
    for page in file.get_pages().into_values().collect::<Vec<_>>() {
        let resources = file.get_dictionary(page).and_then(|page| page.get(b"Resources")?.as_reference());
        let resources = resources.and_then(|resources| file.get_dictionary_mut(resources)).map_err(PdfError::write)?;
        resources.set("XObject", Dictionary::from_iter([(NAME, Object::Reference(id))]));
    }
    Ok(())
}

/// The logo's pixels, fewer than it has where it has more than paper shows.
fn decoded(logo: &Logo) -> Result<Pixmap, PdfError> {
    let failed = |reason: &str| PdfError::Logo(reason.to_owned());
    let picture = Pixmap::decode_png(&logo.png).map_err(|error| failed(&error.to_string()))?;
    let longest = picture.width().max(picture.height());
    if longest <= MOST_PIXELS {
        return Ok(picture);
    }
    let scale = f64::from(MOST_PIXELS) / f64::from(longest);
    let side = |pixels: u32| (f64::from(pixels) * scale).round().max(1.0) as u32;
    let mut smaller = Pixmap::new(side(picture.width()), side(picture.height())).ok_or_else(|| failed("no pixels"))?;
    let paint = PixmapPaint { quality: FilterQuality::Bicubic, ..PixmapPaint::default() };
    smaller.draw_pixmap(0, 0, picture.as_ref(), &paint, Transform::from_scale(scale as f32, scale as f32), None);
    Ok(smaller)
}
