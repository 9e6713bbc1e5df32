//! Instants as people write them: the time a clock on the wall shows, with the pass of an hour that comes twice, or the
//! time since a beginning. And back: an instant as the wall's clock shows it.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::{local_day, local_time, parse_duration};

/// What instants are written against.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The zone of the wall's clock.
    pub zone: Tz,
    /// What `+5m` counts from, and whose local day a bare time of day lies on; none where neither can be written.
    pub start: Option<DateTime<Utc>>,
}

/// Why a text names no instant, or not one alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CivilFault {
    /// What is wrong, as the rest of a sentence that begins with the text.
    pub fault: String,
    /// The way out.
    pub hint: String,
}

/// How an instant can be written, for hints.
const FORMS: &str = "write a date and time such as 2026-11-23 10:05 or 2026-11-23T07:05:00Z";
const FORMS_FROM_START: &str = "write the time since the start such as +5m, a time of day such as 10:05, or a date and \
                                time such as 2026-11-23 10:05";

/// Reads an instant: `2026-11-23 10:05`, `2026-10-25 02:30 second`, `2026-11-23T07:05:00Z`, and with a start `+1h30m`,
/// `-10m`, `10:05`. A time that a clock change leaves out, or that comes twice without its pass, is a fault.
pub fn parse_instant(text: &str, origin: Origin) -> Result<DateTime<Utc>, CivilFault> {
    let text = text.trim();
    let unreadable = || CivilFault {
        fault: "is no instant".to_owned(),
        hint: if origin.start.is_some() { FORMS_FROM_START } else { FORMS }.to_owned(),
    };
    if let Some(start) = origin.start
        && let Some(shift) = signed_duration(text)
    {
        return start.checked_add_signed(shift).filter(is_within_calendar).ok_or_else(unreadable);
    }
    if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
        return Some(instant.to_utc()).filter(is_within_calendar).ok_or_else(unreadable);
    }
    let (civil, pass) = match text.rsplit_once(' ') {
        Some((civil, "first")) => (civil.trim_end(), Some(Pass::First)),
        Some((civil, "second")) => (civil.trim_end(), Some(Pass::Second)),
        _ => (text, None),
    };
    let civil = match civil.split_once([' ', 'T']) {
        Some((day, time)) => day.parse().ok().zip(time_of_day(time.trim_start())),
        None => origin.start.map(|start| local_day(start, origin.zone)).zip(time_of_day(civil)),
    };
    let civil = civil.map(|(day, time): (NaiveDate, NaiveTime)| day.and_time(time)).ok_or_else(unreadable)?;
    at_pass(civil, pass, origin.zone)
        .and_then(|instant| Some(instant).filter(is_within_calendar).ok_or_else(unreadable))
}

/// An instant as the zone's clocks show it, without seconds where there are none, with the pass where the time comes
/// twice. [`parse_instant`] reads it back.
pub fn civil_text(instant: DateTime<Utc>, zone: Tz) -> String {
    let local = local_time(instant, zone);
    let seconds = if instant.timestamp() % 60 == 0 { "" } else { ":%S" };
    let pass = match zone.from_local_datetime(&local) {
        chrono::LocalResult::Ambiguous(first, _) if first == instant => " first",
        chrono::LocalResult::Ambiguous(..) => " second",
        _ => "",
    };
    format!("{}{pass}", local.format(&format!("%Y-%m-%d %H:%M{seconds}")))
}

#[derive(Clone, Copy, PartialEq)]
enum Pass {
    First,
    Second,
}

