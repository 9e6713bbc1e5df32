//! What came of a formula in words: a result that is no number, and Rhai's errors as diagnostics at the word to blame.

use rhai::{Dynamic, EvalAltResult, Position};

use super::engine::Formula;
use super::evaluation::{Outcome, State};
use super::mistake::Mistake;
use super::operand::{Operand, type_words};
use super::syntax::{lower_first, place, place_of_part};
use super::wording::{assigned, hint_of_let, mismatch, no_part, unfit_result, unknown_function, useless_result};
use crate::diagnostics::{Code, Diagnostic, Span};

/// What a formula that ran to its end gives.
pub(super) fn finished(value: &Dynamic, formula: &Formula) -> Outcome {
    let unfit = match Operand::read(value) {
        Ok(Operand::Number(number)) => return Outcome::Number(number),
        Ok(Operand::Bool(value)) => return Outcome::Truth(value),
        Ok(Operand::NoData) => return Outcome::NoData,
        Ok(Operand::Pending) => return Outcome::Pending,
        Ok(other) => unfit_result(&other),
        Err(_) => None,
    };
    let mistake = unfit.unwrap_or_else(|| useless_result(&type_words(value.type_name())));
    let span = formula.text.span_of(0..formula.text.text.trim_end().len());
    let mut diagnostic = Diagnostic::error(mistake.code, span, mistake.message);
    diagnostic.hints.extend(mistake.hint);
    Outcome::Failed(Box::new(diagnostic))
}

/// What a formula that stopped half-way comes to.
pub(super) fn failed(error: &EvalAltResult, formula: &Formula, state: &State) -> Outcome {
    // Errors inside a function of the workspace are shown where the formula calls it: that is what the user reads.
    let mut call = Position::NONE;
    let mut inner = error;
    let mut within = None;
    while let EvalAltResult::ErrorInFunctionCall(name, _, cause, position) = inner {
        if call.is_none() {
            call = *position;
            within = Some(name.clone());
        }
        inner = cause;
    }
    let Mistake { code, message, hint, .. } = match inner {
        EvalAltResult::ErrorMismatchDataType(_, actual, _) if actual.contains("PendingValue") => {
            return Outcome::Pending;
        }
        EvalAltResult::ErrorMismatchDataType(_, actual, _) if actual == "()" => return Outcome::NoData,
        other => explained(other, state),
    };
    let position = if call.is_none() { inner.position() } else { call };
    let is_about_part = call.is_none() && (code == Code::UnknownColumn || is_indexing(inner));
    let span = if is_about_part { place_of_part(&formula.text, position) } else { place(&formula.text, position) };
    let message = match &within {
        Some(name) => format!("in the function `{name}`: {message}"),
        None => message,
    };
    let mut diagnostic = Diagnostic::error(code, span.clone(), message);
    diagnostic.hints.extend(if is_assigned(formula, &span) && code == Code::FormulaUnknownName {
        Some(hint_of_let(span.text()))
    } else {
        hint
    });
    Outcome::Failed(Box::new(diagnostic))
}

fn explained(error: &EvalAltResult, state: &State) -> Mistake {
    let limit = |message: &str, hint: &str| Mistake::kind(message).hint(hint).coded(Code::FormulaLimit);
    match error {
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<Mistake>() {
            Some(mistake) => mistake.clone(),
            None => Mistake::kind(format!("the formula stops itself by `throw`: {value}"))
                .hint("where there is nothing to compute from, give `()`, which is shown as \"no data\"")
                .coded(Code::FormulaFailed),
        },
        EvalAltResult::ErrorFunctionNotFound(signature, _) => {
            let (name, arguments) = signature.split_once('(').unwrap_or((signature, ")"));
            let arguments = arguments.rsplit_once(')').map_or("", |(inner, _)| inner).trim();
            let given = if arguments.is_empty() { 0 } else { arguments.split(", ").count() };
            unknown_function(name.trim(), given)
        }
        EvalAltResult::ErrorMismatchDataType(expected, actual, _) => {
            mismatch(&type_words(expected), &type_words(actual))
        }
        EvalAltResult::ErrorTooManyOperations(_) => limit(
            "the formula takes too many steps",
            "it may loop without end; rows are aggregated by `count`, `sum`, … and need no loop",
        ),
        EvalAltResult::ErrorStackOverflow(_) => {
            limit("the formula calls functions too deeply", "a function may be calling itself without end")
        }
        EvalAltResult::ErrorDataTooLarge(what, _) if what.contains("string") => limit(
            "the formula makes a text of more than 4,096 characters",
            "a formula gives one number and needs no long texts",
        ),
        EvalAltResult::ErrorDataTooLarge(..) => limit(
            "the formula makes a list of more than 1,000 items",
            "a formula gives one number and needs no long lists; rows are aggregated by `count`, `sum`, …",
        ),
        EvalAltResult::ErrorTooManyVariables(_) => {
            limit("the formula has more than 100 variables", "make KPIs of its parts")
        }
        EvalAltResult::ErrorVariableNotFound(name, _) => state.unknown_name(name),
        EvalAltResult::ErrorIndexingType(..) => no_part(),
        EvalAltResult::ErrorAssignmentToConstant(name, _) => assigned(name),
        other => Mistake::kind(lower_first(&without_place(other))).coded(Code::FormulaFailed),
    }
}

fn is_indexing(error: &EvalAltResult) -> bool {
    matches!(error, EvalAltResult::ErrorPropertyNotFound(..) | EvalAltResult::ErrorDotExpr(..))
}

/// Whether the word at this place is being given a value.
fn is_assigned(formula: &Formula, span: &Span) -> bool {
    let rest = span.file.text[span.range.end..].trim_start_matches(' ');
    rest.starts_with('=') && !rest.starts_with("==") && formula.text.text.contains(span.text())
}

/// Rhai's text without its own "(line 1, position 2)": the place is shown by the excerpt.
fn without_place(error: &EvalAltResult) -> String {
    let text = error.to_string();
    text.rfind(" (line ").map_or(text.clone(), |end| text[..end].to_owned())
}
