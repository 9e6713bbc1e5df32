//! `serve`: the composition root. Heartbeat, due runs and the outbox in one straight loop; it ends cleanly when told to.

mod serve;

pub use serve::{ServeOptions, serve};
