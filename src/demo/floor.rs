//! One day on the floor, event by event: callers wait, agents of the right queue take them, phones ring in vain, some
//! callers lose patience. Waits are the result of arrivals meeting capacity; they are never drawn.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

use chrono::NaiveDate;
use rand::RngExt;

use super::activity::{Activity, DayPlan, Pause, State};
use super::agents::Agent;
use super::calls::{Call, Form, Outcome, calls_again, converse};
use super::draw::{Dice, chance, exponential, seconds};
use super::pattern::CLOSING;
use super::queues::QUEUES;

/// The longest a queue keeps a caller, in seconds.
const LONGEST_WAIT: i64 = 900;
/// So many callers can wait in a queue.
const PLACES: usize = 6;
/// How long a phone rings before the telephony takes it out of service and the caller back, in seconds.
const RINGING: i64 = 15;
/// Who has waited for a call so long, in seconds, writes a letter.
const IDLE_BEFORE_LETTER: i64 = 120;
/// As long as more agents than this are ready.
const KEPT_READY: usize = 3;

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
    /// The local day.
    pub date: NaiveDate,
    /// Its midnight in Unix seconds.
    pub midnight: i64,
    /// Everyone, on duty or not.
    pub agents: &'a [Agent],
    /// The day's hours of those on duty, by agent.
    pub plans: Vec<Option<DayPlan>>,
    /// What each agent is like today.
    pub forms: &'a [Form],
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
    /// Callers who never got into a queue, in order.
    pub turned_away: Vec<TurnedAway>,
    /// The agents' stretches of time, not in order.
    pub activity: Vec<Activity>,
    /// Every time a phone rang, in order.
    pub rings: Vec<Ring>,
    /// Callers who ring again on a later day, with seconds since this day's midnight.
    pub returning: Vec<Arrival>,
}

/// A caller whom no queue let in.
#[derive(Clone, Copy, Debug)]
pub(super) struct TurnedAway {
    /// When, in Unix seconds.
    pub at: i64,
    /// The queue's index.
    pub queue: usize,
    /// The queue was full; otherwise nobody was there to answer.
    pub full: bool,
}

