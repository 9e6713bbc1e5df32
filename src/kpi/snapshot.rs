//! All KPI values for the asked groupings of one window: what reports and alerts are made from. Plain data.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use indexmap::IndexMap;

use super::explanation::ExplainedGroup;
use crate::time::{BucketStart, Window};
use crate::workspace::Grouping;

/// KPI values of one window.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The window the values are of.
    pub window: Window,
    /// The results, one for each asked grouping, in the order asked.
    pub results: Vec<GroupedResult>,
    /// The newest row of each dataset inside the window, and how many rows there are; by dataset id.
    pub freshness: BTreeMap<String, Freshness>,
    /// How the values came about, where a question wanted it explained: its groups in the order of their keys.
    pub explained: Vec<ExplainedGroup>,
}

/// What is known about a dataset's rows in the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How many rows the window holds.
    pub rows: u64,
    /// The newest row's instant; none when there are no rows.
    pub newest: Option<DateTime<Utc>>,
}

/// The values of some KPIs by one grouping.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupedResult {
    /// What the rows are; empty for the total.
    pub by: Vec<Grouping>,
    /// The KPIs' ids, in the order asked.
    pub kpis: Vec<String>,
    /// A reading for each KPI, by group; groups are in the order of their keys.
    pub groups: IndexMap<GroupKey, Vec<Reading>>,
}

/// The key of a group, one part for each grouping.
pub type GroupKey = Vec<KeyPart>;

/// One part of a group's key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyPart {
    /// A dimension's value.
    Text(String),
    /// A dimension without a value (NULL).
    NoValue,
    /// An hour, or a half or a quarter of one, by the instant it begins.
    Hour(DateTime<Utc>),
    /// A local day, or the first day of a week or month.
    Date(NaiveDate),
    /// An hour of the day, 0 to 23, or a weekday, Monday = 1.
    Number(u32),
}

/// What came of a KPI.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// Its value; always finite.
    Value(f64),
    /// Nothing to compute it from.
    NoData,
    /// It failed, with the reason in words; other KPIs are not affected.
    Failed(String),
}

impl Reading {
    /// The number, if there is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Value(value) => Some(*value),
            Self::NoData | Self::Failed(_) => None,
        }
    }
}

impl Snapshot {
    /// The result for this grouping.
    pub fn by(&self, by: &[Grouping]) -> Option<&GroupedResult> {
        self.results.iter().find(|result| result.by == by)
    }

    /// How the totals came about, if that was asked for.
    pub fn explained_total(&self) -> Option<&ExplainedGroup> {
        self.explained.iter().find(|group| group.by.is_empty())
    }
}

impl GroupedResult {
    /// The reading of a KPI in a group.
    pub fn reading(&self, key: &[KeyPart], kpi: &str) -> Option<&Reading> {
        let column = self.kpis.iter().position(|name| name == kpi)?;
        self.groups.get(key)?.get(column)
    }
}

impl From<BucketStart> for KeyPart {
    fn from(start: BucketStart) -> Self {
        match start {
            BucketStart::Hour(instant) => Self::Hour(instant),
            BucketStart::Date(day) => Self::Date(day),
            BucketStart::Number(number) => Self::Number(number),
        }
    }
}
