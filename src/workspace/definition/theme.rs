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
    /// The pictures beside them, by their path relative to the folder.
    pub pictures: BTreeMap<String, Picture>,
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
    /// Colours by their key, as 0xRRGGBB.
    pub colors: IndexMap<String, Spanned<u32>>,
}

/// A file that is no text.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Its bytes; only the first ones when it is longer than any picture of a report may be.
    pub bytes: Arc<[u8]>,
    /// Its length in bytes.
    pub length: u64,
}
