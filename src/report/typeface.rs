//! The typefaces reports are set in, the shipped one or the house's: which characters they draw, how wide these are, and the
//! part of a face that a document carries with it. Where a text stands is the affair of whoever sets it.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock};

use allsorts::binary::read::ReadScope;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetProfile, subset};
use allsorts::tables::FontTableProvider;
use allsorts::tag;
use printpdf::ParsedFont;
use resvg::usvg::fontdb;

use super::fonts;

/// The look of a face within its typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Style {
    /// For running text.
    Regular,
    /// For headings and totals.
    Bold,
    /// For remarks.
    Italic,
}

impl Style {
    /// Every style, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Italic];

    /// Its name in English, as font files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Regular => "Regular",
            Self::Bold => "Bold",
            Self::Italic => "Italic",
        }
    }
}

/// A family of faces, one for each style. It lives as long as the process: a house has one, and reading the same files
/// again finds the same typeface.
pub struct Typeface {
    files: [File; 3],
    /// For painters that choose a face by its name.
    database: Arc<fontdb::Database>,
}

/// A face of a typeface; as small as a reference.
#[derive(Clone, Copy)]
pub struct Face {
    typeface: &'static Typeface,
    style: Style,
}

/// Why a file cannot be a face, as the rest of a sentence that begins with its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FontFault {
    /// It is no TrueType or OpenType font, or is damaged.
    NoFont,
    /// It holds a range of weights, of which a subset keeps only the first.
    Variable,
    /// It has not even digits and Latin letters.
    NoLetters,
}

impl Typeface {
    /// The typeface in these files: regular, bold, italic. The fault comes with the style it is about.
    pub fn of(files: [Arc<[u8]>; 3]) -> Result<&'static Self, (Style, FontFault)> {
        static HOUSES: Mutex<Vec<&'static Typeface>> = Mutex::new(Vec::new());
        let mut houses = HOUSES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let same = |house: &&&Self| house.files.iter().zip(&files).all(|(file, bytes)| *file.bytes == **bytes);
        if let Some(known) = houses.iter().find(same) {
            return Ok(known);
        }
        let typeface: &'static Self = Box::leak(Box::new(Self::read(files.map(|bytes| Cow::Owned(bytes.to_vec())))?));
        houses.push(typeface);
        Ok(typeface)
    }

    /// The typeface that ships.
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Typeface> = OnceLock::new();
        SHIPPED.get_or_init(|| {
            let files = [fonts::REGULAR, fonts::BOLD, fonts::ITALIC].map(Cow::Borrowed);
            Self::read(files)
                .map_err(|(style, fault)| format!("{style:?}: {fault:?}"))
                .expect("the embedded fonts can be read")
        })
    }

    /// Whether it is the one that ships, which readers may have on their machines.
    pub fn is_shipped(&self) -> bool {
        std::ptr::eq(self, Self::shipped())
    }

    /// The face of a style.
    pub fn face(&'static self, style: Style) -> Face {
        Face { typeface: self, style }
    }

    /// Whether every face draws a character.
    pub fn knows(&self, character: char) -> bool {
        self.files.iter().all(|file| file.width(character).is_some())
    }

    /// The faces by their names; nothing of the machine's.
    pub fn database(&self) -> Arc<fontdb::Database> {
        Arc::clone(&self.database)
    }

    fn read(files: [Cow<'static, [u8]>; 3]) -> Result<Self, (Style, FontFault)> {
        let mut database = fontdb::Database::new();
        let [regular, bold, italic] = files;
        let mut file = |style: Style, bytes| File::read(bytes, &mut database).map_err(|fault| (style, fault));
        let files = [file(Style::Regular, regular)?, file(Style::Bold, bold)?, file(Style::Italic, italic)?];
        database.set_sans_serif_family(files[0].family.clone());
        Ok(Self { files, database: Arc::new(database) })
    }
}

impl PartialEq for Typeface {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Eq for Typeface {}

impl fmt::Debug for Typeface {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Typeface").field(&self.files[0].family).finish()
    }
}

impl PartialEq for Face {
    fn eq(&self, other: &Self) -> bool {
        self.style == other.style && self.typeface == other.typeface
    }
}

impl Eq for Face {}

impl fmt::Debug for Face {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.family(), self.style.name())
    }
}

impl Face {
    /// The style it is of.
    pub fn style(self) -> Style {
        self.style
    }

    /// The typeface it is of.
    pub fn typeface(self) -> &'static Typeface {
        self.typeface
    }

    /// The face of another style in the same typeface.
    pub fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }

    /// The name of its family, as its file says it.
    pub fn family(self) -> &'static str {
        &self.file().family
    }

    /// How heavy it is, from 1 to 1000, as its file says it.
    pub fn weight(self) -> u16 {
        self.file().weight
    }

    /// The width of a character in ems; none when the face cannot draw it.
    pub fn width(self, character: char) -> Option<f64> {
        self.file().width(character).map(f64::from)
    }

    /// The width of the sign that stands for a character the face cannot draw, in ems.
    pub fn missing_width(self) -> f64 {
        f64::from(self.file().ems(0))
    }

    /// The number of a character's glyph; 0 when the face cannot draw it.
    pub fn glyph(self, character: char) -> u16 {
        self.file().parsed.lookup_glyph_index(u32::from(character)).unwrap_or(0)
    }

    /// What is known of the whole face.
    pub fn parsed(self) -> &'static ParsedFont {
        &self.file().parsed
    }

    /// A font file with these glyphs only, in this order; the first must be 0, the sign for missing characters.
    pub fn subset(self, glyphs: &[u16]) -> Result<Vec<u8>, String> {
        let data = ReadScope::new(&self.file().bytes).read::<FontData<'_>>().map_err(|error| error.to_string())?;
        let provider = data.table_provider(0).map_err(|error| error.to_string())?;
        subset(&provider, glyphs, &SubsetProfile::Minimal, CmapTarget::Unicode).map_err(|error| error.to_string())
    }

    fn file(self) -> &'static File {
        &self.typeface.files[self.style as usize]
    }
}

