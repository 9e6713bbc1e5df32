//! A delimited file as records with line numbers. It knows headers and delimiters, and nothing of kinds or databases.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use csv::{ByteRecord, ReaderBuilder};

use super::text::{Beginning, PlainText, looks_like_windows_1251, open};
use super::{Delimiter, ImportError};

/// More columns than SQLite takes in one table.
const MOST_COLUMNS: usize = 2_000;

/// A file opened behind its header line.
pub(super) struct Table {
    reader: csv::Reader<PlainText<BufReader<File>>>,
    /// The headers as they are written, trimmed.
    pub headers: Vec<String>,
    /// What separates the columns.
    pub delimiter: u8,
}

/// A record that could not be taken, or the record's cells.
pub(super) enum Record<'a> {
    /// As many cells as headers.
    Cells(Vec<&'a str>),
    /// Why it has no such cells.
    Broken(Broken),
}

/// Why a record is not a row.
pub(super) enum Broken {
    /// It has another number of cells.
    Ragged {
        /// How many it has.
        cells: usize,
        /// It spans lines: a quote may be left open.
        spans_lines: bool,
    },
    /// It is not UTF-8.
    NotUtf8 {
        /// It looks like windows-1251.
        windows_1251: bool,
    },
}

impl Table {
    /// Opens a file and reads its header line.
    pub(super) fn open(path: &Path, delimiter: Delimiter) -> Result<Self, ImportError> {
        let unreadable = |cause| ImportError::Unreadable { path: path.to_owned(), cause };
        let (text, beginning) = open(path).map_err(unreadable)?;
        if beginning == Beginning::Utf16 {
            return Err(ImportError::Utf16 { path: path.to_owned() });
        }
        let delimiter = match delimiter {
            Delimiter::Comma => b',',
            Delimiter::Tab => b'\t',
            Delimiter::Semicolon => b';',
            Delimiter::Auto => {
                let (text, _) = open(path).map_err(unreadable)?;
                sniff(text).map_err(|cause| ImportError::Unreadable { path: path.to_owned(), cause })?
            }
        };
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(delimiter)
            .buffer_capacity(1 << 17)
            .from_reader(text);
        let mut record = ByteRecord::new();
        let found = reader.read_byte_record(&mut record).map_err(|cause| broken_file(path, cause))?;
        if !found {
            return Err(ImportError::Empty { path: path.to_owned() });
        }
        let headers: Vec<String> = match cells(&record) {
            Some(cells) => cells.iter().map(|cell| cell.trim().to_owned()).collect(),
            None => return Err(not_utf8(path, first_line(&reader, &record), &record)),
        };
        if headers.len() > MOST_COLUMNS {
            return Err(ImportError::TooManyColumns { columns: headers.len() });
        }
        Ok(Self { reader, headers, delimiter })
    }

    /// Reads the next record into `buffer`; gives its first line, from 1, or `None` at the end.
    pub(super) fn next(&mut self, path: &Path, buffer: &mut ByteRecord) -> Result<Option<u64>, ImportError> {
        let found = self.reader.read_byte_record(buffer).map_err(|cause| broken_file(path, cause))?;
        Ok(found.then(|| first_line(&self.reader, buffer)))
    }

    /// The cells of a record that `next` has read.
    pub(super) fn cells<'a>(&self, buffer: &'a ByteRecord) -> Record<'a> {
        let Some(cells) = cells(buffer) else {
            return Record::Broken(Broken::NotUtf8 { windows_1251: looks_like_windows_1251(buffer.as_slice()) });
        };
        if cells.len() == self.headers.len() {
            return Record::Cells(cells);
        }
        Record::Broken(Broken::Ragged { cells: cells.len(), spans_lines: line_feeds(buffer) > 0 })
    }

    /// How many bytes of the file have been read.
    pub(super) fn bytes_read(&self) -> u64 {
        self.reader.get_ref().taken()
    }
}

/// The delimiter that stands most often in the first line, outside quotes; a comma when none does.
fn sniff(mut text: PlainText<BufReader<File>>) -> std::io::Result<u8> {
    let mut line = Vec::new();
    let mut piece = [0; 4_096];
    while line.len() < 1 << 16 && !line.contains(&b'\n') {
        match std::io::Read::read(&mut text, &mut piece)? {
            0 => break,
            read => line.extend_from_slice(&piece[..read]),
        }
    }
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in line.split(|byte| *byte == b'\n').next().unwrap_or_default() {
        match byte {
            b'"' => quoted = !quoted,
            byte if !quoted => {
                for (delimiter, count) in &mut counts {
                    *count += usize::from(byte == delimiter);
                }
            }
            _ => {}
        }
    }
    // Of equals the last is taken by `max_by_key`, so the usual one stands last.
    Ok(counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(delimiter, _)| *delimiter))
}

/// Every record ends with one line feed (`PlainText` sees to it), so its first line follows from its last.
fn first_line(reader: &csv::Reader<PlainText<BufReader<File>>>, record: &ByteRecord) -> u64 {
    reader.position().line().saturating_sub(1 + line_feeds(record)).max(1)
}

fn line_feeds(record: &ByteRecord) -> u64 {
    record.as_slice().iter().filter(|byte| **byte == b'\n').count() as u64
}

fn cells(record: &ByteRecord) -> Option<Vec<&str>> {
    record.iter().map(|cell| std::str::from_utf8(cell).ok()).collect()
}

fn not_utf8(path: &Path, line: u64, record: &ByteRecord) -> ImportError {
    let windows_1251 = looks_like_windows_1251(record.as_slice());
    ImportError::HeaderNotUtf8 { path: path.to_owned(), line, windows_1251 }
}

fn broken_file(path: &Path, cause: csv::Error) -> ImportError {
    let text = cause.to_string();
    let cause = match cause.into_kind() {
        csv::ErrorKind::Io(cause) => cause,
        _ => std::io::Error::other(text),
    };
    ImportError::Unreadable { path: path.to_owned(), cause }
}
