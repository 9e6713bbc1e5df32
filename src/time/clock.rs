//! The only place that reads the wall clock.

use chrono::{DateTime, SubsecRound, Utc};

/// Where "now" comes from: the machine, or an instant given by the caller (`--now`, tests).
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always this instant.
    Fixed(DateTime<Utc>),
}

impl Clock {
    /// The present instant, in whole seconds: schedules and windows know no smaller unit.
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
            Self::System => Utc::now().trunc_subsecs(0),
            Self::Fixed(instant) => *instant,
        }
    }
}
