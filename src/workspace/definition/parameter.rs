//! Parameters as data: numbers with a name that formulas and texts share.

use super::Localized;
use crate::diagnostics::Spanned;
use crate::locale::Unit;

/// A number of the whole workspace, such as the threshold of the service level.
#[derive(Clone, Debug)]
pub struct ParameterDefinition {
    /// Its name in formulas, conditions and placeholders.
    pub id: Spanned<String>,
    /// Its value; for a duration in seconds.
    pub value: f64,
    /// What the value is, and with it how it is written in texts.
    pub unit: Unit,
    /// Its name for people; the id when none is given.
    pub title: Localized,
    /// What it is for.
    pub description: Localized,
}
