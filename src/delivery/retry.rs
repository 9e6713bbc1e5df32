//! When a failed delivery is tried again. Pure: the same delivery and failure give the same instant.

use std::time::Duration;

use chrono::TimeDelta;

use super::FailureKind;

/// How long a delivery is tried: over a weekend, not over a week, when the next report has already come.
pub const EXPIRES_AFTER: TimeDelta = TimeDelta::hours(48);

/// Minutes to wait after the first, second, … failure; the last one repeats.
const MINUTES: [i64; 7] = [1, 2, 5, 10, 20, 40, 60];

/// How long to wait after so many failures (from 1), with ±20 % that depend on the seed alone: a hundred deliveries
/// that failed together must not come back together.
pub fn delay_after(failures: i64, seed: u64) -> TimeDelta {
    let step = usize::try_from(failures.saturating_sub(1)).unwrap_or(0).min(MINUTES.len() - 1);
    let seconds = MINUTES[step] * 60;
    let spread = seconds * 2 / 5 + 1;
    let place = mixed(seed ^ failures.unsigned_abs().rotate_left(32)) % spread.unsigned_abs();
    TimeDelta::seconds(seconds - seconds / 5 + place.cast_signed())
}

/// How long a way out is left alone after so many rounds in a row (from 1) that ended with a failure of this kind: a server
/// that is out of reach comes back by itself; refused logins in quick succession get an account locked.
pub fn pause_after(kind: FailureKind, rounds: u32) -> Duration {
    let (first, most) = match kind {
        FailureKind::Configuration => (60, 15 * 60),
        _ => (2, 60),
    };
    Duration::from_secs((first << rounds.saturating_sub(1).min(10)).min(most))
}

/// The finisher of `SplitMix64`: neighbouring seeds land far apart.
fn mixed(seed: u64) -> u64 {
    let mut value = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_way_out_that_fails_is_left_alone_for_longer_and_longer() {
        let pauses = |kind: FailureKind| [1, 2, 3, 6, 7, 5_000].map(|rounds| pause_after(kind, rounds).as_secs());
        assert_eq!(pauses(FailureKind::Unreachable), [2, 4, 8, 60, 60, 60]);
        assert_eq!(pauses(FailureKind::Configuration), [60, 120, 240, 900, 900, 900]);
    }

    #[test]
    fn waits_grow_and_stay_within_a_fifth_of_the_table() {
        let check = |failures: i64, minutes: i64| {
            let waits: BTreeSet<i64> = (1..200).map(|seed| delay_after(failures, seed).num_seconds()).collect();
            let (least, most) = (minutes * 48, minutes * 72);
            assert!(waits.iter().all(|wait| (least..=most).contains(wait)), "{failures}: {waits:?}");
            assert!(waits.len() > 20, "spread: {waits:?}");
            assert_eq!(delay_after(failures, 7), delay_after(failures, 7));
        };
        check(1, 1);
        check(2, 2);
        check(3, 5);
        check(6, 40);
        check(7, 60);
        check(5_000, 60);
        check(0, 1);
    }
}
