//! Single values of a test's rows: what is written, as a value of the column's kind, and stretches of time that make many
//! rows of one. Errors are what is wrong, as a part of a sentence, and the way out.

use chrono::{DateTime, TimeDelta, Utc};

use super::definition::{ColumnKind, FixtureValue};
use super::yaml::{Resolved, Scalar};
use crate::time::{Origin, parse_duration, parse_instant};

/// A single value of a column; of one whose kind is not known, what YAML takes it for.
pub(super) fn value(
    scalar: &Scalar,
    kind: Option<ColumnKind>,
    origin: Origin,
) -> Result<FixtureValue, (String, String)> {
    let wrong = |hint: &str| Err((expected(kind).to_owned(), hint.to_owned()));
    Ok(match (kind, scalar.resolved) {
        (_, Resolved::Null) => FixtureValue::Null,
        (Some(ColumnKind::Time(storage)), _) => match parse_instant(&scalar.text, origin) {
            Ok(instant) => FixtureValue::Instant(instant, storage),
            Err(fault) => return Err((fault.fault, fault.hint)),
        },
        (Some(ColumnKind::Text), _) => FixtureValue::Text(scalar.text.clone()),
        (Some(ColumnKind::Bool), resolved) => match (resolved, scalar.text.as_str()) {
            (Resolved::Bool(truth), _) => FixtureValue::Integer(i64::from(truth)),
            (Resolved::Integer(number @ (0 | 1)), _) => FixtureValue::Integer(number),
            (_, "yes") => FixtureValue::Integer(1),
            (_, "no") => FixtureValue::Integer(0),
            _ => return wrong("write yes or no"),
        },
        (Some(ColumnKind::Duration), Resolved::Text) => match parse_duration(&scalar.text) {
            Some(length) => FixtureValue::Integer(length.num_seconds()),
            None => return wrong("write seconds, or a length such as 1m30s"),
        },
        (Some(ColumnKind::Number), Resolved::Text | Resolved::Bool(_)) => return wrong("write a number"),
        (_, Resolved::Integer(number)) => FixtureValue::Integer(number),
        (_, Resolved::Number(number)) => FixtureValue::Number(number),
        (Some(ColumnKind::Duration), Resolved::Bool(_)) => return wrong("write seconds, or a length such as 1m30s"),
        (None, Resolved::Bool(truth)) => FixtureValue::Integer(i64::from(truth)),
        (_, _) => FixtureValue::Text(scalar.text.clone()),
    })
}

/// What a column of this kind must be, in words.
pub(super) fn expected(kind: Option<ColumnKind>) -> &'static str {
    match kind {
        Some(ColumnKind::Time(_)) => "an instant",
        Some(ColumnKind::Number) => "a number",
        Some(ColumnKind::Duration) => "a length of time",
        Some(ColumnKind::Bool) => "yes or no",
        Some(ColumnKind::Text) | None => "a single value",
    }
}

/// The instants of `A .. B every N`, without B; no more than so many.
pub(super) fn series(text: &str, origin: Origin, most: usize) -> Result<Vec<DateTime<Utc>>, (String, String)> {
    const FORM: &str = "write a stretch as `+0m .. +1h every 20s`; its end is not part of it";
    let unreadable = || ("is no stretch of time".to_owned(), FORM.to_owned());
    let (from, rest) = text.split_once("..").ok_or_else(unreadable)?;
    let (to, every) = rest.rsplit_once(" every ").ok_or_else(unreadable)?;
    let instant = |text: &str| parse_instant(text, origin).map_err(|fault| (fault.fault, fault.hint));
    let (from, to) = (instant(from)?, instant(to)?);
    let every = parse_duration(every).filter(|every| *every > TimeDelta::zero()).ok_or_else(unreadable)?;
    if to <= from {
        return Err(("ends before it begins".to_owned(), FORM.to_owned()));
    }
    let instants = std::iter::successors(Some(from), |last| last.checked_add_signed(every));
    Ok(instants.take_while(|instant| *instant < to).take(most).collect())
}
