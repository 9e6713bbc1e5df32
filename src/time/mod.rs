//! Civil time: periods, their windows in UTC, the zone's transitions, buckets. Pure functions; the one clock that
//! may be read is in `clock`, and only the heartbeat, the pipeline and the command line read it.

mod bucket;
mod bucket_start;
mod clock;
mod duration;
mod period;
mod zone;

use chrono::{DateTime, Utc};

pub use bucket::Bucket;
pub use bucket_start::BucketStart;
pub use clock::Clock;
pub use duration::parse_duration;
pub use period::{Period, PeriodName};
pub use zone::{OffsetPiece, offset_pieces, parse_zone};

/// A half-open interval of time, `[from, to)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// The first instant inside.
    pub from: DateTime<Utc>,
    /// The first instant after the end.
    pub to: DateTime<Utc>,
}
