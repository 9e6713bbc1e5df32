//! The staff survey: four questions (how easy requests are to handle, the sense of one's own value, the support of
//! colleagues, whether one would recommend the work to friends), asked of everyone once in four weeks.

use chrono::{Datelike, NaiveDate};
use rand::RngExt;

use super::agents::Agent;
use super::draw::{Dice, chance, normal};
use super::queues::WORSENING;

/// One answered questionnaire; the first three answers are 1 to 5.
#[derive(Clone, Debug)]
pub(super) struct StaffAnswer {
    /// When it was answered, in Unix seconds.
    pub at: i64,
    /// The agent's index.
    pub agent: usize,
    /// How easy requests are to handle.
    pub ease: u8,
    /// The sense of one's own value to the company.
    pub value: u8,
    /// The support felt from colleagues.
    pub support: u8,
    /// Readiness to recommend the work, 0 to 10.
    pub recommend: u8,
}

/// Asks those whose turn it is on this day; the worsening team feels it (`worsening` from 0 to 1).
pub(super) fn ask(
    dice: &mut Dice,
    agents: &[Agent],
    day: NaiveDate,
    midnight: i64,
    worsening: f64,
    into: &mut Vec<StaffAnswer>,
) {
    // Wednesdays; a quarter of the staff each week.
    if day.weekday().num_days_from_monday() != 2 {
        return;
    }
    let turn = day.num_days_from_ce().div_euclid(7) as usize % 4;
    let mut answers = Vec::new();
    for (index, agent) in agents.iter().enumerate() {
        if index % 4 != turn || !agent.is_employed(day) || !chance(dice, 0.85) {
            continue;
        }
        let strain = if agent.team == WORSENING { worsening } else { 0.0 };
        let mut answer = |mean: f64| normal(dice, mean, 0.8).round().clamp(1.0, 5.0) as u8;
        let (ease, value, support) =
            (answer(3.9 - 1.1 * strain), answer(3.7 - 0.7 * strain), answer(4.2 - 0.2 * strain));
        // Who feels valued and supported recommends.
        let mood = f64::from(value + support) / 2.0;
        let recommend = normal(dice, 1.9 * mood + 0.4, 1.6).round().clamp(0.0, 10.0) as u8;
        let at = midnight + dice.random_range(36_000..61_200);
        answers.push(StaffAnswer { at, agent: index, ease, value, support, recommend });
    }
    answers.sort_by_key(|answer| (answer.at, answer.agent));
    into.append(&mut answers);
}
