//! Values in rows: one file per database. The type is taken from the value, not from the column's declaration.

pub(super) mod mysql;
pub(super) mod postgres;
pub(super) mod sqlite;

/// Why a value could not be read: the database's name of its type.
pub(super) struct UnknownType(pub(super) String);
