//! What recipients are told of an alert, as a pure function with a named answer: at most one notice for each evaluation,
//! by what they believe and what is so. Silences and alerts that matter more hold notices back; they change no state.

use chrono::{DateTime, Utc};

use super::machine::{Reason, Timing};
use super::state::{AlertState, Phase};
use crate::workspace::AlertSeverity;

/// What recipients are to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It fires.
    Fired,
    /// It fires with a worse severity than they know of.
    Escalated,
    /// It still fires, with a milder severity than they know of.
    Eased,
    /// It still fires.
    Repeated,
    /// It is over.
    Resolved,
    /// It fired when the rule's hours ended; nobody knows what came of it.
    HoursEnded,
}

/// Why notices are held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mute {
    /// Somebody asked for silence: nothing is told, not even that it is over.
    Silenced(String),
    /// Another alert matters more: what was told before is still told to be over.
    Inhibited(String),
}

impl Notice {
    /// Every notice, what matters most first.
    pub const ALL: [Self; 6] =
        [Self::Escalated, Self::Fired, Self::Eased, Self::Repeated, Self::Resolved, Self::HoursEnded];

    /// The notice in a word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Fired => "fired",
            Self::Escalated => "is worse",
            Self::Eased => "has eased",
            Self::Repeated => "still fires",
            Self::Resolved => "is over",
            Self::HoursEnded => "ended with its hours",
        }
    }

    /// Whether it says that an alert ended.
    pub fn is_end(self) -> bool {
        matches!(self, Self::Resolved | Self::HoursEnded)
    }
}

impl Mute {
    fn holds_back(&self, notice: Notice) -> bool {
        match self {
            Self::Silenced(_) => true,
            Self::Inhibited(_) => !notice.is_end(),
        }
    }

    fn into_words(self) -> String {
        match self {
            Self::Silenced(words) | Self::Inhibited(words) => words,
        }
    }
}

/// Decides what is told of an alert after an evaluation that left it in this state for this reason, and remembers it.
pub fn tell(
    state: &mut AlertState,
    reason: Reason,
    mute: Option<Mute>,
    timing: &Timing,
    now: DateTime<Utc>,
) -> Option<Notice> {
    if !reason.is_answer() {
        return None;
    }
    let was_muted = state.muted.take().is_some();
    let severity = state.severity(&timing.severities);
    let notice = news(state, severity, reason).or_else(|| {
        let is_due = was_muted || state.is_reminder_due(timing, now);
        (state.told.is_some() && state.phase() == Phase::Firing && is_due).then_some(Notice::Repeated)
    });
    let notice = match mute {
        Some(mute) if notice.is_none_or(|notice| mute.holds_back(notice)) => {
            state.muted = severity.map(|_| mute.into_words());
            // What is over is over for everybody, told or not.
            state.told = state.told.filter(|_| severity.is_some());
            return None;
        }
        _ => notice?,
    };
    if state.told.is_none() {
        state.told_first = Some(now);
    }
    state.told = severity;
    state.notified = Some(now);
    state.reminders = if notice == Notice::Repeated { state.reminders + 1 } else { 0 };
    Some(notice)
}

/// What is new to recipients; nothing when they know it all.
fn news(state: &AlertState, severity: Option<AlertSeverity>, reason: Reason) -> Option<Notice> {
    match (state.told, severity) {
        // One that recovers already is not begun to be told of.
        (None, Some(_)) if state.phase() == Phase::Firing => Some(Notice::Fired),
        (Some(told), Some(now)) if now > told => Some(Notice::Escalated),
        (Some(told), Some(now)) if now < told => Some(Notice::Eased),
        (Some(_), None) if reason == Reason::HoursEnded => Some(Notice::HoursEnded),
        (Some(_), None) => Some(Notice::Resolved),
        _ => None,
    }
}

impl AlertState {
    fn is_reminder_due(&self, timing: &Timing, now: DateTime<Utc>) -> bool {
        self.next_reminder(timing).is_some_and(|due| now >= due)
    }

