//! The forty agents: team, skills, tenure, the gifts that make one better than another, and their days and hours of
//! work. What they do minute by minute is in `floor`.

use chrono::{Datelike, Days, NaiveDate};
use rand::RngExt;

use super::activity::{DayPlan, Pause};
use super::draw::{Dice, chance, normal};
use super::names::AGENTS;
use super::queues::{QUEUES, WORSENING};
use crate::locale::Language;

/// One agent.
pub(super) struct Agent {
    /// Name as it stands in every table.
    pub name: &'static str,
    /// The queue the agent's team answers.
    pub team: usize,
    /// All queues the agent can answer, the team's first.
    pub skills: Vec<usize>,
    /// The first day of work.
    pub hired_on: NaiveDate,
    /// How long a conversation takes compared with others: above 1 is slower.
    pub pace: f64,
    /// How well calls end, from about -0.5 (poor) to 0.5 (excellent).
    pub skill: f64,
    /// The place within the team, from which days off and shift follow.
    place: usize,
}

/// How many agents each queue's team has, and which other queues it helps out with.
const TEAMS: [(usize, &[usize]); 6] = [(9, &[4, 5]), (13, &[]), (7, &[3]), (5, &[2]), (3, &[0, 3]), (3, &[0])];
/// Days off by place in the team, Monday = 0; most have the weekend, the others keep it staffed.
const DAYS_OFF: [[u32; 2]; 6] = [[5, 6], [5, 6], [1, 2], [5, 6], [0, 6], [3, 4]];
/// First and last second of the shifts by place in the team.
const SHIFTS: [(i64, i64); 5] =
    [(28_800, 61_200), (34_200, 66_600), (34_200, 66_600), (46_800, 79_200), (30_600, 63_000)];

/// The agents of a history that begins at `first` and ends before `until`.
pub(super) fn hire(dice: &mut Dice, first: NaiveDate, until: NaiveDate, language: Language) -> Vec<Agent> {
    let places = TEAMS.iter().enumerate().flat_map(|(team, (size, _))| (0..*size).map(move |place| (team, place)));
    AGENTS
        .iter()
        .zip(places)
        .map(|(names, (team, place))| {
            let tenure = dice.random_range(120..2_400);
            // The newest of the worsening team arrive during the history: they are part of why it gets worse.
            let hired_on = match (team, place) {
                (WORSENING, 11) => until - Days::new(40),
                (WORSENING, 12) => until - Days::new(26),
                _ => first - Days::new(tenure),
            };
            let helps = TEAMS[team].1;
            let mut skills = vec![team];
            skills.extend(helps.iter().enumerate().filter(|(turn, _)| (place + turn) % 2 == 0).map(|(_, queue)| *queue));
            Agent {
                name: names[usize::from(language == Language::Russian)],
                team,
                skills,
                hired_on,
                pace: normal(dice, 1.0, 0.09).clamp(0.8, 1.3),
                skill: normal(dice, 0.05, 0.2).clamp(-0.5, 0.5),
                place,
            }
        })
        .collect()
}

impl Agent {
    /// How slow the agent is on this day: people in their first two months need longer.
    pub(super) fn pace_on(&self, day: NaiveDate) -> f64 {
        let weeks = (day - self.hired_on).num_days() as f64 / 7.0;
        self.pace * (1.3 - weeks.clamp(0.0, 9.0) / 30.0)
    }

    /// The name of the agent's team.
    pub(super) fn team_name(&self, language: Language) -> &'static str {
        QUEUES[self.team].name(language)
    }

    /// Hours and pauses on this day; `None` on days off, on leave, and before the first day of work.
    /// `worsening` (0 to 1) takes people of the worsening team away from the phones.
    pub(super) fn plan(&self, dice: &mut Dice, day: NaiveDate, worsening: f64) -> Option<DayPlan> {
        let weekday = day.weekday().num_days_from_monday();
        let week = day.num_days_from_ce().div_euclid(7) as usize;
        // Everyone has a week of leave about once in fourteen weeks; the rest is illness.
        let on_leave = (week + self.place * 5 + self.team * 3).is_multiple_of(14);
        let missing = 0.03 + if self.team == WORSENING { 0.13 * worsening } else { 0.0 };
        let ill = chance(dice, missing);
        let off = DAYS_OFF[self.place % DAYS_OFF.len()].contains(&weekday);
        if self.hired_on > day || on_leave || ill || off {
            return None;
        }
        let (start, end) = SHIFTS[self.place % SHIFTS.len()];
        let (start, end) = (start + dice.random_range(-300..240), end + dice.random_range(-120..420));
        let mut pauses = vec![
            (start + dice.random_range(6_000..7_800), dice.random_range(720..1_080), Pause::Break),
            (start + dice.random_range(13_500..17_000), dice.random_range(2_100..3_000), Pause::Lunch),
            (start + dice.random_range(21_500..23_500), dice.random_range(720..1_140), Pause::Break),
            (start + dice.random_range(27_200..28_600), dice.random_range(480..840), Pause::Break),
        ];
        if chance(dice, 0.16) {
            pauses.push((start + dice.random_range(9_000..12_000), dice.random_range(1_500..3_600), Pause::Training));
        }
        if weekday as usize == self.team % 5 {
            pauses.push((start.max(36_000) + 1_200 * self.place as i64, 1_500, Pause::Meeting));
        }
        pauses.sort_by_key(|(due, ..)| *due);
        Some(DayPlan { start, end, pauses: pauses.into() })
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
            assert!(agents.iter().filter(|agent| agent.skills.contains(&queue)).count() >= 5 || queue == 5, "{queue}");
        }
        let newcomers = agents.iter().filter(|agent| agent.hired_on > first).count();
        assert_eq!(newcomers, 2);
        assert!(agents.iter().all(|agent| agent.plan(&mut Dice::seed_from_u64(2), first - Days::new(3_000), 0.0).is_none()));
    }
}
