//! What every block is laid out with.

use super::paper::Sheet;
use crate::locale::Language;
use crate::report::document::{Document, Words};
use crate::report::theme::Theme;

/// The size of running text in points.
pub(super) const BODY: f64 = 10.0;
/// The size of small print: captions, remarks under tables, footers.
pub(super) const SMALL: f64 = 7.5;

/// The document's words and colours, and the sheet.
#[derive(Clone, Copy)]
pub(super) struct Setup<'a> {
    pub(super) theme: &'a Theme,
    pub(super) words: &'a Words,
    pub(super) language: Language,
    pub(super) sheet: Sheet,
}

impl<'a> Setup<'a> {
    pub(super) fn new(document: &'a Document, theme: &'a Theme, sheet: Sheet) -> Self {
        Self { theme, words: &document.words, language: document.language, sheet }
    }
}
