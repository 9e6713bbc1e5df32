//! One day on the floor, event by event: callers wait, agents with the right skill take them, some callers lose
//! patience. Waits are the result of arrivals meeting capacity; they are never drawn.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

use rand::RngExt;

use super::activity::{Activity, DayPlan, Pause, State};
use super::agents::Agent;
use super::calls::{Call, Outcome, calls_again, converse};
use super::draw::{Dice, chance, exponential, seconds};
use super::pattern::CLOSING;
use super::queues::QUEUES;

/// The longest a queue keeps a caller, in seconds.
const LONGEST_WAIT: i64 = 900;

/// A caller at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Arrival {
    /// Seconds since local midnight.
    pub at: i64,
    /// The queue's index.
    pub queue: usize,
    /// Who calls.
    pub caller: u32,
}

/// What the floor needs to know of a day.
pub(super) struct Day<'a> {
    /// Local midnight in Unix seconds.
    pub midnight: i64,
    /// Everyone, on duty or not.
    pub agents: &'a [Agent],
    /// The day's hours of those on duty, by agent.
    pub plans: Vec<Option<DayPlan>>,
    /// How slow each agent is today.
    pub paces: Vec<f64>,
    /// Telephony is down during these seconds since midnight.
    pub outage: Option<Range<i64>>,
    /// How much longer conversations take today, by queue.
    pub slowness: [f64; QUEUES.len()],
}

/// What a day leaves behind.
#[derive(Default)]
pub(super) struct DayRecord {
    /// The calls, not in order.
    pub calls: Vec<Call>,
    /// The agents' stretches of time, not in order.
    pub activity: Vec<Activity>,
    /// Callers who ring again on a later day, with seconds since this day's midnight.
    pub returning: Vec<Arrival>,
}

