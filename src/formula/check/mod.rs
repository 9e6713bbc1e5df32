//! Checking a formula without running it: every branch of every `if` and `switch`, loops once, functions with the kinds of
//! their arguments. It computes with the very operators and functions that a run uses; only what rows decide is a kind
//! instead of a value. All mistakes are told.

mod calls;
mod expressions;
mod references;
mod results;
mod statements;
mod value;

use std::sync::Arc;

use rhai::Position;

use self::value::{Possible, Value, What};
use super::engine::{Formula, FormulaEngine};
use super::evaluation::{State, lock};
use super::mistake::Mistake;
use super::operand::Operand;
use super::script::ScriptFunction;
use super::syntax::{place, place_of_part};
use crate::diagnostics::{Diagnostic, Span};
use crate::workspace::FormulaText;

/// What a formula is to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// A number, from columns and KPIs.
    Number,
    /// Yes or no, from KPIs alone.
    Condition,
}

/// So many steps are checked; the longest shipped formula takes about 60. What comes after them is not.
const MOST_STEPS: usize = 20_000;
/// Functions that call each other are followed so far.
const DEEPEST_CALL: usize = 6;

/// A formula being checked.
struct Checker<'a> {
    state: &'a mut State,
    functions: &'a [Arc<ScriptFunction>],
    wanted: Wanted,
    /// The formula.
    formula: &'a Arc<FormulaText>,
    /// Where the statements stand that are being checked: the formula, or a file of functions.
    text: Arc<FormulaText>,
    /// The outermost call of a function of the user's that is being followed.
    within: Option<(String, Position)>,
    depth: usize,
    scope: Vec<(String, Value)>,
    /// What the formula, or the function being followed, has returned.
    returned: Value,
    /// What the innermost loop was left with.
    broken: Value,
    steps: usize,
    followed: Vec<*const ScriptFunction>,
    mistakes: Vec<Diagnostic>,
}

impl FormulaEngine {
    /// Every mistake in a formula; bare column names are of `dataset`.
    pub(crate) fn check(&self, formula: &Formula, dataset: Option<&str>, wanted: Wanted) -> Vec<Diagnostic> {
        let _running = self.is_running();
        let mut state = lock(&self.state);
        state.begin(dataset, &super::Known::default());
        let mut checker = Checker {
            state: &mut state,
            functions: &formula.functions,
            wanted,
            formula: &formula.text,
            text: Arc::clone(&formula.text),
            within: None,
            depth: 0,
            scope: Vec::new(),
            returned: Value::never(),
            broken: Value::never(),
            steps: 0,
            followed: Vec::new(),
            mistakes: Vec::new(),
        };
        let last = checker.statements(formula.ast.statements());
        let results = std::mem::take(&mut checker.returned).or(last);
        checker.judge(&results);
        checker.functions_nobody_calls();
        let mut mistakes = checker.mistakes;
        let start = |mistake: &Diagnostic| mistake.span.as_ref().map(|span| span.range.start);
        mistakes.sort_by_key(start);
        mistakes
    }
}

impl Checker<'_> {
    /// Tells a mistake at a place; inside a function of the user's at the call that leads there.
    fn tell(&mut self, position: Position, mistake: Mistake) {
        self.tell_at(place(&self.text, position), mistake);
    }

    /// The same for what stands behind a dot or in brackets.
    fn tell_part(&mut self, position: Position, mistake: Mistake) {
        self.tell_at(place_of_part(&self.text, position), mistake);
    }

    fn tell_at(&mut self, here: Span, mistake: Mistake) {
        let mut diagnostic = match &self.within {
            None => Diagnostic::error(mistake.code, here, mistake.message),
            Some((function, call)) => {
                let message = format!("in the function `{function}`: {}", mistake.message);
                Diagnostic::error(mistake.code, place(self.formula, *call), message).related(here, "here")
            }
        };
        diagnostic.hints.extend(mistake.hint);
        let is_told = |known: &Diagnostic| known.message == diagnostic.message && known.span == diagnostic.span;
        if !self.mistakes.iter().any(is_told) {
            self.mistakes.push(diagnostic);
        }
    }

    /// What an operator or a function gives for every combination of what its arguments may be.
    fn apply(
        &mut self,
        position: Position,
        arguments: &[&Value],
        places: &[Position],
        mut run: impl FnMut(&mut State, Vec<Operand>) -> Result<Operand, Mistake>,
    ) -> Value {
        let mut value = Value::never();
        let mut mistake = None;
        for combination in combinations(arguments) {
            match self.apply_to(&combination, &mut run) {
                Some(Ok(what)) => value.add(Possible { what, position }),
                Some(Err(found)) => {
                    mistake.get_or_insert(found);
                    value = value.or(Value::unknown(position));
                }
                None => value = value.or(Value::unknown(position)),
            }
        }
        if let Some(mistake) = mistake {
            let to_blame = mistake.argument.and_then(|argument| places.get(argument)).copied();
            self.tell(to_blame.unwrap_or(position), mistake);
        }
        value
    }

    /// The result for one combination; none when an argument is unknown.
    fn apply_to(
        &mut self,
        arguments: &[&What],
        run: &mut impl FnMut(&mut State, Vec<Operand>) -> Result<Operand, Mistake>,
    ) -> Option<Result<What, Mistake>> {
        if arguments.iter().any(|what| matches!(what, What::Unknown)) {
            return None;
        }
        let is_made_up = arguments.iter().any(|what| what.is_made_up());
        let mut first = None;
        // A made-up number may be one that a function refuses; only what is wrong with all of them is wrong.
        for number in if is_made_up { &MADE_UP[..] } else { &MADE_UP[..1] } {
            let operands: Option<Vec<_>> = arguments.iter().map(|what| what.operand(*number)).collect();
            let Some(operands) = operands else {
                let unfit = arguments.iter().position(|what| what.operand(*number).is_none()).unwrap_or(0);
                let mistake = Mistake::kind(format!("{} cannot be used here", arguments[unfit].words()));
                return Some(Err(mistake.of_argument(unfit)));
            };
            let has_no_data = operands.contains(&Operand::NoData);
            match run(self.state, operands) {
                Ok(operand) => return Some(Ok(What::of(operand, is_made_up && !has_no_data))),
                Err(mistake) => {
                    first.get_or_insert(mistake);
                }
            }
        }
        first.map(Err)
    }
}

/// Numbers that stand for those that rows decide: a usual one first, as messages may show it.
const MADE_UP: [f64; 4] = [50.0, 0.0, 1.0, 0.5];

/// Every choice of one possibility for each argument, as far as there are not too many.
fn combinations<'v>(arguments: &[&'v Value]) -> Vec<Vec<&'v What>> {
    let mut combinations: Vec<Vec<&What>> = vec![Vec::new()];
    for argument in arguments {
        let mut longer = Vec::with_capacity(combinations.len() * argument.possible.len());
        for combination in &combinations {
            for possible in &argument.possible {
                longer.push(combination.iter().copied().chain([&possible.what]).collect());
            }
        }
        longer.truncate(MOST_COMBINATIONS);
        combinations = longer;
    }
    combinations
}

/// More combinations than these are not tried out.
const MOST_COMBINATIONS: usize = 64;
