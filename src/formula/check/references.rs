//! Calls that speak of KPIs elsewhere: what they name must exist, and how far back they look must be plain.

use rhai::{Expr, FnCallExpr, Position};

use super::Checker;
use super::value::{Value, What};
use crate::diagnostics::Span;
use crate::formula::functions::unusual::SIDES;
use crate::formula::mistake::Mistake;
use crate::formula::reference::{Elsewhere, Reference};
use crate::formula::reference_call::{Unclear, names_of, read, weeks_of};
use crate::formula::syntax::place;
use crate::formula::wording::unknown_function;

impl Checker<'_> {
    /// What a call comes to, if it is one of a KPI elsewhere: a number, or whether it is unusual.
    pub(super) fn reference(&mut self, call: &FnCallExpr, here: Position) -> Option<Value> {
        let name = call.name.as_str();
        let result = if name == "unusual" { What::Bool } else { What::Number };
        match read(call)? {
            Ok(references) => {
                // All of them are of one KPI.
                if let Some(reference) = references.first() {
                    self.names(name, reference, &call.args);
                }
            }
            Err(Unclear::Count) => self.tell(here, unknown_function(name, call.args.len())),
            Err(Unclear::Name(index)) => {
                let argument = &call.args[index];
                let words = self.words_of(argument);
                self.tell(argument.start_position(), computed(name, index, &words));
            }
            Err(Unclear::Weeks(index)) => {
                let argument = &call.args[index];
                let words = self.words_of(argument);
                self.tell(argument.start_position(), weeks(name, argument, &words));
            }
            Err(Unclear::Side(index)) => {
                let sides = SIDES.map(|(word, meaning)| format!("\"{word}\" ({meaning})")).join(", ");
                let mistake = Mistake::kind(format!("`{name}` does not know this side"));
                self.tell(call.args[index].start_position(), mistake.hint(format!("the sides are {sides}")));
            }
        }
        Some(Value::one(result, here))
    }

    /// What stands where a name is needed. What a computation would give is of no interest, only what is wrong in it.
    fn words_of(&mut self, argument: &Expr) -> String {
        let value = self.expression(argument);
        match (argument.is_constant(), value.possible.as_slice()) {
            (true, [one]) => one.what.words(),
            _ => "a computation".to_owned(),
        }
    }

    fn names(&mut self, function: &str, reference: &Reference, arguments: &[Expr]) {
        let is_quoted = |place: &Span| place.text().starts_with(['"', '`']);
        // What stands behind the names may well be a text.
        let named = arguments.iter().take(names_of(function));
        let places = named.filter(|argument| matches!(argument, Expr::StringConstant(..))).map(Expr::start_position);
        let quoted: Vec<Position> = places.filter(|position| is_quoted(&place(&self.text, *position))).collect();
        for position in quoted {
            let mistake = Mistake::kind(format!("`{function}` takes names without quotes"));
            self.tell(position, mistake.hint(format!("write `{reference}`")));
        }
        let kpi = &*reference.kpi;
        if !self.state.schema().has_kpi(kpi) {
            let mistake = if self.scope.iter().any(|(own, _)| own == kpi) {
                Mistake::kind(format!("`{function}` needs a KPI, but `{kpi}` is a variable"))
                    .hint("name the KPI itself: which one it is must be known before the formula runs")
            } else {
                self.state.schema().no_kpi(function, kpi, self.state.dataset())
            };
            self.tell(arguments[0].start_position(), mistake);
        }
        if let Elsewhere::Across(dimension) = &reference.place
            && let Some(mistake) = self.state.schema().dimension_fault(dimension)
        {
            self.tell(arguments[1].start_position(), mistake);
        }
    }
}

/// A computation where a name is needed.
fn computed(function: &str, index: usize, words: &str) -> Mistake {
    if index > 0 {
        return Mistake::kind(format!("`{function}` takes a dimension by its name, but this is {words}"))
            .hint("name the text column whose value does not matter, as in `across(offered, queue)`");
    }
    let hint = "make a KPI of it, and name that KPI here";
    Mistake::kind(format!("`{function}` takes a KPI by its name, but this is {words}")).hint(hint)
}

fn weeks(function: &str, argument: &Expr, words: &str) -> Mistake {
    let allowed = weeks_of(function);
    let (least, most) = (allowed.start(), allowed.end());
    let message = match argument {
        Expr::IntegerConstant(weeks, _) => format!("`{function}` goes back {least} to {most} weeks, not {weeks}"),
        Expr::FloatConstant(weeks, _) => format!("`{function}` goes back whole weeks, not {weeks}"),
        _ => format!("`{function}` needs the weeks as a plain whole number, but this is {words}"),
    };
    Mistake::kind(message).hint(format!("write a number from {least} to {most}, as in `{function}(offered, 4)`"))
}
