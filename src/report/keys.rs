//! The names of groups and of what they are grouped by, as readers see them.

use chrono_tz::Tz;

use super::escape::label;
use crate::kpi::{GroupKey, KeyPart};
use crate::locale::{Language, format_bucket, text};
use crate::time::{Bucket, BucketStart};
use crate::workspace::{Catalog, DataDefinition, Grouping};

/// The longest name of a group that is shown whole; longer ones would push the numbers off the page.
const LONGEST_NAME: usize = 80;

/// The name of one part of a group's key.
pub(super) fn part_text(part: &KeyPart, grouping: &Grouping, zone: Tz, language: Language) -> String {
    let bucket = |fallback: Bucket| match grouping {
        Grouping::Time(bucket) => *bucket,
        Grouping::Dimension(_) => fallback,
    };
    match part {
        KeyPart::Text(value) => match label(value, LONGEST_NAME) {
            name if name.is_empty() => text(language, "no-value", &[]),
            name => name,
        },
        KeyPart::NoValue => text(language, "no-value", &[]),
        KeyPart::Hour(instant) => format_bucket(bucket(Bucket::Hour), BucketStart::Hour(*instant), zone, language),
        KeyPart::Date(day) => format_bucket(bucket(Bucket::Day), BucketStart::Date(*day), zone, language),
        KeyPart::Number(number) => {
            format_bucket(bucket(Bucket::HourOfDay), BucketStart::Number(*number), zone, language)
        }
    }
}

/// The name of a whole key: its parts, separated by a middle dot.
pub(super) fn key_text(key: &GroupKey, by: &[Grouping], zone: Tz, language: Language) -> String {
    let parts: Vec<String> =
        key.iter().zip(by).map(|(part, grouping)| part_text(part, grouping, zone, language)).collect();
    parts.join(" · ")
}

/// The heading of a grouping's column: the dataset's name for the dimension, the language's word for a stretch of time.
pub(super) fn grouping_title(
    grouping: &Grouping,
    data: &DataDefinition,
    catalog: &Catalog,
    language: Language,
) -> String {
    match grouping {
        Grouping::Time(Bucket::QuarterHour) => text(language, "column-quarter-hour", &[]),
        Grouping::Time(Bucket::HalfHour) => text(language, "column-half-hour", &[]),
        Grouping::Time(Bucket::Hour | Bucket::HourOfDay) => text(language, "column-hour", &[]),
        Grouping::Time(Bucket::Day) => text(language, "column-day", &[]),
        Grouping::Time(Bucket::Week) => text(language, "column-week", &[]),
        Grouping::Time(Bucket::Month) => text(language, "column-month", &[]),
        Grouping::Time(Bucket::Weekday) => text(language, "column-weekday", &[]),
        Grouping::Dimension(column) => {
            let of_kpis = data.kpis.iter().filter_map(|id| catalog.kpis.get(&id.value)?.dataset.as_ref());
            let named = of_kpis.filter_map(|dataset| catalog.datasets.get(&dataset.value));
            // KPIs of KPIs name no dataset; any dataset with such a column then knows its title.
            let title = named
                .chain(catalog.datasets.values())
                .find_map(|dataset| dataset.columns.get(column)?.title.get(language))
                .map(str::to_owned);
            title.unwrap_or_else(|| column.clone())
        }
    }
}
