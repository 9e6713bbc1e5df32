//! What goes wrong only when a formula runs, such as a loop without end or a `throw`: found by running it on no data and on
//! made-up numbers.

use crate::diagnostics::{Code, Diagnostic};
use crate::formula::engine::{Formula, FormulaEngine};
use crate::formula::evaluation::{Known, Outcome, Unfetched};

/// Everything that rows decide counts as one of these, one after the other.
const ASSUMPTIONS: [Unfetched; 3] = [Unfetched::NoData, Unfetched::Number(0.0), Unfetched::Number(50.0)];

impl FormulaEngine {
    /// The first thing that goes wrong.
    pub(super) fn try_out(&self, formula: &Formula, dataset: Option<&str>) -> Option<Diagnostic> {
        ASSUMPTIONS.into_iter().find_map(|unfetched| {
            let known = Known { unfetched, ..Known::default() };
            match self.evaluate(formula, dataset, &known).outcome {
                // A function may refuse a made-up number that rows never give; that is no mistake.
                Outcome::Failed(mistake) if unfetched != Unfetched::NoData && mistake.code == Code::FormulaType => None,
                Outcome::Failed(mistake) => Some(*mistake),
                _ => None,
            }
        })
    }
}
