//! Cron patterns as text: five fields, what may stand in each, and which of them is wrong. When a pattern is due is in
//! `due`.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

/// Why a cron pattern cannot be used; always the user's mistake, so a retry never helps.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CronError {
    /// Not five fields.
    #[error("the cron pattern `{pattern}` has {found} fields, not five")]
    FieldCount {
        /// The pattern as written.
        pattern: String,
        /// How many fields it has.
        found: usize,
    },
    /// A field that cannot be read.
    #[error("`{text}` is no {field} for a cron pattern")]
    Field {
        /// Which field.
        field: &'static str,
        /// What the user wrote there.
        text: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// A date that is in no calendar, such as 31 February.
    #[error("the cron pattern `{pattern}` never comes")]
    NeverComes {
        /// The pattern as written.
        pattern: String,
    },
}

impl CronError {
    /// What to do about it, for people.
    pub fn hint(&self) -> String {
        match self {
            Self::FieldCount { .. } => {
                "write minute, hour, day of the month, month, day of the week: `0 8 * * MON` is Monday at 08:00"
                    .to_owned()
            }
            Self::Field { allowed, .. } => (*allowed).to_owned(),
            Self::NeverComes { .. } => {
                "no month it names has the day it names; `L` is the last day of a month".to_owned()
            }
        }
    }
}

/// The fields in their order, and what may stand in each.
const FIELDS: [(&str, &str); 5] = [
    ("minute", "a minute is 0 to 59, as in `0`, `0,30`, `*/15` or `*`"),
    ("hour", "an hour is 0 to 23, as in `8`, `8,20`, `8-18` or `*`"),
    (
        "day of the month",
        "a day of the month is 1 to 31, as in `1`, `1,15`, `15W` (nearest working day), `L` (last) or `*`",
    ),
    ("month", "a month is 1 to 12 or JAN to DEC, as in `1`, `JAN,JUL` or `*`"),
    (
        "day of the week",
        "a day of the week is 0 to 7 or SUN to SAT, as in `MON`, `MON-FRI`, `MON#1` (first), `FRI#L` or `*`",
    ),
];

/// Reads a pattern; whether it ever comes is not known yet.
pub(super) fn read(pattern: &str) -> Result<Cron, CronError> {
    let fields: Vec<&str> = pattern.split_whitespace().collect();
    if fields.len() != FIELDS.len() {
        return Err(CronError::FieldCount { pattern: shown(pattern), found: fields.len() });
    }
    if let Some(index) = (0..FIELDS.len()).find(|index| has_foreign_name(*index, fields[*index])) {
        return Err(unreadable(index, fields[index]));
    }
    parser().parse(pattern).map_err(|_| first_unreadable(&fields))
}

fn parser() -> CronParser {
    CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build()
}

/// Whether a field holds letters that belong to another one. The parser takes `MON` for 1 wherever it stands.
fn has_foreign_name(index: usize, field: &str) -> bool {
    const MONTHS: [&str; 12] = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    const WEEKDAYS: [&str; 8] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "L"];
    let known: &[&str] = match index {
        2 => &["L", "W"],
        3 => &MONTHS,
        4 => &WEEKDAYS,
        _ => &[],
    };
    let upper = field.to_uppercase();
    let mut words = upper.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    // A last Friday may be written `FRIL` as well as `FRI#L`.
    words.any(|word| !known.contains(&word) && !known.contains(&word.trim_end_matches('L')))
}

/// The first field that cannot be read when all others are `*`.
fn first_unreadable(fields: &[&str]) -> CronError {
    let alone = |index: usize| {
        let mut pattern = ["*"; FIELDS.len()];
        pattern[index] = fields[index];
        pattern.join(" ")
    };
    // Fields are read one by one, so one of them is wrong; should that change, the first is shown.
    let index = (0..FIELDS.len()).find(|index| parser().parse(&alone(*index)).is_err()).unwrap_or(0);
    unreadable(index, fields[index])
}

fn unreadable(index: usize, text: &str) -> CronError {
    let (field, allowed) = FIELDS[index];
    CronError::Field { field, text: shown(text), allowed }
}

/// What the user wrote, fit for one line.
pub(super) fn shown(text: &str) -> String {
    text.trim().chars().take(40).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use chrono_tz::Tz;

    use crate::schedule::CronSchedule;

    #[test]
    fn patterns_that_cannot_be_used() {
        for (pattern, message) in [
            ("", "the cron pattern `` has 0 fields, not five"),
            ("@daily", "the cron pattern `@daily` has 1 fields, not five"),
            ("0 0 8 * * MON", "the cron pattern `0 0 8 * * MON` has 6 fields, not five"),
            ("61 8 * * *", "`61` is no minute for a cron pattern"),
            ("0 25 * * *", "`25` is no hour for a cron pattern"),
            ("0 8 0 * *", "`0` is no day of the month for a cron pattern"),
            ("0 8 * 13 *", "`13` is no month for a cron pattern"),
            ("0 8 * * MONDAY", "`MONDAY` is no day of the week for a cron pattern"),
            ("0 8 * * пн", "`пн` is no day of the week for a cron pattern"),
            ("MON 8 * * *", "`MON` is no minute for a cron pattern"),
            ("0 8 * MON *", "`MON` is no month for a cron pattern"),
            ("0 8 * * JAN", "`JAN` is no day of the week for a cron pattern"),
            ("0 8 * * FRI-MON", "`FRI-MON` is no day of the week for a cron pattern"),
            ("0 18-8 * * *", "`18-8` is no hour for a cron pattern"),
            ("0 8 31 2 *", "the cron pattern `0 8 31 2 *` never comes"),
            ("* * 31 4,6,9,11 *", "the cron pattern `* * 31 4,6,9,11 *` never comes"),
        ] {
            let error = CronSchedule::parse(pattern, Tz::UTC).unwrap_err();
            assert_eq!(error.to_string(), message);
            assert!(!error.hint().is_empty());
        }
    }
}
