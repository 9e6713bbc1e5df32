//! Lengths of time as people say them. A KPI's duration, which is a number, is in `number`.

use chrono::TimeDelta;

use super::{Language, text};

/// A length of time: "5 min", "1 h 20 min", "2 d 3 h"; the two largest units, seconds only below a minute.
pub fn format_length(length: TimeDelta, language: Language) -> String {
    let seconds = length.num_seconds().max(0);
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    let mut parts = Vec::new();
    if days > 0 {
        parts.push(text(language, "length-days", &[("days", days.into())]));
    }
    if hours > 0 {
        parts.push(text(language, "length-hours", &[("hours", hours.into())]));
    }
    if minutes > 0 && days == 0 {
        parts.push(text(language, "length-minutes", &[("minutes", minutes.into())]));
    }
    if seconds < 60 {
        parts.push(text(language, "length-seconds", &[("seconds", seconds.into())]));
    }
    parts.join("\u{a0}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time() {
        let check = |seconds: i64, english: &str, russian: &str| {
            let written = |language| format_length(TimeDelta::seconds(seconds), language).replace('\u{a0}', " ");
            assert_eq!(written(Language::English), english);
            assert_eq!(written(Language::Russian), russian);
        };
        check(0, "0 s", "0 с");
        check(45, "45 s", "45 с");
        check(300, "5 min", "5 мин");
        check(3_600, "1 h", "1 ч");
        check(4_800, "1 h 20 min", "1 ч 20 мин");
        check(2 * 86_400 + 3 * 3_600 + 240, "2 d 3 h", "2 дн. 3 ч");
    }
}
