//! Time zones: names to zones, and a zone's offset as a step function over a window.

use chrono::{DateTime, Offset, TimeDelta, TimeZone, Utc};
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
    let offset_at =
        |instant: DateTime<Utc>| zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc();
    let mut pieces = vec![OffsetPiece { from: window.from.timestamp(), offset: offset_at(window.from) }];
    let mut at = window.from;
    while at < window.to {
        let next = (at + TimeDelta::hours(12)).min(window.to);
        let (before, after) = (offset_at(at), offset_at(next));
        if before != after {
            let (mut low, mut high) = (at.timestamp(), next.timestamp());
            // Invariant: the offset at `low` is the old one, at `high` the new one.
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                let instant = DateTime::from_timestamp(middle, 0).unwrap_or(next);
                if offset_at(instant) == before { low = middle } else { high = middle }
            }
            if high < window.to.timestamp() {
                pieces.push(OffsetPiece { from: high, offset: after });
            }
        }
        at = next;
    }
    pieces
}
