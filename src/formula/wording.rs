//! Mistakes that the check and a run tell in the same words.

use super::functions;
use super::mistake::Mistake;
use super::operand::Operand;
use crate::diagnostics::{Code, nearest};

/// Something else is needed where a condition decides once for all rows.
pub(super) fn mismatch(expected: &str, actual: &str) -> Mistake {
    let mistake = Mistake::kind(format!("{expected} is needed here, but this is {actual}"));
    match (expected, actual) {
        ("yes or no", "a value of each row") => mistake.hint(
            "`if` decides once for all rows; to choose rows, give an aggregate a condition: `sum(talk_s, answered)`",
        ),
        ("yes or no", _) => mistake.hint("a condition is a comparison, such as `count() >= 20`"),
        _ => mistake,
    }
}

/// A `switch` over what it cannot find among its cases.
pub(super) fn undecided(actual: &str) -> Mistake {
    Mistake::kind(format!("`switch` needs one value for all rows, but this is {actual}"))
        .hint("to choose rows, give an aggregate a condition: `sum(talk_s, queue == \"Sales\")`")
}

/// A `for` over what has no items.
pub(super) fn no_items(actual: &str) -> Mistake {
    Mistake::kind(format!("`for` goes through a list or a range, but this is {actual}"))
        .hint("rows are aggregated by `count`, `sum`, … and need no loop")
}

/// An `in` without a list.
pub(super) fn no_list(actual: &str) -> Mistake {
    Mistake::kind(format!("`in` needs a list, but has {actual}"))
        .hint("write `queue in [\"Sales\", \"Support\"]`; a range is `wait_s >= 5 and wait_s <= 10`")
}

/// `[…]` behind what has no parts.
pub(super) fn no_part() -> Mistake {
    Mistake::kind("`[…]` takes a part of a list, but this is none")
        .hint("a column of another dataset is written `dataset.column`")
}

/// A dot behind what has nothing inside.
pub(super) fn no_property(name: &str, words: &str) -> Mistake {
    Mistake::kind(format!("there is nothing behind this dot: {words} has no `{name}`"))
        .hint("a dot stands between a dataset and its column, as in `calls.wait_s`")
}

/// A name that is no variable is given another value.
pub(super) fn assigned(name: &str) -> Mistake {
    Mistake::kind(format!("`{name}` cannot be given another value"))
        .hint("to compare, write `==`, `<` or `>=`; a name of your own is made by `let`")
}

/// The way out where an unknown name is given a value.
pub(super) fn hint_of_let(name: &str) -> String {
    format!("to give a value a name, write `let {name} = …;`")
}

/// A result that is no number.
pub(super) fn unfit_result(result: &Operand) -> Option<Mistake> {
    let (message, hint) = match result {
        Operand::Number(_) | Operand::Bool(_) | Operand::NoData | Operand::Pending => return None,
        row @ Operand::Row(_) => (
            format!("the formula gives {} for each row instead of one number for all of them", row.words()),
            "count rows with `count(…)`, or aggregate with `sum`, `avg`, `min`, `max`, `percentile`".to_owned(),
        ),
        Operand::Dataset(name) => (
            format!("the formula gives the dataset `{name}` instead of a number"),
            format!("to count its rows, write `count({name})`"),
        ),
        Operand::Text(_) => {
            ("the formula gives a text instead of a number".to_owned(), "numbers stand without quotes".to_owned())
        }
    };
    Some(Mistake::kind(message).hint(hint).coded(Code::FormulaResult))
}

/// A result that formulas have no use for at all.
pub(super) fn useless_result(words: &str) -> Mistake {
    Mistake::kind(format!("the formula gives {words} instead of a number"))
        .hint("a formula gives one number, such as `count(answered)`")
        .coded(Code::FormulaResult)
}

/// Why a call of so many arguments finds no function: the name is unknown, or their number does not fit.
pub(super) fn unknown_function(name: &str, given: usize) -> Mistake {
    if let Some(function) = functions::all().iter().find(|function| function.name == name) {
        let taken = match (*function.arity.start(), *function.arity.end()) {
            (one, other) if one == other => one.to_string(),
            (one, other) if one + 1 == other => format!("{one} or {other}"),
            (one, other) => format!("{one} to {other}"),
        };
        let usage: Vec<String> = function.usage.iter().map(|usage| format!("`{usage}`")).collect();
        let plural = if taken == "1" { "" } else { "s" };
        return Mistake::kind(format!("`{name}` takes {taken} argument{plural}, but has {given}"))
            .hint(format!("write {}", usage.join(" or ")));
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
        return Mistake::kind(format!("there is no {what} `{name}`")).hint(instead).coded(Code::FormulaUnknownName);
    }
    let names = || functions::all().iter().map(|function| function.name);
    let hint = match nearest(name, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are: {}", names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
    };
    Mistake::kind(format!("there is no function `{name}`")).hint(hint).coded(Code::FormulaUnknownName)
}
