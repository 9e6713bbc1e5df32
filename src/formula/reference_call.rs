//! Calls that speak of KPIs elsewhere: `previous`, `same_time`, `baseline`, `across`. Their KPI and dimension are names and
//! not values, so the parser is made to read them as such; what a call then refers to is known without running it.

use std::collections::HashSet;
use std::ops::RangeInclusive;
use std::sync::Arc;

use rhai::{Engine, Expr, FnCallExpr, Position, Token};

use super::reference::{Elsewhere, Reference};

/// How many weeks back a formula may look.
pub(super) const WEEKS: RangeInclusive<i64> = 1..=52;

/// The functions, each with how many of its first arguments are names.
const FORMS: [(&str, usize); 4] = [("previous", 1), ("same_time", 1), ("baseline", 1), ("across", 2)];

/// Why a call does not say what it refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unclear {
    /// It has too few or too many arguments.
    Count,
    /// This argument is a computation where a name is needed.
    Name(usize),
    /// This argument is no whole number, or one out of range.
    Weeks(usize),
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
        let Some((_, names)) = FORMS.iter().find(|(form, _)| **form == ***word) else { continue };
        // Each name stands behind a sign and before another: `(offered,`, `, queue)`.
        for argument in 0..*names {
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
    let (_, names) = FORMS.iter().find(|(form, _)| *form == name)?;
    let takes = if name == "previous" { 1 } else { 2 };
    if call.args.len() != takes {
        return Some(Err(Unclear::Count));
    }
    let text = |index: usize| match &call.args[index] {
        Expr::StringConstant(text, _) => Ok(Arc::from(text.as_str())),
        _ => Err(Unclear::Name(index)),
    };
    let weeks = || match &call.args[1] {
        Expr::IntegerConstant(weeks, _) if WEEKS.contains(weeks) => {
            u32::try_from(*weeks).map_err(|_| Unclear::Weeks(1))
        }
        _ => Err(Unclear::Weeks(1)),
    };
    let places = || {
        Ok(match name {
            "previous" => vec![Elsewhere::Previous],
            "same_time" => vec![Elsewhere::WeeksAgo(weeks()?)],
            "baseline" => (1..=weeks()?).map(Elsewhere::WeeksAgo).collect(),
            _ => vec![Elsewhere::Across(text(names - 1)?)],
        })
    };
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
        assert_eq!(run("if 1 > 2 { previous(a) } else { 3 }", &[]), told(Outcome::Number(3.0), ""));
    }
}
