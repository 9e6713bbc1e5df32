//! A KPI's value and its change as people read them. The words come from `words`, the figures from `number`.

use std::cmp::Ordering;

use super::number::{
    NO_BREAK_SPACE, Plus, format_duration, format_number, format_percent, rounded, write_duration, write_number,
};
use super::{Language, Unit, text};

/// A value with its unit: "1,234", "83.4%", "1:02:03"; durations have no decimals.
pub fn format_value(value: f64, unit: Unit, decimals: u8, language: Language) -> String {
    match unit {
        Unit::Count | Unit::Number | Unit::Money => format_number(value, decimals, language),
        Unit::Percent => format_percent(value, decimals, language),
        Unit::Duration => format_duration(value),
    }
}

/// How a value changed, always with its sign: "+120", "+2.1 pp", "−0:05"; "no change" when both look the same. It is
/// the difference of the two values as they are shown, so that readers who subtract find it right.
pub fn format_change(previous: f64, current: f64, unit: Unit, decimals: u8, language: Language) -> String {
    if compare_shown(previous, current, unit, decimals).is_eq() {
        return text(language, "no-change", &[]);
    }
    let difference = difference_shown(previous, current, unit, decimals);
    match unit {
        Unit::Count | Unit::Number | Unit::Money => write_number(difference, decimals, Plus::BeforePositive, language),
        Unit::Percent => {
            let figure = write_number(difference, decimals, Plus::BeforePositive, language);
            format!("{figure}{NO_BREAK_SPACE}{}", text(language, "percentage-points", &[]))
        }
        Unit::Duration => write_duration(difference, Plus::BeforePositive),
    }
}

/// The difference of two values as they are shown, for cells that hold numbers: it is the one that texts tell.
pub fn difference_shown(previous: f64, current: f64, unit: Unit, decimals: u8) -> f64 {
    shown(current, unit, decimals) - shown(previous, unit, decimals)
}

/// Which way a value went as far as readers can see: greater when it rose.
pub fn compare_shown(previous: f64, current: f64, unit: Unit, decimals: u8) -> Ordering {
    // Zero and minus zero look the same, so the total order of floats is no use here.
    shown(current, unit, decimals).partial_cmp(&shown(previous, unit, decimals)).unwrap_or(Ordering::Equal)
}

/// The value after the rounding it is shown with.
fn shown(value: f64, unit: Unit, decimals: u8) -> f64 {
    match unit {
        Unit::Duration => rounded(value, 0),
        Unit::Count | Unit::Percent | Unit::Number | Unit::Money => rounded(value, decimals),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values() {
        for (value, unit, english, russian) in [
            (1234.0, Unit::Count, "1,234", "1\u{a0}234"),
            (83.44, Unit::Percent, "83.4%", "83,4\u{a0}%"),
            (3723.4, Unit::Duration, "1:02:03", "1:02:03"),
            (4.5, Unit::Number, "4.50", "4,50"),
            (-1234.5, Unit::Money, "\u{2212}1,234.50", "\u{2212}1\u{a0}234,50"),
        ] {
            let decimals = unit.default_decimals();
            assert_eq!(format_value(value, unit, decimals, Language::English), english);
            assert_eq!(format_value(value, unit, decimals, Language::Russian), russian);
        }
    }

    fn check(previous: f64, current: f64, unit: Unit, english: &str, russian: &str) {
        let decimals = unit.default_decimals();
        assert_eq!(format_change(previous, current, unit, decimals, Language::English), english);
        assert_eq!(format_change(previous, current, unit, decimals, Language::Russian), russian);
    }

    #[test]
    fn changes() {
        check(81.3, 83.4, Unit::Percent, "+2.1\u{a0}pp", "+2,1\u{a0}п.\u{a0}п.");
        check(83.4, 81.3, Unit::Percent, "\u{2212}2.1\u{a0}pp", "\u{2212}2,1\u{a0}п.\u{a0}п.");
        check(83.41, 83.44, Unit::Percent, "no change", "без изменений");
        // Shown as 83.4 and 83.5: readers subtract what they see.
        check(83.44, 83.46, Unit::Percent, "+0.1\u{a0}pp", "+0,1\u{a0}п.\u{a0}п.");
        check(180.0, 185.4, Unit::Duration, "+0:05", "+0:05");
        check(185.0, 180.0, Unit::Duration, "\u{2212}0:05", "\u{2212}0:05");
        check(1000.0, 2120.0, Unit::Count, "+1,120", "+1\u{a0}120");
        check(-0.0, 0.0, Unit::Count, "no change", "без изменений");
        check(4.25, 4.0, Unit::Number, "\u{2212}0.25", "\u{2212}0,25");
    }

    proptest! {
        #[test]
        fn a_change_says_what_the_shown_values_say(previous in -1e6_f64..1e6, step in -2.0_f64..2.0, decimals in 0_u8..3) {
            let current = previous + step;
            for unit in [Unit::Percent, Unit::Duration, Unit::Number] {
                let write = |value| format_value(value, unit, decimals, Language::English);
                let change = format_change(previous, current, unit, decimals, Language::English);
                prop_assert_eq!(change == "no change", write(previous) == write(current));
                let direction = compare_shown(previous, current, unit, decimals);
                prop_assert_eq!(change.starts_with('+'), direction == Ordering::Greater);
                prop_assert_eq!(change.starts_with('\u{2212}'), direction == Ordering::Less);
            }
        }
    }
}
