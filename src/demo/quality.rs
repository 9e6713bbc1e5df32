//! Evaluations: some answered calls are listened to and scored later that day.

use chrono::NaiveDate;
use rand::RngExt;

use super::calls::{Call, Form, Outcome};
use super::draw::{Dice, chance, normal};

/// One evaluated call.
#[derive(Clone, Debug)]
pub(super) struct Evaluation {
    /// When it was evaluated, in Unix seconds.
    pub at: i64,
    /// The local day of the call.
    pub day: NaiveDate,
    /// The agent's index.
    pub agent: usize,
    /// The queue's index.
    pub queue: usize,
    /// Points given for what was asked of the call, each item times its weight.
    pub points: i64,
    /// The most that was possible: items that do not apply to the call are left out.
    pub possible: i64,
    /// Something that must never happen did.
    pub critical_error: bool,
}

/// Evaluates a day's sample; the points follow what the agents are able to do.
pub(super) fn evaluate(dice: &mut Dice, forms: &[Form], calls: &[Call], into: &mut Vec<Evaluation>) {
    let mut sample = Vec::new();
    for call in calls {
        let Outcome::Answered(conversation) = &call.outcome else { continue };
        if !chance(dice, 0.012) {
            continue;
        }
        let Form { skill, .. } = forms[conversation.agent];
        let critical_error = chance(dice, 0.022 - 0.03 * skill);
        let possible = 100 - 5 * dice.random_range(0..4);
        let share = normal(dice, 88.0 + 16.0 * skill, 6.0).clamp(30.0, 100.0) / 100.0;
        let points = (possible as f64 * share).round() as i64;
        let at = call.started + dice.random_range(1_200..9_000);
        let (day, agent, queue) = (call.day, conversation.agent, call.queue);
        sample.push(Evaluation { at, day, agent, queue, points, possible, critical_error });
    }
    sample.sort_by_key(|evaluation| (evaluation.at, evaluation.agent));
    into.append(&mut sample);
}

impl Evaluation {
    /// The score, 0 to 100; a critical error makes it 0.
    pub(super) fn score(&self) -> i64 {
        if self.critical_error { 0 } else { (100 * self.points + self.possible / 2) / self.possible }
    }
}
