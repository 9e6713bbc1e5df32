//! A parsed script with its functions taken apart: which of them a formula reaches, and what it mentions on the way.
//! Nothing is judged here.

use std::collections::BTreeSet;
use std::sync::Arc;

use rhai::{AST, ASTNode, Expr, Position, Stmt};

use super::reference::Reference;
use super::reference_call;
use crate::workspace::FormulaText;

/// A function written in the formula language.
#[derive(Clone, Debug)]
pub(super) struct ScriptFunction {
    /// Its name.
    pub(super) name: String,
    /// The names of its parameters.
    pub(super) parameters: Vec<String>,
    /// What it does.
    pub(super) body: Vec<Stmt>,
    /// The file or formula it stands in.
    pub(super) text: Arc<FormulaText>,
}

/// What a formula and the functions it reaches mention, wherever an `if` may hide it.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    /// Names that are no variables: columns, datasets, KPIs, parameters.
    pub(super) names: BTreeSet<String>,
    /// KPIs elsewhere, in the order of their first mention.
    pub(super) references: Vec<Reference>,
}

/// The functions that a script defines.
pub(super) fn functions_of(ast: &AST, text: &Arc<FormulaText>) -> Vec<ScriptFunction> {
    let mut found: Vec<(Position, Position, ScriptFunction)> = ast
        .iter_fn_def()
        .map(|definition| {
            let function = ScriptFunction {
                name: definition.name.to_string(),
                parameters: definition.params.iter().map(ToString::to_string).collect(),
                body: Vec::new(),
                text: Arc::clone(text),
            };
            (definition.body.start_position(), definition.body.end_position(), function)
        })
        .collect();
    // Rhai shows the bodies of functions in a walk only, without their names: they are told apart by their places.
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let [ASTNode::Stmt(statement)] = path {
            let place = statement.position();
            let around = found.iter_mut().filter(|(start, end, _)| *start < place && place < *end);
            if let Some((.., function)) = around.max_by_key(|(start, ..)| *start) {
                function.body.push((*statement).clone());
            }
        }
        true
    });
    found.into_iter().map(|(.., function)| function).collect()
}

/// The function that a call of so many arguments reaches; of several with this name the last one counts.
pub(super) fn called<'a>(
    functions: &'a [Arc<ScriptFunction>],
    name: &str,
    arguments: usize,
) -> Option<&'a Arc<ScriptFunction>> {
    functions.iter().rev().find(|function| function.name == name && function.parameters.len() == arguments)
}

/// What these statements mention, and the functions they call.
pub(super) fn mentions(statements: &[Stmt], functions: &[Arc<ScriptFunction>]) -> Mentions {
    let mut mentions = Mentions::default();
    let mut reached: Vec<&Arc<ScriptFunction>> = Vec::new();
    let mut next = Some(statements);
    let mut entered = 0;
    while let Some(statements) = next {
        for statement in statements {
            statement.walk(&mut Vec::new(), &mut |path: &[ASTNode<'_>]| {
                match path.last() {
                    Some(ASTNode::Expr(Expr::Variable(variable, ..))) if variable.0.is_none() => {
                        mentions.names.insert(variable.1.to_string());
                    }
                    Some(ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _))) => {
                        for reference in reference_call::read(call).and_then(Result::ok).into_iter().flatten() {
                            if !mentions.references.contains(&reference) {
                                mentions.references.push(reference);
                            }
                        }
                        if let Some(function) = called(functions, &call.name, call.args.len())
                            && !reached.iter().any(|known| Arc::ptr_eq(known, function))
                        {
                            reached.push(function);
                        }
                    }
                    _ => {}
                }
                true
            });
        }
        next = reached.get(entered).map(|function| function.body.as_slice());
        entered += 1;
    }
    mentions
}
