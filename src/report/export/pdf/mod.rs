//! PDF: a document on A4 pages with an own block layout. Blocks become strips (`compose`, `table`, `tiles`, `chart`),
//! strips stand on pages (`flow`), pages get header and footer (`page`) and become a file (`write`). Text stays text:
//! it can be selected and searched.

mod chart;
mod columns;
mod compose;
mod explained;
mod flow;
mod fonts;
mod mark;
mod outline;
mod page;
mod sign;
mod table;
mod text;
mod tiles;
mod write;

#[cfg(test)]
mod tests;

use super::super::document::Document;
use super::super::theme::Theme;

/// Why a PDF could not be made. Neither depends on anything outside the program, so trying again changes nothing.
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

/// The document as a PDF file. The same document and theme give the same bytes.
///
/// # Errors
///
/// When a font cannot be embedded or the file cannot be put together.
pub fn render(document: &Document, theme: &Theme) -> Result<Vec<u8>, PdfError> {
    write::write(&pages(document, theme), document)
}

/// The document laid out, before it becomes a file.
fn pages(document: &Document, theme: &Theme) -> Vec<flow::Page> {
    let mut pages = flow::paginate(compose::compose(document, theme));
    page::frame(&mut pages, document, theme);
    pages
}
