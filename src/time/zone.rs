//! Time zones: names to zones, a zone's offset as a step function over a window, and where local days begin.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::Window;

/// A stretch of a window in which the zone's offset does not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OffsetPiece {
    /// The first second of the piece, in UTC seconds since 1970.
    pub from: i64,
    /// Seconds to add to UTC to get local time.
    pub offset: i32,
}

/// The zone of this IANA name; names are case-sensitive, as in the database.
pub fn parse_zone(name: &str) -> Option<Tz> {
    name.parse().ok()
}

/// The zone's offsets over the window: the first piece begins at the window's start, the next ones at transitions.
pub fn offset_pieces(zone: Tz, window: Window) -> Vec<OffsetPiece> {
    let (start, end) = (window.from.timestamp(), window.to.timestamp());
    let offset = |second: i64| DateTime::from_timestamp(second, 0).map_or(0, |instant| offset_at(zone, instant));
    let mut pieces = vec![OffsetPiece { from: start, offset: offset(start) }];
    let (mut at, mut before) = (start, offset(start));
    while at < end {
        // No zone changes its offset and back again within this step, so a difference at its ends finds every change.
        let next = (at + STEP_SECONDS).min(end);
        if offset(next) == before {
            at = next;
            continue;
        }
        // Invariant: the offset at `low` is the old one, at `high` another one; at the end `high` is the change.
        let (mut low, mut high) = (at, next);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if offset(middle) == before { low = middle } else { high = middle }
        }
        // The search goes on from the change itself: a step can hold two of them.
        (at, before) = (high, offset(high));
        if high < end {
            pieces.push(OffsetPiece { from: high, offset: before });
        }
    }
    pieces
}

/// What a zone's clocks show at an instant.
pub fn local_time(instant: DateTime<Utc>, zone: Tz) -> NaiveDateTime {
    let utc = instant.naive_utc();
    // Instants at the very ends of chrono's calendar have no local form; they stand for themselves.
    utc.checked_add_offset(zone.offset_from_utc_datetime(&utc).fix()).unwrap_or(utc)
}

/// The local calendar day an instant lies in.
pub fn local_day(instant: DateTime<Utc>, zone: Tz) -> NaiveDate {
    local_time(instant, zone).date()
}

/// The first instant of a local day: midnight, the first of two midnights, or, where a change of the clocks leaves
/// midnight out, the instant of that change.
pub fn local_day_start(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    first_instant(day.and_time(NaiveTime::MIN), zone)
}

/// The first instant at which a zone's clocks show this time or a later one: the earlier of two, or, where a change of
/// the clocks leaves the time out, the instant of that change.
pub fn first_instant(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    if let Some(instant) = zone.from_local_datetime(&local).earliest() {
        return instant.to_utc();
    }
    let reach = TimeDelta::hours(36);
    let near = local.and_utc();
    let window = Window {
        from: near.checked_sub_signed(reach).unwrap_or(near),
        to: near.checked_add_signed(reach).unwrap_or(near),
    };
    // The time falls into a gap, so it is the change itself: the first piece whose clocks are past the time.
    offset_pieces(zone, window)
        .iter()
        .skip(1)
        .find(|piece| piece.from + i64::from(piece.offset) > near.timestamp())
        .and_then(|piece| DateTime::from_timestamp(piece.from, 0))
        .unwrap_or(near)
}

/// How far `offset_pieces` looks ahead at once.
const STEP_SECONDS: i64 = 12 * 3_600;

