//! Who works when: for each agent and day the shift with its planned pauses, who is away, and how the day really begins
//! and ends. What happens in between is in `floor`.

use chrono::{Datelike, NaiveDate};
use rand::RngExt;

use super::activity::{DayPlan, Pause};
use super::agents::Agent;
use super::draw::{Dice, chance, normal};
use super::queues::WORSENING;

/// A day somebody is paid for.
pub(super) struct Duty {
    /// Whether the agent is there.
    pub attendance: Attendance,
    /// First second of the shift since local midnight.
    pub start: i64,
    /// Its end.
    pub end: i64,
    /// The planned pauses in the order they begin: from, to, what for.
    pub pauses: Vec<(i64, i64, Pause)>,
}

/// Whether somebody who is paid for the day is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attendance {
    /// At work.
    Present,
    /// Should be at work, but is not.
    Absent,
    /// Has leave; the roster does not count on the agent.
    OnLeave,
}

/// Days off by place, Monday = 0; more than half the staff has the weekend, the others keep it going.
const DAYS_OFF: [[u32; 2]; 7] = [[5, 6], [1, 2], [5, 6], [0, 6], [5, 6], [3, 4], [5, 6]];
/// First and last second of the shifts, dealt out in turn to those who are there, so that together they follow the calls
/// over the day: 8:00 to 16:30, 12:30 to 21:00, …
const SHIFTS: [(i64, i64); 12] = [
    (28_800, 59_400),
    (45_000, 75_600),
    (36_000, 66_600),
    (32_400, 63_000),
    (41_400, 72_000),
    (28_800, 59_400),
    (34_200, 64_800),
    (45_000, 75_600),
    (37_800, 68_400),
    (32_400, 63_000),
    (28_800, 59_400),
    (32_400, 54_000),
];
/// Shifts shorter than this have no lunch.
const LUNCH_FROM: i64 = 25_200;

/// Everyone's duty on a day, by agent; `None` for those who have the day off or are not on the staff. `worsening` (0 to
/// 1) keeps people of the worsening team away.
pub(super) fn roster(dice: &mut Dice, agents: &[Agent], day: NaiveDate, worsening: f64) -> Vec<Option<Duty>> {
    // Whoever had the early shift last week has a later one this week.
    let mut turn = 5 * week(day);
    agents
        .iter()
        .map(|agent| {
            let attendance = attendance(dice, agent, day, worsening)?;
            // Those who are away are paid for the shift whose turn it would be.
            let (start, end) = SHIFTS[turn % SHIFTS.len()];
            turn += usize::from(attendance == Attendance::Present);
            let pauses = pauses(dice, agent, day, (start, end));
            Some(Duty { attendance, start, end, pauses })
        })
        .collect()
}

fn attendance(dice: &mut Dice, agent: &Agent, day: NaiveDate, worsening: f64) -> Option<Attendance> {
    let weekday = day.weekday().num_days_from_monday();
    let missing = 0.035 + if agent.team == WORSENING { 0.13 * worsening } else { 0.0 };
    let is_absent = chance(dice, missing);
    let is_off = DAYS_OFF[(agent.place + 2 * agent.team) % DAYS_OFF.len()].contains(&weekday);
    if is_off || !agent.is_employed(day) {
        return None;
    }
    // Everyone has a week of leave about once in fourteen weeks.
    let on_leave = (week(day) + agent.place * 5 + agent.team * 3).is_multiple_of(14);
    Some(match (on_leave, is_absent) {
        (true, _) => Attendance::OnLeave,
        (false, true) => Attendance::Absent,
        (false, false) => Attendance::Present,
    })
}

fn week(day: NaiveDate) -> usize {
    day.num_days_from_ce().div_euclid(7) as usize
}

