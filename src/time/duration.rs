//! Durations as users write them: `30s`, `5m`, `4h`, `6d`, `1h30m`.

use chrono::TimeDelta;

/// The duration written as numbers with units s, m, h, d, w; `None` if it cannot be read.
pub fn parse_duration(text: &str) -> Option<TimeDelta> {
    let mut total = TimeDelta::zero();
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit())?;
        let number: i64 = rest[..digits].parse().ok()?;
        let unit = rest[digits..].chars().next()?;
        let seconds = match unit {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            _ => return None,
        };
        total = total.checked_add(&TimeDelta::try_seconds(number.checked_mul(seconds)?)?)?;
        rest = rest[digits + unit.len_utf8()..].trim_start();
    }
    Some(total)
}
