//! Evaluations: some answered calls are listened to and scored later that day.

use rand::RngExt;

use super::agents::Agent;
use super::calls::{Call, Outcome};
use super::draw::{Dice, chance, normal};

/// One evaluated call.
#[derive(Clone, Debug)]
pub(super) struct Evaluation {
    /// When it was evaluated, in Unix seconds.
    pub at: i64,
    /// The agent's index.
    pub agent: usize,
    /// The queue's index.
    pub queue: usize,
    /// 0 to 100; a critical error makes it 0.
    pub score: i64,
    /// Something that must never happen did.
    pub critical_error: bool,
}

/// Evaluates a day's sample; the scores follow what the agents are able to do.
pub(super) fn evaluate(dice: &mut Dice, agents: &[Agent], calls: &[Call], into: &mut Vec<Evaluation>) {
    let mut sample = Vec::new();
    for call in calls {
        let Outcome::Answered(conversation) = &call.outcome else { continue };
        if !chance(dice, 0.012) {
            continue;
        }
        let agent = &agents[conversation.agent];
        let critical_error = chance(dice, 0.022 - 0.03 * agent.skill);
        let points = normal(dice, 86.0 + 16.0 * agent.skill, 6.0).round().clamp(30.0, 100.0) as i64;
        let score = if critical_error { 0 } else { points };
        let at = call.started + dice.random_range(1_200..9_000);
        sample.push(Evaluation { at, agent: conversation.agent, queue: call.queue, score, critical_error });
    }
    sample.sort_by_key(|evaluation| (evaluation.at, evaluation.agent));
    into.append(&mut sample);
}
