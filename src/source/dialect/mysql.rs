//! The way of MySQL and MariaDB. Their collations ignore case, accents and trailing blanks, so texts are compared as
//! bytes of UTF-8; that is exact for whole texts and for pieces of them alike.

use crate::workspace::TimeStorage;

pub(super) fn epoch_seconds(column: &str, storage: TimeStorage) -> String {
    match storage {
        TimeStorage::UtcText | TimeStorage::Timestamptz | TimeStorage::Local(_) => {
            format!("TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', {column})")
        }
        TimeStorage::UnixSeconds => format!("CAST(FLOOR({column}) AS SIGNED)"),
        TimeStorage::UnixMilliseconds => format!("({column} DIV 1000)"),
    }
}

pub(super) fn contains(column: &str, parameter: &str) -> String {
    format!("(LOCATE({}, {}) > 0)", bytes(parameter), bytes(column))
}

pub(super) fn starts_with(column: &str, parameter: &str) -> String {
    let (column, parameter) = (bytes(column), bytes(parameter));
    format!("(LEFT({column}, LENGTH({parameter})) = {parameter})")
}

pub(super) fn ends_with(column: &str, parameter: &str) -> String {
    let (column, parameter) = (bytes(column), bytes(parameter));
    format!("(RIGHT({column}, LENGTH({parameter})) = {parameter})")
}

fn bytes(expression: &str) -> String {
    format!("CAST(CONVERT({expression} USING utf8mb4) AS BINARY)")
}
