//! Schedules: due instants and what becomes of missed ones as pure functions, and the heartbeat that asks for them.
//! Claiming runs is in the journal.

mod check;
mod due;
mod heartbeat;
mod misfire;
mod pattern;
mod timetable;

pub use check::check;
pub use due::{CronSchedule, MAX_DUE};
pub use heartbeat::{Heartbeat, HeartbeatError, Tick};
pub use misfire::{ON_TIME, Plan, SkipReason, plan};
pub use pattern::CronError;
pub use timetable::{Coming, Timetable};
