//! Values in rows: one file per database. The type is taken from the value, not from the column's declaration.

pub(super) mod mysql;
pub(super) mod postgres;
pub(super) mod sqlite;

/// Why a value could not be read.
pub(super) struct UnknownType {
    /// The database's name of its type.
    pub(super) name: String,
    /// What to write in the query instead.
    pub(super) way_out: &'static str,
}

/// The way out of a type that has no special one.
pub(super) const CONVERT: &str = "convert it in the query to a number, a text or a time";

impl UnknownType {
    fn new(name: impl Into<String>, way_out: &'static str) -> Self {
        Self { name: name.into(), way_out }
    }
}
