//! Evaluating a formula against what is known: the names it may use, the aggregates fetched so far, the KPIs computed
//! before it; and what came of it, with Rhai's errors turned into diagnostics.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;
use rhai::{Dynamic, EvalAltResult, Position, Scope};

use super::aggregate::Aggregate;
use super::engine::{Formula, FormulaEngine, lower_first, place};
use super::expression::{Column, Expression};
use super::functions;
use super::mistake::Mistake;
use super::operand::{Operand, type_words};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::workspace::{Catalog, ColumnKind};

/// What is known when formulas of one group are evaluated.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The aggregates fetched so far; `None` is "no data".
    pub aggregates: Arc<HashMap<Aggregate, Option<f64>>>,
    /// What came of the KPIs evaluated before, by id.
    pub kpis: BTreeMap<String, Outcome>,
    /// What an aggregate that is not among them counts as.
    pub unfetched: Unfetched,
}

/// What an aggregate that was not fetched counts as.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Unfetched {
    /// As missing: the formula is pending.
    #[default]
    Missing,
    /// As no data, to try a formula out.
    NoData,
    /// As this number, to try a formula out.
    Number(f64),
}

/// What came of a formula.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A finite number.
    Number(f64),
    /// Yes or no: a condition's result.
    Truth(bool),
    /// Nothing to compute from.
    NoData,
    /// Aggregates are missing; fetch them and evaluate again.
    Pending,
    /// A mistake.
    Failed(Box<Diagnostic>),
}

/// The datasets' columns and the KPIs' names: what formulas may speak of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    /// Column kinds by dataset and column.
    pub(crate) datasets: BTreeMap<Arc<str>, BTreeMap<Arc<str>, ColumnKind>>,
    /// The KPIs' ids.
    pub(crate) kpis: Vec<String>,
}

/// What the running formula sees.
pub(crate) struct State {
    schema: Schema,
    /// The dataset of bare column names.
    pub(super) dataset: Option<Arc<str>>,
    known: Known,
    used: IndexSet<Aggregate>,
    missing: IndexSet<Aggregate>,
}

/// The result of evaluating one formula.
#[derive(Debug)]
pub(crate) struct Evaluated {
    /// What came of it.
    pub(crate) outcome: Outcome,
    /// The aggregates it is made of, in the order of their use.
    pub(crate) used: IndexSet<Aggregate>,
    /// Those of them that are not known yet.
    pub(crate) missing: IndexSet<Aggregate>,
}

impl FormulaEngine {
    /// Evaluates a formula; bare column names are of `dataset`.
    pub(crate) fn evaluate(&self, formula: &Formula, dataset: Option<&str>, known: &Known) -> Evaluated {
        // One formula at a time: what it sees and what it asks for stand in one place.
        let _running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut state = lock(&self.state);
            state.dataset = dataset.map(Arc::from);
            state.known = known.clone();
            state.used.clear();
            state.missing.clear();
        }
        let result = self.engine.eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &formula.ast);
        let outcome = match result {
            Ok(value) => finished(&value, formula),
            Err(error) => failed(&error, formula, &lock(&self.state)),
        };
        let mut state = lock(&self.state);
        Evaluated { outcome, used: std::mem::take(&mut state.used), missing: std::mem::take(&mut state.missing) }
    }
}

impl Schema {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let datasets = catalog.datasets.values().map(|dataset| {
            let columns = dataset.columns.values().map(|column| (Arc::from(column.name.value.as_str()), column.kind));
            (Arc::from(dataset.id.value.as_str()), columns.collect())
        });
        Self { datasets: datasets.collect(), kpis: catalog.kpis.keys().cloned().collect() }
    }
}

impl State {
    pub(super) fn new(schema: Schema) -> Self {
        Self { schema, dataset: None, known: Known::default(), used: IndexSet::new(), missing: IndexSet::new() }
    }

    /// The value of an aggregate, or "pending" with a note that it is missing.
    pub(super) fn aggregate(&mut self, aggregate: Aggregate) -> Operand {
        let value = match self.known.aggregates.get(&aggregate) {
            Some(Some(number)) => Operand::number(*number),
            Some(None) => Operand::NoData,
            None => match self.known.unfetched {
                Unfetched::Missing => {
                    self.missing.insert(aggregate.clone());
                    Operand::Pending
                }
                Unfetched::NoData if !aggregate.function.is_zero_for_nothing() => Operand::NoData,
                Unfetched::NoData => Operand::Number(0.0),
                Unfetched::Number(number) => Operand::Number(number),
            },
        };
        self.used.insert(aggregate);
        value
    }

