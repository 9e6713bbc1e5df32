//! What a formula gives in the end must be a number, or for a condition yes or no, whichever way it goes.

use super::value::{Possible, Value, What};
use super::{Checker, Wanted};
use crate::diagnostics::{Code, Span};
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;
use crate::formula::syntax::place;
use crate::formula::wording::{unfit_result, useless_result};

impl Checker<'_> {
    /// Tells every way in which the formula gives something else than is wanted.
    pub(super) fn judge(&mut self, results: &Value) {
        let is_empty = |possible: &Possible| matches!(possible.what, What::Exact(Operand::NoData));
        if !results.possible.is_empty() && results.possible.iter().all(is_empty) && self.mistakes.is_empty() {
            let hint = match self.wanted {
                Wanted::Number => "its last line is the value: end it with a number, such as `count(answered)`",
                Wanted::Condition => "its last line decides: end it with a comparison, such as `service_level < 70`",
            };
            let mistake = Mistake::kind("the formula never gives a value").hint(hint).coded(Code::FormulaResult);
            return self.tell_at(self.whole(), mistake);
        }
        for possible in &results.possible {
            let Some(mistake) = unfit(&possible.what, self.wanted) else { continue };
            // Where there is one way only, the whole formula is it.
            let here = match results.possible.as_slice() {
                [_] => self.whole(),
                _ => place(&self.text, possible.position),
            };
            self.tell_at(here, mistake);
        }
    }

    fn whole(&self) -> Span {
        self.formula.span_of(0..self.formula.text.trim_end().len())
    }
}

fn unfit(what: &What, wanted: Wanted) -> Option<Mistake> {
    let result = |message: &str, hint: &str| Some(Mistake::kind(message).hint(hint).coded(Code::FormulaResult));
    match (what, wanted) {
        (What::Unknown | What::Exact(Operand::NoData), _)
        | (What::Number | What::Exact(Operand::Number(_)), Wanted::Number)
        | (What::Bool | What::Exact(Operand::Bool(_)), Wanted::Condition) => None,
        (What::Bool | What::Exact(Operand::Bool(_)), Wanted::Number) => result(
            "the formula gives yes or no, but a KPI is a number",
            "to count rows that fulfil a condition, write `count(…)`",
        ),
        (What::Number | What::Exact(Operand::Number(_) | Operand::Pending), Wanted::Condition) => result(
            "the condition gives a number instead of yes or no",
            "compare it with a threshold, such as `service_level < 70`",
        ),
        (What::Exact(operand), _) => unfit_result(operand),
        (other, _) => Some(useless_result(&other.words())),
    }
}
