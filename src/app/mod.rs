//! What runs until it is told to stop: `serve` with heartbeat, due runs and the outbox in one straight loop, and `preview`
//! with a report that follows its files.

mod presence;
pub mod preview;
mod serve;

pub use serve::{ServeOptions, serve};
