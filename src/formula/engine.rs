//! The Rhai engine as formulas know it: limits, words, operators, functions; and formulas compiled by it. What a
//! running formula sees of the world is in `evaluation`.

use std::any::TypeId;
use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rhai::packages::{BasicIteratorPackage, Package};
use rhai::{
    AST, Array, Dynamic, Engine, EvalAltResult, NativeCallContext, OptimizationLevel, ParseError, Position, Token,
};

use super::evaluation::{self, State};
use super::expression::Binary;
use super::functions::{self, Call};
use super::mistake::Mistake;
use super::operand::{DatasetValue, Operand, PendingValue, RowValue};
use super::operators;
use super::reference::Reference;
use super::reference_call::named_arguments;
use super::schema::Schema;
use super::script::{self, ScriptFunction};
use super::syntax::{place, syntax_error, whole_file};
use crate::diagnostics::{Code, Diagnostic};
use crate::workspace::{Catalog, FormulaText};

/// How many steps a formula may take; the longest shipped one takes about 60.
const MAX_OPERATIONS: u64 = 100_000;

/// Compiles formulas and evaluates them. One engine serves a whole workspace.
pub struct FormulaEngine {
    pub(super) engine: Engine,
    pub(super) state: Arc<Mutex<State>>,
    running: Mutex<()>,
    /// Where the script that is being parsed has names as arguments.
    names_at: Arc<Mutex<HashSet<Position>>>,
    functions: AST,
    shared: Vec<Arc<ScriptFunction>>,
}

/// A compiled formula.
pub struct Formula {
    pub(super) ast: AST,
    pub(super) text: Arc<FormulaText>,
    /// The functions it may call: the workspace's, then its own.
    pub(super) functions: Vec<Arc<ScriptFunction>>,
    names: BTreeSet<String>,
    references: Vec<Reference>,
}

impl FormulaEngine {
    /// An engine for this workspace, and the mistakes in its `rules/functions/*.rhai`.
    pub fn new(catalog: &Catalog) -> (Self, Vec<Diagnostic>) {
        let (mut engine, mut diagnostics) = (Self::bare(Schema::of(catalog)), Vec::new());
        for file in &catalog.functions {
            match engine.parse(&file.text) {
                Ok(ast) => {
                    let functions = script::functions_of(&ast, &Arc::new(whole_file(file)));
                    engine.shared.extend(functions.into_iter().map(Arc::new));
                    // What stands outside of functions would run before every formula of the workspace.
                    if let Some(statement) = ast.statements().first() {
                        let span = place(&whole_file(file), statement.position());
                        diagnostics.push(
                            Diagnostic::warning(Code::FormulaFailed, span, "this stands in no function and does nothing")
                                .hint("write `fn name(x) { … }`; a formula in a file of its own is named by a KPI's `script:`"),
                        );
                    }
                    engine.functions.combine(ast.clone_functions_only());
                }
                Err(error) => diagnostics.push(syntax_error(&error, &whole_file(file))),
            };
        }
        diagnostics.extend(engine.shared.iter().filter_map(|function| taken_name(function)));
        for (name, parameter) in &catalog.parameters {
            let is_function = functions::all().iter().any(|function| function.name == name)
                || engine.shared.iter().any(|function| function.name == *name);
            if is_function {
                let message = format!("the parameter `{name}` has the name of a function");
                diagnostics.push(
                    Diagnostic::error(Code::Duplicate, parameter.id.span.clone(), message)
                        .hint("give it another id: a name means one thing in a formula"),
                );
            }
        }
        (engine, diagnostics)
    }

    /// An engine over these datasets, without functions of the workspace.
    pub(crate) fn bare(schema: Schema) -> Self {
        let (state, names_at) = (Arc::new(Mutex::new(State::new(schema))), Arc::default());
        Self {
            engine: rhai_engine(&state, &names_at),
            state,
            running: Mutex::new(()),
            names_at,
            functions: AST::empty(),
            shared: Vec::new(),
        }
    }