/// A phone that rang for a caller.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ring {
    /// The agent's index.
    pub agent: usize,
    /// When it began to ring, in Unix seconds.
    pub at: i64,
    /// It was picked up.
    pub answered: bool,
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
    /// Nobody picked up: the caller is back at the head of the line.
    Returns(Arrival),
    GivesUp(usize, bool),
    LogsIn(usize),
    /// A pause or the end of the shift is due, or the lines went down: an idle agent sees what there is to do.
    Looks(usize),
    /// A call or a pause is over.
    IsFree(usize),
    /// Has waited for a call for a while, if nothing came between.
    IsIdle(usize),
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
            Event::Returns(arrival) => self.seek_agent(dice, now, arrival),
            Event::GivesUp(waiting, patiently) => self.give_up(dice, now, waiting, patiently),
            Event::LogsIn(agent) | Event::IsFree(agent) => self.next_task(dice, now, agent),
            Event::Looks(agent) => {
                if let Desk::Idle { since } = self.desks[agent] {
                    self.stretch(agent, State::Ready, since, now);
                    self.next_task(dice, now, agent);
                }
            }
            Event::IsIdle(agent) => self.write_a_letter(dice, now, agent),
        }
    }

    fn arrive(&mut self, dice: &mut Dice, arrival: Arrival) {
        // During an outage most callers hear a busy tone and never reach the queue.
        let unreachable = self.is_down(arrival.at) && chance(dice, 0.8);
        let waiting = self.lines[arrival.queue].iter().filter(|number| !self.waiting[**number].gone).count();
        if unreachable || waiting >= PLACES {
            let at = self.day.midnight + arrival.at;
            self.record.turned_away.push(TurnedAway { at, queue: arrival.queue, full: !unreachable });
            return;
        }
        self.seek_agent(dice, arrival.at, arrival);
    }

    /// The next free agent's phone rings, or the caller waits.
    fn seek_agent(&mut self, dice: &mut Dice, now: i64, arrival: Arrival) {
        let down = self.is_down(now);
        if let Some((agent, since)) = (!down).then(|| self.longest_idle(arrival.queue)).flatten() {
            self.ring(dice, now, agent, since, arrival);
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
        if now > arrival.at {
            self.lines[arrival.queue].push_front(number);
        } else {
            self.lines[arrival.queue].push_back(number);
        }
        let gives_up = now + patience;
        let is_let_go = arrival.at + LONGEST_WAIT;
        self.at(gives_up.min(is_let_go), Event::GivesUp(number, gives_up > is_let_go));
    }

    fn longest_idle(&self, queue: usize) -> Option<(usize, i64)> {
        let idle = self.desks.iter().enumerate().filter_map(|(agent, desk)| match desk {
            Desk::Idle { since } if self.day.agents[agent].queues.contains(&queue) => Some((agent, *since)),
            _ => None,
        });
        // The queue's own team first, then whoever has waited longest.
        idle.min_by_key(|(agent, since)| (self.day.agents[*agent].team != queue, *since, *agent))
    }

    fn ring(&mut self, dice: &mut Dice, now: i64, agent: usize, idle_since: i64, arrival: Arrival) {
        let answered = !chance(dice, self.day.agents[agent].missed_rings);
        self.record.rings.push(Ring { agent, at: self.day.midnight + now, answered });
        if answered {
            self.answer(dice, now, agent, idle_since, arrival);
            return;
        }
        let given_up = now + RINGING;
        let back = given_up + dice.random_range(40..240);
        self.stretch(agent, State::Ready, idle_since, given_up);
        self.stretch(agent, State::Pause(Pause::NoAnswer), given_up, back);
        self.desks[agent] = Desk::Busy;
        self.at(given_up, Event::Returns(arrival));
        self.at(back, Event::IsFree(agent));
    }

    fn answer(&mut self, dice: &mut Dice, now: i64, agent: usize, idle_since: i64, arrival: Arrival) {
        let connected = now + dice.random_range(2..7);
        self.stretch(agent, State::Ready, idle_since, connected);
        let queue = &QUEUES[arrival.queue];
        let wait = connected - arrival.at;
        let Form { pace, skill } = self.day.forms[agent];
        let form = Form { pace: pace * self.day.slowness[arrival.queue], skill };
        let conversation = converse(dice, queue, (agent, form), wait);
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
        let (started, day) = (self.day.midnight + at, self.day.date);
        self.record.calls.push(Call { started, day, queue, caller, repeat: false, wait, outcome });
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
            Some(arrival) => self.ring(dice, now, agent, now, arrival),
            None => {
                self.desks[agent] = Desk::Idle { since: now };
                self.at(now + IDLE_BEFORE_LETTER, Event::IsIdle(agent));
            }
        }
    }

    fn write_a_letter(&mut self, dice: &mut Dice, now: i64, agent: usize) {
        let Desk::Idle { since } = self.desks[agent] else { return };
        let ready = self.desks.iter().filter(|desk| matches!(desk, Desk::Idle { .. })).count();
        if now - since < IDLE_BEFORE_LETTER || ready <= KEPT_READY {
            return;
        }
        let done = now + dice.random_range(100..260);
        self.stretch(agent, State::Ready, since, now);
        self.stretch(agent, State::Pause(Pause::Written), now, done);
        self.desks[agent] = Desk::Busy;
        self.at(done, Event::IsFree(agent));
    }

    /// The caller this agent should take: the more important queue first, then the longest wait.
    fn next_caller(&mut self, agent: usize) -> Option<Arrival> {
        let queues = &self.day.agents[agent].queues;
        for queue in queues {
            while self.lines[*queue].front().is_some_and(|number| self.waiting[*number].gone) {
                self.lines[*queue].pop_front();
            }
        }
        let first = |queue: &usize| self.lines[*queue].front().map(|number| self.waiting[*number].arrival.at);
        let best = queues
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
