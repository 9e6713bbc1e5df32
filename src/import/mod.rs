//! CSV and TSV files into a SQLite source, row by row: names and kinds guessed from the header and the first rows,
//! then verified over all of them. Nothing is written unless everything can be.

pub(crate) mod batch;
mod cell;
mod guess;
mod heading;
pub(crate) mod moment;
mod plan;
mod request;
mod run;
mod table;
mod text;

use std::path::PathBuf;

pub use cell::CellKind;
pub use request::{
    BadRow, BadRows, ColumnOverride, Delimiter, Existing, ImportRequest, ImportSummary, ImportedColumn, Progress,
};
pub use run::import;

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be read.
    #[error("cannot read {path}: {cause}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The file has not even a header line.
    #[error("{path} is empty: the first line must hold the columns' names")]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// The file is UTF-16.
    #[error("{path} is UTF-16, not UTF-8; convert it: iconv -f utf-16 -t utf-8 {path} > utf8.csv")]
    Utf16 {
        /// The file.
        path: PathBuf,
    },
    /// The header line is not UTF-8.
    #[error("{path}, line {line}: the header is not UTF-8{}", windows_1251_hint(*.windows_1251))]
    HeaderNotUtf8 {
        /// The file.
        path: PathBuf,
        /// The header's line.
        line: u64,
        /// It looks like windows-1251.
        windows_1251: bool,
    },
    /// More columns than a table can have.
    #[error("the header has {columns} columns; a table has 2000 at most")]
    TooManyColumns {
        /// How many.
        columns: usize,
    },
    /// The table's name would have to be quoted in every query.
    #[error("`{name}` cannot be a table's name; use Latin letters, digits and `_`, and no word of SQL")]
    BadTableName {
        /// The name.
        name: String,
    },
    /// A column the user spoke of is not there.
    #[error("no column has the header `{header}`{}", did_you_mean(.nearest.as_deref()))]
    UnknownHeader {
        /// What was written.
        header: String,
        /// The most similar header.
        nearest: Option<String>,
    },
    /// Two columns would have one name.
    #[error("two columns would be named `{name}`; give one of them another name")]
    NameTwice {
        /// The name.
        name: String,
    },
    /// Rows cannot be read and none may be skipped.
    #[error("{} of {path} cannot be imported, so nothing was{}", counted(*.count, "row"), listed(.rows, *.count))]
    BadRows {
        /// The file.
        path: PathBuf,
        /// The first of them.
        rows: Vec<BadRow>,
        /// How many there are.
        count: u64,
    },
    /// The table is already there.
    #[error("the table `{table}` is already there; replace it, append to it, or choose another name")]
    TableExists {
        /// The table.
        table: String,
    },
    /// The rows do not fit the table they should be added to.
    #[error("cannot append: the table `{table}` has the columns {there}; the file gives {given}")]
    OtherColumns {
        /// The table.
        table: String,
        /// Its columns.
        there: String,
        /// The columns of the file.
        given: String,
    },
    /// SQLite refused.
    #[error("cannot write to {path}: {cause}")]
    Database {
        /// The database.
        path: PathBuf,
        /// What SQLite said.
        cause: sqlx::Error,
    },
    /// The database's folder cannot be made.
    #[error("cannot make the folder {path}: {cause}")]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

impl ImportError {
    /// Whether the same import may succeed later without anyone changing anything: when another program holds the
    /// database locked.
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Database { cause: sqlx::Error::Database(error), .. } => {
                // SQLITE_BUSY and SQLITE_LOCKED, also in their extended forms, whose low byte is the plain code.
                let code = error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or(0);
                matches!(code & 0xFF, 5 | 6)
            }
            _ => false,
        }
    }
}

fn windows_1251_hint(looks_so: bool) -> &'static str {
    if looks_so {
        "; it looks like windows-1251: convert it with iconv -f windows-1251 -t utf-8 FILE > utf8.csv"
    } else {
        ""
    }
}

fn did_you_mean(nearest: Option<&str>) -> String {
    nearest.map(|header| format!("; did you mean `{header}`?")).unwrap_or_default()
}

/// A number with its noun.
fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn listed(rows: &[BadRow], count: u64) -> String {
    let mut list: String = rows.iter().map(|row| format!("\n  line {}: {}", row.line, row.reason)).collect();
    let more = count.saturating_sub(rows.len() as u64);
    if more > 0 {
        list.push_str(&format!("\n  and {more} more"));
    }
    list
}

#[cfg(test)]
mod tests;
