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

/// How many agents each queue's team has, which other queues everyone in it helps out with, and which queues every
/// second one does.
const TEAMS: [(usize, &[usize], &[usize]); 6] = [
    (9, &[4, 5, 2, 3], &[]),
    (13, &[5, 2], &[3]),
    (7, &[3, 0, 5, 4, 1], &[]),
    (5, &[2, 4, 0, 5], &[1]),
    (3, &[0, 3, 2, 5], &[1]),
    (3, &[0, 2, 3, 4, 1], &[]),
];
/// Days off by place, Monday = 0; half the staff has the weekend, the others keep it going.
const DAYS_OFF: [[u32; 2]; 6] = [[5, 6], [1, 2], [5, 6], [0, 6], [5, 6], [3, 4]];
/// First and last second of the shifts (8:00 to 16:30, 12:30 to 21:00, …), dealt out in turn to those on duty. Each team
/// begins at another one and moves on by the week, so that together they open, close and fill the middle of the day.
const SHIFTS: [(i64, i64); 8] = [
    (28_800, 59_400),
    (45_000, 75_600),
    (37_800, 68_400),
    (32_400, 63_000),
    (28_800, 59_400),
    (43_200, 73_800),
    (32_400, 54_000),
    (34_200, 65_400),
];

/// The agents of a history that begins at `first` and ends before `until`.
pub(super) fn hire(dice: &mut Dice, first: NaiveDate, until: NaiveDate, language: Language) -> Vec<Agent> {
    let places = TEAMS.iter().enumerate().flat_map(|(team, (size, ..))| (0..*size).map(move |place| (team, place)));
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
            let (_, all, every_second) = TEAMS[team];
            let mut skills = vec![team];
            skills.extend(all);
            skills.extend(every_second.iter().filter(|_| place % 2 == 0));
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

    /// Whether the agent works on this day; `worsening` (0 to 1) keeps people of the worsening team away.
    fn is_on_duty(&self, dice: &mut Dice, day: NaiveDate, worsening: f64) -> bool {
        let weekday = day.weekday().num_days_from_monday();
        let week = day.num_days_from_ce().div_euclid(7) as usize;
        // Everyone has a week of leave about once in fourteen weeks; the rest is illness.
        let on_leave = (week + self.place * 5 + self.team * 3).is_multiple_of(14);
        let missing = 0.03 + if self.team == WORSENING { 0.13 * worsening } else { 0.0 };
        let ill = chance(dice, missing);
        let off = DAYS_OFF[(self.place + 2 * self.team) % DAYS_OFF.len()].contains(&weekday);
        self.hired_on <= day && !on_leave && !ill && !off
    }
}

/// Everyone's hours and pauses on a day, by agent; `None` for those who do not work.
pub(super) fn roster(dice: &mut Dice, agents: &[Agent], day: NaiveDate, worsening: f64) -> Vec<Option<DayPlan>> {
    let mut on_duty_in_team = [0; TEAMS.len()];
    let week = day.num_days_from_ce().div_euclid(7) as usize;
    agents
        .iter()
        .map(|agent| {
            agent.is_on_duty(dice, day, worsening).then(|| {
                let turn = &mut on_duty_in_team[agent.team];
                let shift = SHIFTS[(*turn + agent.team + week) % SHIFTS.len()];
                *turn += 1;
                day_plan(dice, agent, day, shift)
            })
        })
        .collect()
}

fn day_plan(dice: &mut Dice, agent: &Agent, day: NaiveDate, (start, end): (i64, i64)) -> DayPlan {
    let (start, end) = (start + dice.random_range(-300..120), end + dice.random_range(-60..300));
    let length = end - start;
    let part = |share: f64| start + (length as f64 * share) as i64;
    let mut pauses = vec![
        (part(0.22) + dice.random_range(-900..900), dice.random_range(720..1_080), Pause::Break),
        (part(0.72) + dice.random_range(-900..900), dice.random_range(720..1_140), Pause::Break),
    ];
    // Short shifts have no lunch.
    if length > 25_200 {
        pauses.push((part(0.44) + dice.random_range(-2_700..2_700), dice.random_range(2_100..3_000), Pause::Lunch));
    }
    let weekday = day.weekday().num_days_from_monday();
    // What is not a call is done around the lunches of workdays, when enough people are there.
    if weekday < 5 && start < 43_200 {
        let due = dice.random_range(43_200..56_400);
        pauses.push((due, dice.random_range(2_400..4_200), Pause::Written));
    }
    if weekday < 5 && chance(dice, 0.14) {
        pauses.push((part(0.6) + dice.random_range(-1_800..1_800), dice.random_range(1_500..3_600), Pause::Training));
    }
    if weekday as usize == agent.team % 5 {
        pauses.push((part(0.55) + 900 * (agent.place as i64 % 4), 1_500, Pause::Meeting));
    }
    pauses.sort_by_key(|(due, ..)| *due);
    DayPlan { start, end, pauses: pauses.into() }
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
            assert!(agents.iter().filter(|agent| agent.skills.contains(&queue)).count() >= 10, "{queue}");
        }
        let newcomers = agents.iter().filter(|agent| agent.hired_on > first).count();
        assert_eq!(newcomers, 2);
        let too_early = roster(&mut Dice::seed_from_u64(2), &agents, first - Days::new(3_000), 0.0);
        assert!(too_early.iter().all(Option::is_none), "nobody works before being hired");
    }
}
