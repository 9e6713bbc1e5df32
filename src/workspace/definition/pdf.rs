//! How a report's PDF is made, as data.

use secrecy::SecretString;

/// How a report's PDF is made.
#[derive(Clone, Debug, Default)]
pub struct PdfDefinition {
    /// The paper's size.
    pub paper: Paper,
    /// Which way the paper lies.
    pub orientation: Orientation,
    /// What has to be typed to open the file, known to be fit for it; nothing when none.
    pub password: Option<SecretString>,
}

/// A size of paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Paper {
    /// 210 × 297 mm.
    #[default]
    A4,
    /// 8½ × 11 inches.
    Letter,
}

/// Which way a sheet of paper lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Orientation {
    /// Upright.
    #[default]
    Portrait,
    /// On its long side.
    Landscape,
}
