//! A value that goes into a statement or comes out of a row, the same for every database.

use chrono::{DateTime, NaiveDateTime, Utc};

/// A value from or for a database.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// NULL.
    Null,
    /// A whole number; booleans are 0 and 1.
    Integer(i64),
    /// A number; NUMERIC and DECIMAL become this.
    Number(f64),
    /// Text.
    Text(String),
    /// An instant.
    Instant(DateTime<Utc>),
    /// A date-time without a zone.
    Local(NaiveDateTime),
}
