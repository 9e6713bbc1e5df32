//! The databases we read: read-only pools, the dialects' differences, values decoded from rows. No KPI logic.

mod decode;
mod dialect;
mod error;
mod memory;
mod one_query;
mod options;
mod parameters;
mod pool;
mod scanner;
mod statement;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod value;

pub use dialect::{Dialect, stored_seconds};
pub use error::SourceError;
pub use memory::MemoryTable;
pub use one_query::{not_one_query, without_final_semicolon};
pub use parameters::{ParameterError, used_parameters};
pub use pool::{DeliveredColumn, Limits, Rows, Source};
pub use statement::Statement;
pub use value::Value;
