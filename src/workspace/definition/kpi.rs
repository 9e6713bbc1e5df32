//! KPIs as data, their formulas still text with the way back to its place in the file.

use std::sync::Arc;

use super::Localized;
use crate::diagnostics::{SourceFile, Span, Spanned};
use crate::locale::Unit;

/// A KPI.
#[derive(Debug)]
pub struct KpiDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// Its name for people; the id when none is given.
    pub title: Localized,
    /// What it measures, with its denominator.
    pub description: Localized,
    /// The dataset whose columns the formula may use by their bare names; none for KPIs of KPIs.
    pub dataset: Option<Spanned<String>>,
    /// The formula.
    pub formula: FormulaText,
    /// What the value is.
    pub unit: Unit,
    /// Digits after the decimal point when shown; the unit's own number when none is given.
    pub decimals: Option<u8>,
    /// Which way is good.
    pub better: Direction,
    /// The value to reach.
    pub target: Option<f64>,
    /// The value from which "not quite" becomes "bad".
    pub warn: Option<f64>,
    /// What stands for "no data"; `None` leaves it open, which is the default.
    pub no_data: Option<f64>,
}

/// A formula as text, with the way back from each of its characters to the file.
#[derive(Clone, Debug)]
pub struct FormulaText {
    /// The formula as YAML (or the script file) delivers it.
    pub text: String,
    /// The whole formula in its file.
    pub span: Span,
    /// For each byte of `text`, and one past the end, the byte in the file it came from; ascending.
    pub origin: Vec<usize>,
}

/// Which way a KPI is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
    /// Neither; shown without colour.
    Neither,
}

impl FormulaText {
    /// A formula that stands in no file: for tests and for formulas given on the command line.
    pub fn inline(path: &str, text: &str) -> Self {
        let file = Arc::new(SourceFile { path: path.to_owned(), text: text.to_owned() });
        Self { text: text.to_owned(), span: Span { file, range: 0..text.len() }, origin: (0..=text.len()).collect() }
    }

    /// The place in the file of a stretch of the formula, in bytes of `text`; clamped to the formula.
    pub fn span_of(&self, range: std::ops::Range<usize>) -> Span {
        let at = |byte: usize| self.origin.get(byte.min(self.text.len())).copied().unwrap_or(self.span.range.end);
        let start = at(range.start);
        Span { file: Arc::clone(&self.span.file), range: start..at(range.end).max(start) }
    }
}
