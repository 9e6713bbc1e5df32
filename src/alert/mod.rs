//! Alert rules: conditions over KPIs and the state machine. No I/O, no clock.

mod check;

pub use check::check;
