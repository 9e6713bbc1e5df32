//! The demo: a seeded generator of a call centre's history in a SQLite file. The rows are made by pure functions of
//! the plan (`history` and the files it uses); only `write` touches a file. It knows nothing of KPIs or reports.

mod activity;
mod agents;
mod archive;
mod calls;
mod costs;
mod dialer;
mod draw;
mod floor;
mod forecast;
mod history;
mod intervals;
mod names;
mod pattern;
mod quality;
mod queues;
mod roster;
mod staff;
mod staff_survey;
mod tables;
mod write;

use std::path::{Path, PathBuf};

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use crate::locale::Language;

/// What to generate. The same plan gives the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoPlan {
    /// Which of the many possible histories.
    pub seed: u64,
    /// The first local day without calls, usually today.
    pub until: NaiveDate,
    /// The zone the call centre lives in; times are written in UTC.
    pub zone: Tz,
    /// How many weeks of calls; 1 to 260.
    pub weeks: u32,
    /// The language of queue and agent names.
    pub language: Language,
}

/// What was generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The first local day with calls.
    pub first: NaiveDate,
    /// The last local day with calls.
    pub last: NaiveDate,
    /// Rows in `calls`.
    pub calls: u64,
    /// Rows in `agent_activity`.
    pub activity: u64,
    /// Rows in `evaluations`.
    pub evaluations: u64,
    /// Rows in `staff_survey`.
    pub staff_answers: u64,
    /// Rows in `agents`.
    pub agents: u64,
}

/// How far the generator is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is doing.
    pub stage: Stage,
    /// How much of that is done.
    pub done: u64,
    /// How much of that there is.
    pub total: u64,
}

/// The generator's two stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Playing the days; counted in days.
    Calling,
    /// Writing the file; counted in rows.
    Writing,
}

/// Why nothing was generated. A file that stood at the path is then still as it was.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The number of weeks is out of bounds or reaches before the calendar's beginning.
    #[error("cannot generate {weeks} weeks of calls before {until}: the demo makes 1 to 260 weeks")]
    BadPlan {
        /// The weeks asked for.
        weeks: u32,
        /// The day they should end before.
        until: NaiveDate,
    },
    /// A file or folder that cannot be written.
    #[error("cannot write {path}: {cause}")]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// SQLite refused.
    #[error("cannot write the demo's calls to {path}: {cause}")]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        cause: sqlx::Error,
    },
}

impl DemoError {
    /// Whether the same call may succeed later without anyone changing anything; never: disk and plan must change.
    pub fn is_temporary(&self) -> bool {
        false
    }
}

/// Generates the plan's history into a SQLite file; an existing file is replaced when the new one is complete.
///
/// # Errors
/// When the plan is impossible or the file cannot be written.
pub async fn generate(
    plan: &DemoPlan,
    path: &Path,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Summary, DemoError> {
    let bad_plan = || DemoError::BadPlan { weeks: plan.weeks, until: plan.until };
    if !(1..=260).contains(&plan.weeks) {
        return Err(bad_plan());
    }
    // Tenure reaches further back than the calls do.
    plan.until.checked_sub_days(Days::new(20_000)).ok_or_else(bad_plan)?;
    let history = history::make(plan, progress);
    write::write(&history, plan.language, path, progress).await?;
    Ok(Summary {
        first: plan.until - Days::new(u64::from(plan.weeks) * 7),
        last: plan.until - Days::new(1),
        calls: history.calls.len() as u64,
        activity: history.activity.len() as u64,
        evaluations: history.evaluations.len() as u64,
        staff_answers: history.staff_answers.len() as u64,
        agents: history.agents.len() as u64,
    })
}

#[cfg(test)]
mod tests;
