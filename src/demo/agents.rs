//! The forty agents: team, queues they answer, first and last day of work, experience, and the gifts that make one better
//! than another. When they work is in `roster`, what they do minute by minute in `floor`.

use chrono::{Days, NaiveDate};
use rand::RngExt;

use super::draw::{Dice, exponential, normal};
use super::names::{AGENTS, TENURES};
use super::queues::{QUEUES, WORSENING};
use crate::locale::Language;

/// One agent.
pub(super) struct Agent {
    /// Name as it stands in every table.
    pub name: &'static str,
    /// The queue the agent's team answers.
    pub team: usize,
    /// All queues the agent can answer, the team's first.
    pub queues: Vec<usize>,
    /// The first day of work.
    pub hired_on: NaiveDate,
    /// The last day of work of those who left.
    pub left_on: Option<NaiveDate>,
    /// The place within the team, from which days off and shift follow.
    pub place: usize,
    /// How often a ringing phone is not picked up, as a share.
    pub missed_rings: f64,
    pace: f64,
    skill: f64,
}

/// How many agents each queue's team has, which other queues everyone in it helps out with, and which queues every
/// second one does.
const TEAMS: [(usize, &[usize], &[usize]); 6] = [
    (9, &[4, 5, 2, 3], &[1]),
    (13, &[5, 2], &[3]),
    (7, &[3, 0, 5, 4, 1], &[]),
    (5, &[2, 4, 0, 5], &[1]),
    (3, &[0, 3, 2, 5], &[1]),
    (3, &[0, 2, 3, 4, 1], &[]),
];

/// The agents of a history that begins at `first` and ends before `until`.
pub(super) fn hire(dice: &mut Dice, first: NaiveDate, until: NaiveDate, language: Language) -> Vec<Agent> {
    let places = TEAMS.iter().enumerate().flat_map(|(team, (size, ..))| (0..*size).map(move |place| (team, place)));
    AGENTS
        .iter()
        .zip(places)
        .map(|(names, (team, place))| {
            let tenure = (60.0 + exponential(dice, 760.0)).min(4_000.0) as u64;
            // The newest of the worsening team arrive during the history: they are part of why it gets worse.
            let hired_on = match (team, place) {
                (WORSENING, 11) => until - Days::new(40),
                (WORSENING, 12) => until - Days::new(26),
                _ => first - Days::new(tenure),
            };
            let left_on = match (team, place) {
                (0, 8) => Some(until - Days::new(52)),
                (WORSENING, 10) => Some(until - Days::new(29)),
                _ => None,
            };
            let (_, all, every_second) = TEAMS[team];
            let mut queues = vec![team];
            queues.extend(all);
            queues.extend(every_second.iter().filter(|_| place % 2 == 0));
            Agent {
                name: names[usize::from(language == Language::Russian)],
                team,
                queues,
                hired_on,
                left_on: left_on.filter(|day| *day >= first),
                place,
                missed_rings: dice.random_range(0.008..0.04),
                pace: normal(dice, 1.0, 0.09).clamp(0.8, 1.3),
                skill: normal(dice, 0.05, 0.18).clamp(-0.5, 0.5),
            }
        })
        .collect()
}

impl Agent {
    /// Whether the agent is on the staff on this day.
    pub(super) fn is_employed(&self, day: NaiveDate) -> bool {
        self.hired_on <= day && self.left_on.is_none_or(|last| day <= last)
    }

    /// How long a conversation takes compared with others, above 1 is slower: people in their first two months need
    /// longer.
    pub(super) fn pace_on(&self, day: NaiveDate) -> f64 {
        self.pace * (1.3 - (self.days_of_work(day) / 7.0).clamp(0.0, 9.0) / 30.0)
    }

    /// How well calls end, from about -0.6 (poor) to 0.6 (excellent): experience helps, most of it in the first year.
    pub(super) fn skill_on(&self, day: NaiveDate) -> f64 {
        let experience = match self.tenure(day) {
            0 => -0.16,
            1 => -0.04,
            2 => 0.03,
            _ => 0.06,
        };
        self.skill + experience
    }

    /// The name of the agent's team.
    pub(super) fn team_name(&self, language: Language) -> &'static str {
        QUEUES[self.team].name(language)
    }

    /// The band of experience the agent is in on this day.
    pub(super) fn tenure_name(&self, day: NaiveDate, language: Language) -> &'static str {
        TENURES[self.tenure(day)][usize::from(language == Language::Russian)]
    }

    fn tenure(&self, day: NaiveDate) -> usize {
        match self.days_of_work(day) {
            ..91.0 => 0,
            ..365.0 => 1,
            ..1_096.0 => 2,
            _ => 3,
        }
    }

    fn days_of_work(&self, day: NaiveDate) -> f64 {
        (day - self.hired_on).num_days() as f64
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn forty_agents_and_every_queue_has_its_people() {
        let (first, until) = ("2026-08-24".parse().unwrap(), "2026-11-23".parse().unwrap());
        let agents = hire(&mut Dice::seed_from_u64(1), first, until, Language::English);
        assert_eq!(agents.len(), 40);
        for queue in 0..QUEUES.len() {
            assert!(agents.iter().filter(|agent| agent.queues.contains(&queue)).count() >= 10, "{queue}");
        }
        let on = |day: NaiveDate| agents.iter().filter(|agent| agent.is_employed(day)).count();
        assert_eq!((on(first), on(until)), (38, 38), "two come and two go");
        let bands: std::collections::BTreeSet<usize> = agents.iter().map(|agent| agent.tenure(until)).collect();
        assert_eq!(bands.into_iter().collect::<Vec<_>>(), [0, 1, 2, 3], "every band of experience has somebody");
    }
}
