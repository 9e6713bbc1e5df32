//! Dates and times as files write them. No zones: what is local stays local.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};

/// `2026-11-23`, `2026/11/23` or `23.11.2026`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let separator = ['-', '.', '/'].into_iter().find(|separator| text.contains(*separator))?;
    let mut parts = text.split(separator);
    let (first, month, last) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || month.len() > 2 {
        return None;
    }
    // Slashes stand for two orders of day and month, so only the unmistakable one is taken.
    let (year, day) = match separator {
        '.' if last.len() == 4 => (last, first),
        '-' | '/' if first.len() == 4 => (first, last),
        _ => return None,
    };
    NaiveDate::from_ymd_opt(i32::try_from(small(year)?).ok()?, small(month)?, small(day)?)
}

/// `9:05`, `09:05:00` or `09:05:00.731`; parts of a second are dropped.
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    let (text, _) = text.split_once('.').unwrap_or((text, ""));
    let mut parts = text.split(':');
    let (hour, minute) = (small(parts.next()?)?, small(parts.next()?)?);
    let second = parts.next().map_or(Some(0), small)?;
    if parts.next().is_some() { None } else { NaiveTime::from_hms_opt(hour, minute, second) }
}

/// A date and a time with a space or a `T` between.
pub(super) fn date_time(text: &str) -> Option<NaiveDateTime> {
    let (day, clock) = text.split_once([' ', 'T'])?;
    Some(date(day)?.and_time(time(clock.trim_start())?))
}

/// A date and time with its offset: `Z`, `+03`, `+03:00` or `+0300`.
pub(super) fn instant(text: &str) -> Option<DateTime<Utc>> {
    if let Some(utc) = text.strip_suffix(['Z', 'z']) {
        return date_time(utc).map(|moment| moment.and_utc());
    }
    let sign = text.rfind(['+', '-']).filter(|place| *place > 10)?;
    let (moment, offset) = text.split_at(sign);
    let digits: String = offset[1..].chars().filter(|character| *character != ':').collect();
    let (hours, minutes) = match digits.len() {
        2 => (small(&digits)?, 0),
        4 => (small(&digits[..2])?, small(&digits[2..])?),
        _ => return None,
    };
    let minutes = i64::from(hours * 60 + minutes) * if offset.starts_with('-') { -1 } else { 1 };
    let utc = date_time(moment.trim_end())?.checked_sub_signed(chrono::TimeDelta::minutes(minutes))?;
    Some(utc.and_utc())
}

/// `YYYY-MM-DD HH:MM:SS`, put together by hand: files bring millions of them, and chrono's formatter is slower.
pub(crate) fn written(moment: NaiveDateTime) -> String {
    let mut text = written_date(moment.date());
    text.push(' ');
    push_time(&mut text, moment.time());
    text
}

/// `YYYY-MM-DD`.
pub(super) fn written_date(date: NaiveDate) -> String {
    let mut text = String::with_capacity(19);
    push_digits(&mut text, u32::try_from(date.year()).unwrap_or(0), 4);
    text.push('-');
    push_digits(&mut text, date.month(), 2);
    text.push('-');
    push_digits(&mut text, date.day(), 2);
    text
}

/// `HH:MM:SS`.
pub(super) fn written_time(time: NaiveTime) -> String {
    let mut text = String::with_capacity(8);
    push_time(&mut text, time);
    text
}

fn push_time(text: &mut String, time: NaiveTime) {
    push_digits(text, time.hour(), 2);
    text.push(':');
    push_digits(text, time.minute(), 2);
    text.push(':');
    push_digits(text, time.second(), 2);
}

fn push_digits(text: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        text.push(char::from(b'0' + (number / 10_u32.pow(place) % 10) as u8));
    }
}

/// One to six digits.
pub(super) fn small(text: &str) -> Option<u32> {
    let plain = (1..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_as_chrono_would() {
        for unix in [0, 1, 86_399, 86_400, 1_795_424_676, 951_782_399, 951_868_800, -62_135_596_800] {
            let moment = DateTime::from_timestamp(unix, 0).unwrap().naive_utc();
            assert_eq!(written(moment), moment.format("%Y-%m-%d %H:%M:%S").to_string());
            assert_eq!(written_time(moment.time()), moment.format("%H:%M:%S").to_string());
        }
    }
}
