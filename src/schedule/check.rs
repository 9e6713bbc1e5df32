//! What is wrong with a schedule a user wrote, as diagnostics at the pattern's place.

use chrono::DateTime;

use super::{CronError, CronSchedule};
use crate::diagnostics::{Code, Diagnostic};
use crate::workspace::ScheduleDefinition;

/// So many runs are looked at to find the shortest time between two.
const LOOKED_AT: usize = 100;

/// The mistakes in a schedule: a pattern that cannot be read, or one that never comes; a jitter as long as the time
/// between two runs.
pub fn check(definition: &ScheduleDefinition) -> Vec<Diagnostic> {
    let schedule = match CronSchedule::parse(&definition.cron.value, definition.timezone) {
        Ok(schedule) => schedule,
        Err(error) => {
            let code = match error {
                CronError::NeverComes { .. } => Code::CronNeverComes,
                CronError::FieldCount { .. } | CronError::Field { .. } => Code::BadCron,
            };
            return vec![Diagnostic::error(code, definition.cron.span.clone(), error.to_string()).hint(error.hint())];
        }
    };
    let Some(jitter) = &definition.jitter else { return Vec::new() };
    let runs = std::iter::successors(schedule.next_after(DateTime::UNIX_EPOCH), |last| schedule.next_after(*last));
    let runs: Vec<_> = runs.take(LOOKED_AT).collect();
    let shortest = runs.windows(2).map(|pair| pair[1] - pair[0]).min();
    if shortest.is_none_or(|shortest| jitter.value < shortest) {
        return Vec::new();
    }
    let message = "`jitter` is as long as the time between two runs".to_owned();
    let diagnostic = Diagnostic::error(Code::BadDuration, jitter.span.clone(), message);
    vec![diagnostic.hint("a run starts up to so much earlier than the pattern says; a few minutes are usual")]
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::TimeDelta;
    use chrono_tz::Tz;

    use super::*;
    use crate::diagnostics::{SourceFile, Span, Spanned};
    use crate::time::DaysOff;
    use crate::workspace::{Misfire, Overlap};

    fn check_pattern(pattern: &str, expected: Option<(Code, &str)>) {
        let text = format!("cron: {pattern}\n");
        let range = 6..6 + pattern.len();
        let span = Span { file: Arc::new(SourceFile { path: "rules/reports/weekly.yaml".to_owned(), text }), range };
        let definition = ScheduleDefinition {
            cron: Spanned::new(pattern.to_owned(), span),
            timezone: Tz::Europe__Moscow,
            misfire: Misfire::FireOnce,
            catchup_window: TimeDelta::days(1),
            overlap: Overlap::Wait,
            start_deadline: None,
            jitter: None,
            holidays: DaysOff::default(),
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
