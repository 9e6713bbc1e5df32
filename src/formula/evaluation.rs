//! Evaluating a formula against what is known: the names it may use, the aggregates fetched so far, the KPIs computed
//! before it. How results and errors are told is in `failure`.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;
use rhai::{Dynamic, Scope};

use super::aggregate::Aggregate;
use super::engine::{Formula, FormulaEngine};
use super::expression::{Column, Expression};
use super::failure::{failed, finished, unknown_function};
use super::functions;
use super::mistake::Mistake;
use super::operand::Operand;
use super::reference::Reference;
use super::syntax::place;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::workspace::{Catalog, ColumnKind};

/// So many characters of an unknown name are told.
const LONGEST_NAME: usize = 60;

/// What is known when formulas of one group are evaluated.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// The aggregates fetched so far; `None` is "no data".
    pub aggregates: Arc<HashMap<Aggregate, Option<f64>>>,
    /// What came of the KPIs evaluated before, by id.
    pub kpis: Arc<BTreeMap<String, Outcome>>,
    /// What came of the KPIs elsewhere.
    pub references: Arc<HashMap<Reference, Outcome>>,
    /// The seconds of the window that lie in the group's time bucket; of all of it when the group has none.
    pub interval_s: Option<f64>,
    /// What an aggregate, a reference or an interval that is not among them counts as.
    pub unfetched: Unfetched,
}

/// What counts for what was not fetched.
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
    references: IndexSet<Reference>,
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
    /// The KPIs elsewhere it is made of, known or not, in the order of their use.
    pub(crate) references: IndexSet<Reference>,
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
            state.references.clear();
        }
        let result = self.engine.eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &formula.ast);
        let outcome = match result {
            Ok(value) => finished(&value, formula),
            Err(error) => failed(&error, formula, &lock(&self.state)),
        };
        let mut state = lock(&self.state);
        // Given back, so that the caller can add to what is known without copying it.
        state.known = Known::default();
        Evaluated {
            outcome,
            used: std::mem::take(&mut state.used),
            missing: std::mem::take(&mut state.missing),
            references: std::mem::take(&mut state.references),
        }
    }
}

