//! Straight-line functions: a workspace prepared, one measurement, one report made, one run, one tick of the
//! alert rules. Here, and not below, databases are asked.

mod alert_tick;
mod due;
mod edition;
mod measure;
mod run;
mod sources;
mod without_time;
mod workspace;

pub use alert_tick::{AlertOutcome, DueAlert, Evaluated, due_alerts, evaluate_alerts};
pub use due::{DueRun, due_runs};
pub use edition::{Edition, Made, Order, make};
pub use measure::{Measured, Sent, fetch_all, measure};
pub use run::{RunOutcome, RunRequest, language_of, recipients_of, run_report, work_on};
pub use sources::Sources;
pub use without_time::rows_without_time;
pub use workspace::{Prepared, Workspace, prepare, prepare_with};
