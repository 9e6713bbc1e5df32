//! Evaluating a formula against what is known: the names it may use, the aggregates fetched so far, the KPIs computed
//! before it. How results and errors are told is in `failure`.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use indexmap::IndexSet;
use rhai::{Dynamic, Scope};

use super::aggregate::Aggregate;
use super::engine::{Formula, FormulaEngine};
use super::failure::{failed, finished};
use super::mistake::Mistake;
use super::operand::Operand;
use super::reference::Reference;
use super::schema::Schema;
use crate::diagnostics::{Code, Diagnostic};

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
    /// What an aggregate, a KPI or an interval that is not among them counts as.
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

/// What the running formula sees.
pub(crate) struct State {
    schema: Schema,
    /// The dataset of bare column names.
    pub(super) dataset: Option<Arc<str>>,
    known: Known,
    used: IndexSet<Aggregate>,
    missing: IndexSet<Aggregate>,
    references: IndexSet<Reference>,
    parameters: BTreeMap<Arc<str>, f64>,
    interval_s: Option<f64>,
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
    /// The parameters it is made of, with their values.
    pub(crate) parameters: BTreeMap<Arc<str>, f64>,
    /// The length of the group's interval, if it is made of it.
    pub(crate) interval_s: Option<f64>,
}

impl FormulaEngine {
    /// Evaluates a formula; bare column names are of `dataset`.
    pub(crate) fn evaluate(&self, formula: &Formula, dataset: Option<&str>, known: &Known) -> Evaluated {
        // One formula at a time: what it sees and what it asks for stand in one place.
        let _alone = self.alone();
        {
            let mut state = lock(&self.state);
            state.begin(dataset, known);
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
            parameters: std::mem::take(&mut state.parameters),
            interval_s: state.interval_s,
        }
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
            parameters: BTreeMap::new(),
            interval_s: None,
        }
    }

    /// Makes ready for a formula; bare column names are of `dataset`.
    pub(super) fn begin(&mut self, dataset: Option<&str>, known: &Known) {
        self.dataset = dataset.map(Arc::from);
        self.known = known.clone();
        self.used.clear();
        self.missing.clear();
        self.references.clear();
        self.parameters.clear();
        self.interval_s = None;
    }

    /// What formulas may speak of.
    pub(super) fn schema(&self) -> &Schema {
        &self.schema
    }

    /// The dataset of bare column names.
    pub(super) fn dataset(&self) -> Option<&str> {
        self.dataset.as_deref()
    }

    /// The aggregates asked for so far.
    pub(super) fn used(&self) -> &IndexSet<Aggregate> {
        &self.used
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
    pub(super) fn interval(&mut self) -> Operand {
        self.interval_s = self.known.interval_s;
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

    /// What a name stands for: a column of the KPI's dataset, a KPI, a parameter or a dataset, in this order.
    pub(super) fn resolve(&mut self, name: &str) -> Result<Operand, Mistake> {
        if let Some(column) = self.dataset.as_ref().and_then(|dataset| self.schema.find_column(dataset, name)) {
            return Ok(column);
        }
        if let Some(outcome) = self.known.kpis.get(name) {
            return operand_of(outcome, name);
        }
        if self.schema.has_kpi(name) {
            return Ok(self.unfetched());
        }
        if let Some((name, value)) = self.schema.parameters.get_key_value(name) {
            self.parameters.insert(Arc::clone(name), *value);
            return Ok(Operand::Number(*value));
        }
        match self.schema.dataset(name) {
            Some(dataset) => Ok(Operand::Dataset(Arc::clone(dataset))),
            None => Err(self.unknown_name(name)),
        }
    }

    /// That a name stands for nothing, with what was probably meant.
    pub(super) fn unknown_name(&self, name: &str) -> Mistake {
        self.schema.unknown_name(name, self.dataset())
    }
}

/// The value of a KPI; what failed is told by the name it goes by in the formula.
fn operand_of(outcome: &Outcome, name: &str) -> Result<Operand, Mistake> {
    match outcome {
        Outcome::Number(number) => Ok(Operand::number(*number)),
        Outcome::Truth(value) => Ok(Operand::Bool(*value)),
        Outcome::NoData => Ok(Operand::NoData),
        Outcome::Pending => Ok(Operand::Pending),
        Outcome::Failed(diagnostic) => {
            let message = format!("the KPI `{name}` that it needs failed: {}", diagnostic.message);
            Err(Mistake::kind(message).coded(Code::FormulaFailed))
        }
    }
}

/// The state's lock. A formula that panicked inside leaves nothing behind that the next one could trip on.
pub(super) fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
