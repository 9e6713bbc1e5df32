//! A figure inside a sentence, such as a threshold in a KPI's description. Figures that stand by themselves are written by
//! `kpi_value`.

use super::number::{NO_BREAK_SPACE, rounded};
use super::{Language, Unit, format_number, format_value, text};

/// More decimals than these are not written.
const MOST_DECIMALS: u8 = 6;

/// The figure with its unit and no more decimals than it has: "80%", "20 s", "2 min", "1:30", "0.5".
pub fn format_in_sentence(value: f64, unit: Unit, language: Language) -> String {
    let decimals = (0..MOST_DECIMALS).find(|decimals| rounded(value, *decimals) == value).unwrap_or(MOST_DECIMALS);
    match unit {
        Unit::Duration => {
            let whole_minutes = value / 60.0;
            let (key, name, figure) = if value > 0.0 && whole_minutes.fract() == 0.0 && whole_minutes < 60.0 {
                ("length-minutes", "minutes", format_number(whole_minutes, 0, language))
            } else if value.abs() < 60.0 {
                ("length-seconds", "seconds", format_number(value, decimals, language))
            } else {
                return format_value(value, unit, 0, language);
            };
            text(language, key, &[(name, figure.into())]).replace(' ', NO_BREAK_SPACE)
        }
        Unit::Money if decimals > 0 => format_value(value, unit, decimals.max(2), language),
        Unit::Count | Unit::Percent | Unit::Number | Unit::Money => format_value(value, unit, decimals, language),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_in_sentences() {
        for (value, unit, english, russian) in [
            (20.0, Unit::Duration, "20\u{a0}s", "20\u{a0}с"),
            (2.5, Unit::Duration, "2.5\u{a0}s", "2,5\u{a0}с"),
            (120.0, Unit::Duration, "2\u{a0}min", "2\u{a0}мин"),
            (90.0, Unit::Duration, "1:30", "1:30"),
            (7200.0, Unit::Duration, "2:00:00", "2:00:00"),
            (0.0, Unit::Duration, "0\u{a0}s", "0\u{a0}с"),
            (80.0, Unit::Percent, "80%", "80\u{a0}%"),
            (0.125, Unit::Number, "0.125", "0,125"),
            (1500.0, Unit::Number, "1,500", "1\u{a0}500"),
            (4.5, Unit::Money, "4.50", "4,50"),
            (4.0, Unit::Money, "4", "4"),
        ] {
            assert_eq!(format_in_sentence(value, unit, Language::English), english);
            assert_eq!(format_in_sentence(value, unit, Language::Russian), russian);
        }
    }
}
