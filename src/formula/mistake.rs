//! A user's mistake in a formula, found by the check or while it runs; the place is known to whoever finds it.

use rhai::{Dynamic, EvalAltResult, Position};

use crate::diagnostics::Code;

/// What is wrong and what to do about it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mistake {
    /// The diagnostic's code.
    pub(crate) code: Code,
    /// One line.
    pub(crate) message: String,
    /// The way out.
    pub(crate) hint: Option<String>,
    /// Which argument of the function or operator is to blame; the whole call when none.
    pub(crate) argument: Option<usize>,
}

impl Mistake {
    /// Kinds that do not fit.
    pub(crate) fn kind(message: impl Into<String>) -> Self {
        Self { code: Code::FormulaType, message: message.into(), hint: None, argument: None }
    }

    /// Gives it another code.
    pub(crate) fn coded(mut self, code: Code) -> Self {
        self.code = code;
        self
    }

    /// Sets the way out.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Says which argument is to blame.
    pub(crate) fn of_argument(mut self, index: usize) -> Self {
        self.argument = Some(index);
        self
    }
}

impl From<Mistake> for Box<EvalAltResult> {
    fn from(mistake: Mistake) -> Self {
        Box::new(EvalAltResult::ErrorRuntime(Dynamic::from(mistake), Position::NONE))
    }
}
