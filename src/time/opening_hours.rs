//! Opening hours: weekdays and hours of a zone's clocks, less the days that are left out. Pure; what happens outside of
//! them is decided elsewhere.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;

use super::{DaysOff, PeriodName, first_instant, local_day, local_time};

/// How far ahead the next opening is looked for.
const HORIZON: u64 = 400;

/// Weekdays in the order of their names.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("MON", Weekday::Mon),
    ("TUE", Weekday::Tue),
    ("WED", Weekday::Wed),
    ("THU", Weekday::Thu),
    ("FRI", Weekday::Fri),
    ("SAT", Weekday::Sat),
    ("SUN", Weekday::Sun),
];

/// When something is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningHours {
    /// The weekdays; none named means every day.
    pub days: Vec<Weekday>,
    /// The stretches of a day; none named means the whole day.
    pub hours: Vec<Hours>,
    /// The days that are left out: holidays.
    pub except: DaysOff,
    /// The zone whose clocks are meant.
    pub zone: Tz,
}

/// A stretch of a day, from the first minute to the one that is no longer inside. Where it ends at its beginning or
/// earlier it ends on the next day, and belongs to the day it begins on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    /// Its beginning.
    pub from: NaiveTime,
    /// Its end; midnight is that of the next day.
    pub to: NaiveTime,
}

impl OpeningHours {
    /// Whether it is open at an instant.
    pub fn is_open(&self, instant: DateTime<Utc>) -> bool {
        let local = local_time(instant, self.zone);
        let begun_yesterday = || local.date().checked_sub_days(Days::new(1));
        if self.hours.is_empty() {
            return self.is_open_day(local.date());
        }
        self.hours.iter().any(|hours| {
            let began_today = local.time() >= hours.from && (hours.ends_next_day() || local.time() < hours.to);
            let still = hours.ends_next_day() && local.time() < hours.to;
            (began_today && self.is_open_day(local.date()))
                || (still && begun_yesterday().is_some_and(|day| self.is_open_day(day)))
        })
    }

    /// The first opening after an instant; none within a year.
    pub fn next_opening(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let whole_day = [Hours { from: NaiveTime::MIN, to: NaiveTime::MIN }];
        let hours = if self.hours.is_empty() { &whole_day[..] } else { &self.hours };
        let today = local_day(after, self.zone);
        let days = (0..HORIZON).filter_map(|ahead| today.checked_add_days(Days::new(ahead)));
        let openings = days
            .filter(|day| self.is_open_day(*day))
            .flat_map(|day| hours.iter().map(move |hours| first_instant(day.and_time(hours.from), self.zone)));
        openings.filter(|opening| *opening > after).take(hours.len()).min()
    }

    fn is_open_day(&self, day: NaiveDate) -> bool {
        (self.days.is_empty() || self.days.contains(&day.weekday())) && !self.except.contains(day)
    }
}

impl Hours {
    fn ends_next_day(self) -> bool {
        self.to <= self.from
    }
}

/// Weekdays as `MON`, `MON-FRI` or `SAT-MON`; the error says what is allowed.
pub fn parse_weekdays(text: &str) -> Result<Vec<Weekday>, String> {
    let day = |name: &str| {
        let known = WEEKDAYS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim()));
        known.map(|(_, day)| *day).ok_or_else(|| format!("there is no weekday `{}`", name.trim()))
    };
    let (first, last) = match text.split_once('-') {
        Some((first, last)) => (day(first)?, day(last)?),
        None => (day(text)?, day(text)?),
    };
    let mut days = vec![first];
    while days.last() != Some(&last) {
        days.extend(days.last().map(Weekday::succ));
    }
    Ok(days)
}

/// Hours as `08:00-20:00`; `24:00` is the end of the day. The error says what is wrong.
pub fn parse_hours(text: &str) -> Result<Hours, String> {
    let (from, to) = text.split_once('-').ok_or_else(|| "there is no `-` between two times".to_owned())?;
    let time = |text: &str| {
        let text = text.trim();
        NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| format!("`{text}` is no time of day"))
    };
    let to = if to.trim() == "24:00" { NaiveTime::MIN } else { time(to)? };
    Ok(Hours { from: time(from)?, to })
}

