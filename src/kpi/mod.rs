//! KPIs: definitions compiled, evaluated in rounds over a window, and the snapshot of their values. No I/O: an
//! evaluation tells which statements it needs and is given their rows.

mod answer;
mod compile;
mod compute;
mod distribution;
mod elsewhere;
mod evaluation;
mod explanation;
mod groupable;
mod guard;
mod plan;
mod question;
mod reach;
mod replay;
mod row_counts;
mod sharing;
mod slice;
pub mod snapshot;
#[cfg(test)]
mod tests;

pub use compile::{Answer, CompiledKpi, KpiSet};
pub use evaluation::{Evaluation, EvaluationRequest, Extent, FetchFailure, Step};
pub use explanation::{ExplainedGroup, Explanation, Origin, Part};
pub use guard::{Census, breach};
pub use plan::{Fetch, FetchId};
pub use question::{Detail, Question};
pub use reach::{Reach, has_dimension};
pub use replay::{History, Moment, Readings, Replay, ReplayRequest, Turn};
pub use row_counts::RowCounts;
pub use snapshot::*;
