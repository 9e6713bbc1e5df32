//! What an agent does over a day, as stretches of time: login, pause with its reason, ready, talk, wrap.

use std::collections::VecDeque;

use super::names::PAUSES;
use crate::locale::Language;

/// An agent's hours and pauses on one day as they will really be, in seconds since local midnight.
pub(super) struct DayPlan {
    /// Login.
    pub start: i64,
    /// The end of the shift; a call in progress is finished first.
    pub end: i64,
    /// When a pause is due, how long it lasts, and what for; in the order they are due.
    pub pauses: VecDeque<(i64, i64, Pause)>,
}

/// Why an agent pauses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pause {
    /// Lunch.
    Lunch,
    /// A short break.
    Break,
    /// Training.
    Training,
    /// The team's weekly meeting.
    Meeting,
    /// Answering letters.
    Written,
    /// Taken out of service by the telephony because a ringing phone was not picked up.
    NoAnswer,
}

/// What an agent does during a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// The whole time from login to logout; the others lie inside it.
    Login,
    /// Not available, for this reason.
    Pause(Pause),
    /// Waiting for a call.
    Ready,
    /// In conversation, holds included.
    Talk,
    /// After-call work.
    Wrap,
}

/// One stretch, in Unix seconds; the end is not included.
#[derive(Clone, Copy, Debug)]
pub(super) struct Activity {
    /// The agent's index.
    pub agent: usize,
    /// What the agent does.
    pub state: State,
    /// From when.
    pub from: i64,
    /// Until when.
    pub to: i64,
}

impl State {
    /// The state as it stands in the table.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Login => "login",
            Self::Pause(_) => "pause",
            Self::Ready => "ready",
            Self::Talk => "talk",
            Self::Wrap => "wrap",
        }
    }

    /// The reason of a pause.
    pub(super) fn reason(self, language: Language) -> Option<&'static str> {
        match self {
            Self::Pause(pause) => Some(PAUSES[pause as usize][usize::from(language == Language::Russian)]),
            _ => None,
        }
    }
}
