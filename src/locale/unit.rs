//! What a figure counts, as far as it decides how the figure is written.

/// What a KPI's value is, and with it how it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// How many; no decimals.
    Count,
    /// Percent, one decimal; changes are in percentage points.
    Percent,
    /// Seconds, shown as 0:42 or 1:02:03.
    Duration,
    /// A number, two decimals.
    Number,
    /// Money, two decimals, without a currency sign.
    Money,
}

impl Unit {
    /// The word that rules write it with.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Percent => "percent",
            Self::Duration => "duration",
            Self::Number => "number",
            Self::Money => "money",
        }
    }

    /// Digits after the decimal point when a KPI names none of its own.
    pub fn default_decimals(self) -> u8 {
        match self {
            Self::Count | Self::Duration => 0,
            Self::Percent => 1,
            Self::Number | Self::Money => 2,
        }
    }
}
