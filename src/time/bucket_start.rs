//! What a bucket's key says: the whole number a database groups by, as an instant, a day or a number.

use chrono::{DateTime, NaiveDate, TimeDelta};

use super::{Bucket, BucketStart};

impl Bucket {
    /// Reads a bucket's key: seconds since 1970 for hours and their parts, days since 1970 for days, weeks and months, else the number
    /// itself. `None` for a number that is no key.
    pub fn start(self, key: i64) -> Option<BucketStart> {
        match self {
            Self::QuarterHour | Self::HalfHour | Self::Hour => DateTime::from_timestamp(key, 0).map(BucketStart::Hour),
            Self::Day | Self::Week | Self::Month => {
                NaiveDate::default().checked_add_signed(TimeDelta::try_days(key)?).map(BucketStart::Date)
            }
            Self::HourOfDay | Self::Weekday => u32::try_from(key).ok().map(BucketStart::Number),
        }
    }
}
