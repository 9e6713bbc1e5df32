//! The answers computed row by row, as one would on paper.

use std::collections::{BTreeMap, BTreeSet};

use callbrief::kpi::{GroupKey, KeyPart};
use callbrief::time::{Bucket, Window};
use callbrief::workspace::Grouping;
use chrono::{Datelike, NaiveDate, TimeDelta, Timelike};
use chrono_tz::Tz;

use super::formula::{Argument, Condition, Formula};
use super::rows::Row;

/// The value of each formula in each group of the rows inside the window; the total is there even without rows.
pub(super) fn answers(
    rows: &[Row],
    window: Window,
    zone: Tz,
    by: &[Grouping],
    formulas: &[Formula],
) -> BTreeMap<GroupKey, Vec<Option<f64>>> {
    let of = |rows: Vec<&Row>| formulas.iter().map(|formula| value(formula, &rows, zone)).collect();
    grouped(rows, window, zone, by).into_iter().map(|(key, rows)| (key, of(rows))).collect()
}

/// How many rows of each group enter each formula, and how many do not because its condition does not hold.
pub(super) fn counts(
    rows: &[Row],
    window: Window,
    zone: Tz,
    by: &[Grouping],
    formulas: &[Formula],
) -> BTreeMap<GroupKey, Vec<(u64, u64)>> {
    let of = |rows: Vec<&Row>| formulas.iter().map(|formula| counted(formula, &rows, zone)).collect();
    grouped(rows, window, zone, by).into_iter().map(|(key, rows)| (key, of(rows))).collect()
}

fn grouped<'a>(rows: &'a [Row], window: Window, zone: Tz, by: &[Grouping]) -> BTreeMap<GroupKey, Vec<&'a Row>> {
    let mut groups: BTreeMap<GroupKey, Vec<&Row>> = BTreeMap::new();
    if by.is_empty() {
        groups.insert(Vec::new(), Vec::new());
    }
    for row in rows.iter().filter(|row| window.from <= row.instant && row.instant < window.to) {
        let key = by.iter().map(|grouping| part(row, grouping, zone)).collect();
        groups.entry(key).or_default().push(row);
    }
    groups
}

fn part(row: &Row, grouping: &Grouping, zone: Tz) -> KeyPart {
    let local = row.instant.with_timezone(&zone);
    let day = local.date_naive();
    let part_of_hour = |minutes: u32| {
        let into = i64::from(local.minute() % minutes * 60 + local.second());
        let start = row.instant - TimeDelta::seconds(into);
        KeyPart::Hour(start - TimeDelta::nanoseconds(start.timestamp_subsec_nanos().into()))
    };
    match grouping {
        Grouping::Dimension(column) => {
            let value = if column == "queue" { row.queue } else { row.agent };
            value.map_or(KeyPart::NoValue, |text| KeyPart::Text(text.to_owned()))
        }
        Grouping::Time(Bucket::QuarterHour) => part_of_hour(15),
        Grouping::Time(Bucket::HalfHour) => part_of_hour(30),
        Grouping::Time(Bucket::Hour) => part_of_hour(60),
        Grouping::Time(Bucket::Day) => KeyPart::Date(day),
        Grouping::Time(Bucket::Week) => {
            KeyPart::Date(day - TimeDelta::days(day.weekday().num_days_from_monday().into()))
        }
        Grouping::Time(Bucket::Month) => KeyPart::Date(NaiveDate::from_ymd_opt(day.year(), day.month(), 1).unwrap()),
        Grouping::Time(Bucket::HourOfDay) => KeyPart::Number(local.hour()),
        Grouping::Time(Bucket::Weekday) => KeyPart::Number(day.weekday().number_from_monday()),
    }
}

fn counted(formula: &Formula, rows: &[&Row], zone: Tz) -> (u64, u64) {
    use Condition::{NoNumber, NoText, NoTruth, Not};
    let (mut entered, mut outside) = (0, 0);
    // Said in either way, a count of values leaves out rows without one, and that is no condition.
    let counts_values = match &formula.argument {
        Argument::Truth(Not(inner)) => matches!(**inner, NoNumber(_) | NoText(_) | NoTruth(_)),
        _ => false,
    };
    let counts_values = counts_values && formula.function == "count" && formula.condition.is_none();
    for row in rows {
        let condition = formula.condition.as_ref().map(|condition| condition.of(row, zone));
        let (value, counts) = match &formula.argument {
            Argument::Nothing => (Some(true), true),
            Argument::Number(number) => (number.of(row, zone).map(|_| true), false),
            Argument::Text(text) => (text.of(row).map(|_| true), false),
            Argument::Truth(truth) if formula.function == "count" => (truth.of(row, zone), true),
            Argument::Truth(truth) => (truth.of(row, zone).map(|_| true), false),
        };
        // A count has nothing but conditions: whether there is a value is one of them when there is another.
        let value =
            if formula.function == "count" && condition.is_some() && !counts { Some(value.is_some()) } else { value };
        match (value, condition.unwrap_or(Some(true))) {
            (Some(true), Some(true)) => entered += 1,
            (_, Some(false)) => outside += 1,
            (Some(false), _) if !counts_values => outside += 1,
            _ => {}
        }
    }
    (entered, outside)
}

fn value(formula: &Formula, rows: &[&Row], zone: Tz) -> Option<f64> {
    let taken: Vec<&Row> = rows
        .iter()
        .copied()
        .filter(|row| formula.condition.as_ref().is_none_or(|condition| condition.of(row, zone) == Some(true)))
        .collect();
    let mut numbers: Vec<f64> = match &formula.argument {
        Argument::Number(number) => taken.iter().filter_map(|row| number.of(row, zone)).collect(),
        _ => Vec::new(),
    };
    numbers.sort_by(f64::total_cmp);
    let count = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    match formula.function {
        "count" => Some(match &formula.argument {
            Argument::Nothing => taken.len(),
            Argument::Number(_) => numbers.len(),
            Argument::Text(text) => taken.iter().filter(|row| text.of(row).is_some()).count(),
            Argument::Truth(condition) => taken.iter().filter(|row| condition.of(row, zone) == Some(true)).count(),
        } as f64),
        "distinct" => Some(match &formula.argument {
            Argument::Text(text) => taken.iter().filter_map(|row| text.of(row)).collect::<BTreeSet<_>>().len(),
            Argument::Truth(condition) => {
                taken.iter().filter_map(|row| condition.of(row, zone)).collect::<BTreeSet<_>>().len()
            }
            _ => {
                numbers.dedup();
                numbers.len()
            }
        } as f64),
        "sum" => Some(sum),
        _ if numbers.is_empty() => None,
        "avg" => Some(sum / count),
        "min" => numbers.first().copied(),
        "max" => numbers.last().copied(),
        "median" => percentile(&numbers, 50.0),
        "percentile" => percentile(&numbers, formula.share),
        "stddev" => {
            let mean = sum / count;
            Some((numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / count).sqrt())
        }
        other => unreachable!("{other}"),
    }
}

/// The smallest of the sorted values that at least this share of them does not exceed.
fn percentile(sorted: &[f64], share: f64) -> Option<f64> {
    let not_above = |value: f64| sorted.iter().filter(|other| **other <= value).count() as f64;
    sorted.iter().copied().find(|value| 100.0 * not_above(*value) >= share * sorted.len() as f64)
}
