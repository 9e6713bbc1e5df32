//! Expressions: what names, constants, operators, lists and dots can come to.

use rhai::{ASTFlags, Expr, FnCallExpr, Position};

use super::value::{Possible, Value, What};
use super::{Checker, MOST_STEPS};
use crate::formula::expression::Binary;
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;
use crate::formula::operators;
use crate::formula::syntax::place;
use crate::formula::wording::{mismatch, no_list, no_part, no_property};

impl Checker<'_> {
    /// What an expression can come to.
    pub(super) fn expression(&mut self, expression: &Expr) -> Value {
        self.steps += 1;
        let here = expression.position();
        if self.steps > MOST_STEPS {
            return Value::unknown(here);
        }
        let exact = |operand: Operand| Value::one(What::Exact(operand), here);
        match expression {
            Expr::BoolConstant(truth, _) => exact(Operand::Bool(*truth)),
            // Whole numbers in formulas are far below 2^53.
            Expr::IntegerConstant(number, _) => exact(Operand::Number(*number as f64)),
            Expr::FloatConstant(number, _) => exact(Operand::number(**number)),
            Expr::StringConstant(text, _) => exact(Operand::Text(text.as_str().into())),
            Expr::Unit(_) => Value::no_data(here),
            Expr::DynamicConstant(value, _) => Operand::read(value).map_or_else(|_| Value::unknown(here), exact),
            Expr::CharConstant(..) => Value::one(What::Other("a letter in single quotes"), here),
            Expr::InterpolatedString(parts, _) => {
                parts.iter().for_each(|part| {
                    self.expression(part);
                });
                Value::one(What::Text, here)
            }
            Expr::Array(items, _) => {
                let items = items.iter().map(|item| self.expression(item)).collect();
                Value::one(What::List(items), here)
            }
            Expr::Map(entries, _) => {
                entries.0.iter().for_each(|(_, value)| {
                    self.expression(value);
                });
                Value::one(What::Other("an object"), here)
            }
            Expr::Variable(variable, _, _) => self.variable(&variable.1, variable.0.is_some(), here),
            Expr::Stmt(block) => self.block(block.statements(), here),
            Expr::FnCall(call, _) => self.call(call, here),
            Expr::Dot(..) | Expr::Index(..) => self.chain(expression),
            Expr::And(parts, _) => self.joined(Binary::And, parts, here),
            Expr::Or(parts, _) => self.joined(Binary::Or, parts, here),
            Expr::Coalesce(parts, _) => self.first_with_data(parts),
            _ => Value::unknown(here),
        }
    }

    /// A condition that decides once for all rows.
    pub(super) fn condition(&mut self, expression: &Expr) {
        let value = self.expression(expression);
        let fits =
            |what: &What| matches!(what, What::Bool | What::Unknown | What::Exact(Operand::Bool(_) | Operand::NoData));
        if let Some(unfit) = value.possible.iter().find(|possible| !fits(&possible.what)) {
            self.tell(expression.position(), mismatch("yes or no", &unfit.what.decided_words()));
        }
    }

    fn variable(&mut self, name: &str, is_own: bool, here: Position) -> Value {
        if is_own && let Some((_, value)) = self.scope.iter().rev().find(|(own, _)| own == name) {
            return value.clone().at(here);
        }
        match self.state.resolve(name) {
            Ok(operand) => Value::one(What::of(operand, false), here),
            Err(mistake) => {
                self.tell(here, mistake);
                Value::unknown(here)
            }
        }
    }

    /// An operator's value; none when the call is no operator's.
    pub(super) fn operator(&mut self, call: &FnCallExpr, here: Position) -> Option<Value> {
        let name = call.name.as_str();
        match (name, call.args.as_slice()) {
            // `x in list` is parsed as a call of `contains`, which has a meaning of its own.
            ("contains", [list, value]) if place(&self.text, here).text() != "contains" => {
                let (list, value) = (self.expression(list), self.expression(value));
                Some(self.is_in(&list, &value, here))
            }
            (".." | "..=", ends) => {
                ends.iter().for_each(|end| {
                    self.expression(end);
                });
                Some(Value::one(What::Range, here))
            }
            ("!", [inner]) => Some(self.unary(inner, here, operators::not)),
            ("-", [inner]) => Some(self.unary(inner, here, operators::negative)),
            ("+", [inner]) => Some(self.expression(inner)),
            (sign, [left, right]) => {
                let operator = Binary::ALL.into_iter().find(|operator| operator.sign() == sign)?;
                let (left, right) = (self.expression(left), self.expression(right));
                Some(self.binary(operator, &left, &right, here))
            }
            _ => None,
        }
    }

    pub(super) fn binary(&mut self, operator: Binary, left: &Value, right: &Value, here: Position) -> Value {
        self.apply(here, &[left, right], &[], |_, operands| operators::binary(operator, &operands[0], &operands[1]))
    }

    fn unary(&mut self, inner: &Expr, here: Position, run: fn(&Operand) -> Result<Operand, Mistake>) -> Value {
        let inner = self.expression(inner);
        self.apply(here, &[&inner], &[], |_, operands| run(&operands[0]))
    }

    fn joined(&mut self, operator: Binary, parts: &[Expr], here: Position) -> Value {
        let mut parts = parts.iter();
        let mut value = parts.next().map_or_else(Value::never, |first| self.expression(first));
        for part in parts {
            let right = self.expression(part);
            value = self.binary(operator, &value, &right, here);
        }
        value
    }

    /// `a ?? b`: whatever `a` can be except for no data, or `b`.
    fn first_with_data(&mut self, parts: &[Expr]) -> Value {
        let mut value = Value::never();
        for (index, part) in parts.iter().enumerate() {
            let mut one = self.expression(part);
            if index + 1 < parts.len() {
                one.possible.retain(|possible| !matches!(possible.what, What::Exact(Operand::NoData)));
            }
            value = value.or(one);
        }
        value
    }

    /// `x in [..]`.
    fn is_in(&mut self, list: &Value, value: &Value, here: Position) -> Value {
        let mut result = Value::never();
        for possible in &list.possible {
            let What::List(items) = &possible.what else {
                if !matches!(possible.what, What::Unknown) {
                    self.tell(here, no_list(&possible.what.words()));
                }
                result = result.or(Value::unknown(here));
                continue;
            };
            let operands: Vec<&Value> = [value].into_iter().chain(items).collect();
            let found = self.apply(here, &operands, &[], |_, operands| {
                operands.split_first().map_or(Ok(Operand::NoData), |(value, list)| operators::one_of(value, list))
            });
            result = result.or(found);
        }
        result
    }

    /// `dataset.column`, `list[0]` and whatever else is strung together with dots and brackets.
    fn chain(&mut self, expression: &Expr) -> Value {
        let (Expr::Dot(pair, ..) | Expr::Index(pair, ..)) = expression else { return self.expression(expression) };
        let start = self.expression(&pair.lhs);
        self.rest_of_chain(&start, expression)
    }

    /// What follows on the left side of a dot or a bracket, whose value is known.
    fn rest_of_chain(&mut self, value: &Value, expression: &Expr) -> Value {
        let (pair, flags, here, is_dot) = match expression {
            Expr::Dot(pair, flags, here) => (pair, flags, *here, true),
            Expr::Index(pair, flags, here) => (pair, flags, *here, false),
            _ => return Value::unknown(expression.position()),
        };
        // Rhai nests a chain to the right: what comes next is the left side of the inner pair.
        let (next, goes_on) = match &pair.rhs {
            inner @ (Expr::Dot(rest, ..) | Expr::Index(rest, ..)) if !flags.contains(ASTFlags::BREAK) => {
                (&rest.lhs, Some(inner))
            }
            last => (last, None),
        };
        let value = match next {
            Expr::Property(property, _) if is_dot => self.property(value, &property.2, here),
            Expr::MethodCall(call, place) if is_dot => self.method(value, call, *place),
            index => {
                let index = self.expression(index);
                self.index(value, &index, here)
            }
        };
        match goes_on {
            Some(rest) => self.rest_of_chain(&value, rest),
            None => value,
        }
    }

    fn property(&mut self, value: &Value, name: &str, here: Position) -> Value {
        let mut result = Value::never();
        for possible in &value.possible {
            let what = match &possible.what {
                What::Exact(Operand::Dataset(dataset)) => match self.state.schema().column(dataset, name) {
                    Ok(column) => What::Exact(column),
                    Err(mistake) => {
                        self.tell_part(here, mistake);
                        What::Unknown
                    }
                },
                What::Unknown | What::Other(_) => What::Unknown,
                other => {
                    self.tell_part(here, no_property(name, &other.words()));
                    What::Unknown
                }
            };
            result.add(Possible { what, position: here });
        }
        result
    }

    fn index(&mut self, value: &Value, index: &Value, here: Position) -> Value {
        let mut result = Value::never();
        for possible in &value.possible {
            match &possible.what {
                What::Exact(Operand::Dataset(_)) => {
                    let name = index.possible.iter().find_map(|possible| match &possible.what {
                        What::Exact(Operand::Text(name)) => Some(name.clone()),
                        _ => None,
                    });
                    let one = Value { possible: vec![possible.clone()] };
                    result = result.or(match name {
                        Some(name) => self.property(&one, &name, here),
                        None => Value::unknown(here),
                    });
                }
                What::List(items) => {
                    for item in items {
                        result = result.or(item.clone());
                    }
                }
                What::Unknown | What::Other(_) => result = result.or(Value::unknown(here)),
                _ => {
                    self.tell_part(here, no_part());
                    result = result.or(Value::unknown(here));
                }
            }
        }
        result
    }
}
