//! Numbers, percentages and durations as people of a language write them. Which of them a KPI's value is, is decided
//! in `kpi_value`.
//!
//! Figures are rounded as decimals, half away from zero, as spreadsheets do: 0.125 is 0.13. The minus is U+2212, as wide
//! as the plus and the digits, in every format; the spaces inside a figure never break over lines.

use fixed_decimal::{Decimal, FloatPrecision, Sign, SignDisplay, SignedRoundingMode, UnsignedRoundingMode};
use icu_decimal::DecimalFormatter;

use super::Language;

/// Stands for what is no number at all (infinite or undefined).
const NOT_A_NUMBER: &str = "—";
pub(super) const MINUS: &str = "\u{2212}";
pub(super) const NO_BREAK_SPACE: &str = "\u{a0}";

/// Whether a figure above zero carries a plus.
#[derive(Clone, Copy)]
pub(super) enum Plus {
    Never,
    BeforePositive,
}

/// A number with so many digits after the decimal point: "1,234.5", "1 234,5".
pub fn format_number(value: f64, decimals: u8, language: Language) -> String {
    write_number(value, decimals, Plus::Never, language)
}

/// A number to compute with: six digits at least, no idle ones behind the point: "34.5679", "7,171", "34,5679".
pub fn format_precise(value: f64, language: Language) -> String {
    const SIGNIFICANT: i32 = 6;
    const MOST_DECIMALS: i32 = 12;
    let magnitude = if value == 0.0 { 0 } else { value.abs().log10().floor() as i32 };
    let most = (SIGNIFICANT - 1).saturating_sub(magnitude).clamp(0, MOST_DECIMALS) as u8;
    let exact = rounded(value, most);
    let decimals = (0..most).find(|decimals| rounded(value, *decimals) == exact).unwrap_or(most);
    write_number(value, decimals, Plus::Never, language)
}

/// A percentage, 100 being the whole: "83.4%", "83,4 %".
pub fn format_percent(value: f64, decimals: u8, language: Language) -> String {
    let space = match language {
        Language::English => "",
        Language::Russian => NO_BREAK_SPACE,
    };
    format!("{}{space}%", format_number(value, decimals, language))
}

/// A length of time in seconds, rounded to whole ones: "0:42", "12:05", "1:02:03"; the same in every language.
pub fn format_duration(seconds: f64) -> String {
    write_duration(seconds, Plus::Never)
}

/// The value as it is shown, to compare what readers see.
pub(super) fn rounded(value: f64, decimals: u8) -> f64 {
    decimal(value, decimals).and_then(|decimal| decimal.to_string().parse().ok()).unwrap_or(value)
}

pub(super) fn write_number(value: f64, decimals: u8, plus: Plus, language: Language) -> String {
    let Some(mut decimal) = decimal(value, decimals) else { return NOT_A_NUMBER.to_owned() };
    let sign = match (decimal.sign(), plus) {
        (Sign::Negative, _) => MINUS,
        (_, Plus::BeforePositive) if !decimal.absolute.is_zero() => "+",
        _ => "",
    };
    // The sign is written here, because the languages' own minus is a hyphen.
    decimal.apply_sign_display(SignDisplay::Never);
    let formatter = DecimalFormatter::try_new((&language.locale()).into(), Default::default())
        .expect("the compiled data holds every language of `Language`");
    format!("{sign}{}", formatter.format(&decimal))
}

pub(super) fn write_duration(seconds: f64, plus: Plus) -> String {
    if !seconds.is_finite() {
        return NOT_A_NUMBER.to_owned();
    }
    let whole = seconds.round();
    let sign = match plus {
        _ if whole < 0.0 => MINUS,
        Plus::BeforePositive if whole > 0.0 => "+",
        _ => "",
    };
    // More than 64 bits of seconds are no time anyone can mean; the cast then stops at the largest number.
    let total = whole.abs() as u64;
    let (hours, minutes, seconds) = (total / 3_600, total / 60 % 60, total % 60);
    if hours > 0 { format!("{sign}{hours}:{minutes:02}:{seconds:02}") } else { format!("{sign}{minutes}:{seconds:02}") }
}

