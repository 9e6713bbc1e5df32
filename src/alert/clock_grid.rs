//! When a rule is due: at the multiples of its `every` since 1970, so that rules with the same rhythm meet in one tick
//! and share their measurement. What was missed is counted, not replayed.

use chrono::{DateTime, TimeDelta, Utc};

/// The evaluation that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The instant it stands for; the last one that has passed.
    pub at: DateTime<Utc>,
    /// How many instants were missed between the last evaluation and this one.
    pub missed: u64,
}

/// The evaluation that is due at `now`, when the last one stood for `last`; none when the last one stands. A rule that was
/// never evaluated is due at once.
pub fn due(every: TimeDelta, last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<Slot> {
    let every = every.num_seconds().max(1);
    let index = |instant: DateTime<Utc>| instant.timestamp().div_euclid(every);
    let at = DateTime::from_timestamp(index(now) * every, 0)?;
    let passed = last.map_or(1, |last| index(now) - index(last));
    (passed > 0).then(|| Slot { at, missed: (passed - 1).unsigned_abs() })
}

/// The instant of the evaluation after this one.
pub fn next(every: TimeDelta, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let every = every.num_seconds().max(1);
    DateTime::from_timestamp((now.timestamp().div_euclid(every) + 1) * every, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64, second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_392_000 + minute * 60 + second, 0).unwrap()
    }

    #[test]
    fn due_on_the_grid_and_never_twice() {
        let check = |last: Option<DateTime<Utc>>, now, expected: Option<(DateTime<Utc>, u64)>| {
            let slot = due(TimeDelta::minutes(5), last, now);
            assert_eq!(slot, expected.map(|(at, missed)| Slot { at, missed }), "{last:?} {now}");
        };
        check(None, at(7, 12), Some((at(5, 0), 0)));
        check(Some(at(5, 0)), at(9, 59), None);
        check(Some(at(5, 0)), at(10, 0), Some((at(10, 0), 0)));
        check(Some(at(5, 0)), at(10, 3), Some((at(10, 0), 0)));
        // Stopped for half an hour: one evaluation, five are counted as missed.
        check(Some(at(5, 0)), at(36, 0), Some((at(35, 0), 5)));
        // The clock was set back.
        check(Some(at(35, 0)), at(6, 0), None);
        assert_eq!(next(TimeDelta::minutes(5), at(7, 12)), Some(at(10, 0)));
    }
}
