//! A report's schedule as it is kept: its pattern, the holidays it leaves out, and the head start of its jitter. Pure
//! functions of definition, cursor and now.
//!
//! With a jitter of ten minutes each report starts at a time of its own in the ten minutes before its instant, always the
//! same one, so that what is due "by 08:00" does not start all at once. The instant a run stands for stays 08:00.

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use super::{CronError, CronSchedule, Plan, SkipReason, plan};
use crate::time::local_day;
use crate::workspace::ScheduleDefinition;

/// A schedule of a report.
#[derive(Clone, Debug)]
pub struct Timetable<'a> {
    schedule: CronSchedule,
    definition: &'a ScheduleDefinition,
    head_start: TimeDelta,
}

/// A coming run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coming {
    /// The instant it stands for.
    pub scheduled_for: DateTime<Utc>,
    /// When it starts.
    pub starts: DateTime<Utc>,
}

impl<'a> Timetable<'a> {
    /// The timetable of a report.
    ///
    /// # Errors
    /// When the pattern cannot be read or never comes.
    pub fn of(report: &str, definition: &'a ScheduleDefinition) -> Result<Self, CronError> {
        let schedule = CronSchedule::parse(&definition.cron.value, definition.timezone)?;
        let jitter = definition.jitter.as_ref().map_or(TimeDelta::zero(), |jitter| jitter.value);
        Ok(Self { schedule, definition, head_start: share(report, jitter) })
    }

    /// What becomes of the instants later than the cursor whose start is not later than now; both lists are in order.
    pub fn due(&self, cursor: DateTime<Utc>, now: DateTime<Utc>) -> Plan {
        let until = now.checked_add_signed(self.head_start).unwrap_or(now);
        let (holidays, instants): (Vec<_>, Vec<_>) =
            self.schedule.due(cursor, until).into_iter().partition(|instant| self.is_holiday(*instant));
        // How late a run is counts from its start.
        let starts: Vec<_> = instants.into_iter().map(|instant| instant - self.head_start).collect();
        let Plan { runs, skipped } = plan(&starts, now, self.definition.misfire, self.definition.catchup_window);
        let missed = skipped.into_iter().map(|(start, reason)| (start + self.head_start, reason));
        let left_out = holidays.into_iter().map(|instant| (instant, SkipReason::Holiday));
        let mut skipped: Vec<_> = missed.chain(left_out).collect();
        skipped.sort_by_key(|(instant, _)| *instant);
        Plan { runs: runs.into_iter().map(|start| start + self.head_start).collect(), skipped }
    }

    /// The first run that stands for a later instant; none when holidays leave out every one for a long time.
    pub fn next_after(&self, instant: DateTime<Utc>) -> Option<Coming> {
        // Fifty years of daily runs, or two weeks of runs by the minute.
        const MOST_HOLIDAYS: usize = 20_160;
        let next = std::iter::successors(self.schedule.next_after(instant), |last| self.schedule.next_after(*last));
        let scheduled_for = next.take(MOST_HOLIDAYS).find(|next| !self.is_holiday(*next))?;
        Some(Coming { scheduled_for, starts: scheduled_for - self.head_start })
    }

    fn is_holiday(&self, instant: DateTime<Utc>) -> bool {
        self.definition.holidays.contains(local_day(instant, self.definition.timezone))
    }
}

