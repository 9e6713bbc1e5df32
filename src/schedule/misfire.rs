//! What becomes of due instants, above all of missed ones: which run, which are skipped and why. Recording either is the
//! journal's part.

use chrono::{DateTime, TimeDelta, Utc};

use crate::workspace::Misfire;

/// An instant not later than this is on time and not missed; it covers a busy second or two and a short restart.
pub const ON_TIME: TimeDelta = TimeDelta::seconds(60);

/// What becomes of the due instants; both lists are in order, and each instant is in one of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// These run, in this order.
    pub runs: Vec<DateTime<Utc>>,
    /// These do not, which is recorded.
    pub skipped: Vec<(DateTime<Utc>, SkipReason)>,
}

/// Why a due instant does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SkipReason {
    /// A later one runs for it (`fire_once`).
    Coalesced,
    /// It is longer ago than the catch-up window.
    TooLate,
    /// It was missed, and missed ones are not made up for (`skip`).
    Missed,
    /// The run before is not over, and the schedule lets none run beside it.
    Overlap,
    /// It falls on a holiday that the schedule keeps.
    Holiday,
}

impl SkipReason {
    /// The word for records and messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Coalesced => "coalesced",
            Self::TooLate => "too_late",
            Self::Missed => "missed",
            Self::Overlap => "overlap",
            Self::Holiday => "holiday",
        }
    }
}

/// Decides over due instants, given in order. Whatever the policy and however short the catch-up window, an instant that
/// is on time is not skipped for being late; instants after now are left for later.
pub fn plan(due: &[DateTime<Utc>], now: DateTime<Utc>, misfire: Misfire, catchup_window: TimeDelta) -> Plan {
    let mut plan = Plan::default();
    for instant in due.iter().copied().filter(|instant| *instant <= now) {
        let late = now - instant;
        if late > catchup_window.max(ON_TIME) {
            plan.skipped.push((instant, SkipReason::TooLate));
        } else if misfire == Misfire::Skip && late > ON_TIME {
            plan.skipped.push((instant, SkipReason::Missed));
        } else {
            plan.runs.push(instant);
        }
    }
    if misfire == Misfire::FireOnce {
        let last = plan.runs.pop();
        plan.skipped.extend(plan.runs.drain(..).map(|instant| (instant, SkipReason::Coalesced)));
        plan.runs.extend(last);
    }
    plan
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICIES: [Misfire; 3] = [Misfire::FireOnce, Misfire::FireAll, Misfire::Skip];

    fn minutes_before(now: DateTime<Utc>, minutes: &[i64]) -> Vec<DateTime<Utc>> {
        minutes.iter().map(|minutes| now - TimeDelta::minutes(*minutes)).collect()
    }

    /// Lateness in minutes of the due instants, of those that run, and of the skipped ones with the reason.
    fn check(misfire: Misfire, window: TimeDelta, due: &[i64], runs: &[i64], skipped: &[(i64, SkipReason)]) {
        let now = "2026-11-23T08:00:00Z".parse().unwrap();
        let plan = plan(&minutes_before(now, due), now, misfire, window);
        let late = |instant: DateTime<Utc>| (now - instant).num_minutes();
        assert_eq!(plan.runs.into_iter().map(late).collect::<Vec<_>>(), runs, "{misfire:?}");
        let told: Vec<_> = plan.skipped.into_iter().map(|(instant, reason)| (late(instant), reason)).collect();
        assert_eq!(told, skipped, "{misfire:?}");
    }

    #[test]
    fn missed_instants() {
        use SkipReason::{Coalesced, Missed, TooLate};
        let hours = TimeDelta::hours;
        let due = [300, 120, 60, 0];
        check(Misfire::FireOnce, hours(4), &due, &[0], &[(300, TooLate), (120, Coalesced), (60, Coalesced)]);
        check(Misfire::FireAll, hours(4), &due, &[120, 60, 0], &[(300, TooLate)]);
        check(Misfire::Skip, hours(4), &due, &[0], &[(300, TooLate), (120, Missed), (60, Missed)]);
        check(Misfire::FireOnce, hours(4), &[240], &[240], &[]);
        check(Misfire::FireOnce, hours(4), &[241], &[], &[(241, TooLate)]);
        check(Misfire::Skip, hours(4), &[2], &[], &[(2, Missed)]);
        for policy in POLICIES {
            check(policy, hours(0), &[1], &[1], &[]);
            check(policy, hours(-5), &[1], &[1], &[]);
            check(policy, hours(4), &[], &[], &[]);
            check(policy, hours(4), &[-1], &[], &[]);
        }
    }

    proptest! {
        #[test]
        fn each_due_instant_runs_or_is_recorded(
            late in prop::collection::btree_set(0_i64..10_000, 0..20),
            window in 0_i64..10_000,
            misfire in prop::sample::select(POLICIES.to_vec()),
        ) {
            let now = "2026-11-23T08:00:00Z".parse().unwrap();
            let due = minutes_before(now, &late.iter().rev().copied().collect::<Vec<_>>());
            let plan = plan(&due, now, misfire, TimeDelta::minutes(window));
            let skipped: Vec<_> = plan.skipped.iter().map(|(instant, _)| *instant).collect();
            prop_assert!(skipped.is_sorted());
            prop_assert!(plan.runs.is_sorted());
            prop_assert!(misfire != Misfire::FireOnce || plan.runs.len() <= 1);
            let mut all = [skipped, plan.runs].concat();
            all.sort_unstable();
            prop_assert_eq!(all, due);
        }
    }
}