impl FormulaEngine {
    /// A name or function of the formula that means nothing, also where an `if` hides it from an evaluation.
    pub(crate) fn unknown_mention(&self, formula: &Formula, dataset: Option<&str>) -> Option<Diagnostic> {
        let _running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = lock(&self.state);
        state.dataset = dataset.map(Arc::from);
        let is_function = |name: &str| {
            matches!(name, "and" | "or" | "contains")
                || functions::all().iter().any(|function| function.name == name)
                || formula.ast.iter_functions().any(|function| function.name == name)
        };
        formula.mentions.iter().find_map(|mention| {
            let (code, message, hint) = if mention.is_call {
                if is_function(&mention.name) {
                    return None;
                }
                unknown_function(&mention.name)
            } else {
                if state.knows(&mention.name) {
                    return None;
                }
                let mistake = state.unknown_name(&mention.name);
                (mistake.code, mistake.message, mistake.hint)
            };
            let mut diagnostic = Diagnostic::error(code, place(&formula.text, mention.position), message);
            diagnostic.hints.extend(hint);
            Some(diagnostic)
        })
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
        Self {
            schema,
            dataset: None,
            known: Known::default(),
            used: IndexSet::new(),
            missing: IndexSet::new(),
            references: IndexSet::new(),
        }
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

    /// The value of a KPI elsewhere, or "pending".
    pub(super) fn reference(&mut self, reference: Reference) -> Result<Operand, Mistake> {
        let value = match self.known.references.get(&reference) {
            Some(outcome) => operand_of(outcome, &reference.to_string()),
            None => Ok(self.unfetched()),
        };
        self.references.insert(reference);
        value
    }

    /// How long the group's interval is, in seconds.
    pub(super) fn interval(&self) -> Operand {
        self.known.interval_s.map_or_else(|| self.unfetched(), Operand::number)
    }

    /// What is not known counts as.
    fn unfetched(&self) -> Operand {
        match self.known.unfetched {
            Unfetched::Missing => Operand::Pending,
            Unfetched::NoData => Operand::NoData,
            Unfetched::Number(number) => Operand::Number(number),
        }
    }

    /// What a name stands for: a column of the KPI's dataset, another KPI, or a dataset, in this order.
    pub(super) fn resolve(&self, name: &str) -> Result<Operand, Mistake> {
        if let Some(dataset) = &self.dataset
            && let Some(column) = self.find_column(dataset, name)
        {
            return Ok(column);
        }
        if let Some(outcome) = self.known.kpis.get(name) {
            return operand_of(outcome, name);
        }
        if let Some((dataset, _)) = self.schema.datasets.get_key_value(name) {
            return Ok(Operand::Dataset(Arc::clone(dataset)));
        }
        Err(self.unknown_name(name))
    }

    fn knows(&self, name: &str) -> bool {
        self.dataset.as_ref().is_some_and(|dataset| self.find_column(dataset, name).is_some())
            || self.schema.kpis.iter().any(|kpi| kpi == name)
            || self.schema.datasets.contains_key(name)
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

    /// That a name stands for nothing, with what was probably meant.
    pub(super) fn unknown_name(&self, name: &str) -> Mistake {
        // A text that lost its quotes may be of any length.
        let shown = match name.char_indices().nth(LONGEST_NAME) {
            Some((end, _)) => format!("{}…", &name[..end]),
            None => name.to_owned(),
        };
        let columns = self.dataset.as_ref().and_then(|dataset| self.schema.datasets.get(dataset));
        let known: Vec<&str> = columns
            .into_iter()
            .flat_map(|columns| columns.keys().map(AsRef::as_ref))
            .chain(self.schema.kpis.iter().map(String::as_str))
            .chain(self.schema.datasets.keys().map(AsRef::as_ref))
            .collect();
        let message = match &self.dataset {
            Some(dataset) => format!("`{shown}` is neither a column of `{dataset}` nor a KPI"),
            None => format!("there is no KPI `{shown}`"),
        };
        let elsewhere = self.schema.datasets.iter().find(|(_, columns)| columns.contains_key(name));
        let function = functions::all().iter().find(|function| function.name == name);
        let hint = match (nearest(name, known), elsewhere, function) {
            (_, Some((dataset, _)), _) if self.dataset.is_some() => {
                format!("`{dataset}` has this column: write `{dataset}.{name}`")
            }
            (_, Some((dataset, _)), _) => {
                format!("it is a column of `{dataset}`: aggregate it in a KPI, as in `count({dataset}.{name})`")
            }
            (_, None, Some(function)) => format!("it is a function: write `{}`", function.usage[0]),
            (Some(near), None, None) => format!("did you mean `{near}`?"),
            (None, None, None) => format!("if it is a text, put it in double quotes: `\"{shown}\"`"),
        };
        Mistake { code: Code::FormulaUnknownName, message, hint: Some(hint) }
    }
}

/// The value of a KPI; what failed is told by the name it goes by in the formula.
fn operand_of(outcome: &Outcome, name: &str) -> Result<Operand, Mistake> {
    match outcome {
        Outcome::Number(number) => Ok(Operand::number(*number)),
        Outcome::Truth(value) => Ok(Operand::Bool(*value)),
        Outcome::NoData => Ok(Operand::NoData),
        Outcome::Pending => Ok(Operand::Pending),
        Outcome::Failed(diagnostic) => Err(Mistake {
            code: Code::FormulaFailed,
            message: format!("the KPI `{name}` that it needs failed: {}", diagnostic.message),
            hint: None,
        }),
    }
}

/// The state's lock. A formula that panicked inside leaves nothing behind that the next one could trip on.
pub(super) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
