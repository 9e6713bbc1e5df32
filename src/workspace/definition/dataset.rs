//! Datasets as data: a named query, its columns, how instants are stored, what rows are grouped by.

use chrono_tz::Tz;
use indexmap::IndexMap;

use super::Localized;
use crate::diagnostics::Spanned;
use crate::time::Bucket;

/// A named query over a source.
#[derive(Debug)]
pub struct DatasetDefinition {
    /// Its id.
    pub id: Spanned<String>,
    /// The source's name, known to exist.
    pub source: Spanned<String>,
    /// The column that places a row in a period; known to be among the columns, of type time.
    pub time: Spanned<String>,
    /// The SQL; may use `:from` and `:to`.
    pub query: Spanned<String>,
    /// The columns formulas may use.
    pub columns: IndexMap<String, ColumnDefinition>,
}

/// A column of a dataset.
#[derive(Debug)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: Spanned<String>,
    /// What its values are.
    pub kind: ColumnKind,
    /// Its name for people.
    pub title: Localized,
}

/// What a column's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnKind {
    /// An instant, with the way it is stored.
    Time(TimeStorage),
    /// Text; can be a dimension.
    Text,
    /// A number.
    Number,
    /// A length of time in seconds.
    Duration,
    /// Yes or no, stored as boolean or as 0 and 1.
    Bool,
}

/// How a database stores an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeStorage {
    /// Text `YYYY-MM-DD HH:MM:SS` in UTC.
    UtcText,
    /// Seconds since 1970.
    UnixSeconds,
    /// Milliseconds since 1970.
    UnixMilliseconds,
    /// An instant of its own type (PostgreSQL's `timestamptz`).
    Timestamptz,
    /// A date-time without a zone (text in SQLite, `timestamp` or `DATETIME` elsewhere), local to this zone.
    Local(Tz),
}

/// What rows are grouped by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grouping {
    /// The values of a text column.
    Dimension(String),
    /// Their place in time.
    Time(Bucket),
}

impl Grouping {
    /// The grouping of this name in a `by:` list: a bucket's name, else a dimension.
    pub fn parse(name: &str) -> Self {
        Bucket::parse(name).map_or_else(|| Self::Dimension(name.to_owned()), Self::Time)
    }

    /// The name in `by:` lists.
    pub fn name(&self) -> &str {
        match self {
            Self::Dimension(column) => column,
            Self::Time(bucket) => bucket.name(),
        }
    }
}
