//! The Rhai engine as formulas know it: limits, words, operators, functions; and formulas compiled by it. What a
//! running formula sees of the world is in `evaluation`.

use std::any::TypeId;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use rhai::packages::{BasicIteratorPackage, Package};
use rhai::{
    AST, ASTNode, Array, Dynamic, Engine, EvalAltResult, Expr, NativeCallContext, OptimizationLevel, ParseError, Token,
};

use super::evaluation::{self, Schema, State};
use super::expression::Binary;
use super::functions::{self, Call};
use super::mistake::Mistake;
use super::operand::{DatasetValue, Operand, PendingValue, RowValue};
use super::operators;
use crate::diagnostics::{Code, Diagnostic, SourceFile, Span};
use crate::workspace::{Catalog, FormulaText};

/// How many steps a formula may take; the longest shipped one takes about 60.
const MAX_OPERATIONS: u64 = 100_000;

/// Compiles formulas and evaluates them. One engine serves a whole workspace.
pub struct FormulaEngine {
    pub(super) engine: Engine,
    pub(super) state: Arc<Mutex<State>>,
    pub(super) running: Mutex<()>,
    functions: AST,
}

/// A compiled formula.
pub struct Formula {
    pub(super) ast: AST,
    pub(super) text: FormulaText,
    names: BTreeSet<String>,
}

impl FormulaEngine {
    /// An engine for this workspace, and the mistakes in its `rules/functions/*.rhai`.
    pub fn new(catalog: &Catalog) -> (Self, Vec<Diagnostic>) {
        let (mut engine, mut diagnostics) = (Self::bare(Schema::of(catalog)), Vec::new());
        for file in &catalog.functions {
            match engine.engine.compile(&file.text) {
                Ok(ast) => {
                    engine.functions.combine(ast);
                }
                Err(error) => diagnostics.push(syntax_error(&error, &whole_file(file))),
            };
        }
        (engine, diagnostics)
    }

    /// An engine over these datasets, without functions of the workspace.
    pub(crate) fn bare(schema: Schema) -> Self {
        let state = Arc::new(Mutex::new(State::new(schema)));
        Self { engine: rhai_engine(&state), state, running: Mutex::new(()), functions: AST::empty() }
    }

    /// Compiles a formula.
    pub fn compile(&self, text: &FormulaText) -> Result<Formula, Box<Diagnostic>> {
        if text.text.trim().is_empty() {
            return Err(Box::new(
                Diagnostic::error(Code::FormulaSyntax, text.span.clone(), "the formula is empty")
                    .hint("write, for example, `percent(count(answered), count(offered))`"),
            ));
        }
        let own = self.engine.compile(&text.text).map_err(|error| Box::new(syntax_error(&error, text)))?;
        let names = variables(&own);
        let ast = if self.functions.has_functions() { self.functions.merge(&own) } else { own };
        Ok(Formula { ast, text: text.clone(), names })
    }
}

impl Formula {
    /// The names the formula uses that are not its own variables: columns, datasets, KPIs.
    pub fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// The formula as it was written.
    pub fn text(&self) -> &FormulaText {
        &self.text
    }
}

fn rhai_engine(state: &Arc<Mutex<State>>) -> Engine {
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
    register_words(&mut engine);
    register_operators(&mut engine);
    register_functions(&mut engine, state);
    register_names(&mut engine, state);
    engine
}

/// `and`, `or`, `not` as words; `&&`, `||`, `!` mean the same.
fn register_words(engine: &mut Engine) {
    for (word, precedence) in [("and", 60), ("or", 30)] {
        // Invariant: neither word is a keyword of Rhai and no precedence is zero, the two causes of a refusal.
        let registered = engine.register_custom_operator(word, precedence).is_ok();
        debug_assert!(registered, "`{word}` is free to be an operator");
    }
    #[expect(deprecated, reason = "marked so only to say that the interface may change; the version is pinned")]
    engine.on_parse_token(|token, _, _| match token {
        Token::And => Token::Custom(Box::new("and".into())),
        Token::Or => Token::Custom(Box::new("or".into())),
        Token::Identifier(word) if word.as_str() == "not" => Token::Bang,
        other => other,
    });
}