/// Days as `2026-12-25` or `2026-12-30..2027-01-08`, also weeks and months. The error says what is wrong.
pub fn parse_days(text: &str) -> Result<Vec<NaiveDate>, String> {
    match PeriodName::parse(text).map_err(|_| "it is no day".to_owned())? {
        PeriodName::Days { first, last } => {
            let length = (last - first).max(TimeDelta::zero()).num_days().unsigned_abs();
            Ok((0..=length).filter_map(|day| first.checked_add_days(Days::new(day))).collect())
        }
        named => Err(format!("`{named}` is another day each time it is read")),
    }
}

#[cfg(test)]
mod tests {
    use chrono_tz::Europe::Berlin;

    use super::*;

    fn hours(days: &str, hours: &[&str], except: &[&str]) -> OpeningHours {
        OpeningHours {
            days: parse_weekdays(days).unwrap(),
            hours: hours.iter().map(|hours| parse_hours(hours).unwrap()).collect(),
            except: except.iter().fold(DaysOff::default(), |mut all, days| {
                all.extend(&DaysOff::parse(days).unwrap());
                all
            }),
            zone: Berlin,
        }
    }

    fn local(text: &str) -> DateTime<Utc> {
        first_instant(text.parse().unwrap(), Berlin)
    }

    #[track_caller]
    fn check(hours: &OpeningHours, instant: &str, is_open: bool, next: &str) {
        assert_eq!(hours.is_open(local(instant)), is_open, "{instant}");
        assert_eq!(hours.next_opening(local(instant)), Some(local(next)), "{instant}");
    }

    #[test]
    fn days_and_hours_of_the_zone() {
        let office = hours("MON-FRI", &["08:00-12:30", "13:00-20:00"], &["2026-12-24..2026-12-28"]);
        check(&office, "2026-11-23T07:59:59", false, "2026-11-23T08:00:00");
        check(&office, "2026-11-23T08:00:00", true, "2026-11-23T13:00:00");
        check(&office, "2026-11-23T12:30:00", false, "2026-11-23T13:00:00");
        check(&office, "2026-11-27T19:59:59", true, "2026-11-30T08:00:00");
        check(&office, "2026-11-27T20:00:00", false, "2026-11-30T08:00:00");
        check(&office, "2026-12-24T10:00:00", false, "2026-12-29T08:00:00");
    }

    #[test]
    fn nights_belong_to_the_day_they_begin_on() {
        let night = hours("FRI-SAT", &["20:00-06:00"], &["2026-11-28"]);
        check(&night, "2026-11-27T05:00:00", false, "2026-11-27T20:00:00");
        check(&night, "2026-11-27T23:00:00", true, "2026-12-04T20:00:00");
        check(&night, "2026-11-28T05:59:00", true, "2026-12-04T20:00:00");
        check(&night, "2026-11-28T21:00:00", false, "2026-12-04T20:00:00");
        check(&night, "2026-11-29T05:00:00", false, "2026-12-04T20:00:00");
        let whole = hours("SUN", &[], &[]);
        check(&whole, "2026-11-29T00:00:00", true, "2026-12-06T00:00:00");
        check(&hours("SUN", &["22:00-24:00"], &[]), "2026-11-29T23:59:00", true, "2026-12-06T22:00:00");
    }

    #[test]
    fn changes_of_the_clocks_move_no_opening() {
        // Clocks go from two to three on the morning of 28 March 2027: the opening falls into the gap.
        let early = hours("SUN", &["02:30-09:00"], &[]);
        check(&early, "2027-03-28T01:59:00", false, "2027-03-28T03:00:00");
        assert!(early.is_open(local("2027-03-28T03:00:00")));
        // On 31 October 2027 half past two comes twice, and the hours are open both times.
        let (first, second) = (local("2027-10-31T02:30:00"), local("2027-10-31T02:30:00") + TimeDelta::hours(1));
        assert!(early.is_open(first) && early.is_open(second));
        let never = OpeningHours { except: DaysOff::parse("01-01..12-31").unwrap(), ..early };
        assert_eq!(never.next_opening(local("2026-11-23T00:00:00")), None);
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        let check = |fault: Option<String>, expected: &str| assert_eq!(fault.as_deref(), Some(expected));
        check(parse_weekdays("MON-FRY").err(), "there is no weekday `FRY`");
        check(parse_hours("8-20").err(), "`20` is no time of day");
        check(parse_hours("08:00").err(), "there is no `-` between two times");
        check(parse_hours("08:00-25:00").err(), "`25:00` is no time of day");
        check(parse_days("today").err(), "`today` is another day each time it is read");
        assert_eq!(parse_weekdays("sat-mon").unwrap(), [Weekday::Sat, Weekday::Sun, Weekday::Mon]);
    }
}
