//! The rows of a rule test as values that a database can hold. A row whose time is a stretch such as
//! `+0m .. +1h every 20s` stands for many; a value in a list takes turns in them.

use chrono::{DateTime, Utc};
use indexmap::IndexMap;

use super::definition::{ColumnKind, Fixture, FixtureValue};
use super::files::WorkspaceFiles;
use super::fixture_values::{expected, series, value};
use super::read_rows::{Row, rows, rows_of_csv};
use super::values;
use super::wording::{found, list, quoted};
use super::yaml::{Entry, Node, NodeKind};
use crate::diagnostics::{Code, Diagnostic, Spanned};
use crate::time::Origin;

/// The folder of rule tests and of the files with their rows.
pub(super) const TESTS: &str = "rules/tests/";
/// One test may fill so many rows into a database.
const MOST_ROWS: usize = 200_000;

/// What rows are for.
pub(super) struct Purpose<'a> {
    /// What has the columns, in words: "the dataset `calls`".
    pub(super) owner: String,
    /// The columns whose kind is known.
    pub(super) columns: IndexMap<&'a str, ColumnKind>,
    /// Whether there may be others, whose values are stored as they are written.
    pub(super) others: Others,
    /// The column that places a row in time.
    pub(super) time: Option<&'a str>,
    /// What its times are written against.
    pub(super) origin: Origin,
}

/// Columns that are not known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    Allowed,
    Refused,
}

/// Reads the rows of a dataset or table.
pub(super) fn fixture(
    node: &Node,
    purpose: &Purpose<'_>,
    files: &WorkspaceFiles,
    diagnostics: &mut Vec<Diagnostic>,
) -> Fixture {
    let is_long = matches!(node.kind, NodeKind::Map(_));
    let written = match (node.get("file"), node.get("rows")) {
        (Some(file), _) if is_long => rows_of_file(file, files, diagnostics),
        (_, Some(node)) if is_long => rows(node, diagnostics),
        _ if is_long => Vec::new(),
        _ => rows(node, diagnostics),
    };
    let defaults = node.get("defaults").filter(|_| is_long).map(|node| rows(node, diagnostics)).unwrap_or_default();
    if let [_, second, ..] = defaults.as_slice() {
        let message = "`defaults` must be a single row";
        diagnostics.push(Diagnostic::error(Code::BadValue, second.place.clone(), message));
    }
    let mut filler = Filler { purpose, columns: IndexMap::new(), rows: Vec::new(), diagnostics };
    let defaults = defaults.into_iter().next().map(|row| filler.checked(row.cells)).unwrap_or_default();
    for row in written {
        filler.fill(row, &defaults);
    }
    let width = filler.columns.len();
    let mut rows = filler.rows;
    // Columns that only later rows have are empty in the earlier ones.
    rows.iter_mut().for_each(|row| row.resize(width, FixtureValue::Null));
    Fixture { columns: filler.columns.into_keys().collect(), rows }
}

fn rows_of_file(node: &Node, files: &WorkspaceFiles, diagnostics: &mut Vec<Diagnostic>) -> Vec<Row> {
    let Some(name) = values::text(node) else { return Vec::new() };
    match files.files.get(&format!("{TESTS}{}", name.value)) {
        Some(file) => rows_of_csv(file, diagnostics),
        None => {
            let known = files.under(TESTS).filter_map(|file| file.path.strip_prefix(TESTS));
            let known = known.filter(|path| path.ends_with(".csv"));
            let message = format!("there is no file `{TESTS}{}`", name.value);
            diagnostics
                .push(Diagnostic::error(Code::UnreadableFile, name.span, message).did_you_mean(&name.value, known));
            Vec::new()
        }
    }
}

struct Filler<'a> {
    purpose: &'a Purpose<'a>,
    /// The columns that some row has, with their places in a row.
    columns: IndexMap<String, ()>,
    rows: Vec<Vec<FixtureValue>>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

/// The instants a row stands for.
enum When {
    /// The row says nothing of it, or has a single instant among its values.
    Once,
    Series(Vec<DateTime<Utc>>),
}