    /// What a name stands for: a column of the KPI's dataset, another KPI, or a dataset, in this order.
    pub(super) fn resolve(&self, name: &str) -> Result<Operand, Mistake> {
        if let Some(dataset) = &self.dataset
            && let Some(column) = self.find_column(dataset, name)
        {
            return Ok(column);
        }
        if let Some(outcome) = self.known.kpis.get(name) {
            return match outcome {
                Outcome::Number(number) => Ok(Operand::number(*number)),
                Outcome::Truth(value) => Ok(Operand::Bool(*value)),
                Outcome::NoData => Ok(Operand::NoData),
                Outcome::Pending => Ok(Operand::Pending),
                Outcome::Failed(_) => Err(Mistake {
                    code: Code::FormulaFailed,
                    message: format!("needs the KPI `{name}`, which failed"),
                    hint: None,
                }),
            };
        }
        if let Some((dataset, _)) = self.schema.datasets.get_key_value(name) {
            return Ok(Operand::Dataset(Arc::clone(dataset)));
        }
        Err(self.unknown_name(name))
    }

    /// The column of a dataset, as an expression.
    pub(super) fn column(&self, dataset: &Arc<str>, name: &str) -> Result<Operand, Mistake> {
        self.find_column(dataset, name).ok_or_else(|| {
            let columns = self.schema.datasets.get(dataset);
            let known = columns.into_iter().flat_map(|columns| columns.keys().map(AsRef::as_ref));
            Mistake {
                code: Code::UnknownColumn,
                message: format!("the dataset `{dataset}` has no column `{name}`"),
                hint: nearest(name, known).map(|near| format!("did you mean `{near}`?")),
            }
        })
    }

    fn find_column(&self, dataset: &Arc<str>, name: &str) -> Option<Operand> {
        let (name, kind) = self.schema.datasets.get(dataset)?.get_key_value(name)?;
        let column = Column { dataset: Arc::clone(dataset), name: Arc::clone(name), kind: *kind };
        Some(Operand::Row(Arc::new(Expression::Column(column))))
    }

    fn unknown_name(&self, name: &str) -> Mistake {
        let columns = self.dataset.as_ref().and_then(|dataset| self.schema.datasets.get(dataset));
        let known: Vec<&str> = columns
            .into_iter()
            .flat_map(|columns| columns.keys().map(AsRef::as_ref))
            .chain(self.schema.kpis.iter().map(String::as_str))
            .chain(self.schema.datasets.keys().map(AsRef::as_ref))
            .collect();
        let message = match &self.dataset {
            Some(dataset) => format!("`{name}` is neither a column of `{dataset}` nor a KPI"),
            None => format!("`{name}` is not a KPI, and the formula's KPI names no dataset"),
        };
        let elsewhere = self.schema.datasets.iter().find(|(_, columns)| columns.contains_key(name));
        let hint = match (nearest(name, known), elsewhere) {
            (_, Some((dataset, _))) => Some(format!("`{dataset}` has this column: write `{dataset}.{name}`")),
            (Some(near), None) => Some(format!("did you mean `{near}`?")),
            (None, None) => None,
        };
        Mistake { code: Code::FormulaUnknownName, message, hint }
    }
}

/// The state's lock. A formula that panicked inside leaves nothing behind that the next one could trip on.
pub(super) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

fn finished(value: &Dynamic, formula: &Formula) -> Outcome {
    match Operand::read(value) {
        Ok(Operand::Number(number)) => Outcome::Number(number),
        Ok(Operand::Bool(value)) => Outcome::Truth(value),
        Ok(Operand::NoData) => Outcome::NoData,
        Ok(Operand::Pending) => Outcome::Pending,
        Ok(other) => {
            let diagnostic = Diagnostic::error(
                Code::FormulaResult,
                formula.text.span_of(0..formula.text.text.trim_end().len()),
                format!("the formula gives {} for each row instead of one number", other.words()),
            );
            Outcome::Failed(Box::new(
                diagnostic
                    .hint("count rows with `count(…)`, or aggregate with `sum`, `avg`, `min`, `max`, `percentile`"),
            ))
        }
        Err(mistake) => Outcome::Failed(Box::new(Diagnostic::error(
            Code::FormulaResult,
            formula.text.span.clone(),
            format!("the formula does not give a number: {}", mistake.message),
        ))),
    }
}

