//! Calls that speak of KPIs elsewhere: `previous`, `same_time`, `baseline`, `unusual`, `across`. Their KPI and dimension are names and
//! not values, so the parser is made to read them as such; what a call then refers to is known without running it.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use rhai::{Engine, Expr, FnCallExpr, Position, Token};

use super::functions::unusual::SIDES;
use super::reference::{Elsewhere, Reference};

/// How many weeks back a formula may look.
pub(super) const WEEKS: RangeInclusive<i64> = 1..=52;

/// How many weeks back a formula must look to know what is usual.
const WEEKS_OF_USUAL: RangeInclusive<i64> = 4..=52;

/// How a function speaks of KPIs elsewhere.
struct Form {
    name: &'static str,
    /// How many of its first arguments are names.
    names: usize,
    /// How many arguments it takes.
    takes: RangeInclusive<usize>,
}

const FORMS: [Form; 6] = [
    Form { name: "previous", names: 1, takes: 1..=1 },
    Form { name: "same_time", names: 1, takes: 2..=2 },
    Form { name: "baseline", names: 1, takes: 2..=2 },
    Form { name: "deviation", names: 1, takes: 2..=2 },
    Form { name: "unusual", names: 1, takes: 2..=3 },
    Form { name: "across", names: 2, takes: 2..=2 },
];

/// How many of this function's first arguments are names.
pub(super) fn names_of(function: &str) -> usize {
    FORMS.iter().find(|form| form.name == function).map_or(0, |form| form.names)
}

/// How many weeks back this function may look.
pub(super) fn weeks_of(function: &str) -> RangeInclusive<i64> {
    if matches!(function, "deviation" | "unusual") { WEEKS_OF_USUAL } else { WEEKS }
}

/// Why a call does not say what it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unclear {
    /// It has too few or too many arguments.
    Count,
    /// This argument is a computation where a name is needed.
    Name(usize),
    /// This argument is no whole number, or one out of range.
    Weeks(usize),
    /// This argument is none of the words for a side.
    Side(usize),
}

/// Where names stand as arguments in a script: there the parser is to read a text.
pub(super) fn named_arguments(engine: &Engine, script: &str) -> HashSet<Position> {
    let (tokens, _) = engine.lex([&script]);
    // At its end, and at what is no token, the tokenizer says so for ever.
    let tokens: Vec<(Token, Position)> =
        tokens.take_while(|(token, _)| !matches!(token, Token::EOF | Token::LexError(_))).collect();
    let mut places = HashSet::new();
    for (index, (token, _)) in tokens.iter().enumerate() {
        let Token::Identifier(word) = token else { continue };
        let Some(form) = FORMS.iter().find(|form| *form.name == ***word) else { continue };
        // Each name stands behind a sign and before another: `(offered,`, `, queue)`.
        for argument in 0..form.names {
            let first = index + 1 + 2 * argument;
            let Some([(before, _), (Token::Identifier(_), place), (after, _)]) = tokens.get(first..first + 3) else {
                break;
            };
            let begins = if argument == 0 { Token::LeftParen } else { Token::Comma };
            if *before != begins || !matches!(after, Token::Comma | Token::RightParen) {
                break;
            }
            places.insert(*place);
        }
    }
    places
}

/// What a call refers to; none when it is another function's.
pub(super) fn read(call: &FnCallExpr) -> Option<Result<Vec<Reference>, Unclear>> {
    let name = call.name.as_str();
    let form = FORMS.iter().find(|form| form.name == name)?;
    if !form.takes.contains(&call.args.len()) {
        return Some(Err(Unclear::Count));
    }
    let text = |index: usize| match &call.args[index] {
        Expr::StringConstant(text, _) => Ok(Arc::from(text.as_str())),
        _ => Err(Unclear::Name(index)),
    };
    let weeks = || match &call.args[1] {
        Expr::IntegerConstant(weeks, _) if weeks_of(name).contains(weeks) => {
            u32::try_from(*weeks).map_err(|_| Unclear::Weeks(1))
        }
        _ => Err(Unclear::Weeks(1)),
    };
    let places = || {
        Ok(match name {
            "previous" => vec![Elsewhere::Previous],
            "same_time" => vec![Elsewhere::WeeksAgo(weeks()?)],
            "baseline" => (1..=weeks()?).map(Elsewhere::WeeksAgo).collect(),
            "deviation" | "unusual" => (0..=weeks()?).map(Elsewhere::WeeksAgo).collect(),
            _ => vec![Elsewhere::Across(text(form.names - 1)?)],
        })
    };
    let is_side = |side: &str| SIDES.iter().any(|(word, _)| *word == side);
    if let Some(side) = call.args.get(2)
        && !matches!(side, Expr::StringConstant(text, _) if is_side(text))
    {
        return Some(Err(Unclear::Side(2)));
    }
    let of = |kpi: Arc<str>| {
        let places: Vec<Elsewhere> = places()?;
        Ok(places.into_iter().map(|place| Reference { kpi: Arc::clone(&kpi), place }).collect())
    };
    Some(text(0).and_then(of))
}

