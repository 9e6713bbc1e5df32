//! Languages of the output: numbers, dates, durations, and the product's own words. No rule or report logic here.

mod date;
mod hyphens;
mod in_sentence;
mod kpi_value;
mod length;
mod number;
mod period;
mod unit;
mod words;

use icu_locale_core::{Locale, locale};

pub use date::{format_date, format_day_short, format_hour, format_instant, format_weekday};
pub use fluent_bundle::FluentValue;
pub use hyphens::hyphenated;
pub use in_sentence::format_in_sentence;
pub use kpi_value::{compare_shown, difference_shown, format_change, format_value};
pub use length::format_length;
pub use number::{format_duration, format_number, format_percent, format_precise};
pub use period::{format_bucket, format_period};
pub use unit::Unit;
pub use words::text;

/// A language reports and messages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// English.
    English,
    /// Russian.
    Russian,
}

impl Language {
    /// Every language that ships.
    pub const ALL: [Self; 2] = [Self::English, Self::Russian];

    /// The language of this code (`en`, `ru`).
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }

    /// The ISO 639 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Russian => "ru",
        }
    }

    /// The same for the formatters of numbers and dates.
    fn locale(self) -> Locale {
        match self {
            Self::English => locale!("en"),
            Self::Russian => locale!("ru"),
        }
    }
}
