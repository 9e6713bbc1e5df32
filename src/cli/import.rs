//! `callbrief import`: a CSV or TSV file becomes a table of a SQLite database. What was guessed is shown, and what cannot
//! be read is told by line.

use std::path::PathBuf;

use anyhow::bail;
use chrono_tz::Tz;
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};

use super::Verdict;
use super::session::{Session, complain, print};
use super::table::{self, Side};
use crate::import::{
    BadRow, BadRows, ColumnOverride, Delimiter, Existing, ImportError, ImportRequest, ImportSummary, ImportedColumn,
    import,
};

#[derive(Debug, Args)]
pub(super) struct ImportArguments {
    /// The file: comma, tab or semicolon separated, UTF-8, its first line the columns' names
    file: PathBuf,
    /// The table to fill
    #[arg(long, short, value_name = "NAME")]
    table: String,
    /// The SQLite database; `calls.db` in the workspace when left out
    #[arg(long, value_name = "DATABASE")]
    into: Option<PathBuf>,
    /// What a column is named and holds, where the guess is wrong: `Wait in seconds=wait_s:duration`, `Agent=operator`
    /// or `Code=:text`
    #[arg(long = "column", short, value_name = "HEADER=NAME:KIND")]
    columns: Vec<ColumnOverride>,
    /// What separates the columns
    #[arg(long, value_enum, default_value = "auto")]
    delimiter: Separator,
    /// Leave rows out that cannot be read, instead of importing nothing
    #[arg(long)]
    skip_bad_rows: bool,
    /// Replace the table when it is there
    #[arg(long, conflicts_with = "append")]
    replace: bool,
    /// Add to the table when it is there
    #[arg(long)]
    append: bool,
    /// The zone that times without an offset are in; they are stored in UTC then, and as they are written otherwise
    #[arg(long, value_name = "ZONE")]
    timezone: Option<Tz>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Separator {
    /// Whichever stands most often in the first line
    Auto,
    Comma,
    Tab,
    Semicolon,
}

pub(super) async fn run(session: &Session, arguments: &ImportArguments) -> anyhow::Result<Verdict> {
    let request = ImportRequest {
        file: arguments.file.clone(),
        table: arguments.table.clone(),
        database: arguments.into.clone().unwrap_or_else(|| session.root.join("calls.db")),
        delimiter: match arguments.delimiter {
            Separator::Auto => Delimiter::Auto,
            Separator::Comma => Delimiter::Comma,
            Separator::Tab => Delimiter::Tab,
            Separator::Semicolon => Delimiter::Semicolon,
        },
        columns: arguments.columns.clone(),
        bad_rows: if arguments.skip_bad_rows { BadRows::Skip } else { BadRows::Refuse },
        existing: match (arguments.replace, arguments.append) {
            (true, _) => Existing::Replace,
            (_, true) => Existing::Append,
            _ => Existing::Refuse,
        },
        zone: arguments.timezone,
    };
    // On standard error, and hidden when that is not a terminal.
    let bar = ProgressBar::new(0)
        .with_style(ProgressStyle::with_template("importing {bar:40} {percent:>3} % {decimal_bytes_per_sec:>12}")?);
    let imported = import(&request, &mut |progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.read);
    })
    .await;
    bar.finish_and_clear();
    match imported {
        Ok(summary) => {
            tell(&request, &summary)?;
            Ok(Verdict::Fine)
        }
        Err(error @ ImportError::BadRows { .. }) => {
            complain(&format!("error: {error}\nhelp: `--skip-bad-rows` leaves them out"));
            Ok(Verdict::Found)
        }
        Err(error) => {
            let help = match &error {
                ImportError::TableExists { .. } => "\nhelp: `--replace` or `--append`, or another `--table`",
                error if error.is_temporary() => "\nhelp: another program is writing to it; try again",
                _ => "",
            };
            bail!("{error}{help}")
        }
    }
}

fn tell(request: &ImportRequest, summary: &ImportSummary) -> anyhow::Result<()> {
    let header = [
        ("header", Side::Left),
        ("column", Side::Left),
        ("kind", Side::Left),
        ("empty", Side::Right),
        ("first value", Side::Left),
    ];
    print(&table::render(&header, summary.columns.iter().map(row).collect()))?;
    print(&format!("{} rows are in table {} of {}", summary.rows, summary.table, request.database.display()))?;
    if summary.skipped_rows > 0 {
        complain(&skipped(&summary.skipped, summary.skipped_rows));
    }
    Ok(())
}

fn row(column: &ImportedColumn) -> Vec<String> {
    // A cell may hold a page of text, or what a terminal takes for a command.
    let example: String = column.example.iter().flat_map(|text| text.chars()).take(40).collect();
    let example = example.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    let origin = if column.given { ", given" } else { "" };
    vec![
        column.header.clone(),
        column.name.clone(),
        format!("{}{origin}", column.kind.name()),
        if column.empty == 0 { String::new() } else { column.empty.to_string() },
        example,
    ]
}

fn skipped(rows: &[BadRow], count: u64) -> String {
    let lines: String = rows.iter().map(|row| format!("\n  line {}: {}", row.line, row.reason)).collect();
    let more = count.saturating_sub(rows.len() as u64);
    let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
    let rows = if count == 1 { "row was" } else { "rows were" };
    format!("{count} {rows} left out:{lines}{more}")
}
