//! Percentiles and deviations as SQL over the distribution of a value: every distinct value with its frequency. They
//! are exact and the same on every database, and only their results travel, however many values there are. Needs window
//! functions and WITH: SQLite, PostgreSQL, MySQL from 8, MariaDB from 10.2.

use crate::formula::{AggregateFunction, Exact};
use crate::source::Dialect;

/// What one distribution is of, as SQL.
pub(super) struct Distribution<'a> {
    /// The rows with the name they go by: what stands behind FROM.
    pub(super) rows: &'a str,
    /// The keys of the grouping.
    pub(super) keys: &'a [String],
    /// The value, a double.
    pub(super) value: &'a str,
    /// The condition of the rows that are taken.
    pub(super) condition: Option<&'a str>,
}

/// Whose distributions are asked for, from one that is counted by more keys.
pub(super) struct Shares<'a> {
    /// The name of what [`counted`] gives.
    pub(super) counted: &'a str,
    /// For each of its keys, the key that is missing.
    pub(super) nothing: &'a [String],
    /// The places of the keys whose groups are asked for; the total's has none.
    pub(super) own: &'a [usize],
}

/// The SELECT of a distribution: keys `k1`, `k2`, …, every value `v` and how often there is one, `n`.
pub(super) fn counted(of: &Distribution<'_>) -> String {
    let keys: String = of.keys.iter().zip(1..).map(|(key, number)| format!("{key} AS k{number}, ")).collect();
    let condition = of.condition.map_or_else(String::new, |condition| format!("{condition} AND "));
    let places: Vec<String> = (1..=of.keys.len() + 1).map(|place| place.to_string()).collect();
    format!(
        "SELECT {keys}{value} AS v, COUNT(*) AS n\nFROM {}\nWHERE {condition}{value} IS NOT NULL\nGROUP BY {}",
        of.rows,
        places.join(", "),
        value = of.value,
    )
}

/// The SELECT that gives, for each group, the number of the part, all keys, and a column for each function; as many
/// columns as `width` says, those left over being NULL.
pub(super) fn select(
    part: usize,
    of: &Shares<'_>,
    functions: &[AggregateFunction],
    width: usize,
    dialect: Dialect,
) -> String {
    let Shares { counted, nothing, own } = of;
    let names: Vec<String> = own.iter().map(|place| format!("k{}", place + 1)).collect();
    let key = |(place, nothing): (usize, &String)| match own.contains(&place) {
        true => format!("k{}, ", place + 1),
        false => format!("{nothing}, "),
    };
    let outer: String = nothing.iter().enumerate().map(key).collect();
    let inner: String = names.iter().map(|name| format!("{name}, ")).collect();
    let from = match own.len() == nothing.len() {
        true => (*counted).to_owned(),
        false => format!("(SELECT {inner}v, SUM(n) AS n FROM {counted} GROUP BY {inner}v) AS united"),
    };
    let (partition, group) = match names.join(", ") {
        none if none.is_empty() => (String::new(), String::new()),
        names => (format!("PARTITION BY {names} "), format!("\nGROUP BY {names}")),
    };
    let mean = match functions.contains(&AggregateFunction::Deviation) {
        // As doubles: SQLite would divide whole numbers without the fraction.
        true => format!(",\n    SUM(v * n * 1e0) OVER ({partition}) / SUM(n) OVER ({partition}) AS mean"),
        false => String::new(),
    };
    let mut columns: Vec<String> = functions.iter().map(|function| column(*function)).collect();
    columns.resize(width, dialect.real("NULL"));
    format!(
        "SELECT {part} AS part, {outer}{}\nFROM (\n  SELECT {inner}v, n, SUM(n) OVER ({partition}ORDER BY v) AS upto,\n    \
         SUM(n) OVER ({partition}) AS total{mean}\n  FROM {from}\n) AS ranked{group}",
        columns.join(", "),
    )
}

/// What a function's column means: the value itself, or for a deviation its square.
pub(super) fn result(function: AggregateFunction, column: Option<f64>) -> Option<f64> {
    match function {
        AggregateFunction::Deviation => column.map(f64::sqrt),
        _ => column,
    }
}

/// Nearest rank: the smallest value that the share of all values does not exceed, in whole numbers, so that no rounding
/// puts it one further.
fn column(function: AggregateFunction) -> String {
    match function {
        AggregateFunction::Percentile(Exact(share)) => {
            let Share { numerator, denominator } = whole(share);
            format!("MIN(CASE WHEN upto * {denominator} >= {numerator} * total THEN v END)")
        }
        _ => "SUM(n * (v - mean) * (v - mean)) / MAX(total)".to_owned(),
    }
}

/// A share as a fraction of whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) numerator: i64,
    pub(super) denominator: i64,
}

/// A share in percent as a fraction, to a millionth of a percent.
pub(super) fn whole(share: f64) -> Share {
    const FINEST: i64 = 1_000_000;
    let (mut numerator, mut denominator) = ((share * FINEST as f64).round() as i64, 100 * FINEST);
    while numerator % 10 == 0 && denominator % 10 == 0 && denominator > 100 {
        (numerator, denominator) = (numerator / 10, denominator / 10);
    }
    Share { numerator, denominator }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_numbers() {
        for (share, expected) in [
            (90.0, (90, 100)),
            (0.0, (0, 100)),
            (100.0, (100, 100)),
            (99.9, (999, 1_000)),
            (12.345_678, (12_345_678, 100_000_000)),
            (33.333_333_333, (33_333_333, 100_000_000)),
        ] {
            let (numerator, denominator) = expected;
            assert_eq!(whole(share), Share { numerator, denominator }, "{share}");
        }
    }
}
