//! Time buckets: how an instant is rounded to an hour, day, week or month of local time.

/// A grouping of rows by their place in time, in the report's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// Each hour of each day; the repeated hour of an autumn day is two buckets.
    Hour,
    /// Each local day.
    Day,
    /// Each ISO week, Monday to Sunday.
    Week,
    /// Each calendar month.
    Month,
    /// The hour of the day, 0 to 23, over all days together.
    HourOfDay,
    /// The day of the week, Monday = 1 to Sunday = 7, over all weeks together.
    Weekday,
}

impl Bucket {
    /// The bucket of this name in `by:` lists.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bucket| bucket.name() == name)
    }

    /// The name in `by:` lists.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::HourOfDay => "hour_of_day",
            Self::Weekday => "weekday",
        }
    }

    /// Every bucket, from short to long, then the cyclic ones.
    pub const ALL: [Self; 6] = [Self::Hour, Self::Day, Self::Week, Self::Month, Self::HourOfDay, Self::Weekday];
}