fn at_pass(civil: NaiveDateTime, pass: Option<Pass>, zone: Tz) -> Result<DateTime<Utc>, CivilFault> {
    match (zone.from_local_datetime(&civil), pass) {
        (chrono::LocalResult::Single(instant), None) => Ok(instant.to_utc()),
        (chrono::LocalResult::Single(_), Some(_)) => Err(CivilFault {
            fault: format!("comes only once in {zone}"),
            hint: "`first` and `second` tell the passes of an hour that a change of the clocks repeats".to_owned(),
        }),
        (chrono::LocalResult::Ambiguous(first, _), Some(Pass::First)) => Ok(first.to_utc()),
        (chrono::LocalResult::Ambiguous(_, second), Some(Pass::Second)) => Ok(second.to_utc()),
        (chrono::LocalResult::Ambiguous(..), None) => {
            let civil = civil.format("%Y-%m-%d %H:%M");
            Err(CivilFault {
                fault: format!("comes twice in {zone}, as the clocks go back"),
                hint: format!("write `{civil} first` or `{civil} second`"),
            })
        }
        (chrono::LocalResult::None, _) => Err(CivilFault {
            fault: format!("does not exist in {zone}, as the clocks go forward"),
            hint: "write a time before or after the change".to_owned(),
        }),
    }
}

fn time_of_day(text: &str) -> Option<NaiveTime> {
    ["%H:%M", "%H:%M:%S"].iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok())
}

fn signed_duration(text: &str) -> Option<TimeDelta> {
    match text.split_at_checked(1)? {
        ("+", rest) => parse_duration(rest),
        ("-", rest) => parse_duration(rest).map(|length| -length),
        _ => None,
    }
}

/// The same years as those of periods: databases' texts have four digits for one.
fn is_within_calendar(instant: &DateTime<Utc>) -> bool {
    (0..7_289_654_400).contains(&instant.timestamp())
}

#[cfg(test)]
mod tests {
    use chrono_tz::TZ_VARIANTS;
    use proptest::prelude::*;

    use super::*;

    fn check(zone: Tz, text: &str, expected: Result<&str, &str>) {
        let start = Some("2026-10-25T08:00:00Z".parse().unwrap());
        let read = parse_instant(text, Origin { zone, start });
        let read = read.map(|instant| instant.format("%Y-%m-%dT%H:%M:%SZ").to_string()).map_err(|fault| fault.fault);
        assert_eq!(read.as_deref().map_err(String::as_str), expected, "{text}");
    }

    #[test]
    fn instants_in_all_their_forms() {
        let (berlin, moscow) = (Tz::Europe__Berlin, Tz::Europe__Moscow);
        check(moscow, "2026-11-23 10:05", Ok("2026-11-23T07:05:00Z"));
        check(moscow, "2026-11-23T10:05:07", Ok("2026-11-23T07:05:07Z"));
        check(moscow, "2026-11-23T10:05:07+01:00", Ok("2026-11-23T09:05:07Z"));
        check(moscow, "11:30", Ok("2026-10-25T08:30:00Z"));
        check(moscow, "+1h30m", Ok("2026-10-25T09:30:00Z"));
        check(moscow, "-10m", Ok("2026-10-25T07:50:00Z"));
        check(berlin, "2026-10-25 02:30 first", Ok("2026-10-25T00:30:00Z"));
        check(berlin, "02:30 second", Ok("2026-10-25T01:30:00Z"));
        check(berlin, "02:30", Err("comes twice in Europe/Berlin, as the clocks go back"));
        check(berlin, "03:00 first", Err("comes only once in Europe/Berlin"));
        check(berlin, "2026-03-29 02:30", Err("does not exist in Europe/Berlin, as the clocks go forward"));
        for text in
            ["", "10", "24:00", "+5", "5m", "2026-11-23", "2026-02-30 10:00", "+999999w", "9999-01-01T00:00:00Z"]
        {
            check(moscow, text, Err("is no instant"));
        }
    }

    #[test]
    fn without_a_start_only_whole_dates_can_be_read() {
        let origin = Origin { zone: Tz::UTC, start: None };
        for text in ["+5m", "10:05"] {
            assert_eq!(parse_instant(text, origin).unwrap_err().hint, FORMS);
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(
            zone in prop::sample::select(TZ_VARIANTS.to_vec()),
            second in 0_i64..4_000_000_000,
        ) {
            let instant = DateTime::from_timestamp(second, 0).unwrap();
            let text = civil_text(instant, zone);
            prop_assert_eq!(parse_instant(&text, Origin { zone, start: None }), Ok(instant), "{} {}", zone, text);
        }
    }
}