fn failed(error: &EvalAltResult, formula: &Formula, state: &State) -> Outcome {
    // Errors inside a function of the workspace are shown where the formula calls it: that is what the user reads.
    let mut outer = Position::NONE;
    let mut inner = error;
    let mut within = None;
    while let EvalAltResult::ErrorInFunctionCall(name, _, cause, position) = inner {
        if outer.is_none() {
            outer = *position;
            within = Some(name.clone());
        }
        inner = cause;
    }
    let position = if outer.is_none() { inner.position() } else { outer };
    let span = place(&formula.text, position);
    let (code, message, hint) = match inner {
        EvalAltResult::ErrorMismatchDataType(_, actual, _)
            if type_words(actual) == "a number" && actual.contains("PendingValue") =>
        {
            return Outcome::Pending;
        }
        EvalAltResult::ErrorMismatchDataType(_, actual, _) if actual == "()" => return Outcome::NoData,
        EvalAltResult::ErrorRuntime(value, _) => match value.read_lock::<Mistake>() {
            Some(mistake) => (mistake.code, mistake.message.clone(), mistake.hint.clone()),
            None => (Code::FormulaFailed, format!("the formula stops itself: {value}"), None),
        },
        EvalAltResult::ErrorFunctionNotFound(signature, _) => unknown_function(signature, state),
        EvalAltResult::ErrorMismatchDataType(expected, actual, _) => (
            Code::FormulaType,
            format!("{} is needed here, but this is {}", type_words(expected), type_words(actual)),
            (expected == "bool").then(|| "a condition is a comparison of numbers, such as `count() >= 20`".to_owned()),
        ),
        EvalAltResult::ErrorTooManyOperations(_) => (
            Code::FormulaLimit,
            "the formula takes too many steps".to_owned(),
            Some("it may loop without end; rows are aggregated by `count`, `sum`, … and need no loop".to_owned()),
        ),
        EvalAltResult::ErrorStackOverflow(_) => (
            Code::FormulaLimit,
            "the formula calls functions too deeply".to_owned(),
            Some("a function may call itself without end".to_owned()),
        ),
        EvalAltResult::ErrorDataTooLarge(what, _) => {
            (Code::FormulaLimit, format!("the formula makes something too large: {}", lower_first(what)), None)
        }
        EvalAltResult::ErrorVariableNotFound(name, _) => {
            let mistake = state.unknown_name(name);
            (mistake.code, mistake.message, mistake.hint)
        }
        other => (Code::FormulaFailed, lower_first(&without_place(other)), None),
    };
    let message = match within {
        Some(name) => format!("in the function `{name}`: {message}"),
        None => message,
    };
    let mut diagnostic = Diagnostic::error(code, span, message);
    diagnostic.hints.extend(hint);
    Outcome::Failed(Box::new(diagnostic))
}

/// Rhai's text without its own "(line 1, position 2)": the place is shown by the excerpt.
fn without_place(error: &EvalAltResult) -> String {
    let text = error.to_string();
    text.rfind(" (line ").map_or(text.clone(), |end| text[..end].to_owned())
}

/// Why a call found no function: the name is unknown, or the number of arguments does not fit.
fn unknown_function(signature: &str, _: &State) -> (Code, String, Option<String>) {
    let name = signature.split([' ', '(']).next().unwrap_or(signature);
    match functions::all().iter().find(|function| function.name == name) {
        Some(function) => (
            Code::FormulaType,
            format!("`{name}` does not take these arguments"),
            Some(format!(
                "write {}",
                function.usage.iter().map(|usage| format!("`{usage}`")).collect::<Vec<_>>().join(" or ")
            )),
        ),
        None => {
            let hint = nearest(name, functions::all().iter().map(|function| function.name))
                .map(|near| format!("did you mean `{near}`?"));
            (Code::FormulaUnknownName, format!("there is no function `{name}`"), hint)
        }
    }
}
