//! Calls that speak of KPIs elsewhere: what they name must exist, and how far back they look must be plain.

use rhai::{Expr, FnCallExpr, Position};

use super::Checker;
use super::value::{Value, What};
use crate::diagnostics::Span;
use crate::formula::mistake::Mistake;
use crate::formula::reference::{Elsewhere, Reference};
use crate::formula::reference_call::{Unclear, WEEKS, read};
use crate::formula::syntax::place;
use crate::formula::wording::unknown_function;

impl Checker<'_> {
    /// What a call refers to, if it is one of a KPI elsewhere: a number.
    pub(super) fn reference(&mut self, call: &FnCallExpr, here: Position) -> Option<Value> {
        let name = call.name.as_str();
        match read(call)? {
            Ok(references) => {
                // All of them are of one KPI.
                if let Some(reference) = references.first() {
                    self.names(name, reference, &call.args);
                }
                return Some(Value::one(What::Number, here));
            }
            Err(Unclear::Count) => self.tell(here, unknown_function(name, call.args.len())),
            Err(Unclear::Name(index)) => {
                let argument = &call.args[index];
                let value = self.expression(argument);
                let words =
                    value.possible.first().map_or_else(|| "a computation".to_owned(), |first| first.what.words());
                self.tell(argument.position(), computed(name, index, &words));
            }
            Err(Unclear::Weeks(index)) => {
                let argument = &call.args[index];
                let value = self.expression(argument);
                let words =
                    value.possible.first().map_or_else(|| "a computation".to_owned(), |first| first.what.words());
                self.tell(argument.position(), weeks(name, argument, &words));
            }
        }
        Some(Value::one(What::Number, here))
    }

    fn names(&mut self, function: &str, reference: &Reference, arguments: &[Expr]) {
        let is_quoted = |place: &Span| place.text().starts_with(['"', '`']);
        let places =
            arguments.iter().filter(|argument| matches!(argument, Expr::StringConstant(..))).map(Expr::position);
        let quoted: Vec<Position> = places.filter(|position| is_quoted(&place(&self.text, *position))).collect();
        for position in quoted {
            let mistake = Mistake::kind(format!("`{function}` takes names without quotes"));
            self.tell(position, mistake.hint(format!("write `{reference}`")));
        }
        let kpi = &*reference.kpi;
        if !self.state.schema().has_kpi(kpi) {
            let mistake = self.state.schema().no_kpi(function, kpi, self.state.dataset());
            self.tell(arguments[0].position(), mistake);
        }
        if let Elsewhere::Across(dimension) = &reference.place
            && let Some(mistake) = self.state.schema().dimension_fault(dimension)
        {
            self.tell(arguments[1].position(), mistake);
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
    let (least, most) = (WEEKS.start(), WEEKS.end());
    let message = match argument {
        Expr::IntegerConstant(weeks, _) => format!("`{function}` goes back {least} to {most} weeks, not {weeks}"),
        _ => format!("`{function}` needs a whole number of weeks as it stands, but this is {words}"),
    };
    Mistake::kind(message).hint(format!("write a number from {least} to {most}, as in `{function}(offered, 4)`"))
}
