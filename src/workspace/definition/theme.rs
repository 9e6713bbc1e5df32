//! `report-templates/theme/`: the house's looks as its files say them. What they look like is the report room's affair.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::Localized;
use crate::diagnostics::{SourceFile, Spanned};

/// The files of `report-templates/theme/`.
#[derive(Clone, Debug, Default)]
pub struct ThemeFiles {
    /// `theme.yaml`; empty when there is none or nothing in it.
    pub definition: ThemeDefinition,
    /// `page.html`, the frame of the HTML page; the shipped one when there is none.
    pub page: Option<Arc<SourceFile>>,
    /// `mail.html`, the frame of mails; the shipped one when there is none.
    pub mail: Option<Arc<SourceFile>>,
    /// The pictures and fonts beside them, by their path relative to the folder.
    pub assets: BTreeMap<String, Asset>,
}

/// `theme.yaml`.
#[derive(Clone, Debug, Default)]
pub struct ThemeDefinition {
    /// The house's name.
    pub name: Localized,
    /// The line at the foot of every report.
    pub footer: Localized,
    /// The logo's path relative to the folder.
    pub logo: Option<Spanned<String>>,
    /// The house's fonts.
    pub fonts: FontsDefinition,
    /// Colours by their key, as 0xRRGGBB.
    pub colors: IndexMap<String, Spanned<u32>>,
}

/// The house's fonts: files relative to the folder, and names.
#[derive(Clone, Debug, Default)]
pub struct FontsDefinition {
    /// The face of running text.
    pub regular: Option<Spanned<String>>,
    /// The face of headings and totals; the regular one when left out.
    pub bold: Option<Spanned<String>>,
    /// The face of remarks; the regular one when left out.
    pub italic: Option<Spanned<String>>,
    /// The families that mails and pages ask the reader's machine for, the best first.
    pub families: Vec<String>,
}

/// A file that is no text.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its bytes; only the first ones when it is longer than files of its kind may be.
    pub bytes: Arc<[u8]>,
    /// Its length in bytes.
    pub length: u64,
}
