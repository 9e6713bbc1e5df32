//! `callbrief schedule`: when reports run next, in local time and UTC, and which period each run is about.

use anyhow::bail;
use chrono::Offset;
use clap::Args;

use super::Verdict;
use super::session::{Session, print};
use super::table::{self, Side};
use crate::diagnostics::nearest;
use crate::schedule::{Coming, Timetable};

#[derive(Debug, Args)]
pub(super) struct ScheduleArguments {
    /// The report; all when none is named
    report: Option<String>,
    /// How many instants of each
    #[arg(long, short = 'n', default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    count: u16,
}

pub(super) fn run(session: &Session, arguments: &ScheduleArguments) -> anyhow::Result<Verdict> {
    let workspace = session.workspace()?;
    if let Some(id) = &arguments.report
        && !workspace.catalog.reports.contains_key(id)
    {
        let near = nearest(id, workspace.catalog.reports.keys().map(String::as_str));
        let hint = near.map_or_else(String::new, |near| format!("\nhelp: did you mean `{near}`?"));
        bail!("there is no report `{id}`{hint}");
    }
    let mut rows = Vec::new();
    for (id, report) in &workspace.catalog.reports {
        if arguments.report.as_ref().is_some_and(|wanted| wanted != id) {
            continue;
        }
        let Some(definition) = &report.schedule else {
            rows.push(vec![id.clone(), "only by hand".to_owned(), String::new(), String::new(), String::new()]);
            continue;
        };
        let Ok(timetable) = Timetable::of(id, definition) else { continue };
        let mut at = session.clock.now();
        let offset =
            |instant: chrono::DateTime<chrono::Utc>| instant.with_timezone(&definition.timezone).offset().fix();
        for _ in 0..arguments.count {
            let Some(Coming { scheduled_for: next, starts }) = timetable.next_after(at) else { break };
            let local = next.with_timezone(&definition.timezone);
            // The offset differs from the one of the run before: the clock has changed in between.
            let mut remarks = Vec::new();
            if offset(next) != offset(at) {
                remarks.push("clock changed".to_owned());
            }
            if starts < next {
                remarks.push(format!("starts {}", starts.with_timezone(&definition.timezone).format("%H:%M:%S")));
            }
            rows.push(vec![
                id.clone(),
                local.format("%a %Y-%m-%d %H:%M %Z").to_string(),
                next.format("%Y-%m-%d %H:%M UTC").to_string(),
                report.period.at(next, definition.timezone).label,
                remarks.join(", "),
            ]);
            at = next;
        }
    }
    let header =
        [("report", Side::Left), ("local", Side::Left), ("UTC", Side::Left), ("about", Side::Left), ("", Side::Left)];
    print(&table::render(&header, rows))?;
    Ok(Verdict::Fine)
}
