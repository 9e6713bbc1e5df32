//! PostgreSQL's way of saying it. `date_part` gives a double, exact to the microsecond for these centuries; `EXTRACT`
//! gives a NUMERIC, which takes several times as long.

use crate::workspace::TimeStorage;

pub(super) fn epoch_seconds(column: &str, storage: TimeStorage) -> String {
    match storage {
        TimeStorage::UtcText | TimeStorage::Local(_) => {
            format!("CAST(FLOOR(date_part('epoch', CAST({column} AS TIMESTAMP))) AS BIGINT)")
        }
        TimeStorage::Timestamptz => {
            format!("CAST(FLOOR(date_part('epoch', CAST({column} AS TIMESTAMPTZ))) AS BIGINT)")
        }
        TimeStorage::UnixSeconds => format!("CAST(FLOOR({column}) AS BIGINT)"),
        TimeStorage::UnixMilliseconds => format!("CAST(FLOOR({column} / 1000.0) AS BIGINT)"),
    }
}

pub(super) fn is_no_instant(column: &str, storage: TimeStorage) -> String {
    match storage {
        // A cast would fail instead of answering.
        TimeStorage::UtcText => {
            let form = r"^\d{4}-[01]\d-[0-3]\d [0-2]\d:[0-5]\d:[0-6]\d";
            format!("({column} IS NULL OR {column} !~ '{form}')")
        }
        _ => format!("({column} IS NULL)"),
    }
}

pub(super) fn contains(column: &str, parameter: &str) -> String {
    format!("(strpos({column}, {parameter}) > 0)")
}

pub(super) fn starts_with(column: &str, parameter: &str) -> String {
    format!("(left({column}, length({parameter})) = {parameter})")
}

pub(super) fn ends_with(column: &str, parameter: &str) -> String {
    format!("(right({column}, length({parameter})) = {parameter})")
}
