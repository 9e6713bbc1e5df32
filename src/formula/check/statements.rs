//! Statements: blocks, variables, branches and loops. Both ways through an `if` are followed, every case of a `switch`, a
//! loop once; after them a variable may be what either way made of it.

use rhai::{ASTFlags, Expr, OpAssignment, Position, Stmt, StmtBlock, SwitchCasesCollection};

use super::Checker;
use super::value::{Value, What};
use crate::formula::expression::Binary;
use crate::formula::operand::Operand;
use crate::formula::wording::{assigned, hint_of_let, no_items, undecided};

type Scope = Vec<(String, Value)>;

impl Checker<'_> {
    /// What these statements come to: the value of the last one.
    pub(super) fn statements(&mut self, statements: &[Stmt]) -> Value {
        let mut value = Value::no_data(Position::NONE);
        let mut is_left = false;
        for statement in statements {
            value = self.statement(statement);
            is_left |= value.possible.is_empty();
        }
        if is_left { Value::never() } else { value }
    }

    /// The same with variables of their own.
    pub(super) fn block(&mut self, statements: &[Stmt], here: Position) -> Value {
        let outside = self.scope.len();
        let value = if statements.is_empty() { Value::no_data(here) } else { self.statements(statements) };
        self.scope.truncate(outside);
        value
    }

    fn statement(&mut self, statement: &Stmt) -> Value {
        let here = statement.position();
        match statement {
            Stmt::Expr(expression) => self.expression(expression),
            Stmt::FnCall(call, here) => self.call(call, *here),
            Stmt::Block(block) => self.block(block.statements(), here),
            Stmt::Var(variable, ..) => {
                let value = self.expression(&variable.1);
                self.scope.push((variable.0.name.to_string(), value));
                Value::no_data(here)
            }
            Stmt::Assignment(assignment) => {
                self.assignment(&assignment.0, &assignment.1.lhs, &assignment.1.rhs);
                Value::no_data(here)
            }
            Stmt::If(control, _) => {
                self.condition(&control.expr);
                self.ways(&[&|checker: &mut Self| checker.branch(&control.body, here), &|checker: &mut Self| {
                    checker.branch(&control.branch, here)
                }])
            }
            Stmt::Switch(switch, _) => self.switch(&switch.0, &switch.1, here),
            Stmt::While(control, _) => {
                if !matches!(control.expr, Expr::Unit(_)) {
                    self.condition(&control.expr);
                }
                let ends = !matches!(control.expr, Expr::Unit(_) | Expr::BoolConstant(true, _));
                let end = if ends { Value::no_data(here) } else { Value::never() };
                self.looped(end, |checker| checker.branch(&control.body, here))
            }
            Stmt::Do(control, ..) => self.looped(Value::no_data(here), |checker| {
                let value = checker.branch(&control.body, here);
                checker.condition(&control.expr);
                value
            }),
            Stmt::For(parts, _) => {
                let (item, counter, control) = &**parts;
                let items = self.items(&control.expr);
                let outside = self.scope.len();
                if let Some(counter) = counter {
                    self.scope.push((counter.name.to_string(), Value::one(What::Number, counter.pos)));
                }
                self.scope.push((item.name.to_string(), items));
                let value = self.looped(Value::no_data(here), |checker| checker.branch(&control.body, here));
                self.scope.truncate(outside);
                value
            }
            Stmt::TryCatch(control, _) => {
                let caught = |checker: &mut Self| {
                    if let Expr::Variable(variable, ..) = &control.expr {
                        checker.scope.push((variable.1.to_string(), Value::unknown(here)));
                    }
                    checker.branch(&control.branch, here);
                    Value::no_data(here)
                };
                self.ways(&[&|checker: &mut Self| checker.branch(&control.body, here), &caught])
            }
            Stmt::BreakLoop(value, flags, _) => {
                let value = value.as_ref().map_or_else(|| Value::no_data(here), |value| self.expression(value));
                if flags.contains(ASTFlags::BREAK) {
                    self.broken = std::mem::take(&mut self.broken).or(value);
                }
                Value::never()
            }
            Stmt::Return(value, flags, _) => {
                let value = value.as_ref().map_or_else(|| Value::no_data(here), |value| self.expression(value));
                if !flags.contains(ASTFlags::BREAK) {
                    self.returned = std::mem::take(&mut self.returned).or(value);
                }
                Value::never()
            }
            Stmt::Noop(_) | Stmt::Share(_) => Value::no_data(here),
            _ => Value::unknown(here),
        }
    }

    fn branch(&mut self, block: &StmtBlock, here: Position) -> Value {
        self.block(block.statements(), here)
    }

    /// Follows each way from the same variables; afterwards each variable may be what any of them made of it.
    fn ways(&mut self, ways: &[&dyn Fn(&mut Self) -> Value]) -> Value {
        let before = self.scope.clone();
        let mut after: Option<Scope> = None;
        let mut value = Value::never();
        for way in ways {
            self.scope.clone_from(&before);
            let one = way(self);
            self.scope.truncate(before.len());
            // What leaves the formula here is of no concern to what comes after.
            if one.possible.is_empty() {
                continue;
            }
            value = value.or(one);
            let scope = std::mem::take(&mut self.scope);
            after = Some(after.map_or_else(|| scope.clone(), |after| either(after, &scope)));
        }
        self.scope = after.unwrap_or(before);
        value
    }

    /// Follows a loop's body once. `end` is what the loop gives when it is not left by `break`.
    fn looped(&mut self, end: Value, body: impl Fn(&mut Self) -> Value) -> Value {
        let outer = std::mem::take(&mut self.broken);
        let before = self.scope.clone();
        body(self);
        self.scope.truncate(before.len());
        self.scope = either(before, &std::mem::take(&mut self.scope));
        end.or(std::mem::replace(&mut self.broken, outer))
    }

    fn switch(&mut self, value: &Expr, cases: &SwitchCasesCollection, here: Position) -> Value {
        let decided = self.expression(value);
        let unfit = |what: &What| matches!(what, What::Exact(Operand::Row(_) | Operand::Dataset(_)));
        if let Some(unfit) = decided.possible.iter().find(|possible| unfit(&possible.what)) {
            self.tell(value.position(), undecided(&unfit.what.decided_words()));
        }
        for case in &cases.expressions {
            if !matches!(case.lhs, Expr::BoolConstant(..)) {
                self.condition(&case.lhs);
            }
        }
        let of_case = cases.expressions.iter().map(|case| move |checker: &mut Self| checker.expression(&case.rhs));
        let of_case: Vec<_> = of_case.collect();
        let without_any = |_: &mut Self| Value::no_data(here);
        let mut ways: Vec<&dyn Fn(&mut Self) -> Value> = Vec::new();
        ways.extend(of_case.iter().map(|way| way as &dyn Fn(&mut Self) -> Value));
        if cases.def_case.is_none() {
            ways.push(&without_any);
        }
        self.ways(&ways)
    }

    /// What `for` goes through.
    fn items(&mut self, expression: &Expr) -> Value {
        let place = expression.start_position();
        let mut items = Value::never();
        for possible in self.expression(expression).possible {
            match possible.what {
                What::List(list) => items = list.into_iter().fold(items, Value::or),
                What::Range => items = items.or(Value::one(What::Number, place)),
                What::Unknown => items = items.or(Value::unknown(place)),
                other => {
                    self.tell(expression.position(), no_items(&other.decided_words()));
                    items = items.or(Value::unknown(place));
                }
            }
        }
        items
    }

    fn assignment(&mut self, operator: &OpAssignment, to: &Expr, expression: &Expr) {
        let mut value = self.expression(expression);
        let Expr::Variable(variable, _, place) = to else {
            // A part of a list or object is given a value.
            let mut whole = to;
            while let Expr::Dot(pair, ..) | Expr::Index(pair, ..) = whole {
                whole = &pair.lhs;
            }
            if let Expr::Variable(variable, _, place) = whole {
                self.set(&variable.1, Value::unknown(*place));
            }
            return;
        };
        let name = variable.1.as_str();
        if variable.0.is_none() {
            let mistake = match self.state.resolve(name) {
                Ok(_) => assigned(name),
                Err(unknown) => unknown.hint(hint_of_let(name)),
            };
            return self.tell(*place, mistake);
        }
        if let Some((.., sign)) = operator.get_op_assignment_info() {
            let binary = Binary::ALL.into_iter().find(|binary| binary.sign() == sign);
            let before = self.scope.iter().rev().find(|(own, _)| own == name).map(|(_, value)| value.clone());
            if let (Some(binary), Some(before)) = (binary, before) {
                value = self.binary(binary, &before, &value, operator.position());
            }
        }
        self.set(name, value);
    }

    fn set(&mut self, name: &str, value: Value) {
        if let Some((_, variable)) = self.scope.iter_mut().rev().find(|(own, _)| own == name) {
            *variable = value;
        }
    }
}

/// The variables after one of two ways.
fn either(one: Scope, other: &Scope) -> Scope {
    let of_other = other.iter().map(|(_, value)| value.clone());
    one.into_iter().zip(of_other).map(|((name, value), other)| (name, value.or(other))).collect()
}