    /// Compiles a formula.
    pub fn compile(&self, text: &FormulaText) -> Result<Formula, Box<Diagnostic>> {
        if text.text.trim().is_empty() {
            return Err(Box::new(
                Diagnostic::error(Code::FormulaSyntax, text.span.clone(), "the formula is empty")
                    .hint("write, for example, `percent(count(answered), count(offered))`"),
            ));
        }
        let own = self.parse(&text.text).map_err(|error| Box::new(syntax_error(&error, text)))?;
        let text = Arc::new(text.clone());
        let mut functions = self.shared.clone();
        functions.extend(script::functions_of(&own, &text).into_iter().map(Arc::new));
        let script::Mentions { names, references } = script::mentions(own.statements(), &functions);
        let ast = if self.functions.has_functions() { self.functions.merge(&own) } else { own };
        Ok(Formula { ast, text, functions, names, references })
    }

    fn parse(&self, script: &str) -> Result<AST, ParseError> {
        // One script at a time: the places of its names hold for no other.
        let _alone = self.alone();
        let names = named_arguments(&self.engine, script);
        *self.names_at.lock().unwrap_or_else(PoisonError::into_inner) = names;
        let parsed = self.engine.compile(script);
        self.names_at.lock().unwrap_or_else(PoisonError::into_inner).clear();
        parsed
    }

    /// Keeps every other formula from being read, checked or run.
    pub(super) fn alone(&self) -> MutexGuard<'_, ()> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Formula {
    /// The names the formula uses that are not its own variables: columns, datasets, KPIs; also those that the functions
    /// it calls use.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// The KPIs elsewhere that the formula may need, wherever an `if` or a function it calls may hide them.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// The formula as it was written.
    pub fn text(&self) -> &FormulaText {
        &self.text
    }
}

/// A function of the workspace that would silently take the place of one of the library.
fn taken_name(function: &ScriptFunction) -> Option<Diagnostic> {
    let own = functions::all().iter().find(|own| own.name == function.name)?;
    let text = &function.text;
    let start = text.text.find(&format!("fn {}(", own.name)).map_or(0, |at| at + "fn ".len());
    let span = text.span_of(start..start + own.name.len());
    let message = format!("the function `{}` has the name of one that formulas already have", own.name);
    let hint = format!("give it another name; `callbrief functions {}` shows what the other does", own.name);
    Some(Diagnostic::error(Code::Duplicate, span, message).hint(hint))
}

fn rhai_engine(state: &Arc<Mutex<State>>, names_at: &Arc<Mutex<HashSet<Position>>>) -> Engine {
    let mut engine = Engine::new_raw();
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    engine
        // Every limit is set: Rhai's own defaults are "none" and differ between debug and release builds.
        .set_max_operations(MAX_OPERATIONS)
        .set_max_call_levels(16)
        .set_max_expr_depths(32, 16)
        .set_max_string_size(4_096)
        .set_max_array_size(1_000)
        .set_max_map_size(100)
        .set_max_variables(100)
        .set_max_functions(100)
        .set_fail_on_invalid_map_property(true)
        // Operators are ours for every pair of kinds, so nothing may be computed behind their back.
        .set_fast_operators(false)
        .set_optimization_level(OptimizationLevel::None);
    for word in ["eval", "print", "debug", "type_of", "Fn", "call", "curry", "is_shared", "is_def_var", "is_def_fn"] {
        engine.disable_symbol(word);
    }
    engine.register_type_with_name::<RowValue>("RowValue");
    engine.register_type_with_name::<PendingValue>("PendingValue");
    engine.register_type_with_name::<DatasetValue>("DatasetValue");
    register_words(&mut engine, names_at);
    register_operators(&mut engine);
    register_functions(&mut engine, state);
    register_names(&mut engine, state);
    engine
}

/// `and`, `or`, `not` as words; `&&`, `||`, `!` mean the same. A name that is an argument is read as a text.
fn register_words(engine: &mut Engine, names_at: &Arc<Mutex<HashSet<Position>>>) {
    for (word, precedence) in [("and", 60), ("or", 30)] {
        // Invariant: neither word is a keyword of Rhai and no precedence is zero, the two causes of a refusal.
        let registered = engine.register_custom_operator(word, precedence).is_ok();
        debug_assert!(registered, "`{word}` is free to be an operator");
    }
    let names_at = Arc::clone(names_at);
    #[expect(deprecated, reason = "marked so only to say that the interface may change; the version is pinned")]
    engine.on_parse_token(move |token, position, _| match token {
        Token::Identifier(word) if names_at.lock().unwrap_or_else(PoisonError::into_inner).contains(&position) => {
            Token::StringConstant(Box::new(word.as_str().into()))
        }
        Token::And => Token::Custom(Box::new("and".into())),
        Token::Or => Token::Custom(Box::new("or".into())),
        Token::Identifier(word) if word.as_str() == "not" => Token::Bang,
        other => other,
    });
}