impl Filler<'_> {
    /// The cells whose columns exist.
    fn checked(&mut self, mut cells: Vec<Entry>) -> Vec<Entry> {
        cells.retain(|cell| self.is_known(&cell.key));
        cells
    }

    fn is_known(&mut self, column: &Spanned<String>) -> bool {
        let Purpose { owner, columns, others, .. } = self.purpose;
        let name = column.value.as_str();
        if columns.contains_key(name) || (*others == Others::Allowed && !name.is_empty()) {
            return true;
        }
        // A table names its columns once, however many rows it has.
        let is_told = |told: &Diagnostic| told.code == Code::UnknownColumn && told.span.as_ref() == Some(&column.span);
        if !self.diagnostics.iter().any(is_told) {
            let message = format!("{owner} has no column {}", quoted(name));
            self.diagnostics.push(
                Diagnostic::error(Code::UnknownColumn, column.span.clone(), message)
                    .did_you_mean(name, columns.keys().copied())
                    .hint(format!("its columns are {}", list(columns.keys().copied()))),
            );
        }
        false
    }

    fn fill(&mut self, row: Row, defaults: &[Entry]) {
        let mut cells = self.checked(row.cells);
        let own = cells.len();
        for default in defaults {
            if !cells[..own].iter().any(|cell| cell.key.value == default.key.value && !cell.value.is_null()) {
                cells.retain(|cell| cell.key.value != default.key.value);
                cells.push(default.clone());
            }
        }
        let time = self.purpose.time.and_then(|time| cells.iter().find(|cell| cell.key.value == time));
        let when = match time.and_then(|cell| cell.value.scalar().map(|scalar| (cell, scalar))) {
            Some((cell, scalar)) if scalar.text.contains("..") => match series(
                &scalar.text,
                self.purpose.origin,
                // One more than fits is enough to see that it is too many.
                MOST_ROWS + 1,
            ) {
                Ok(instants) => When::Series(instants),
                Err((fault, hint)) => {
                    let message = format!("{} {fault}", quoted(&scalar.text));
                    let place = cell.value.span.clone();
                    self.diagnostics.push(Diagnostic::error(Code::BadInstant, place, message).hint(hint));
                    return;
                }
            },
            _ => When::Once,
        };
        let count = match &when {
            When::Once => 1,
            When::Series(instants) => instants.len(),
        };
        if self.rows.len() + count > MOST_ROWS {
            let message = format!("the rows become more than {MOST_ROWS}");
            self.diagnostics
                .push(Diagnostic::error(Code::BadValue, row.place, message).hint("make the stretch shorter"));
            return;
        }
        let mut columns = Vec::with_capacity(cells.len());
        for cell in &cells {
            let name = &cell.key.value;
            let is_series = matches!(when, When::Series(_)) && self.purpose.time == Some(name);
            let turns = if is_series { Vec::new() } else { self.turns(cell, count) };
            let place = self.columns.entry(name.clone()).index();
            self.columns.entry(name.clone()).or_default();
            columns.push((place, turns, is_series, self.purpose.columns.get(name.as_str()).copied()));
        }
        for index in 0..count {
            let mut row = vec![FixtureValue::Null; self.columns.len()];
            for (place, turns, is_series, kind) in &columns {
                row[*place] = match (&when, kind) {
                    (When::Series(instants), Some(ColumnKind::Time(storage))) if *is_series => {
                        FixtureValue::Instant(instants[index], *storage)
                    }
                    _ => turns.get(index % turns.len().max(1)).cloned().unwrap_or(FixtureValue::Null),
                };
            }
            self.rows.push(row);
        }
    }

    /// The values that take turns in a row's column; nothing when there is a mistake.
    fn turns(&mut self, cell: &Entry, count: usize) -> Vec<FixtureValue> {
        let NodeKind::List(items) = &cell.value.kind else {
            return self.value(cell, &cell.value).into_iter().collect();
        };
        if count == 1 {
            let message = format!("{} has several values for one row", quoted(&cell.key.value));
            let hint = "values in a list take turns in the rows of a stretch such as `+0m .. +1h every 20s`";
            self.diagnostics.push(Diagnostic::error(Code::BadValue, cell.value.span.clone(), message).hint(hint));
        }
        items.iter().filter_map(|item| self.value(cell, item)).collect()
    }

    fn value(&mut self, cell: &Entry, node: &Node) -> Option<FixtureValue> {
        let kind = self.purpose.columns.get(cell.key.value.as_str()).copied();
        let read = match node.scalar() {
            Some(scalar) => value(scalar, kind, self.purpose.origin),
            None => Err((expected(kind).to_owned(), "write a single value".to_owned())),
        };
        let (message, code, hint) = match read {
            Ok(value) => return Some(value),
            Err((fault, hint)) if matches!(kind, Some(ColumnKind::Time(_))) && node.scalar().is_some() => {
                let text = node.scalar().map_or("", |scalar| scalar.text.as_str());
                (format!("{} {fault}", quoted(text)), Code::BadInstant, hint)
            }
            Err((fault, hint)) => {
                (format!("{} must be {fault}, {}", quoted(&cell.key.value), found(node)), Code::WrongType, hint)
            }
        };
        self.diagnostics.push(Diagnostic::error(code, node.span.clone(), message).hint(hint));
        None
    }
}