    /// When recipients are reminded next, if it still fires then; none when they never are.
    pub fn next_reminder(&self, timing: &Timing) -> Option<DateTime<Utc>> {
        let place = usize::try_from(self.reminders).unwrap_or(usize::MAX);
        let pause = timing.repeat_every.get(place).or(timing.repeat_every.last())?;
        Some(self.notified? + *pause)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::alert::state::Track;
    use crate::workspace::NoDataPolicy;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_392_000 + minute * 60, 0).unwrap()
    }

    /// One minute a letter: `.` inactive, `w` a warning, `c` critical, `r` a warning that recovers, `?` a warning without an
    /// answer, `h` inactive as the hours ended; behind it `s` for silenced, `i` for inhibited. What is told of each.
    #[track_caller]
    fn check(repeat_every: &[i64], minutes: &str, expected: &str) {
        let timing = Timing {
            severities: AlertSeverity::ALL.to_vec(),
            every: TimeDelta::minutes(1),
            hold: TimeDelta::zero(),
            keep_firing_for: TimeDelta::zero(),
            repeat_every: repeat_every.iter().map(|minutes| TimeDelta::minutes(*minutes)).collect(),
            no_data: NoDataPolicy::Keep,
        };
        let mut state = AlertState::new(at(0));
        let mut told = Vec::new();
        for (minute, word) in minutes.split(' ').enumerate() {
            let now = at(minute as i64);
            let phases = match &word[..1] {
                "w" | "?" => [Phase::Firing, Phase::Inactive],
                "c" => [Phase::Firing, Phase::Firing],
                "r" => [Phase::Recovering, Phase::Inactive],
                _ => [Phase::Inactive, Phase::Inactive],
            };
            state.tracks = phases.into_iter().map(|phase| Track { phase, since: now }).collect();
            let reason = match &word[..1] {
                "?" => Reason::NoData,
                "h" => Reason::HoursEnded,
                _ => Reason::StillMet,
            };
            let mute = match &word[1..] {
                "s" => Some(Mute::Silenced("a silence".to_owned())),
                "i" => Some(Mute::Inhibited("another alert".to_owned())),
                _ => None,
            };
            let notice = tell(&mut state, reason, mute, &timing, now);
            told.push(match notice {
                None => "-",
                Some(Notice::Fired) => "fired",
                Some(Notice::Escalated) => "worse",
                Some(Notice::Eased) => "eased",
                Some(Notice::Repeated) => "still",
                Some(Notice::Resolved) => "over",
                Some(Notice::HoursEnded) => "closed",
            });
        }
        assert_eq!(told.join(" "), expected, "{minutes}");
    }

    #[test]
    fn severities_are_told_once_each_way() {
        check(&[], ". w w c c w . .", "- fired - worse - eased over -");
        check(&[], "c r .", "fired eased over");
        check(&[], "r . w h", "- - fired closed");
    }

    #[test]
    fn reminders_come_at_growing_distances_and_begin_anew_with_news() {
        check(&[2], "w w w w w", "fired - still - still");
        check(&[1, 2], "w w w w w w", "fired still - still - still");
        check(&[1, 3], "w w w c c c", "fired still - worse still -");
        check(&[1], "w r r w", "fired - - still");
        check(&[1], "w ? ? w", "fired - - still");
    }

    #[test]
    fn silences_hold_back_everything() {
        check(&[1], "w ws ws w", "fired - - still");
        check(&[], "w ws ws w w", "fired - - still -");
        check(&[], "ws ws w", "- - fired");
        check(&[], "ws .s w", "- - fired");
        check(&[], "w .s . w", "fired - - fired");
        check(&[], "w cs c", "fired - worse");
        check(&[], "ws ?s ? w", "- - - fired");
    }

    #[test]
    fn an_alert_that_matters_less_is_told_when_the_other_is_over() {
        check(&[], "wi wi w", "- - fired");
        check(&[], "w wi .i", "fired - over");
        check(&[], "w wi hi", "fired - closed");
        check(&[], "wi .i", "- -");
    }
}
