//! Alert rules: conditions over KPIs, the state machine, and what the notices say. No I/O, no clock.

mod clock_grid;
mod episode;
#[cfg(test)]
mod fixture;
mod labels;
mod machine;
mod notice;
mod notice_text;
mod record;
mod rule;
mod state;
mod stored_instant;

pub use clock_grid::{Slot, due, next};
pub use episode::{Ending, Episode};
pub use labels::Labels;
pub use machine::{Notice, Observation, Presence, Reason, Step, Timing, Verdict, advance};
pub use notice::{NoticeRequest, Told, document, subject};
pub use record::{RuleRecord, read_state, write};
pub use rule::{CompiledRule, compile};
pub use state::{AlertState, Cause, Extremes, Phase, Trouble, TroubleKind};
