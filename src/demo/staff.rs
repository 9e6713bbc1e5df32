//! The personnel department's day: who is on the staff, who should have worked, who did not come, whose last day it was.

use chrono::NaiveDate;

use super::agents::Agent;
use super::roster::{Attendance, Duty};

/// One employee on one day.
#[derive(Clone, Debug)]
pub(super) struct StaffDay {
    /// The local day.
    pub day: NaiveDate,
    /// The day's beginning, in Unix seconds.
    pub at: i64,
    /// The agent's index.
    pub agent: usize,
    /// Planned to work.
    pub scheduled: bool,
    /// Planned to work and did not come.
    pub absent: bool,
    /// The last day of work.
    pub last: bool,
}

/// Everyone on the staff on this day.
pub(super) fn of_day<'a>(
    agents: &'a [Agent],
    duties: &'a [Option<Duty>],
    (day, midnight): (NaiveDate, i64),
) -> impl Iterator<Item = StaffDay> + 'a {
    let employed = agents.iter().enumerate().zip(duties).filter(move |((_, agent), _)| agent.is_employed(day));
    employed.map(move |((index, agent), duty)| {
        let attendance = duty.as_ref().map(|duty| duty.attendance);
        StaffDay {
            day,
            at: midnight,
            agent: index,
            scheduled: matches!(attendance, Some(Attendance::Present | Attendance::Absent)),
            absent: attendance == Some(Attendance::Absent),
            last: agent.left_on == Some(day),
        }
    })
}
