//! Whether the data of a period are there: the newest row of a dataset tells. A feed that has gone on past the period's
//! end is complete; else its end is compared with the tolerance, or with how the weeks before ended, so that nights and
//! weekends without calls are not waited for.

use anyhow::{Context, bail};
use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Sources, Workspace};
use crate::dataset;
use crate::report::Notice;
use crate::time::{Frame, Period, Window, first_instant, local_day};
use crate::workspace::CompleteBy;

/// So many weeks tell how a period usually ends.
const WEEKS: u32 = 4;
/// The last call of an evening does not always come at the same minute.
const SLACK: TimeDelta = TimeDelta::hours(1);
/// What is tolerated where the weeks before have no rows.
const UNUSUAL: TimeDelta = TimeDelta::hours(12);

/// A dataset whose rows end too early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Late {
    pub(super) dataset: String,
    /// The period's newest row; none when there is none.
    pub(super) newest: Option<DateTime<Utc>>,
}

/// The datasets whose rows of a period are not all there at this instant.
pub(super) async fn late(
    workspace: &Workspace,
    sources: &Sources,
    (complete_by, period): (&CompleteBy, &Period),
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<Late>> {
    let mut late = Vec::new();
    for dataset in complete_by.data.iter().map(|name| name.value.as_str()) {
        let newest = async |window| newest(workspace, sources, dataset, window).await;
        let window = period.window;
        // What lies after the period shows that the feed has gone past its end.
        let up_to_now = Window { from: window.from, to: window.to.max(now) };
        let found = newest(up_to_now).await?;
        if found.is_some_and(|found| found >= window.to) {
            continue;
        }
        let tolerance = match complete_by.tolerance {
            Some(tolerance) => tolerance,
            None => {
                let mut gaps = Vec::new();
                for weeks in 1..=WEEKS {
                    let earlier = Frame::Period(period.clone()).weeks_ago(weeks).window();
                    gaps.extend(newest(earlier).await?.map(|newest| earlier.to - newest));
                }
                gaps.into_iter().max().map_or(UNUSUAL, |usual| usual + SLACK)
            }
        };
        if found.is_none_or(|found| window.to - found > tolerance) {
            late.push(Late { dataset: dataset.to_owned(), newest: found });
        }
    }
    Ok(late)
}

/// The instant at which a run goes out as it is: the first time after its own instant that the zone's clocks show the
/// deadline.
pub(super) fn deadline(complete_by: &CompleteBy, scheduled_for: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let day = local_day(scheduled_for, zone);
    let on = |day: chrono::NaiveDate| first_instant(day.and_time(complete_by.deadline), zone);
    match on(day) {
        today if today > scheduled_for => today,
        _ => on(day.checked_add_days(Days::new(1)).unwrap_or(day)),
    }
}

/// What is waited for, in words.
pub(super) fn in_words(late: &[Late], zone: Tz) -> String {
    let of = |late: &Late| match late.newest {
        Some(newest) => {
            format!(
                "`{}` has rows only up to {}",
                late.dataset,
                newest.with_timezone(&zone).format("%a %Y-%m-%d %H:%M")
            )
        }
        None => format!("`{}` has no rows yet", late.dataset),
    };
    late.iter().map(of).collect::<Vec<_>>().join("; ")
}

impl From<Late> for Notice {
    fn from(late: Late) -> Self {
        Self::Incomplete { dataset: late.dataset, newest: late.newest }
    }
}

async fn newest(
    workspace: &Workspace,
    sources: &Sources,
    dataset: &str,
    window: Window,
) -> anyhow::Result<Option<DateTime<Utc>>> {
    let definition =
        workspace.catalog.datasets.get(dataset).with_context(|| format!("there is no dataset `{dataset}`"))?;
    let source = match sources.get(&definition.source.value) {
        Some(Ok(source)) => source,
        Some(Err(error)) => bail!("{error}"),
        None => bail!("the source `{}` is not connected", definition.source.value),
    };
    if let Some(reason) = dataset::unsendable(definition, source.dialect()) {
        bail!(reason);
    }
    let rows = source.fetch(&dataset::newest_statement(definition, source.dialect(), window)).await?;
    Ok(dataset::newest(definition, &rows))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveTime;

    use super::*;

    #[test]
    fn a_deadline_is_the_next_time_the_clocks_show_it() {
        let check = |scheduled_for: &str, time: &str, zone: Tz, expected: &str| {
            let deadline_time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
            let complete_by = CompleteBy { data: Vec::new(), deadline: deadline_time, tolerance: None };
            let found = deadline(&complete_by, scheduled_for.parse().unwrap(), zone);
            assert_eq!(found, expected.parse::<DateTime<Utc>>().unwrap(), "{scheduled_for} {time}");
        };
        let (moscow, berlin) = (Tz::Europe__Moscow, Tz::Europe__Berlin);
        check("2026-11-23T05:00:00Z", "10:00", moscow, "2026-11-23T07:00:00Z");
        check("2026-11-23T05:00:00Z", "08:00", moscow, "2026-11-24T05:00:00Z");
        check("2026-11-23T20:00:00Z", "00:30", moscow, "2026-11-23T21:30:00Z");
        // The clocks leave 02:30 out: at the change itself.
        check("2026-03-29T00:00:00Z", "02:30", berlin, "2026-03-29T01:00:00Z");
    }
}
