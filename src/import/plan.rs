//! The table an import will fill: names and kinds of its columns, from the header line, the first rows, and what the
//! user said.

use std::collections::BTreeSet;

use csv::ByteRecord;

use super::ImportError;
use super::cell::{CellKind, Reading};
use super::guess::{Guess, time_for_date};
use super::heading::{column_names, free_name, is_plain_name};
use super::request::{ImportRequest, ImportedColumn};
use super::table::{Record, Table};
use crate::diagnostics::nearest;

/// From so many rows on, a column with a value in it is judged.
const ENOUGH_ROWS: u64 = 1_000;
/// After so many rows even a column that was always empty is.
const MOST_ROWS: u64 = 100_000;

/// The columns of the table and where their cells come from.
pub(super) struct Plan {
    /// How the file's texts are understood.
    pub reading: Reading,
    /// The columns, those of the file first.
    pub columns: Vec<ImportedColumn>,
    /// The places of the date and the time that make up the last column, if they do.
    pub combined: Option<(usize, usize)>,
}

/// Decides from the file's first rows.
pub(super) fn plan(request: &ImportRequest) -> Result<Plan, ImportError> {
    if !is_plain_name(&request.table) || request.table.starts_with("sqlite_") {
        return Err(ImportError::BadTableName { name: request.table.clone() });
    }
    let mut table = Table::open(&request.file, request.delimiter)?;
    let reading = Reading { decimal_comma: table.delimiter != b',', zone: request.zone };
    let mut columns = given_columns(request, &table.headers)?;
    let guesses = observe(request, &mut table, reading, &mut columns)?;
    for (column, guess) in columns.iter_mut().zip(&guesses) {
        if !column.given {
            column.kind = guess.decide();
        }
    }
    let combined = combine(&mut columns);
    Ok(Plan { reading, columns, combined })
}

/// Columns by name, with the user's kinds where there are some.
fn given_columns(request: &ImportRequest, headers: &[String]) -> Result<Vec<ImportedColumn>, ImportError> {
    let mut columns: Vec<ImportedColumn> = headers
        .iter()
        .zip(column_names(headers))
        .map(|(header, name)| ImportedColumn {
            header: header.clone(),
            name,
            kind: CellKind::Text,
            given: false,
            empty: 0,
            example: None,
        })
        .collect();
    for asked in &request.columns {
        let Some(column) = columns.iter_mut().find(|column| column.header == asked.header) else {
            let nearest = nearest(&asked.header, headers.iter().map(String::as_str)).map(str::to_owned);
            return Err(ImportError::UnknownHeader { header: asked.header.clone(), nearest });
        };
        if let Some(name) = &asked.name {
            column.name.clone_from(name);
        }
        if let Some(kind) = asked.kind {
            column.kind = kind;
            column.given = true;
        }
    }
    let mut names = BTreeSet::new();
    match columns.iter().find(|column| !names.insert(column.name.to_ascii_lowercase())) {
        Some(twice) => Err(ImportError::NameTwice { name: twice.name.clone() }),
        None => Ok(columns),
    }
}

fn observe(
    request: &ImportRequest,
    table: &mut Table,
    reading: Reading,
    columns: &mut [ImportedColumn],
) -> Result<Vec<Guess>, ImportError> {
    let mut guesses = vec![Guess::new(); columns.len()];
    let mut record = ByteRecord::new();
    let mut rows = 0;
    while table.next(&request.file, &mut record)?.is_some() {
        let Record::Cells(cells) = table.cells(&record) else { continue };
        for ((cell, guess), column) in cells.iter().zip(&mut guesses).zip(columns.iter_mut()) {
            guess.observe(cell, reading);
            if column.example.is_none() && !cell.trim().is_empty() {
                column.example = Some(cell.trim().to_owned());
            }
        }
        rows += 1;
        if rows >= MOST_ROWS || (rows >= ENOUGH_ROWS && guesses.iter().all(Guess::has_seen_something)) {
            break;
        }
    }
    Ok(guesses)
}

/// A date and a time of day in two columns make one instant more, which is what a dataset needs.
fn combine(columns: &mut Vec<ImportedColumn>) -> Option<(usize, usize)> {
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    let has_moment = columns.iter().any(|column| matches!(column.kind, CellKind::DateTime | CellKind::Instant));
    let (date, time) = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.kind == CellKind::Date && !has_moment)
        .find_map(|(date, column)| Some((date, time_for_date(&column.name, names.iter().map(String::as_str))?)))
        .filter(|(_, time)| match columns[*time].kind {
            CellKind::Time => true,
            CellKind::Duration => !columns[*time].given,
            _ => false,
        })?;
    columns[time].kind = CellKind::Time;
    let taken: BTreeSet<String> = names.iter().map(|name| name.to_ascii_lowercase()).collect();
    let example = columns[date].example.as_ref().zip(columns[time].example.as_ref());
    columns.push(ImportedColumn {
        header: format!("{} + {}", columns[date].header, columns[time].header),
        name: free_name("started_at".to_owned(), &taken),
        kind: CellKind::DateTime,
        given: false,
        empty: 0,
        example: example.map(|(date, time)| format!("{date} {time}")),
    });
    Some((date, time))
}