fn pauses(dice: &mut Dice, agent: &Agent, day: NaiveDate, (start, end): (i64, i64)) -> Vec<(i64, i64, Pause)> {
    let length = end - start;
    // Rosters are made in steps of five minutes.
    let step = |second: i64| second.div_euclid(300) * 300;
    let part = |share: f64| start + (length as f64 * share) as i64;
    let mut pauses = vec![
        (step(part(0.22) + dice.random_range(-900..900)), 900, Pause::Break),
        (step(part(0.72) + dice.random_range(-900..900)), 900, Pause::Break),
    ];
    if length > LUNCH_FROM {
        pauses.push((step(part(0.44) + dice.random_range(-2_700..2_700)), 2_400, Pause::Lunch));
    }
    let weekday = day.weekday().num_days_from_monday();
    // Long letters are written around the lunches of workdays, when enough people are there.
    if weekday < 5 && start < 43_200 {
        pauses.push((step(dice.random_range(43_200..59_400)), 300 * dice.random_range(4..9), Pause::Written));
    }
    if weekday < 5 && chance(dice, 0.14) {
        let from = step(part(0.6) + dice.random_range(-1_800..1_800));
        pauses.push((from, 300 * dice.random_range(5..13), Pause::Training));
    }
    if weekday as usize == agent.team % 5 {
        pauses.push((step(part(0.55)) + 900 * (agent.place as i64 % 4), 1_500, Pause::Meeting));
    }
    pauses.sort_by_key(|(from, ..)| *from);
    // One thing at a time: what is due earlier ends first.
    let mut free_from = start;
    let planned = pauses.into_iter().map(|(from, length, pause)| {
        let from = from.max(free_from);
        free_from = from + length;
        (from, from + length, pause)
    });
    planned.filter(|(_, to, _)| *to <= end).collect()
}

impl Duty {
    /// How the day goes when nobody calls: a little off the plan, as people are. `None` for those who are away.
    pub(super) fn day_plan(&self, dice: &mut Dice) -> Option<DayPlan> {
        if self.attendance != Attendance::Present {
            return None;
        }
        let start = self.start + normal(dice, -30.0, 150.0).clamp(-300.0, 420.0) as i64;
        let end = self.end + dice.random_range(-120..240);
        let mut pauses: Vec<_> = self
            .pauses
            .iter()
            .map(|(from, to, pause)| {
                let due = from + normal(dice, 20.0, 170.0) as i64;
                let length = (to - from) as f64 * normal(dice, 1.05, 0.14).clamp(0.7, 1.5);
                (due.max(start), length as i64, *pause)
            })
            .collect();
        pauses.sort_by_key(|(due, ..)| *due);
        Some(DayPlan { start, end, pauses: pauses.into() })
    }

    /// The planned time on the phones, as stretches without the pauses.
    pub(super) fn on_queue(&self) -> Vec<(i64, i64)> {
        let ends = self.pauses.iter().map(|(_, to, _)| *to);
        let starts = self.pauses.iter().map(|(from, ..)| *from).chain([self.end]);
        std::iter::once(self.start).chain(ends).zip(starts).filter(|(from, to)| from < to).collect()
    }

    /// The paid time, as stretches: the shift without the lunch.
    pub(super) fn paid(&self) -> Vec<(i64, i64)> {
        match self.pauses.iter().find(|(.., pause)| *pause == Pause::Lunch) {
            Some((from, to, _)) => vec![(self.start, *from), (*to, self.end)],
            None => vec![(self.start, self.end)],
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use rand::SeedableRng;

    use super::*;
    use crate::demo::agents::hire;
    use crate::locale::Language;

    #[test]
    fn planned_stretches_fill_the_shift_and_nobody_works_before_being_hired() {
        let (first, until): (NaiveDate, NaiveDate) = ("2026-08-24".parse().unwrap(), "2026-11-23".parse().unwrap());
        let agents = hire(&mut Dice::seed_from_u64(1), first, until, Language::English);
        let mut dice = Dice::seed_from_u64(2);
        for day in first.iter_days().take(21) {
            for duty in roster(&mut dice, &agents, day, 0.0).iter().flatten() {
                let on_queue: i64 = duty.on_queue().iter().map(|(from, to)| to - from).sum();
                let paused: i64 = duty.pauses.iter().map(|(from, to, _)| to - from).sum();
                assert_eq!(on_queue + paused, duty.end - duty.start);
                assert!(duty.pauses.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{:?}", duty.pauses);
                assert_eq!(duty.day_plan(&mut dice).is_some(), duty.attendance == Attendance::Present);
            }
        }
        let too_early = roster(&mut dice, &agents, first - Days::new(5_000), 0.0);
        assert!(too_early.iter().all(Option::is_none));
    }
}
