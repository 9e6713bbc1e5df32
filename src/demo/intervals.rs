//! The agents' day in half hours, as telephony and workforce systems export it: paid, planned, logged in, ready, talk,
//! wrap, pause, time as planned, and how often the phone rang.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::activity::{Activity, Pause, State};
use super::floor::Ring;
use super::roster::{Attendance, Duty};

/// The length of an interval, in seconds.
const HALF_HOUR: i64 = 1_800;

/// One agent in one half hour; lengths are seconds.
#[derive(Clone, Debug)]
pub(super) struct Interval {
    /// When it begins, in Unix seconds.
    pub at: i64,
    /// The local day it lies in.
    pub day: NaiveDate,
    /// The agent's index.
    pub agent: usize,
    /// What is in it.
    pub times: Times,
}

/// What an agent's half hour consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Times {
    /// Paid, present or not.
    pub paid: i64,
    /// Planned to be at work, pauses included.
    pub scheduled: i64,
    /// Planned to be on the phones.
    pub scheduled_on_queue: i64,
    /// Did what was planned.
    pub adherent: i64,
    /// Logged in.
    pub logged_in: i64,
    /// Waiting for a call.
    pub ready: i64,
    /// In conversation, holds included.
    pub talk: i64,
    /// After-call work.
    pub wrap: i64,
    /// Paused, whatever for.
    pub pause: i64,
    /// Calls the phone rang for.
    pub rings: i64,
    /// Of these, not picked up.
    pub missed: i64,
}

/// A day's intervals of everyone, by time and agent. Times of `activity` and `rings` are Unix seconds.
pub(super) fn of_day(
    (day, midnight): (NaiveDate, i64),
    duties: &[Option<Duty>],
    activity: &[Activity],
    rings: &[Ring],
) -> impl Iterator<Item = Interval> {
    let mut halves = Halves { midnight, times: BTreeMap::new() };
    for (agent, duty) in duties.iter().enumerate().filter_map(|(agent, duty)| Some((agent, duty.as_ref()?))) {
        for (from, to) in duty.paid() {
            halves.add(agent, midnight + from, midnight + to, |times| &mut times.paid);
        }
        if duty.attendance == Attendance::Present {
            halves.add(agent, midnight + duty.start, midnight + duty.end, |times| &mut times.scheduled);
            for (from, to) in duty.on_queue() {
                halves.add(agent, midnight + from, midnight + to, |times| &mut times.scheduled_on_queue);
            }
        }
    }
    let plans: Vec<Vec<(i64, i64)>> =
        duties.iter().map(|duty| duty.as_ref().map(Duty::on_queue).unwrap_or_default()).collect();
    for stretch in activity {
        let Activity { agent, state, from, to } = *stretch;
        let Some(duty) = &duties[agent] else { continue };
        halves.add(
            agent,
            from,
            to,
            match state {
                State::Login => |times| &mut times.logged_in,
                State::Ready => |times| &mut times.ready,
                State::Talk => |times| &mut times.talk,
                State::Wrap => |times| &mut times.wrap,
                State::Pause(_) => |times| &mut times.pause,
            },
        );
        let mut as_planned = |planned_from: i64, planned_to: i64| {
            let (from, to) = (from.max(midnight + planned_from), to.min(midnight + planned_to));
            halves.add(agent, from, to, |times| &mut times.adherent);
        };
        match state {
            State::Login => {}
            // Letters fill the time between calls.
            State::Pause(Pause::Written) => as_planned(duty.start, duty.end),
            State::Pause(reason) => {
                for (from, to, _) in duty.pauses.iter().filter(|(.., planned)| *planned == reason) {
                    as_planned(*from, *to);
                }
            }
            State::Ready | State::Talk | State::Wrap => {
                for (from, to) in &plans[agent] {
                    as_planned(*from, *to);
                }
            }
        }
    }
    for ring in rings {
        let times = halves.at(ring.agent, ring.at);
        times.rings += 1;
        times.missed += i64::from(!ring.answered);
    }
    halves.times.into_iter().map(move |((at, agent), times)| Interval { at, day, agent, times })
}

struct Halves {
    midnight: i64,
    times: BTreeMap<(i64, usize), Times>,
}

impl Halves {
    /// The half hour an instant lies in.
    fn at(&mut self, agent: usize, instant: i64) -> &mut Times {
        let start = self.midnight + (instant - self.midnight).div_euclid(HALF_HOUR) * HALF_HOUR;
        self.times.entry((start, agent)).or_default()
    }

    /// Adds a stretch to the half hours it lies in; an empty one adds nothing.
    fn add(&mut self, agent: usize, from: i64, to: i64, kind: fn(&mut Times) -> &mut i64) {
        let mut from = from;
        while from < to {
            let end = self.midnight + ((from - self.midnight).div_euclid(HALF_HOUR) + 1) * HALF_HOUR;
            let until = end.min(to);
            *kind(self.at(agent, from)) += until - from;
            from = until;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_is_split_between_half_hours_and_compared_with_the_plan() {
        let midnight = 1_000_000_200;
        let duty = Duty {
            attendance: Attendance::Present,
            start: 28_800,
            end: 32_400,
            pauses: vec![(29_700, 30_600, Pause::Break)],
        };
        let stretch = |state, from, to| Activity { agent: 0, state, from: midnight + from, to: midnight + to };
        let activity = [
            stretch(State::Login, 28_900, 32_400),
            stretch(State::Ready, 28_900, 29_000),
            stretch(State::Talk, 29_000, 29_800),
            stretch(State::Pause(Pause::Break), 29_800, 30_800),
            stretch(State::Ready, 30_800, 32_400),
        ];
        let rings = [Ring { agent: 0, at: midnight + 29_000, answered: true }];
        let day = "2026-11-16".parse().unwrap();
        let halves: Vec<_> = of_day((day, midnight), &[Some(duty)], &activity, &rings).collect();
        let times: Vec<_> = halves.iter().map(|half| (half.at - midnight, half.times.clone())).collect();
        let first = Times {
            paid: 1_800,
            scheduled: 1_800,
            scheduled_on_queue: 900,
            // Ready and talk up to 29,700, the pause from 29,800 on.
            adherent: 100 + 700 + 800,
            logged_in: 1_700,
            ready: 100,
            talk: 800,
            pause: 800,
            rings: 1,
            ..Times::default()
        };
        let second = Times {
            paid: 1_800,
            scheduled: 1_800,
            scheduled_on_queue: 1_800,
            adherent: 1_600,
            logged_in: 1_800,
            ready: 1_600,
            pause: 200,
            ..Times::default()
        };
        assert_eq!(times, [(28_800, first), (30_600, second)]);
    }

    #[test]
    fn who_is_absent_is_paid_and_nothing_else() {
        let duty = Duty { attendance: Attendance::Absent, start: 0, end: 900, pauses: Vec::new() };
        let day = "2026-11-16".parse().unwrap();
        let halves: Vec<_> = of_day((day, 0), &[None, Some(duty)], &[], &[]).collect();
        assert_eq!((halves.len(), halves[0].agent), (1, 1));
        assert_eq!(halves[0].times, Times { paid: 900, ..Times::default() });
    }
}
