//! PDF: a document on pages with an own block layout. Blocks become strips (`compose`, `prose`, `table`, `tiles`, `chart`,
//! `explained`), strips stand on pages (`flow`), pages get header and footer (`page`) and become a file (`write`). Text
//! stays text: it can be selected, searched and read aloud (`structure`, `tags`).

mod chart;
mod columns;
mod compose;
mod cover;
mod encryption;
mod explained;
mod flow;
mod fonts;
mod logo;
mod mark;
mod metadata;
mod missing;
mod outline;
mod page;
mod paper;
mod pen;
mod prose;
mod setup;
mod sheets;
mod sign;
mod structure;
mod table;
mod tags;
mod text;
mod tiles;
mod write;

#[cfg(test)]
mod tests;

use super::super::document::Document;
use super::super::theme::Theme;
use crate::workspace::PdfDefinition;

/// Why a PDF could not be made. None depends on anything outside the program, so trying again changes nothing.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A font could not be cut down to the characters used.
    #[error("cannot embed the font `{face}`: {reason}")]
    Font {
        /// The face.
        face: &'static str,
        /// What the font library says.
        reason: String,
    },
    /// The theme's logo is no picture that can be drawn.
    #[error("cannot draw the logo: {0}")]
    Logo(String),
    /// The password cannot protect a file.
    #[error("cannot use the password: {0}")]
    Password(&'static str),
    /// The file's objects could not be put together.
    #[error("cannot write the PDF: {0}")]
    Write(String),
}

impl PdfError {
    /// Whether trying again may help: never.
    pub fn is_temporary(&self) -> bool {
        false
    }

    fn write(error: lopdf::Error) -> Self {
        Self::Write(error.to_string())
    }
}

/// The document as a PDF file. The same document, theme and settings give the same bytes.
///
/// # Errors
///
/// When a font or the logo cannot be embedded, the password cannot be used, or the file cannot be put together.
pub fn render(document: &Document, theme: &Theme, definition: &PdfDefinition) -> Result<Vec<u8>, PdfError> {
    write::write(&laid_out(document, theme, definition))
}

/// The document laid out, before it becomes a file.
fn laid_out<'a>(document: &'a Document, theme: &'a Theme, definition: &'a PdfDefinition) -> write::Content<'a> {
    let compose::Composed { parts, structure } = compose::compose(document, theme, paper::Sheet::new(definition));
    let mut pages = flow::paginate(parts);
    page::frame(&mut pages, document, theme);
    write::Content { document, theme, definition, pages, structure }
}
