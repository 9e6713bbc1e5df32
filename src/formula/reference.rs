//! KPIs elsewhere: the same KPI in another window, or in a wider group. Who computes them, and when, is not decided here.

use std::fmt;
use std::sync::Arc;

/// A KPI's value elsewhere than in the group and window that are being computed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// The KPI's id.
    pub kpi: Arc<str>,
    /// Where it is computed.
    pub place: Elsewhere,
}

/// Where a KPI can be computed besides here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Elsewhere {
    /// In the same group of the window just before; for a report in its previous period.
    Previous,
    /// In the same group at the same civil times so many weeks earlier; 0 is here and now.
    WeeksAgo(u32),
    /// In this window over the rows of the group, whatever their value in this dimension.
    Across(Arc<str>),
}

impl fmt::Display for Reference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kpi, place } = self;
        match place {
            Elsewhere::Previous => write!(formatter, "previous({kpi})"),
            Elsewhere::WeeksAgo(0) => formatter.write_str(kpi),
            Elsewhere::WeeksAgo(weeks) => write!(formatter, "same_time({kpi}, {weeks})"),
            Elsewhere::Across(dimension) => write!(formatter, "across({kpi}, {dimension})"),
        }
    }
}
