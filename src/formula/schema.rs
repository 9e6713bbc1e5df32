//! What formulas may speak of: the datasets' columns, the KPIs, the parameters; and how a name that is none of them is
//! told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::expression::{Column, Expression};
use super::functions;
use super::mistake::Mistake;
use super::operand::Operand;
use crate::diagnostics::{Code, nearest};
use crate::workspace::{Catalog, ColumnKind, Unit};

/// So many characters of an unknown name are told.
const LONGEST_NAME: usize = 60;

/// The names of a workspace that have a meaning in formulas.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schema {
    /// Column kinds by dataset and column.
    pub(crate) datasets: BTreeMap<Arc<str>, BTreeMap<Arc<str>, ColumnKind>>,
    /// The KPIs' ids.
    pub(crate) kpis: Vec<String>,
    /// Those of them that count something, so that chance moves them.
    pub(crate) counts: BTreeSet<String>,
    /// The parameters' values.
    pub(crate) parameters: BTreeMap<Arc<str>, f64>,
}

impl Schema {
    pub(crate) fn of(catalog: &Catalog) -> Self {
        let datasets = catalog.datasets.values().map(|dataset| {
            let columns = dataset.columns.values().map(|column| (Arc::from(column.name.value.as_str()), column.kind));
            (Arc::from(dataset.id.value.as_str()), columns.collect())
        });
        let parameters = catalog.parameters.iter().map(|(name, parameter)| (Arc::from(name.as_str()), parameter.value));
        let counts = catalog.kpis.values().filter(|kpi| kpi.unit == Unit::Count);
        Self {
            datasets: datasets.collect(),
            kpis: catalog.kpis.keys().cloned().collect(),
            counts: counts.map(|kpi| kpi.id.value.clone()).collect(),
            parameters: parameters.collect(),
        }
    }

    /// Whether a KPI has this id.
    pub(super) fn has_kpi(&self, id: &str) -> bool {
        self.kpis.iter().any(|kpi| kpi == id)
    }

    /// Whether this KPI counts something.
    pub(super) fn counts(&self, kpi: &str) -> bool {
        self.counts.contains(kpi)
    }

    /// The dataset of this id.
    pub(super) fn dataset(&self, name: &str) -> Option<&Arc<str>> {
        self.datasets.get_key_value(name).map(|(dataset, _)| dataset)
    }

    /// The column of a dataset, as an expression.
    pub(super) fn column(&self, dataset: &str, name: &str) -> Result<Operand, Mistake> {
        self.find_column(dataset, name).ok_or_else(|| {
            let columns = self.datasets.get(dataset);
            let known = columns.into_iter().flat_map(|columns| columns.keys().map(AsRef::as_ref));
            Mistake {
                code: Code::UnknownColumn,
                hint: nearest(name, known).map(|near| format!("did you mean `{near}`?")),
                ..Mistake::kind(format!("the dataset `{dataset}` has no column `{name}`"))
            }
        })
    }

    /// The column of a dataset, if there is one.
    pub(super) fn find_column(&self, dataset: &str, name: &str) -> Option<Operand> {
        let (dataset, columns) = self.datasets.get_key_value(dataset)?;
        let (name, kind) = columns.get_key_value(name)?;
        let column = Column { dataset: Arc::clone(dataset), name: Arc::clone(name), kind: *kind };
        Some(Operand::Row(Arc::new(Expression::Column(column))))
    }

    /// That a name stands for nothing in a formula over this dataset, with what was probably meant.
    pub(super) fn unknown_name(&self, name: &str, dataset: Option<&str>) -> Mistake {
        let shown = shown(name);
        let columns = dataset.and_then(|dataset| self.datasets.get(dataset));
        let known: Vec<&str> = columns
            .into_iter()
            .flat_map(|columns| columns.keys().map(AsRef::as_ref))
            .chain(self.kpis.iter().map(String::as_str))
            .chain(self.parameters.keys().map(AsRef::as_ref))
            .chain(self.datasets.keys().map(AsRef::as_ref))
            .collect();
        let message = match dataset {
            Some(dataset) => format!("`{shown}` is neither a column of `{dataset}` nor a KPI"),
            None => format!("there is no KPI `{shown}`"),
        };
        let elsewhere = self.datasets.iter().find(|(_, columns)| columns.contains_key(name));
        let function = functions::all().iter().find(|function| function.name == name);
        let hint = match (nearest(name, known), elsewhere, function) {
            (_, Some((other, _)), _) if dataset.is_some() => {
                format!("`{other}` has this column: write `{other}.{name}`")
            }
            (_, Some((dataset, _)), _) => {
                format!("it is a column of `{dataset}`: aggregate it in a KPI, as in `count({dataset}.{name})`")
            }
            (_, None, Some(function)) => format!("it is a function: write `{}`", function.usage[0]),
            (Some(near), None, None) => format!("did you mean `{near}`?"),
            (None, None, None) => format!("if it is a text, put it in double quotes: `\"{shown}\"`"),
        };
        Mistake { code: Code::FormulaUnknownName, hint: Some(hint), ..Mistake::kind(message) }
    }

    /// That no KPI has this name where a function needs one.
    pub(super) fn no_kpi(&self, function: &str, name: &str, dataset: Option<&str>) -> Mistake {
        let column = dataset.and_then(|dataset| self.datasets.get(dataset)?.get(name));
        let what = if column.is_some() {
            "a column"
        } else if self.parameters.contains_key(name) {
            "a parameter"
        } else if self.datasets.contains_key(name) {
            "a dataset"
        } else {
            let message = format!("there is no KPI `{}`", shown(name));
            let near = nearest(name, self.kpis.iter().map(String::as_str));
            let hint = near.map_or_else(
                || format!("`{function}` takes a KPI by its name; it would stand in rules/kpis/"),
                |near| format!("did you mean `{near}`?"),
            );
            return Mistake { code: Code::FormulaUnknownName, hint: Some(hint), ..Mistake::kind(message) };
        };
        let hint = match what {
            "a parameter" => format!("a parameter is the same everywhere: write `{name}` alone"),
            _ => {
                let example =
                    if matches!(column, Some(ColumnKind::Number | ColumnKind::Duration)) { "avg" } else { "count" };
                format!("make a KPI of it, such as `{example}({name})`, and name that KPI here")
            }
        };
        Mistake::kind(format!("`{function}` needs a KPI, but `{name}` is {what}")).hint(hint)
    }

    /// What is wrong with a dimension's name; nothing when some dataset's rows can be grouped by it.
    pub(super) fn dimension_fault(&self, name: &str) -> Option<Mistake> {
        let mut kinds = self.datasets.values().filter_map(|columns| columns.get(name)).peekable();
        let is_column = kinds.peek().is_some();
        if kinds.any(|kind| *kind == ColumnKind::Text) {
            return None;
        }
        let columns = self.datasets.values().flatten();
        let known = columns.filter(|(_, kind)| **kind == ColumnKind::Text).map(|(name, _)| name.as_ref());
        let (code, message) = if is_column {
            (Code::FormulaType, format!("`{name}` is no dimension: rows are grouped by text columns"))
        } else {
            (Code::FormulaUnknownName, format!("no dataset has a dimension `{}`", shown(name)))
        };
        let hint = match nearest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name the text column whose value does not matter, as in `across(offered, queue)`".to_owned(),
        };
        Some(Mistake { code, hint: Some(hint), ..Mistake::kind(message) })
    }
}

/// As much of a name as a message can carry: a text that lost its quotes may be of any length.
fn shown(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
