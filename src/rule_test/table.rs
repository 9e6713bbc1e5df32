//! Expected and actual rows as lines of one table, so that a diff shows them one above the other; and numbers that are
//! the same as far as the expected one says.

use chrono::{DateTime, TimeDelta, Utc};
use unicode_width::UnicodeWidthStr;

use crate::time::{civil_text, local_day};
use crate::workspace::{ExpectedValue, RuleTest};

/// The lines of two lists of rows with a common header, their columns one below the other.
pub(super) fn lines(
    header: Vec<String>,
    expected: Vec<Vec<String>>,
    came: Vec<Vec<String>>,
) -> (Vec<String>, Vec<String>) {
    let rows = || std::iter::once(&header).chain(&expected).chain(&came);
    let width = |column: usize| rows().filter_map(|row| row.get(column)).map(|cell| cell.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.width())));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let list = |rows: &[Vec<String>]| std::iter::once(&header).chain(rows).map(line).collect();
    (list(&expected), list(&came))
}

/// What is expected, in a cell.
pub(super) fn expected_cell(expected: Option<&ExpectedValue>) -> String {
    match expected {
        Some(ExpectedValue::Number { value, decimals }) => format!("{value:.decimals$}"),
        Some(ExpectedValue::NoData) => NO_DATA.to_owned(),
        Some(ExpectedValue::Failed) => FAILED.to_owned(),
        None => String::new(),
    }
}

/// A number that came, in a cell beside what was expected: the same text exactly when it meets the expectation.
pub(super) fn came_cell(value: f64, expected: &ExpectedValue, usual_decimals: usize) -> String {
    let ExpectedValue::Number { value: wanted, decimals } = expected else {
        return format!("{value:.usual_decimals$}");
    };
    // Half of the last digit, and as much more as the computation may have lost.
    let tolerance = 0.5 * 10_f64.powi(-i32::try_from(*decimals).unwrap_or(0)) + 1e-9 * wanted.abs().max(1.0);
    let text = expected_cell(Some(expected));
    if (value - wanted).abs() <= tolerance {
        return text;
    }
    // Digits enough to show that it is another number.
    let shown = (*decimals..=9).map(|decimals| format!("{value:.decimals$}")).find(|shown| *shown != text);
    shown.unwrap_or_else(|| value.to_string())
}

pub(super) const NO_DATA: &str = "no data";
pub(super) const FAILED: &str = "failed";

/// A part of a group's name.
pub(super) fn part(value: Option<&str>) -> String {
    value.unwrap_or("(no value)").to_owned()
}

/// An instant of a test, as the time since its start and as the wall's clock shows it.
pub(super) fn instant(at: DateTime<Utc>, test: &RuleTest) -> String {
    let civil = civil_text(at, test.zone);
    let is_same_day = local_day(at, test.zone) == local_day(test.start, test.zone);
    let clock = if is_same_day { civil.split_once(' ').map_or(civil.as_str(), |(_, time)| time) } else { &civil };
    format!("{} ({clock})", since(at - test.start))
}

fn since(passed: TimeDelta) -> String {
    let seconds = passed.num_seconds();
    let mut text = if seconds < 0 { "-" } else { "+" }.to_owned();
    let seconds = seconds.unsigned_abs();
    for (unit, length, within) in [("d", 86_400, u64::MAX), ("h", 3_600, 24), ("m", 60, 60), ("s", 1, 60)] {
        let count = seconds / length % within;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
        }
    }
    if seconds == 0 {
        text.push_str("0m");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_met_as_far_as_it_is_written() {
        let check = |wanted: &str, came: f64, shown: &str| {
            let decimals = wanted.split_once('.').map_or(0, |(_, digits)| digits.len());
            let expected = ExpectedValue::Number { value: wanted.parse().unwrap(), decimals };
            assert_eq!(came_cell(came, &expected, 2), shown, "{wanted} {came}");
        };
        check("62.5", 62.5, "62.5");
        check("62.5", 62.54, "62.5");
        check("62.5", 62.45, "62.5");
        check("62.5", 62.56, "62.6");
        check("62", 62.4, "62");
        check("62", 62.6, "63");
        check("62.0", 62.4, "62.4");
        check("-1", -1.4, "-1");
        check("0.333", 1.0 / 3.0, "0.333");
    }

    #[test]
    fn lengths_since_the_start() {
        for (seconds, text) in [(0, "+0m"), (90, "+1m30s"), (-600, "-10m"), (90_000, "+1d1h"), (3_600, "+1h")] {
            assert_eq!(since(TimeDelta::seconds(seconds)), text);
        }
    }
}
