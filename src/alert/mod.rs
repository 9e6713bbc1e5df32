//! Alert rules: conditions over KPIs, the state machine, and what the notices say. No I/O, no clock.

mod backtest;
mod clock_grid;
mod episode;
mod evaluation;
#[cfg(test)]
mod fixture;
mod labels;
mod machine;
mod notice;
mod notice_chart;
mod notice_table;
mod notice_text;
mod record;
mod rule;
mod silence;
mod state;
mod stored_instant;
mod telling;
mod threshold;
mod trouble_notice;
mod webhook_body;

pub use backtest::{Backtest, BacktestOutcome, Firing};
pub use clock_grid::{Slot, due, next};
pub use episode::{Ending, Episode};
pub use evaluation::{Found, Judged, OfGroup, Rule, Told};
pub use labels::Labels;
pub use machine::{Judgement, Observation, Presence, Reason, Step, Timing, Verdict, advance, close};
pub use notice::{MOST_CHARTS, NoticeRequest, document, subject, words};
pub use notice_chart::Trend;
pub use record::{RuleRecord, read_state, write};
pub use rule::{CompiledRule, Readings, Threshold, compile};
pub use silence::{Muting, Silence};
pub use state::{AlertState, Cause, Extremes, Phase, Track, Trouble, TroubleKind};
pub use telling::{Mute, Notice, tell};
pub use threshold::{set_threshold, thresholds};
pub use trouble_notice::{TroubleRequest, trouble_document, trouble_subject};
pub use webhook_body::webhook_body;
