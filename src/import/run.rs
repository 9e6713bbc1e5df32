//! The import itself: one pass over the file, one transaction.

use std::path::Path;

use csv::ByteRecord;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row, SqliteConnection};

use super::batch::Batch;
use super::cell::{Cell, CellKind, combine, read};
use super::plan::{Plan, plan};
use super::request::{BadRow, BadRows, Existing, ImportRequest, ImportSummary, Progress};
use super::table::{Broken, Record, Table};
use super::{ImportError, counted, windows_1251_hint};

/// So many bad rows are listed; the others are counted.
const LISTED_BAD_ROWS: usize = 20;

/// Imports a file. Either all of it is in the table afterwards (without the bad rows, if they may be skipped), or the
/// database is as it was.
///
/// # Errors
/// When the file, the request or the database does not allow it; see `ImportError`.
pub async fn import(
    request: &ImportRequest,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<ImportSummary, ImportError> {
    let plan = plan(request)?;
    let is_new = !request.database.exists();
    let result = fill(request, plan, is_new, progress).await;
    if result.is_err() && is_new {
        // A database that was made only for this import would be an empty surprise; if it cannot be removed, it stays.
        let _ = std::fs::remove_file(&request.database);
    }
    result
}

async fn fill(
    request: &ImportRequest,
    mut plan: Plan,
    is_new: bool,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<ImportSummary, ImportError> {
    let refused = |cause| ImportError::Database { path: request.database.clone(), cause };
    let mut connection = connect(&request.database, is_new).await?;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut connection).await.map_err(refused)?;
    let creates = prepare_table(request, &plan, &mut connection).await?;
    let mut bad = BadList::default();
    let rows = insert_rows(request, &mut plan, &mut bad, &mut connection, progress).await?;
    if bad.count > 0 && request.bad_rows == BadRows::Refuse {
        // Dropping the connection rolls back, but a clean end says so.
        sqlx::raw_sql("ROLLBACK").execute(&mut connection).await.map_err(refused)?;
        connection.close().await.map_err(refused)?;
        return Err(ImportError::BadRows { path: request.file.clone(), rows: bad.rows, count: bad.count });
    }
    if creates {
        index_time(request, &plan, &mut connection).await.map_err(refused)?;
    }
    sqlx::raw_sql("COMMIT").execute(&mut connection).await.map_err(refused)?;
    connection.close().await.map_err(refused)?;
    let table = request.table.clone();
    Ok(ImportSummary { table, columns: plan.columns, rows, skipped: bad.rows, skipped_rows: bad.count })
}

async fn connect(database: &Path, is_new: bool) -> Result<SqliteConnection, ImportError> {
    if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|cause| ImportError::Folder { path: folder.to_owned(), cause })?;
    }
    let mut options = SqliteConnectOptions::new().filename(database).create_if_missing(true);
    if is_new {
        // Nothing can be lost in a new file, so nothing need be safe until the end.
        options = options.journal_mode(SqliteJournalMode::Memory).synchronous(SqliteSynchronous::Off);
    }
    options.connect().await.map_err(|cause| ImportError::Database { path: database.to_owned(), cause })
}

/// Makes the table, or sees that it fits; true when it was made.
async fn prepare_table(
    request: &ImportRequest,
    plan: &Plan,
    connection: &mut SqliteConnection,
) -> Result<bool, ImportError> {
    let refused = |cause| ImportError::Database { path: request.database.clone(), cause };
    let table = &request.table;
    let there: Vec<String> = sqlx::query("SELECT name FROM pragma_table_info(?)")
        .bind(table.as_str())
        .fetch_all(&mut *connection)
        .await
        .and_then(|rows| rows.iter().map(|row| row.try_get(0)).collect())
        .map_err(refused)?;
    if !there.is_empty() {
        match request.existing {
            Existing::Refuse => return Err(ImportError::TableExists { table: table.clone() }),
            Existing::Append => {
                let given: Vec<&str> = plan.columns.iter().map(|column| column.name.as_str()).collect();
                if there != given {
                    let (there, given) = (there.join(", "), given.join(", "));
                    return Err(ImportError::OtherColumns { table: table.clone(), there, given });
                }
                return Ok(false);
            }
            // The name is a plain one, see `plan`.
            Existing::Replace => {
                let drop = AssertSqlSafe(format!("DROP TABLE {table}"));
                sqlx::raw_sql(drop).execute(&mut *connection).await.map_err(refused)?;
            }
        }
    }
    let columns: Vec<String> =
        plan.columns.iter().map(|column| format!("{} {}", column.name, column.kind.declared())).collect();
    let create = AssertSqlSafe(format!("CREATE TABLE {table} ({})", columns.join(", ")));
    sqlx::raw_sql(create).execute(connection).await.map_err(refused)?;
    Ok(true)
}

