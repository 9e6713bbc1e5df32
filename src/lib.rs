//! callbrief turns a call centre's database into reports that directors read and alerts that people act on.
//! The rooms below stand in the order of their dependencies: each uses only those above it.

pub mod alert;
pub mod app;
pub mod cli;
pub mod dataset;
pub mod delivery;
pub mod demo;
pub mod diagnostics;
pub mod formula;
pub mod import;
pub mod journal;
pub mod kpi;
pub mod locale;
pub mod pipeline;
pub mod report;
pub mod rule_test;
pub mod schedule;
pub mod source;
pub mod time;
pub mod workspace;
