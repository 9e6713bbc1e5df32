//! SQLite's way of saying it. `LIKE` is left aside: it ignores the case of ASCII letters only.

use crate::workspace::TimeStorage;

pub(super) fn epoch_seconds(column: &str, storage: TimeStorage) -> String {
    match storage {
        TimeStorage::UtcText | TimeStorage::Timestamptz | TimeStorage::Local(_) => format!("unixepoch({column})"),
        TimeStorage::UnixSeconds => format!("CAST({column} AS INTEGER)"),
        TimeStorage::UnixMilliseconds => format!("(CAST({column} AS INTEGER) / 1000)"),
    }
}

pub(super) fn is_no_instant(column: &str, storage: TimeStorage) -> String {
    match storage {
        TimeStorage::UtcText | TimeStorage::Timestamptz | TimeStorage::Local(_) => {
            format!("(unixepoch({column}) IS NULL OR typeof({column}) <> 'text')")
        }
        TimeStorage::UnixSeconds | TimeStorage::UnixMilliseconds => {
            format!("(typeof({column}) NOT IN ('integer', 'real'))")
        }
    }
}

pub(super) fn contains(column: &str, parameter: &str) -> String {
    format!("(instr({column}, {parameter}) > 0)")
}

pub(super) fn starts_with(column: &str, parameter: &str) -> String {
    format!("(substr({column}, 1, length({parameter})) = {parameter} COLLATE BINARY)")
}

pub(super) fn ends_with(column: &str, parameter: &str) -> String {
    // For a parameter longer than the text the start is wrong, and so is the length of what is cut out: no match.
    let start = format!("length({column}) - length({parameter}) + 1");
    format!("(substr({column}, {start}) = {parameter} COLLATE BINARY)")
}
