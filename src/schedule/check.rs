//! What is wrong with a schedule a user wrote, as diagnostics at the pattern's place.

use super::{CronError, CronSchedule};
use crate::diagnostics::{Code, Diagnostic};
use crate::workspace::ScheduleDefinition;

/// The mistakes in a schedule: a pattern that cannot be read, or one that never comes.
pub fn check(definition: &ScheduleDefinition) -> Vec<Diagnostic> {
    match CronSchedule::parse(&definition.cron.value, definition.timezone) {
        Ok(_) => Vec::new(),
        Err(error) => {
            let code = match error {
                CronError::NeverComes { .. } => Code::CronNeverComes,
                CronError::FieldCount { .. } | CronError::Field { .. } => Code::BadCron,
            };
            vec![Diagnostic::error(code, definition.cron.span.clone(), error.to_string()).hint(error.hint())]
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;
    use chrono_tz::Tz;

    use super::*;
    use crate::diagnostics::{SourceFile, Span, Spanned};
    use crate::workspace::Misfire;

    fn check_pattern(pattern: &str, expected: Option<(Code, &str)>) {
        let text = format!("cron: {pattern}\n");
        let range = 6..6 + pattern.len();
        let span = Span { file: Arc::new(SourceFile { path: "rules/reports/weekly.yaml".to_owned(), text }), range };
        let definition = ScheduleDefinition {
            cron: Spanned::new(pattern.to_owned(), span),
            timezone: Tz::Europe__Moscow,
            misfire: Misfire::FireOnce,
            catchup_window: TimeDelta::days(1),
        };
        let diagnostics = check(&definition);
        let told = diagnostics.first().map(|told| (told.code, told.hints[0].as_str()));
        assert_eq!(told, expected, "{pattern}");
        for diagnostic in &diagnostics {
            assert_eq!(diagnostic.span.as_ref().map(Span::text), Some(pattern));
        }
    }

    #[test]
    fn schedules_are_checked() {
        check_pattern("0 8 * * MON", None);
        check_pattern("0 24 * * MON", Some((Code::BadCron, "an hour is 0 to 23, as in `8`, `8,20`, `8-18` or `*`")));
        check_pattern(
            "0 8 * *",
            Some((
                Code::BadCron,
                "write minute, hour, day of the month, month, day of the week: `0 8 * * MON` is Monday at 08:00",
            )),
        );
        check_pattern(
            "0 8 31 2 *",
            Some((Code::CronNeverComes, "no month it names has the day it names; `L` is the last day of a month")),
        );
    }
}
