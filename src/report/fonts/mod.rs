//! The fonts reports are set in, embedded in the binary so that every machine draws the same pages: Roboto, which has
//! Latin, Cyrillic and Greek and digits of equal width. The licence stands beside the files.

/// Roboto Regular.
pub const REGULAR: &[u8] = include_bytes!("Roboto-Regular.ttf");
/// Roboto Bold.
pub const BOLD: &[u8] = include_bytes!("Roboto-Bold.ttf");
/// Roboto Italic.
pub const ITALIC: &[u8] = include_bytes!("Roboto-Italic.ttf");