/// How far widths are kept in an array: Latin, Greek, Cyrillic, punctuation.
const NEAR: u32 = 0x2200;

struct File {
    bytes: Cow<'static, [u8]>,
    parsed: ParsedFont,
    family: String,
    weight: u16,
    /// Widths in ems by code point, not a number where there is no glyph: the lookup every character of a report takes.
    near: Vec<f32>,
}

impl File {
    fn read(bytes: Cow<'static, [u8]>, database: &mut fontdb::Database) -> Result<Self, FontFault> {
        let parsed = ParsedFont::from_bytes(&bytes, 0, &mut Vec::new()).ok_or(FontFault::NoFont)?;
        if is_variable(&bytes) {
            return Err(FontFault::Variable);
        }
        let source = fontdb::Source::Binary(Arc::new(bytes.to_vec()));
        let id = database.load_font_source(source).first().copied().ok_or(FontFault::NoFont)?;
        let info = database.face(id).ok_or(FontFault::NoFont)?;
        let family = info.families.first().map(|(name, _)| name.clone()).ok_or(FontFault::NoFont)?;
        let mut file = Self { bytes, parsed, family, weight: info.weight.0, near: Vec::new() };
        let near = |code: u32| char::from_u32(code).and_then(|it| file.look_up(it)).unwrap_or(f32::NAN);
        file.near = (0..NEAR).map(near).collect();
        let needed = ('0'..='9').chain('a'..='z').chain('A'..='Z').chain(" .,:%-()".chars());
        if needed.into_iter().any(|character| file.width(character).is_none()) {
            return Err(FontFault::NoLetters);
        }
        Ok(file)
    }

    fn width(&self, character: char) -> Option<f32> {
        match self.near.get(character as usize) {
            Some(width) => (!width.is_nan()).then_some(*width),
            None => self.look_up(character),
        }
    }

    fn look_up(&self, character: char) -> Option<f32> {
        let glyph = self.parsed.lookup_glyph_index(u32::from(character)).filter(|glyph| *glyph != 0)?;
        Some(self.ems(glyph))
    }

    fn ems(&self, glyph: u16) -> f32 {
        f32::from(self.parsed.get_glyph_width(glyph).unwrap_or(0)) / f32::from(self.parsed.units_per_em.max(1))
    }
}

fn is_variable(bytes: &[u8]) -> bool {
    let provider = ReadScope::new(bytes).read::<FontData<'_>>().ok().and_then(|data| data.table_provider(0).ok());
    provider.is_some_and(|provider| provider.has_table(tag::FVAR))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn digits_are_of_equal_width_so_that_columns_of_numbers_align() {
        for style in Style::ALL {
            let face = Typeface::shipped().face(style);
            let widths: BTreeSet<String> = ('0'..='9').map(|digit| format!("{:?}", face.width(digit))).collect();
            assert_eq!(widths.len(), 1, "{face:?}: {widths:?}");
        }
    }

    #[test]
    fn files_become_a_typeface_once() {
        let [regular, bold] = [fonts::REGULAR, fonts::BOLD].map(Arc::<[u8]>::from);
        let read = || Typeface::of([Arc::clone(&regular), Arc::clone(&bold), Arc::clone(&regular)]).unwrap();
        assert!(std::ptr::eq(read(), read()));
        assert!(!read().is_shipped());
        let faces: Vec<String> = Style::ALL.map(|style| format!("{:?}", read().face(style))).into();
        assert_eq!(faces, ["Roboto Regular", "Roboto Bold", "Roboto Italic"]);
        assert_eq!(Style::ALL.map(|style| read().face(style).weight()), [400, 700, 400]);
    }

    #[test]
    fn what_is_no_font_is_refused() {
        let check = |bytes: &[u8], expected: FontFault| {
            let regular = Arc::<[u8]>::from(fonts::REGULAR);
            let found = Typeface::of([Arc::clone(&regular), bytes.into(), regular]);
            assert_eq!(found.err(), Some((Style::Bold, expected)));
        };
        check(b"", FontFault::NoFont);
        check(b"<svg xmlns='http://www.w3.org/2000/svg'/>", FontFault::NoFont);
        check(&fonts::REGULAR[..fonts::REGULAR.len() / 3], FontFault::NoFont);
        let face = Typeface::shipped().face(Style::Regular);
        check(&face.subset(&[0, face.glyph('1')]).unwrap(), FontFault::NoLetters);
    }
}