/// Plays a day from the first arrival to the last logout.
pub(super) fn play(dice: &mut Dice, day: Day<'_>, arrivals: &[Arrival]) -> DayRecord {
    let mut floor = Floor {
        desks: day.plans.iter().map(|_| Desk::Away).collect(),
        lines: Default::default(),
        waiting: Vec::new(),
        events: BinaryHeap::new(),
        sequence: 0,
        record: DayRecord::default(),
        day,
    };
    for arrival in arrivals {
        floor.at(arrival.at, Event::Arrives(*arrival));
    }
    for agent in 0..floor.day.plans.len() {
        if let Some(plan) = &floor.day.plans[agent] {
            let (start, end) = (plan.start, plan.end);
            let dues: Vec<i64> = plan.pauses.iter().map(|(due, ..)| *due).collect();
            floor.at(start, Event::LogsIn(agent));
            floor.at(end, Event::Looks(agent));
            for due in dues {
                floor.at(due, Event::Looks(agent));
            }
        }
    }
    if let Some(outage) = floor.day.outage.clone() {
        for agent in 0..floor.day.plans.len() {
            floor.at(outage.start, Event::Looks(agent));
        }
    }
    while let Some(Reverse((now, _, event))) = floor.events.pop() {
        floor.happen(dice, now, event);
    }
    floor.record
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrives(Arrival),
    GivesUp(usize, bool),
    LogsIn(usize),
    /// A pause or the end of the shift is due, or the lines went down: an idle agent sees what there is to do.
    Looks(usize),
    /// A call or a pause is over.
    IsFree(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Desk {
    Away,
    Idle { since: i64 },
    Busy,
}

struct Waiting {
    arrival: Arrival,
    gone: bool,
}

struct Floor<'a> {
    day: Day<'a>,
    desks: Vec<Desk>,
    lines: [VecDeque<usize>; QUEUES.len()],
    waiting: Vec<Waiting>,
    events: BinaryHeap<Reverse<(i64, u64, Event)>>,
    sequence: u64,
    record: DayRecord,
}

impl Floor<'_> {
    /// Events at the same second happen in the order they were announced.
    fn at(&mut self, time: i64, event: Event) {
        self.sequence += 1;
        self.events.push(Reverse((time, self.sequence, event)));
    }

    fn happen(&mut self, dice: &mut Dice, now: i64, event: Event) {
        match event {
            Event::Arrives(arrival) => self.arrive(dice, arrival),
            Event::GivesUp(waiting, patiently) => self.give_up(dice, now, waiting, patiently),
            Event::LogsIn(agent) | Event::IsFree(agent) => self.next_task(dice, now, agent),
            Event::Looks(agent) => {
                if let Desk::Idle { since } = self.desks[agent] {
                    self.stretch(agent, State::Ready, since, now);
                    self.next_task(dice, now, agent);
                }
            }
        }
    }

    fn arrive(&mut self, dice: &mut Dice, arrival: Arrival) {
        // During an outage most callers hear a busy tone and never reach the queue.
        let down = self.is_down(arrival.at);
        if down && chance(dice, 0.8) {
            return;
        }
        if let Some((agent, since)) = (!down).then(|| self.longest_idle(arrival.queue)).flatten() {
            self.answer(dice, arrival.at, agent, since, arrival);
            return;
        }
        let patience = if down {
            exponential(dice, 45.0)
        } else if chance(dice, 0.03) {
            // Some notice at once that they dialled the wrong number.
            exponential(dice, 4.0)
        } else {
            exponential(dice, QUEUES[arrival.queue].patience)
        };
        let patience = seconds(patience, 1, i64::MAX);
        let number = self.waiting.len();
        self.waiting.push(Waiting { arrival, gone: false });
        self.lines[arrival.queue].push_back(number);
        self.at(arrival.at + patience.min(LONGEST_WAIT), Event::GivesUp(number, patience > LONGEST_WAIT));
    }

    fn longest_idle(&self, queue: usize) -> Option<(usize, i64)> {
        let idle = self.desks.iter().enumerate().filter_map(|(agent, desk)| match desk {
            Desk::Idle { since } if self.day.agents[agent].skills.contains(&queue) => Some((agent, *since)),
            _ => None,
        });
        // The queue's own team first, then whoever has waited longest.
        idle.min_by_key(|(agent, since)| (self.day.agents[*agent].team != queue, *since, *agent))
    }

    fn answer(&mut self, dice: &mut Dice, now: i64, agent: usize, idle_since: i64, arrival: Arrival) {
        let connected = now + dice.random_range(2..7);
        self.stretch(agent, State::Ready, idle_since, connected);
        let queue = &QUEUES[arrival.queue];
        let wait = connected - arrival.at;
        let pace = self.day.paces[agent] * self.day.slowness[arrival.queue];
        let conversation = converse(dice, queue, (agent, &self.day.agents[agent]), pace, wait);
        let hung_up = connected + conversation.talk + conversation.hold;
        let done = hung_up + conversation.wrap;
        self.stretch(agent, State::Talk, connected, hung_up);
        self.stretch(agent, State::Wrap, hung_up, done);
        self.desks[agent] = Desk::Busy;
        self.at(done, Event::IsFree(agent));
        self.finish(dice, hung_up, arrival, wait, Outcome::Answered(conversation));
    }

    fn give_up(&mut self, dice: &mut Dice, now: i64, number: usize, patiently: bool) {
        let waiting = &mut self.waiting[number];
        if waiting.gone {
            return;
        }
        waiting.gone = true;
        let arrival = waiting.arrival;
        let outcome = if patiently { Outcome::FlowedOut } else { Outcome::Abandoned };
        self.finish(dice, now, arrival, now - arrival.at, outcome);
    }

    /// Records a call that is over and lets the caller ring again.
    fn finish(&mut self, dice: &mut Dice, ended: i64, arrival: Arrival, wait: i64, outcome: Outcome) {
        if let Some(after) = calls_again(dice, &outcome) {
            let again = Arrival { at: ended + after, ..arrival };
            if again.at < CLOSING {
                self.at(again.at, Event::Arrives(again));
            } else if again.at >= 86_400 {
                self.record.returning.push(again);
            }
        }
        let Arrival { queue, caller, at } = arrival;
        let started = self.day.midnight + at;
        self.record.calls.push(Call { started, queue, caller, repeat: false, wait, outcome });
    }

    /// Logout, pause, the next caller, or waiting for one.
    fn next_task(&mut self, dice: &mut Dice, now: i64, agent: usize) {
        let is_down = self.is_down(now);
        let Some(plan) = &mut self.day.plans[agent] else { return };
        if now >= plan.end {
            let start = plan.start;
            self.desks[agent] = Desk::Away;
            self.stretch(agent, State::Login, start, now);
            return;
        }
        if plan.pauses.front().is_some_and(|(due, ..)| *due <= now)
            && let Some((_, length, pause)) = plan.pauses.pop_front()
        {
            self.desks[agent] = Desk::Busy;
            self.stretch(agent, State::Pause(pause), now, now + length);
            self.at(now + length, Event::IsFree(agent));
            return;
        }
        if let Some(back) = self.day.outage.as_ref().filter(|_| is_down).map(|outage| outage.end) {
            // With the lines down there is nothing to do but letters.
            self.desks[agent] = Desk::Busy;
            self.stretch(agent, State::Pause(Pause::Written), now, back);
            self.at(back, Event::IsFree(agent));
            return;
        }
        match self.next_caller(agent) {
            Some(arrival) => self.answer(dice, now, agent, now, arrival),
            None => self.desks[agent] = Desk::Idle { since: now },
        }
    }

    /// The caller this agent should take: the more important queue first, then the longest wait.
    fn next_caller(&mut self, agent: usize) -> Option<Arrival> {
        let skills = &self.day.agents[agent].skills;
        for queue in skills {
            while self.lines[*queue].front().is_some_and(|number| self.waiting[*number].gone) {
                self.lines[*queue].pop_front();
            }
        }
        let first = |queue: &usize| self.lines[*queue].front().map(|number| self.waiting[*number].arrival.at);
        let best = skills
            .iter()
            .filter_map(|queue| first(queue).map(|since| (Reverse(QUEUES[*queue].priority), since, *queue)))
            .min()?;
        let number = self.lines[best.2].pop_front()?;
        self.waiting[number].gone = true;
        Some(self.waiting[number].arrival)
    }

    fn is_down(&self, now: i64) -> bool {
        self.day.outage.as_ref().is_some_and(|outage| outage.contains(&now))
    }

    fn stretch(&mut self, agent: usize, state: State, from: i64, to: i64) {
        if to > from {
            let midnight = self.day.midnight;
            self.record.activity.push(Activity { agent, state, from: midnight + from, to: midnight + to });
        }
    }
}
