//! One call: what is recorded of it, and how its conversation goes once an agent has answered. The waiting is in
//! `floor`, the arriving in `history`.

use chrono::NaiveDate;

use super::draw::{Dice, chance, lognormal, normal, poisson, seconds};
use super::queues::Queue;

/// A call as it is recorded; times are Unix seconds, lengths are seconds.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// When it entered the queue.
    pub started: i64,
    /// The local day of that.
    pub day: NaiveDate,
    /// The queue's index.
    pub queue: usize,
    /// Who called: a number that stands for a telephone number.
    pub caller: u32,
    /// Whether the same caller had called within the seven days before; filled in at the end.
    pub repeat: bool,
    /// Time in the queue.
    pub wait: i64,
    /// How it ended.
    pub outcome: Outcome,
}

/// How a call ended.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    /// An agent answered.
    Answered(Conversation),
    /// The caller hung up while waiting.
    Abandoned,
    /// The queue gave the caller up: a recorded message after the longest wait.
    FlowedOut,
}

/// What happened between agent and caller.
#[derive(Clone, Debug)]
pub(super) struct Conversation {
    /// The agent's index.
    pub agent: usize,
    /// Talking, without hold.
    pub talk: i64,
    /// The caller on hold.
    pub hold: i64,
    /// After-call work.
    pub wrap: i64,
    /// Passed on to someone else.
    pub transferred: bool,
    /// The caller's matter is settled.
    pub resolved: bool,
    /// Satisfaction, 1 to 5, of those who answered the question.
    pub csat: Option<u8>,
    /// Readiness to recommend, 0 to 10, of those who answered the question.
    pub nps: Option<u8>,
    /// How easy it was, 1 (hard) to 7 (easy), of those who answered the question.
    pub ces: Option<u8>,
    /// Asked to answer questions after the call.
    pub invited: bool,
    /// The caller complained about the call.
    pub complained: bool,
    /// Whether something was sold; none in queues that sell nothing.
    pub sold: Option<bool>,
}

/// What an agent brings along on a day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    /// Slowness: above 1 is slower than others.
    pub pace: f64,
    /// How well calls end, from about -0.6 to 0.6.
    pub skill: f64,
}

/// Draws a conversation with this agent.
pub(super) fn converse(dice: &mut Dice, queue: &Queue, (agent, form): (usize, Form), wait: i64) -> Conversation {
    let Form { pace, skill } = form;
    let talk = seconds(lognormal(dice, queue.talk * pace, 0.62), 8, 3_600);
    let hold = if chance(dice, 0.17) { seconds(lognormal(dice, 52.0, 0.7), 5, 900) } else { 0 };
    let wrap = seconds(lognormal(dice, queue.wrap * pace, 0.55), 3, 900);
    let transferred = chance(dice, queue.transferred * (1.0 - 0.8 * skill));
    let settled = queue.resolved - 0.03 + 0.16 * skill - if transferred { 0.2 } else { 0.0 };
    let resolved = chance(dice, settled);
    // People judge the result first, the wait second, and the agent third.
    let mood = if resolved { 0.75 } else { -1.1 } + 0.9 * skill
        - (wait as f64 / 150.0).min(1.6)
        - if hold > 90 { 0.25 } else { 0.0 };
    // Not everyone is asked; who answers the first question does not always answer the others.
    let invited = chance(dice, 0.7);
    let answers = invited && chance(dice, 0.36);
    let mut answer = |share: f64, mean: f64, deviation: f64, scale: (f64, f64)| {
        let given = normal(dice, mean, deviation).round().clamp(scale.0, scale.1) as u8;
        (chance(dice, share) && answers).then_some(given)
    };
    let csat = answer(1.0, 3.75 + mood, 0.85, (1.0, 5.0));
    let nps = answer(0.48, 7.85 + 1.5 * mood, 1.7, (0.0, 10.0));
    let ces = answer(0.55, 5.0 + 0.9 * mood, 1.2, (1.0, 7.0));
    let complained = chance(dice, 0.002 + if resolved { 0.0 } else { 0.016 } + if wait > 180 { 0.012 } else { 0.0 });
    let sold = queue.sales.map(|share| chance(dice, share * (1.0 + 0.9 * skill)));
    Conversation { agent, talk, hold, wrap, transferred, resolved, csat, nps, ces, invited, complained, sold }
}

/// When the caller will ring again because the matter is not settled: seconds after the end of this call.
pub(super) fn calls_again(dice: &mut Dice, outcome: &Outcome) -> Option<i64> {
    match outcome {
        Outcome::Answered(Conversation { resolved: true, .. }) => None,
        Outcome::Answered(_) => chance(dice, 0.42).then(|| {
            let days = i64::from(poisson(dice, 1.1));
            days * 86_400 + seconds(lognormal(dice, 7_200.0, 0.8), 600, 30_000)
        }),
        Outcome::Abandoned | Outcome::FlowedOut => {
            chance(dice, 0.45).then(|| seconds(lognormal(dice, 1_500.0, 1.0), 60, 14_400))
        }
    }
}
