//! Calls: operators, functions of the library, functions that users write, which are followed with what their arguments
//! can be.

use std::sync::Arc;

use rhai::{Expr, FnCallExpr, Position};

use super::value::Value;
use super::{Checker, DEEPEST_CALL, Wanted};
use crate::formula::evaluation::State;
use crate::formula::functions::{self, Call, Function};
use crate::formula::mistake::Mistake;
use crate::formula::operand::Operand;
use crate::formula::script::{ScriptFunction, called};
use crate::formula::wording::unknown_function;

impl Checker<'_> {
    /// What a call can come to.
    pub(super) fn call(&mut self, call: &FnCallExpr, here: Position) -> Value {
        if let Some(value) = self.operator(call, here) {
            return value;
        }
        let functions = self.functions;
        if let Some(function) = called(functions, &call.name, call.args.len()) {
            let arguments: Vec<Value> = call.args.iter().map(|argument| self.expression(argument)).collect();
            return self.follow(function, arguments, here);
        }
        if let Some(value) = self.reference(call, here) {
            return value;
        }
        let arguments: Vec<Value> = call.args.iter().map(|argument| self.expression(argument)).collect();
        let places: Vec<Position> = call.args.iter().map(Expr::position).collect();
        self.of_library(&call.name, &arguments, &places, here)
    }

    /// `x.f(y)`, which is `f(x, y)`.
    pub(super) fn method(&mut self, value: &Value, call: &FnCallExpr, here: Position) -> Value {
        let mut arguments = vec![value.clone()];
        arguments.extend(call.args.iter().map(|argument| self.expression(argument)));
        let places: Vec<Position> = [here].into_iter().chain(call.args.iter().map(Expr::position)).collect();
        if self.functions.iter().any(|function| *function.name == *call.name) {
            return Value::unknown(here);
        }
        self.of_library(&call.name, &arguments, &places, here)
    }

    /// Functions of the formula that it does not call are checked for what is wrong with any argument.
    pub(super) fn functions_nobody_calls(&mut self) {
        let (functions, formula) = (self.functions, self.formula);
        let own = functions.iter().filter(|function| Arc::ptr_eq(&function.text, formula));
        for function in own {
            if !self.followed.contains(&Arc::as_ptr(function)) {
                let anything = function.parameters.iter().map(|_| Value::unknown(Position::NONE)).collect();
                self.body(function, anything);
            }
        }
    }

    fn of_library(&mut self, name: &str, arguments: &[Value], places: &[Position], here: Position) -> Value {
        let function = functions::all().iter().find(|function| function.name == name);
        let Some(function) = function.filter(|function| function.arity.contains(&arguments.len())) else {
            self.tell(here, unknown_function(name, arguments.len()));
            return Value::unknown(here);
        };
        let before = self.state.used().len();
        let arguments: Vec<&Value> = arguments.iter().collect();
        let value = self.apply(here, &arguments, places, |state, operands| run(function, state, operands));
        if self.wanted == Wanted::Condition
            && let Some(aggregate) = self.state.used().get_index(before)
        {
            let message = format!("a condition compares KPIs, but `{aggregate}` is computed from rows");
            self.tell(here, Mistake::kind(message).hint("write a KPI with this formula and name it here"));
        }
        value
    }

    fn follow(&mut self, function: &Arc<ScriptFunction>, arguments: Vec<Value>, here: Position) -> Value {
        if self.depth == DEEPEST_CALL {
            return Value::unknown(here);
        }
        let is_outermost = self.within.is_none();
        if is_outermost {
            self.within = Some((function.name.clone(), here));
        }
        let value = self.body(function, arguments);
        if is_outermost {
            self.within = None;
        }
        value.at(here)
    }

    /// What a function gives for these arguments; it sees no variables but its own.
    fn body(&mut self, function: &Arc<ScriptFunction>, arguments: Vec<Value>) -> Value {
        if !self.followed.contains(&Arc::as_ptr(function)) {
            self.followed.push(Arc::as_ptr(function));
        }
        let own = function.parameters.iter().cloned().zip(arguments).collect();
        let scope = std::mem::replace(&mut self.scope, own);
        let returned = std::mem::take(&mut self.returned);
        let broken = std::mem::take(&mut self.broken);
        let text = std::mem::replace(&mut self.text, Arc::clone(&function.text));
        self.depth += 1;
        let last = self.statements(&function.body);
        self.depth -= 1;
        self.text = text;
        self.broken = broken;
        self.scope = scope;
        std::mem::replace(&mut self.returned, returned).or(last)
    }
}

fn run(function: &Function, state: &mut State, arguments: Vec<Operand>) -> Result<Operand, Mistake> {
    (function.call)(&mut Call { state, arguments, name: function.name })
}