fn register_operators(engine: &mut Engine) {
    let all = [
        Binary::Add,
        Binary::Subtract,
        Binary::Multiply,
        Binary::Divide,
        Binary::Remainder,
        Binary::Equal,
        Binary::NotEqual,
        Binary::Less,
        Binary::LessOrEqual,
        Binary::Greater,
        Binary::GreaterOrEqual,
        Binary::And,
        Binary::Or,
    ];
    for operator in all {
        engine.register_fn(
            operator.sign(),
            move |left: Dynamic, right: Dynamic| -> Result<Dynamic, Box<EvalAltResult>> {
                Ok(operators::binary(operator, &Operand::read(&left)?, &Operand::read(&right)?)?.into())
            },
        );
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
            Ok(evaluation::lock(&of_columns).column(&dataset.0, column)?.into())
        },
    );
}

/// The variables an AST reads, its own ones and parameters of functions left out.
fn variables(ast: &AST) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    ast.walk(&mut |path: &[ASTNode<'_>]| {
        if let Some(ASTNode::Expr(Expr::Variable(variable, ..))) = path.last()
            && variable.0.is_none()
        {
            names.insert(variable.1.to_string());
        }
        true
    });
    names
}

fn whole_file(file: &Arc<SourceFile>) -> FormulaText {
    FormulaText {
        text: file.text.clone(),
        span: Span { file: Arc::clone(file), range: 0..file.text.len() },
        origin: (0..=file.text.len()).collect(),
    }
}

fn syntax_error(error: &ParseError, text: &FormulaText) -> Diagnostic {
    let span = place(text, error.position());
    let message = error.err_type().to_string();
    let mut diagnostic =
        Diagnostic::error(Code::FormulaSyntax, span, format!("the formula cannot be read: {}", lower_first(&message)));
    if text.text.contains('=') && message.contains("'='") || message.to_lowercase().contains("assignment") {
        diagnostic = diagnostic.hint("to compare, write `==`");
    } else if message.contains("')'") {
        diagnostic = diagnostic.hint("count the parentheses: each `(` needs its `)`");
    } else {
        diagnostic =
            diagnostic.hint("a formula looks like `percent(count(answered and wait_s <= 20), count(offered))`");
    }
    diagnostic
}

/// A message with a small first letter, as diagnostics are written.
pub(super) fn lower_first(message: &str) -> String {
    let mut letters = message.chars();
    match letters.next() {
        Some(first) if !letters.as_str().starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => message.to_owned(),
    }
}

/// The place of a Rhai position in the formula's file: the word that stands there.
pub(super) fn place(text: &FormulaText, position: rhai::Position) -> Span {
    text.span_of(word_at(&text.text, position))
}

fn word_at(text: &str, position: rhai::Position) -> Range<usize> {
    let Some(line) = position.line() else { return 0..text.len() };
    let line_start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
    let column = position.position().unwrap_or(1).max(1);
    let start = text[line_start..].char_indices().nth(column - 1).map_or(text.len(), |(byte, _)| line_start + byte);
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let rest = &text[start..];
    let length = match rest.chars().next() {
        None => 0,
        Some(first) if is_word(first) => rest.find(|character| !is_word(character)).unwrap_or(rest.len()),
        Some(first) => first.len_utf8(),
    };
    start..start + length
}

impl From<Mistake> for Box<Diagnostic> {
    fn from(mistake: Mistake) -> Self {
        let mut diagnostic = Diagnostic::without_place(mistake.code, mistake.message);
        diagnostic.hints.extend(mistake.hint);
        Self::new(diagnostic)
    }
}