/// Seconds to add to UTC to get local time.
pub(super) fn offset_at(zone: Tz, instant: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn any_zone() -> impl Strategy<Value = Tz> {
        prop::sample::select(TZ_VARIANTS.to_vec())
    }

    fn window(from: i64, length: i64) -> Window {
        let at = |second| DateTime::from_timestamp(second, 0).unwrap();
        Window { from: at(from), to: at(from + length) }
    }

    /// A zone's pieces over the year 2026, as `UTC instant offset-in-minutes`.
    fn check(zone: Tz, expected: &[&str]) {
        let year =
            Window { from: "2026-01-01T00:00:00Z".parse().unwrap(), to: "2027-01-01T00:00:00Z".parse().unwrap() };
        let pieces: Vec<String> = offset_pieces(zone, year)
            .iter()
            .map(|piece| {
                let from = DateTime::from_timestamp(piece.from, 0).unwrap();
                format!("{} {}", from.format("%m-%dT%H:%M:%S"), piece.offset / 60)
            })
            .collect();
        assert_eq!(pieces, expected, "{zone}");
    }

    #[test]
    fn changes_of_2026() {
        check(Tz::Europe__Moscow, &["01-01T00:00:00 180"]);
        check(Tz::Europe__Berlin, &["01-01T00:00:00 60", "03-29T01:00:00 120", "10-25T01:00:00 60"]);
        check(Tz::America__Santiago, &["01-01T00:00:00 -180", "04-05T03:00:00 -240", "09-06T04:00:00 -180"]);
        check(Tz::Australia__Lord_Howe, &["01-01T00:00:00 660", "04-04T15:00:00 630", "10-03T15:30:00 660"]);
        check(Tz::Asia__Kolkata, &["01-01T00:00:00 330"]);
    }

    #[test]
    fn a_time_that_is_left_out_or_repeated() {
        for (zone, local, instant) in [
            (Tz::Europe__Berlin, "2026-03-29T02:30:00", "2026-03-29T01:00:00Z"),
            (Tz::Europe__Berlin, "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
            (Tz::Europe__Berlin, "2026-10-25T03:00:00", "2026-10-25T02:00:00Z"),
            (Tz::America__Santiago, "2026-09-06T00:59:59", "2026-09-06T04:00:00Z"),
            (Tz::Australia__Lord_Howe, "2026-10-04T02:15:00", "2026-10-03T15:30:00Z"),
            (Tz::America__Nuuk, "2026-03-28T23:30:00", "2026-03-29T01:00:00Z"),
        ] {
            assert_eq!(
                first_instant(local.parse().unwrap(), zone),
                instant.parse::<DateTime<Utc>>().unwrap(),
                "{zone}"
            );
        }
    }

    #[test]
    fn a_missing_day_is_empty() {
        let day = |text: &str| local_day_start(text.parse().unwrap(), Tz::Pacific__Apia);
        assert_eq!(day("2011-12-30"), day("2011-12-31"));
        assert_eq!(day("2011-12-29") + TimeDelta::hours(24), day("2011-12-30"));
    }

    proptest! {
        #[test]
        fn pieces_agree_with_the_zone_at_every_instant(
            zone in any_zone(),
            from in -500_000_000_i64..4_000_000_000,
            length in 1_i64..70_000_000,
            places in prop::collection::vec(0.0_f64..1.0, 40),
        ) {
            let pieces = offset_pieces(zone, window(from, length));
            prop_assert!(pieces.is_sorted_by(|left, right| left.from < right.from && left.offset != right.offset));
            let at_changes = pieces.iter().flat_map(|piece| [piece.from - 1, piece.from]).filter(|at| *at >= from);
            let anywhere = places.iter().map(|place| from + (*place * length as f64) as i64);
            for second in at_changes.chain(anywhere) {
                let piece = pieces.iter().rfind(|piece| piece.from <= second).unwrap();
                let instant = DateTime::from_timestamp(second, 0).unwrap();
                prop_assert_eq!(piece.offset, offset_at(zone, instant), "{} {}", zone, instant);
            }
        }

        #[test]
        fn a_day_begins_where_its_date_does(zone in any_zone(), epoch_day in 0_i32..55_000) {
            let day = NaiveDate::from_epoch_days(epoch_day).unwrap();
            let start = local_day_start(day, zone);
            prop_assert!(local_day(start, zone) >= day);
            prop_assert!(local_day(start - TimeDelta::seconds(1), zone) < day, "{} {} {}", zone, day, start);
        }
    }
}
