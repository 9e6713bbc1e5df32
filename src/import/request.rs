//! What an import is asked to do, and what it says it did.

use std::path::PathBuf;
use std::str::FromStr;

use chrono_tz::Tz;

use super::cell::CellKind;

/// One import.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// The file: comma, tab or semicolon separated, UTF-8, with a header line.
    pub file: PathBuf,
    /// The table that is filled.
    pub table: String,
    /// The SQLite file; created with its folder when it does not exist.
    pub database: PathBuf,
    /// What separates the columns.
    pub delimiter: Delimiter,
    /// What the user knows better than the guess.
    pub columns: Vec<ColumnOverride>,
    /// What happens to rows that cannot be read.
    pub bad_rows: BadRows,
    /// What happens when the table is already there.
    pub existing: Existing,
    /// Date-times without an offset are local to this zone and are stored in UTC; as they are written when none.
    pub zone: Option<Tz>,
}

/// What separates columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delimiter {
    /// Whichever stands most often in the header line.
    #[default]
    Auto,
    /// `,`
    Comma,
    /// A tab.
    Tab,
    /// `;`, as spreadsheets write where the comma is the decimal sign.
    Semicolon,
}

/// What happens to rows that cannot be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadRows {
    /// One of them is enough to write nothing.
    #[default]
    Refuse,
    /// They are left out and counted.
    Skip,
}

/// What happens when the table is already there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Existing {
    /// Nothing is written.
    #[default]
    Refuse,
    /// The old table goes when the new one is complete.
    Replace,
    /// The rows are added; the columns must be the same.
    Append,
}

/// What the user says of one column: `Speed of answer in seconds=wait_s:duration`, or only one of both
/// (`Agent=operator`, `Wait=:duration`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnOverride {
    /// The header as it stands in the file.
    pub header: String,
    /// The column's name in the table; made from the header when none.
    pub name: Option<String>,
    /// What its cells are; guessed when none.
    pub kind: Option<CellKind>,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub read: u64,
    /// Bytes in the file.
    pub total: u64,
}

/// What was imported.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportSummary {
    /// The table.
    pub table: String,
    /// Its columns, in their order.
    pub columns: Vec<ImportedColumn>,
    /// Rows written.
    pub rows: u64,
    /// The first bad rows that were skipped.
    pub skipped: Vec<BadRow>,
    /// All rows that were skipped.
    pub skipped_rows: u64,
}

/// One column of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportedColumn {
    /// Where its cells come from: a header, or two joined by ` + `.
    pub header: String,
    /// Its name.
    pub name: String,
    /// What its cells are.
    pub kind: CellKind,
    /// The user said so.
    pub given: bool,
    /// Cells without a value.
    pub empty: u64,
    /// The first value of the file, as written there.
    pub example: Option<String>,
}

/// A row that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Its first line in the file, from 1; the header is line 1.
    pub line: u64,
    /// Why, lower case, without a full stop.
    pub reason: String,
}

impl FromStr for ColumnOverride {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // Headers may hold any sign, names and kinds do not: the last sign is the one that separates.
        let (header, rest) = text
            .rsplit_once('=')
            .ok_or_else(|| format!("`{text}` has no `=`; write a column as \"Header=name:kind\""))?;
        let (name, kind) = rest.split_once(':').unwrap_or((rest, ""));
        let (header, name, kind) = (header.trim(), name.trim(), kind.trim());
        if header.is_empty() {
            return Err(format!("`{text}` names no header before the `=`"));
        }
        if !name.is_empty() && !super::heading::is_plain_name(name) {
            return Err(format!(
                "`{name}` cannot be a column's name; use Latin letters, digits and `_`, and no word of SQL"
            ));
        }
        let kinds = || CellKind::ALL.map(CellKind::name).join(", ");
        let parsed = CellKind::parse(kind);
        if !kind.is_empty() && parsed.is_none() {
            return Err(format!("`{kind}` is not a kind of column; use one of {}", kinds()));
        }
        Ok(Self { header: header.to_owned(), name: (!name.is_empty()).then(|| name.to_owned()), kind: parsed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_written_on_the_command_line() {
        let column = |header: &str, name: Option<&str>, kind| {
            Ok(ColumnOverride { header: header.to_owned(), name: name.map(str::to_owned), kind })
        };
        let cases = [
            (
                "Speed of answer in seconds=wait_s:duration",
                column("Speed of answer in seconds", Some("wait_s"), Some(CellKind::Duration)),
            ),
            ("Agent=operator", column("Agent", Some("operator"), None)),
            ("a=b=wait:bool", column("a=b", Some("wait"), Some(CellKind::Bool))),
            ("Wait: total=:number", column("Wait: total", None, Some(CellKind::Number))),
            ("Wait", Err("`Wait` has no `=`; write a column as \"Header=name:kind\"".to_owned())),
            ("=x", Err("`=x` names no header before the `=`".to_owned())),
            (
                "Wait=x:minutes",
                Err("`minutes` is not a kind of column; use one of integer, number, bool, duration, date, time, datetime, \
                     instant, text"
                    .to_owned()),
            ),
            (
                "Wait=a b",
                Err("`a b` cannot be a column's name; use Latin letters, digits and `_`, and no word of SQL".to_owned()),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<ColumnOverride>(), expected, "{text}");
        }
    }
}
