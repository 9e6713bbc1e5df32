//! What runs until it is told to stop: `serve` with heartbeat, due runs and the outbox in one straight loop, and `preview`
//! with a report that follows its files.

pub mod doctor;
mod due_work;
mod exposition;
mod http;
mod metrics;
mod outboxes;
mod presence;
pub mod preview;
mod pulse;
mod reload;
mod serve;
mod supervisor;
mod unsubscribe_page;
mod watch;

pub use exposition::{Metric, MetricKind};
pub use metrics::METRICS;
pub use serve::{ServeOptions, serve};
