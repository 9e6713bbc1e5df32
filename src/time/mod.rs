//! Civil time: periods, their windows in UTC, the zone's transitions, buckets. Pure functions; the one clock that
//! may be read is in `clock`, and only the heartbeat, the pipeline and the command line read it.

mod bucket;
mod bucket_start;
mod civil;
mod clock;
mod days_off;
mod duration;
mod frame;
mod opening_hours;
mod period;
mod period_text;
mod zone;

use chrono::{DateTime, Utc};

pub use bucket::{Bucket, BucketStart};
pub use civil::{CivilFault, Origin, civil_text, parse_instant};
pub use clock::Clock;
pub use days_off::DaysOff;
pub use duration::parse_duration;
pub use frame::{Frame, days_before};
pub use opening_hours::{Hours, OpeningHours, parse_days, parse_hours, parse_weekdays};
pub use period::{Period, PeriodKind, PeriodName};
pub use zone::{OffsetPiece, first_instant, local_day, local_day_start, local_time, offset_pieces, parse_zone};

/// A half-open interval of time, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The first instant inside.
    pub from: DateTime<Utc>,
    /// The first instant after the end.
    pub to: DateTime<Utc>,
}
