//! `--from` and `--to`: a stretch of time by days, weeks, months or instants, as people name them.

use anyhow::bail;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::time::{PeriodName, Window};

/// Where a stretch that does not say begins, before its end.
const USUAL_LENGTH: TimeDelta = TimeDelta::days(7);

/// The stretch from one name to another: a day, week or month that is named belongs to it whole. Without a beginning it
/// is a week long, without an end it reaches to now.
pub(super) fn stretch(from: Option<&str>, to: Option<&str>, now: DateTime<Utc>, zone: Tz) -> anyhow::Result<Window> {
    let to = to.map(|text| Ok::<_, anyhow::Error>(edge("--to", text, now, zone)?.to)).transpose()?.unwrap_or(now);
    let from =
        from.map(|text| edge("--from", text, now, zone)).transpose()?.map_or(to - USUAL_LENGTH, |edge| edge.from);
    if from >= to {
        bail!("the stretch from {from} to {to} is empty: --from must be before --to");
    }
    Ok(Window { from, to })
}

fn edge(option: &str, text: &str, now: DateTime<Utc>, zone: Tz) -> anyhow::Result<Window> {
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Ok(Window { from: instant.to_utc(), to: instant.to_utc() });
    }
    match PeriodName::parse(text) {
        Ok(name) => Ok(name.at(now, zone).window),
        Err(reason) => bail!("{option} {text:?}: {reason}; or write an instant, such as 2026-11-23T08:00:00Z"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_as_people_name_them() {
        let zone = chrono_tz::Europe::Moscow;
        let now = DateTime::parse_from_rfc3339("2026-11-23T08:00:00Z").unwrap().to_utc();
        let check = |from: Option<&str>, to: Option<&str>, expected: &str| {
            let written = match stretch(from, to, now, zone) {
                Ok(Window { from, to }) => format!("{} {}", from.format("%d %H:%M"), to.format("%d %H:%M")),
                Err(failure) => failure.to_string(),
            };
            assert!(written.starts_with(expected), "{written}");
        };
        check(None, None, "16 08:00 23 08:00");
        check(Some("2026-11-20"), None, "19 21:00 23 08:00");
        check(Some("2026-11-20"), Some("2026-11-20"), "19 21:00 20 21:00");
        check(Some("2026-W46"), Some("yesterday"), "08 21:00 22 21:00");
        check(None, Some("2026-11-20T10:00:00+03:00"), "13 07:00 20 07:00");
        check(Some("2026-11-24"), None, "the stretch from");
        check(Some("soon"), None, "--from \"soon\": ");
    }
}
