//! What came of a formula in words: a result that is no number, and Rhai's errors as diagnostics at the word to blame.

use rhai::{Dynamic, EvalAltResult, Position};

use super::engine::Formula;
use super::evaluation::{Outcome, State};
use super::functions;
use super::mistake::Mistake;
use super::operand::{Operand, type_words};
use super::syntax::{lower_first, place, place_of_part};
use crate::diagnostics::{Code, Diagnostic, Span, nearest};

/// What a formula that ran to its end gives.
pub(super) fn finished(value: &Dynamic, formula: &Formula) -> Outcome {
    let failed = |message: String, hint: &str| {
        let span = formula.text.span_of(0..formula.text.text.trim_end().len());
        Outcome::Failed(Box::new(Diagnostic::error(Code::FormulaResult, span, message).hint(hint)))
    };
    match Operand::read(value) {
        Ok(Operand::Number(number)) => Outcome::Number(number),
        Ok(Operand::Bool(value)) => Outcome::Truth(value),
        Ok(Operand::NoData) => Outcome::NoData,
        Ok(Operand::Pending) => Outcome::Pending,
        Ok(row @ Operand::Row(_)) => failed(
            format!("the formula gives {} for each row instead of one number for all of them", row.words()),
            "count rows with `count(…)`, or aggregate with `sum`, `avg`, `min`, `max`, `percentile`",
        ),
        Ok(Operand::Dataset(name)) => failed(
            format!("the formula gives the dataset `{name}` instead of a number"),
            &format!("to count its rows, write `count({name})`"),
        ),
        Ok(Operand::Text(_)) => {
            failed("the formula gives a text instead of a number".to_owned(), "numbers stand without quotes")
        }
        Err(_) => failed(
            format!("the formula gives {} instead of a number", type_words(value.type_name())),
            "a formula gives one number, such as `count(answered)`",
        ),
    }
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
    let (code, message, hint) = match inner {
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
        Some(format!("to give a value a name, write `let {} = …;`", span.text()))
    } else {
        hint
    });
    Outcome::Failed(Box::new(diagnostic))
}

fn explained(error: &EvalAltResult, state: &State) -> (Code, String, Option<String>) {
    let limit = |message: &str, hint: &str| (Code::FormulaLimit, message.to_owned(), Some(hint.to_owned()));
    match error {
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<Mistake>() {
            Some(mistake) => (mistake.code, mistake.message.clone(), mistake.hint.clone()),
            None => (
                Code::FormulaFailed,
                format!("the formula stops itself by `throw`: {value}"),
                Some("where there is nothing to compute from, give `()`, which is shown as \"no data\"".to_owned()),
            ),
        },
        EvalAltResult::ErrorFunctionNotFound(signature, _) => unknown_function(signature),
        EvalAltResult::ErrorMismatchDataType(expected, actual, _) => mismatch(expected, actual),
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
        EvalAltResult::ErrorVariableNotFound(name, _) => {
            let mistake = state.unknown_name(name);
            (mistake.code, mistake.message, mistake.hint)
        }
        EvalAltResult::ErrorIndexingType(..) => (
            Code::FormulaType,
            "`[…]` takes a part of a list, but this is none".to_owned(),
            Some("a column of another dataset is written `dataset.column`".to_owned()),
        ),
        EvalAltResult::ErrorPropertyNotFound(name, _) | EvalAltResult::ErrorDotExpr(name, _) => (
            Code::FormulaType,
            format!("there is nothing behind this dot: {}", lower_first(name)),
            Some("a dot stands between a dataset and its column, as in `calls.wait_s`".to_owned()),
        ),
        EvalAltResult::ErrorAssignmentToConstant(name, _) => (
            Code::FormulaType,
            format!("`{name}` cannot be given another value"),
            Some("to compare, write `==`, `<` or `>=`; a name of your own is made by `let`".to_owned()),
        ),
        other => (Code::FormulaFailed, lower_first(&without_place(other)), None),
    }
}

fn mismatch(expected: &str, actual: &str) -> (Code, String, Option<String>) {
    let hint = match (expected, actual) {
        ("bool", actual) if actual.contains("RowValue") => Some(
            "`if` decides once for all rows; to choose rows, give an aggregate a condition: `sum(talk_s, answered)`",
        ),
        ("bool", _) => Some("a condition is a comparison, such as `count() >= 20`"),
        _ => None,
    };
    let message = format!("{} is needed here, but this is {}", type_words(expected), type_words(actual));
    (Code::FormulaType, message, hint.map(str::to_owned))
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

/// Why a call found no function: the name is unknown, or the number of arguments does not fit.
pub(super) fn unknown_function(signature: &str) -> (Code, String, Option<String>) {
    let name = signature.split([' ', '(']).next().unwrap_or(signature);
    if let Some(function) = functions::all().iter().find(|function| function.name == name) {
        let inner =
            signature.split_once('(').and_then(|(_, inner)| inner.rsplit_once(')')).map_or("", |(inner, _)| inner);
        let given = if inner.trim().is_empty() { 0 } else { inner.split(", ").count() };
        let taken = match (*function.arity.start(), *function.arity.end()) {
            (one, other) if one == other => one.to_string(),
            (one, other) if one + 1 == other => format!("{one} or {other}"),
            (one, other) => format!("{one} to {other}"),
        };
        let usage: Vec<String> = function.usage.iter().map(|usage| format!("`{usage}`")).collect();
        return (
            Code::FormulaType,
            format!("`{name}` takes {taken} argument{}, but has {given}", if taken == "1" { "" } else { "s" }),
            Some(format!("write {}", usage.join(" or "))),
        );
    }
    let instead = match name {
        "&" => Some("write `and`"),
        "|" => Some("write `or`"),
        "**" => Some("write a product, such as `x * x`"),
        "<<" | ">>" | "^" => Some("there are `+ - * / %`, comparisons, `and`, `or`, `not` and `in`"),
        "sleep" | "timestamp" | "rand" => Some("a formula cannot wait, nor ask the clock or chance"),
        _ => None,
    };
    if let Some(instead) = instead {
        let what = if name.starts_with(char::is_alphabetic) { "function" } else { "operator" };
        return (Code::FormulaUnknownName, format!("there is no {what} `{name}`"), Some(instead.to_owned()));
    }
    let names = || functions::all().iter().map(|function| function.name);
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    };
    (Code::FormulaUnknownName, format!("there is no function `{name}`"), Some(hint))
}