/// The value rounded to so many decimals, without a sign when it is zero; none when it is infinite or undefined.
fn decimal(value: f64, decimals: u8) -> Option<Decimal> {
    let position = -i16::from(decimals);
    let mut decimal = Decimal::try_from_f64(value, FloatPrecision::RoundTrip).ok()?;
    decimal.round_with_mode(position, SignedRoundingMode::Unsigned(UnsignedRoundingMode::HalfExpand));
    decimal.absolute.pad_end(position);
    if decimal.absolute.is_zero() {
        decimal.set_sign(Sign::None);
    }
    Some(decimal)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(value: f64, decimals: u8, english: &str, russian: &str) {
        assert_eq!(format_number(value, decimals, Language::English), english);
        assert_eq!(format_number(value, decimals, Language::Russian), russian);
    }

    #[test]
    fn numbers() {
        check(1234.5, 1, "1,234.5", "1\u{a0}234,5");
        check(1234567.891, 2, "1,234,567.89", "1\u{a0}234\u{a0}567,89");
        check(7.0, 0, "7", "7");
        check(7.0, 2, "7.00", "7,00");
        check(-1234.0, 0, "\u{2212}1,234", "\u{2212}1\u{a0}234");
        check(-0.0, 0, "0", "0");
        check(-0.04, 1, "0.0", "0,0");
        check(0.125, 2, "0.13", "0,13");
        check(-2.5, 0, "\u{2212}3", "\u{2212}3");
        check(1.005, 2, "1.01", "1,01");
        check(99.95, 1, "100.0", "100,0");
        check(
            1e21,
            0,
            "1,000,000,000,000,000,000,000",
            "1\u{a0}000\u{a0}000\u{a0}000\u{a0}000\u{a0}000\u{a0}000\u{a0}000",
        );
        check(f64::NAN, 1, "—", "—");
        check(f64::NEG_INFINITY, 1, "—", "—");
    }

    #[test]
    fn precise_numbers() {
        for (value, english, russian) in [
            (7171.0, "7,171", "7\u{a0}171"),
            (34.567_891, "34.5679", "34,5679"),
            (34.5, "34.5", "34,5"),
            (1_234_567.5, "1,234,568", "1\u{a0}234\u{a0}568"),
            (-0.001_234_567, "\u{2212}0.00123457", "\u{2212}0,00123457"),
            (99.999_999_9, "100", "100"),
            (0.0, "0", "0"),
            (f64::NAN, "—", "—"),
            (f64::INFINITY, "—", "—"),
        ] {
            assert_eq!(format_precise(value, Language::English), english);
            assert_eq!(format_precise(value, Language::Russian), russian);
        }
    }

    #[test]
    fn percentages() {
        assert_eq!(format_percent(83.44, 1, Language::English), "83.4%");
        assert_eq!(format_percent(83.44, 1, Language::Russian), "83,4\u{a0}%");
        assert_eq!(format_percent(100.0, 0, Language::Russian), "100\u{a0}%");
    }

    #[test]
    fn durations() {
        for (seconds, written) in [
            (0.0, "0:00"),
            (-0.2, "0:00"),
            (41.5, "0:42"),
            (59.6, "1:00"),
            (725.0, "12:05"),
            (3599.5, "1:00:00"),
            (3723.0, "1:02:03"),
            (-65.0, "\u{2212}1:05"),
            (360_000.0, "100:00:00"),
            (f64::INFINITY, "—"),
        ] {
            assert_eq!(format_duration(seconds), written, "{seconds}");
        }
        assert!(format_duration(f64::MAX).ends_with(":15"));
    }

    proptest! {
        #[test]
        fn every_number_is_written_and_read_back(value in any::<f64>(), decimals in 0_u8..12) {
            for language in Language::ALL {
                let text = format_number(value, decimals, language);
                if value.is_finite() {
                    let plain: String = text.replace(MINUS, "-").replace(NO_BREAK_SPACE, "")
                        .chars().filter(|character| language == Language::Russian || *character != ',').collect();
                    let number: f64 = plain.replace(',', ".").parse().unwrap();
                    prop_assert_eq!(number, rounded(value, decimals));
                    prop_assert!(number != 0.0 || !plain.starts_with('-'));
                    prop_assert!((number - value).abs() <= 0.500_001 * 10_f64.powi(-i32::from(decimals)) + value.abs() * 1e-15);
                }
            }
        }
    }
}