/// A length from nothing up to `most`, in whole seconds: always the same for a report, and spread evenly over reports.
fn share(report: &str, most: TimeDelta) -> TimeDelta {
    let digest: [u8; 32] = Sha256::digest(report).into();
    let [first, second, third, fourth, ..] = digest;
    let spread = u32::from_be_bytes([first, second, third, fourth]);
    TimeDelta::seconds(i64::from(spread) % (most.num_seconds().max(0) + 1))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono_tz::Tz;
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostics::{SourceFile, Span, Spanned};
    use crate::time::DaysOff;
    use crate::workspace::{Misfire, Overlap};

    fn definition(cron: &str, zone: Tz, jitter: i64, holidays: &str) -> ScheduleDefinition {
        let file = Arc::new(SourceFile { path: "rules/reports/weekly.yaml".to_owned(), text: cron.to_owned() });
        let span = Span { file, range: 0..cron.len() };
        ScheduleDefinition {
            cron: Spanned::new(cron.to_owned(), span.clone()),
            timezone: zone,
            misfire: Misfire::FireAll,
            catchup_window: TimeDelta::days(400),
            overlap: Overlap::Wait,
            start_deadline: None,
            jitter: Some(Spanned::new(TimeDelta::seconds(jitter), span)),
            holidays: if holidays.is_empty() { DaysOff::default() } else { DaysOff::parse(holidays).unwrap() },
        }
    }

    fn instant(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn jitter_starts_before_the_instant_and_no_run_is_made_twice() {
        let definition = definition("0 8 * * *", Tz::Europe__Berlin, 600, "");
        let timetable = Timetable::of("weekly", &definition).unwrap();
        let coming = timetable.next_after(instant("2026-11-22T12:00:00Z")).unwrap();
        let Coming { scheduled_for, starts } = coming;
        assert_eq!(scheduled_for, instant("2026-11-23T07:00:00Z"));
        assert!(starts < scheduled_for && scheduled_for - starts <= TimeDelta::minutes(10), "{coming:?}");
        let cursor = instant("2026-11-22T07:00:00Z");
        assert_eq!(timetable.due(cursor, starts - TimeDelta::seconds(1)), Plan::default());
        assert_eq!(timetable.due(cursor, starts).runs, [scheduled_for]);
        // From its start on the cursor stands at the instant, which lies ahead.
        assert_eq!(timetable.due(scheduled_for, starts), Plan::default());
        assert_eq!(timetable.due(scheduled_for, scheduled_for), Plan::default());
    }

    #[test]
    fn jitter_spreads_reports_evenly() {
        let most = TimeDelta::minutes(10);
        let shares: Vec<i64> =
            (0..1_000).map(|report| share(&format!("report_{report}"), most).num_seconds()).collect();
        assert!(shares.iter().all(|share| (0..=600).contains(share)));
        let early = shares.iter().filter(|share| **share < 300).count();
        assert!((400..600).contains(&early), "{early} of 1000 in the first half");
        assert_eq!(share("weekly", TimeDelta::zero()), TimeDelta::zero());
    }

    #[test]
    fn holidays_are_left_out_and_recorded() {
        let definition = definition("0 8 * * *", Tz::Europe__Moscow, 0, "12-31..01-02");
        let timetable = Timetable::of("daily", &definition).unwrap();
        let plan = timetable.due(instant("2026-12-30T00:00:00Z"), instant("2027-01-03T12:00:00Z"));
        assert_eq!(plan.runs, [instant("2026-12-30T05:00:00Z"), instant("2027-01-03T05:00:00Z")]);
        let left_out = ["2026-12-31T05:00:00Z", "2027-01-01T05:00:00Z", "2027-01-02T05:00:00Z"];
        assert_eq!(plan.skipped, left_out.map(|day| (instant(day), SkipReason::Holiday)));
        let next = timetable.next_after(instant("2026-12-30T06:00:00Z")).unwrap();
        assert_eq!(next.scheduled_for, instant("2027-01-03T05:00:00Z"));
    }

    proptest! {
        /// A process that looks at the clock at any instants, also when the clock is set back and forward, is suspended,
        /// or is started again, makes each run exactly once and none before its start.
        #[test]
        fn any_looks_at_the_clock_make_each_run_once(
            zone in prop::sample::select(vec![Tz::Europe__Moscow, Tz::Europe__Berlin, Tz::America__New_York,
                Tz::America__Santiago, Tz::Australia__Lord_Howe, Tz::Asia__Kolkata]),
            cron in prop::sample::select(vec!["30 2 * * *", "0 8 * * *", "0 8 * * MON", "0 * * * *", "*/30 1-3 * * *"]),
            begins in prop::sample::select(vec!["2026-03-28T00:00:00Z", "2026-10-24T00:00:00Z", "2026-09-05T00:00:00Z",
                "2026-04-04T00:00:00Z", "2026-10-31T12:00:00Z", "2026-11-20T00:00:00Z"]),
            jitter in 0_i64..1_800,
            jumps in prop::collection::vec(-7_200_i64..40_000, 1..40),
        ) {
            let definition = definition(cron, zone, jitter, "11-22");
            let timetable = Timetable::of("any", &definition).unwrap();
            let start = instant(begins);
            let (mut cursor, mut now, mut latest) = (start, start, start);
            let mut seen = Vec::new();
            for jump in jumps {
                now += TimeDelta::seconds(jump);
                latest = latest.max(now);
                let Plan { runs, skipped } = timetable.due(cursor, now);
                for run in &runs {
                    prop_assert!(*run - timetable.head_start <= now, "{run} started too early");
                }
                cursor = runs.iter().copied().chain(skipped.iter().map(|(instant, _)| *instant)).fold(cursor, Ord::max);
                seen.extend(runs);
            }
            // What one look at the latest instant finds.
            let expected = timetable.due(start, latest).runs;
            prop_assert_eq!(seen, expected);
        }
    }
}
