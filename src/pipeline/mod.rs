//! Straight-line functions: one measurement, one report run. Here, and not below, databases are asked.

mod measure;
mod sources;

pub use measure::{Measured, Sent, measure};
pub use sources::Sources;