#[cfg(test)]
mod tests {
    use super::super::engine::FormulaEngine;
    use super::super::evaluation::{Known, Outcome};
    use super::super::schema::Schema;
    use super::*;
    use crate::workspace::FormulaText;

    fn engine() -> FormulaEngine {
        FormulaEngine::bare(Schema::default())
    }

    /// The references of a formula, wherever they stand.
    #[track_caller]
    fn check(formula: &str, expected: &[&str]) {
        let compiled = engine().compile(&FormulaText::inline("test", formula)).unwrap();
        let references: Vec<String> = compiled.references().iter().map(ToString::to_string).collect();
        assert_eq!(references, expected, "{formula}");
        assert!(compiled.names().is_empty(), "{formula}: {:?}", compiled.names());
    }

    #[test]
    fn references_are_known_without_running() {
        check("previous(offered)", &["previous(offered)"]);
        check("percent(1, across( logged_in_time /* all */, reason ))", &["across(logged_in_time, reason)"]);
        check("baseline(a, 3)", &["same_time(a, 1)", "same_time(a, 2)", "same_time(a, 3)"]);
        let four = ["a", "same_time(a, 1)", "same_time(a, 2)", "same_time(a, 3)", "same_time(a, 4)"];
        check("unusual(a, 4, \"high\") or deviation(a, 4) > 2", &four);
        check(
            "if 1 > 2 { same_time(a, 52) } else { same_time(a, 52) ?? previous(b) }",
            &["same_time(a, 52)", "previous(b)"],
        );
        check("fn one() { two() } fn two() { previous(a) } fn unused() { previous(b) } one()", &["previous(a)"]);
        check("let previous = 3; let baseline = previous; baseline", &[]);
    }

    #[test]
    fn a_run_tells_what_it_used() {
        let engine = engine();
        let run = |formula: &str, values: &[(&str, u32, Outcome)]| {
            let compiled = engine.compile(&FormulaText::inline("test", formula)).unwrap();
            let reference = |(kpi, weeks, outcome): &(&str, u32, Outcome)| {
                (Reference { kpi: Arc::from(*kpi), place: Elsewhere::WeeksAgo(*weeks) }, outcome.clone())
            };
            let references = Arc::new(values.iter().map(reference).collect());
            let evaluated = engine.evaluate(&compiled, None, &Known { references, ..Known::default() });
            (evaluated.outcome, evaluated.references.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        let told = |outcome: Outcome, used: &str| (outcome, used.to_owned());
        assert_eq!(run("same_time(a, 1) + 1", &[]), told(Outcome::Pending, "same_time(a, 1)"));
        assert_eq!(
            run("same_time(a, 1) + 1", &[("a", 1, Outcome::Number(4.0))]),
            told(Outcome::Number(5.0), "same_time(a, 1)")
        );
        let weeks = [("a", 1, Outcome::Number(4.0)), ("a", 2, Outcome::NoData), ("a", 3, Outcome::Number(8.0))];
        let used = "same_time(a, 1) same_time(a, 2) same_time(a, 3)";
        assert_eq!(run("baseline(a, 3)", &weeks), told(Outcome::Number(6.0), used));
        assert_eq!(run("baseline(a, 3)", &weeks[..2]), told(Outcome::Pending, used));
        let now = ("a", 0, Outcome::Number(20.0));
        let past = |values: [f64; 4]| {
            let weeks = (1..).zip(values).map(|(week, value)| ("a", week, Outcome::Number(value)));
            [now.clone()].into_iter().chain(weeks).collect::<Vec<_>>()
        };
        let used = "a same_time(a, 1) same_time(a, 2) same_time(a, 3) same_time(a, 4)";
        assert_eq!(run("unusual(a, 4)", &past([10.0, 11.0, 9.0, 10.0])), told(Outcome::Truth(true), used));
        assert_eq!(run("unusual(a, 4, \"low\")", &past([10.0, 11.0, 9.0, 10.0])), told(Outcome::Truth(false), used));
        assert_eq!(run("deviation(a, 4)", &past([16.0, 16.0, 16.0, 16.0])), told(Outcome::Number(5.0), used));
        assert_eq!(run("unusual(a, 4)", &past([0.0; 4])[..4]), told(Outcome::Pending, used));
        assert_eq!(run("if 1 > 2 { previous(a) } else { 3 }", &[]), told(Outcome::Number(3.0), ""));
    }
}
