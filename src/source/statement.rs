//! A statement with named parameters, as the rooms below write it; each source rewrites the names for its dialect.

use std::collections::BTreeMap;

use super::Value;

/// SQL with `:name` parameters and their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// The SQL; `:name` inside strings, comments and `::casts` is left alone.
    pub sql: String,
    /// A value for each name; names that the SQL does not use are ignored.
    pub parameters: BTreeMap<String, Value>,
}
