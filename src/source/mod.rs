//! The databases we read: read-only pools, the dialects' differences, values decoded from rows. No KPI logic.

mod statement;
mod value;

pub use statement::Statement;
pub use value::Value;