fn register_operators(engine: &mut Engine) {
    for operator in Binary::ALL {
        engine.register_fn(
            operator.sign(),
            move |left: Dynamic, right: Dynamic| -> Result<Dynamic, Box<EvalAltResult>> {
                Ok(operators::binary(operator, &Operand::read(&left)?, &Operand::read(&right)?)?.into())
            },
        );
    }
    // `x /= 2` would otherwise be Rhai's own division of whole numbers.
    for (sign, operator) in [
        ("+=", Binary::Add),
        ("-=", Binary::Subtract),
        ("*=", Binary::Multiply),
        ("/=", Binary::Divide),
        ("%=", Binary::Remainder),
    ] {
        engine.register_fn(sign, move |left: &mut Dynamic, right: Dynamic| -> Result<(), Box<EvalAltResult>> {
            *left = operators::binary(operator, &Operand::read(left)?, &Operand::read(&right)?)?.into();
            Ok(())
        });
    }
    engine.register_fn("!", |inner: Dynamic| -> Result<Dynamic, Box<EvalAltResult>> {
        Ok(operators::not(&Operand::read(&inner)?)?.into())
    });
    engine.register_fn("-", |inner: Dynamic| -> Result<Dynamic, Box<EvalAltResult>> {
        Ok(operators::negative(&Operand::read(&inner)?)?.into())
    });
    engine.register_fn("+", |inner: Dynamic| inner);
    // `x in [..]` is a call of `contains(list, x)`.
    engine.register_fn("contains", |list: Array, value: Dynamic| -> Result<Dynamic, Box<EvalAltResult>> {
        let list = list.iter().map(Operand::read).collect::<Result<Vec<_>, _>>()?;
        Ok(operators::one_of(&Operand::read(&value)?, &list)?.into())
    });
}

fn register_functions(engine: &mut Engine, state: &Arc<Mutex<State>>) {
    for function in functions::all() {
        for count in function.arity.clone() {
            let state = Arc::clone(state);
            let types = vec![TypeId::of::<Dynamic>(); count];
            let run = move |_: NativeCallContext<'_>,
                            arguments: &mut [&mut Dynamic]|
                  -> Result<Dynamic, Box<EvalAltResult>> {
                let arguments =
                    arguments.iter().map(|argument| Operand::read(argument)).collect::<Result<Vec<_>, _>>()?;
                let mut state = evaluation::lock(&state);
                Ok((function.call)(&mut Call { state: &mut state, arguments, name: function.name })?.into())
            };
            engine.register_raw_fn(function.name, types, run);
        }
    }
}

fn register_names(engine: &mut Engine, state: &Arc<Mutex<State>>) {
    let of_names = Arc::clone(state);
    #[expect(deprecated, reason = "marked so only to say that the interface may change; the version is pinned")]
    engine.on_var(move |name, index, _| {
        // A place in the scope is known for the formula's own variables only.
        if index != 0 {
            return Ok(None);
        }
        Ok(Some(evaluation::lock(&of_names).resolve(name)?.into()))
    });
    let of_columns = Arc::clone(state);
    engine.register_indexer_get(
        move |dataset: &mut DatasetValue, column: &str| -> Result<Dynamic, Box<EvalAltResult>> {
            Ok(evaluation::lock(&of_columns).schema().column(&dataset.0, column)?.into())
        },
    );
}

impl From<Mistake> for Box<Diagnostic> {
    fn from(mistake: Mistake) -> Self {
        let mut diagnostic = Diagnostic::without_place(mistake.code, mistake.message);
        diagnostic.hints.extend(mistake.hint);
        Self::new(diagnostic)
    }
}
