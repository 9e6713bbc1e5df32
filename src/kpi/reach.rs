//! Which rows an evaluation may look at: all of them, those of one scope, or those of many scopes, each apart. What a
//! scope is made of is defined in the workspace; that it was kept is checked afterwards, in `guard`.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::snapshot::GroupKey;
use crate::formula::{Binary, Column, Expression};
use crate::workspace::{ColumnKind, DatasetDefinition, Scope};

/// The rows an evaluation may look at. Whatever it computes, here or elsewhere, stays within them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    #[default]
    Everything,
    /// Those of a scope.
    Within(Scope),
    /// Those of each combination of some dimensions' values apart, as if there were no others: what many evaluations
    /// within a scope of one value each would find, by the same few statements.
    Apart {
        /// The dimensions.
        dimensions: Vec<String>,
        /// The combinations of their values.
        values: BTreeSet<GroupKey>,
    },
}

impl Reach {
    /// The dimensions that the rows are kept apart by.
    pub(super) fn apart(&self) -> &[String] {
        match self {
            Self::Apart { dimensions, .. } => dimensions,
            Self::Everything | Self::Within(_) => &[],
        }
    }

    /// Whether a group may be looked at.
    pub(super) fn holds(&self, key: &GroupKey) -> bool {
        match self {
            Self::Apart { dimensions, values } => values.contains(&key[..dimensions.len().min(key.len())]),
            Self::Everything | Self::Within(_) => true,
        }
    }

    /// The keys of the totals: groups that are there without rows too.
    pub(super) fn totals(&self) -> BTreeSet<GroupKey> {
        match self {
            Self::Apart { values, .. } => values.clone(),
            Self::Everything | Self::Within(_) => BTreeSet::from([GroupKey::new()]),
        }
    }

    /// The condition of the rows.
    pub(super) fn condition(&self, definition: &DatasetDefinition) -> Option<Expression> {
        match self {
            Self::Within(scope) => Some(condition(scope, definition)),
            Self::Everything | Self::Apart { .. } => None,
        }
    }

    /// The dimension that a dataset lacks to be limited.
    pub(super) fn lacking(&self, definition: &DatasetDefinition) -> Option<String> {
        let named: Vec<&str> = match self {
            Self::Everything => Vec::new(),
            Self::Within(scope) => scope.dimensions().into_iter().collect(),
            Self::Apart { dimensions, .. } => dimensions.iter().map(String::as_str).collect(),
        };
        named.into_iter().find(|dimension| !has_dimension(definition, dimension)).map(str::to_owned)
    }
}

/// Whether a dataset can be limited by this dimension.
pub fn has_dimension(definition: &DatasetDefinition, dimension: &str) -> bool {
    definition.columns.get(dimension).is_some_and(|column| column.kind == ColumnKind::Text)
}

/// The rows of a scope as an expression. Values are compared exactly, as everywhere: by case, accents and blanks.
fn condition(scope: &Scope, definition: &DatasetDefinition) -> Expression {
    let dataset: Arc<str> = Arc::from(definition.id.value.as_str());
    let column = |dimension: &str| {
        let dataset = Arc::clone(&dataset);
        Expression::Column(Column { dataset, name: Arc::from(dimension), kind: ColumnKind::Text })
    };
    let dimensions = scope.dimensions();
    // The usual case is one list of values, for which an index may serve.
    if let (1, Some(dimension)) = (dimensions.len(), dimensions.first()) {
        let values = scope.alternatives().filter_map(|alternative| alternative.get(*dimension));
        let values = values.map(|value| Expression::Text(Arc::from(value.as_str()))).collect();
        return Expression::OneOf(Arc::new(column(dimension)), values);
    }
    let alternatives = scope.alternatives().map(|alternative| {
        let equal = |(dimension, value): (&String, &String)| {
            let value = Expression::Text(Arc::from(value.as_str()));
            Expression::Binary(Binary::Equal, Arc::new(column(dimension)), Arc::new(value))
        };
        joined(Binary::And, alternative.iter().map(equal).collect())
    });
    joined(Binary::Or, alternatives.collect())
}

/// The expressions with an operator between them, as a tree of little depth: databases refuse deep ones. Nothing is
/// never true.
fn joined(operator: Binary, mut expressions: Vec<Expression>) -> Expression {
    let right = expressions.split_off(expressions.len().div_ceil(2));
    match (expressions.len(), right.is_empty()) {
        (0, _) => Expression::Bool(false),
        (1, true) => expressions.remove(0),
        _ => Expression::Binary(operator, Arc::new(joined(operator, expressions)), Arc::new(joined(operator, right))),
    }
}
