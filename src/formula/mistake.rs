//! A user's mistake found while a formula runs, carried through Rhai to where the place is known.

use rhai::{Dynamic, EvalAltResult, Position};

use crate::diagnostics::Code;

/// What is wrong and what to do about it; the place is added by the evaluation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mistake {
    /// The diagnostic's code.
    pub(crate) code: Code,
    /// One line.
    pub(crate) message: String,
    /// The way out.
    pub(crate) hint: Option<String>,
}

impl Mistake {
    /// Kinds that do not fit.
    pub(crate) fn kind(message: impl Into<String>) -> Self {
        Self { code: Code::FormulaType, message: message.into(), hint: None }
    }

    /// Adds the way out.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<Mistake> for Box<EvalAltResult> {
    fn from(mistake: Mistake) -> Self {
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(mistake), Position::NONE))
    }
}