/// Reports ask for periods, so the first column that says when is worth an index.
async fn index_time(
    request: &ImportRequest,
    plan: &Plan,
    connection: &mut SqliteConnection,
) -> Result<(), sqlx::Error> {
    let moments = plan.columns.iter().filter(|column| matches!(column.kind, CellKind::DateTime | CellKind::Instant));
    for column in moments.take(1) {
        let (table, name) = (&request.table, &column.name);
        let index = AssertSqlSafe(format!("CREATE INDEX {table}_{name} ON {table} ({name})"));
        sqlx::raw_sql(index).execute(&mut *connection).await?;
    }
    Ok(())
}

#[derive(Default)]
struct BadList {
    rows: Vec<BadRow>,
    count: u64,
}

impl BadList {
    fn add(&mut self, line: u64, reason: String) {
        self.count += 1;
        if self.rows.len() < LISTED_BAD_ROWS {
            self.rows.push(BadRow { line, reason });
        }
    }
}

async fn insert_rows(
    request: &ImportRequest,
    plan: &mut Plan,
    bad: &mut BadList,
    connection: &mut SqliteConnection,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<u64, ImportError> {
    let refused = |cause| ImportError::Database { path: request.database.clone(), cause };
    let mut table = Table::open(&request.file, request.delimiter)?;
    let total = std::fs::metadata(&request.file).map_or(0, |file| file.len());
    progress(Progress { read: 0, total });
    let mut batch = Batch::new(&request.table, plan.columns.len());
    let mut record = ByteRecord::new();
    let mut row = Vec::with_capacity(plan.columns.len());
    let mut rows = 0;
    while let Some(line) = table.next(&request.file, &mut record)? {
        let result = match table.cells(&record) {
            Record::Cells(cells) => read_row(plan, &cells, &mut row),
            Record::Broken(broken) => Err(reason(&broken, table.headers.len())),
        };
        if let Err(reason) = result {
            bad.add(line, reason);
            continue;
        }
        if bad.count > 0 && request.bad_rows == BadRows::Refuse {
            // Nothing will be written any more; the rest is read for its mistakes.
            continue;
        }
        for (cell, column) in row.drain(..).zip(&mut plan.columns) {
            column.empty += u64::from(cell == Cell::Empty);
            push(&mut batch, cell).map_err(refused)?;
        }
        let sent = batch.send_if_full(connection).await.map_err(refused)?;
        if sent > 0 {
            rows += sent;
            progress(Progress { read: table.bytes_read().min(total), total });
        }
    }
    rows += batch.send(connection).await.map_err(refused)?;
    progress(Progress { read: total, total });
    Ok(rows)
}

fn push(batch: &mut Batch, cell: Cell) -> Result<(), sqlx::Error> {
    match cell {
        Cell::Empty => batch.push(None::<i64>),
        Cell::Whole(value) => batch.push(value),
        Cell::Number(value) => batch.push(value),
        Cell::Text(value) => batch.push(value),
    }
}

/// Reads a row's cells into `row`; the error names every column that cannot be read.
fn read_row(plan: &mut Plan, cells: &[&str], row: &mut Vec<Cell>) -> Result<(), String> {
    row.clear();
    let mut reasons = Vec::new();
    for (text, column) in cells.iter().zip(&mut plan.columns) {
        let mut result = read(column.kind, text, plan.reading);
        if result.is_err() && column.kind == CellKind::Integer && !column.given {
            // The first rows were whole numbers by chance.
            result = read(CellKind::Number, text, plan.reading).inspect(|_| column.kind = CellKind::Number);
        }
        match result {
            Ok(cell) => row.push(cell),
            Err(reason) => reasons.push(format!("{}: {reason}", column.header)),
        }
    }
    if let Some((date, time)) = plan.combined.filter(|_| reasons.is_empty()) {
        match combine(cells[date], cells[time], plan.reading) {
            Ok(cell) => row.push(cell),
            Err(reason) => reasons.push(reason),
        }
    }
    if reasons.is_empty() { Ok(()) } else { Err(reasons.join("; ")) }
}

fn reason(broken: &Broken, headers: usize) -> String {
    match broken {
        Broken::Ragged { cells, spans_lines } => {
            let quote = if *spans_lines { "; a quote may be left open" } else { "" };
            format!("{} where the header has {headers}{quote}", counted(*cells as u64, "cell"))
        }
        Broken::NotUtf8 { windows_1251 } => format!("not UTF-8{}", windows_1251_hint(*windows_1251)),
    }
}
