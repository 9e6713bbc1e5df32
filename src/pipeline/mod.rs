//! Straight-line functions: a workspace prepared, one measurement, one report made, one run, one tick of the
//! alert rules. Here, and not below, databases are asked.

mod addressees;
mod alert_mail;
mod alert_measure;
mod alert_tick;
mod alert_trouble;
mod backtest;
mod completeness;
mod condition;
mod due;
mod edition;
mod made_from;
mod measure;
mod measured_report;
mod messages;
mod parallel;
mod run;
mod run_trouble;
mod run_trouble_notice;
mod scope_check;
mod sources;
mod views;
mod without_time;
mod workspace;
mod workspace_trouble;

pub use addressees::{Addressee, addressees, probe_recipients};
pub use alert_mail::SentNotice;
pub use alert_measure::frame;
pub use alert_tick::{AlertOutcome, DueAlert, Evaluated, due_alerts, evaluate_alerts};
pub use backtest::{BacktestRequest, Progress, Way};
pub use condition::SendCondition;
pub use due::{DueRun, due_runs};
pub use edition::{Edition, Made, Order, file_name, files, make, template};
pub use measure::{Measured, Sent, fetch_all, measure, measure_apart, measure_within};
pub use measured_report::{MeasuredReport, episodes, find_report, measure_report};
pub use run::{Queued, RunOutcome, RunRequest, language_of, run_report, work_on, zone_of};
pub use run_trouble::{Hearer, LateRuns, ToldTrouble, tell_run_troubles};
pub use sources::Sources;
pub use views::{Measurement, View};
pub use without_time::rows_without_time;
pub use workspace::{Prepared, Workspace, prepare, prepare_with};
pub use workspace_trouble::{tell_workspace_mistakes, workspace_is_right};
