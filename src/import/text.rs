//! The file as text: byte order mark off, line ends made one kind, so that every reported line number is the one an
//! editor shows. Nothing about columns.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// A file with `\n` line ends only, the last line ended too.
///
/// The CSV reader counts lines wrongly over `\r\n` and over blank lines; with one kind of line end the number of a
/// record's first line follows from where the record ended.
pub(super) struct PlainText<R> {
    inner: R,
    carriage_return: bool,
    last: u8,
    taken: u64,
}

/// The encodings that are told from the first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// Plain bytes, or UTF-8 with a mark.
    Plain,
    /// UTF-16, as spreadsheets save "Unicode text".
    Utf16,
}

/// Opens a file; the byte order mark is taken off.
pub(super) fn open(path: &Path) -> io::Result<(PlainText<BufReader<File>>, Beginning)> {
    let mut inner = BufReader::with_capacity(1 << 17, File::open(path)?);
    let start = inner.fill_buf()?;
    let (mark, beginning) = match start {
        [0xEF, 0xBB, 0xBF, ..] => (3, Beginning::Plain),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => (2, Beginning::Utf16),
        _ => (0, Beginning::Plain),
    };
    inner.consume(mark);
    Ok((PlainText { inner, carriage_return: false, last: b'\n', taken: mark as u64 }, beginning))
}

impl<R: BufRead> PlainText<R> {
    /// How many bytes of the file have been read.
    pub(super) fn taken(&self) -> u64 {
        self.taken
    }

    fn take(&mut self, bytes: usize) {
        self.inner.consume(bytes);
        self.taken += bytes as u64;
    }
}

impl<R: BufRead> Read for PlainText<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if into.is_empty() {
            return Ok(0);
        }
        loop {
            let available = self.inner.fill_buf()?;
            if self.carriage_return {
                self.carriage_return = false;
                // Before a line feed it is half of a line end and goes; alone it stays.
                if available.first() != Some(&b'\n') {
                    into[0] = b'\r';
                    self.last = b'\r';
                    return Ok(1);
                }
            }
            if available.is_empty() {
                if self.last == b'\n' {
                    return Ok(0);
                }
                into[0] = b'\n';
                self.last = b'\n';
                return Ok(1);
            }
            let fits = available.len().min(into.len());
            let plain = available[..fits].iter().position(|byte| *byte == b'\r').unwrap_or(fits);
            if plain == 0 {
                self.carriage_return = true;
                self.take(1);
                continue;
            }
            into[..plain].copy_from_slice(&available[..plain]);
            self.last = into[plain - 1];
            self.take(plain);
            return Ok(plain);
        }
    }
}

/// Whether bytes that are no UTF-8 look like Russian text in windows-1251: mostly letters of its Cyrillic range.
pub(super) fn looks_like_windows_1251(bytes: &[u8]) -> bool {
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    let letters = bytes.iter().filter(|byte| matches!(byte, 0xA8 | 0xB8 | 0xC0..=0xFF)).count();
    high >= 2 && letters * 10 >= high * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], capacity: usize) -> String {
        let inner = BufReader::with_capacity(capacity, bytes);
        let mut text = String::new();
        PlainText { inner, carriage_return: false, last: b'\n', taken: 0 }.read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn line_ends_become_one_kind() {
        let cases = [("", ""), ("a", "a\n"), ("a\r\nb\r\n", "a\nb\n"), ("a\n\nb", "a\n\nb\n"), ("a\rb\r", "a\rb\r\n")];
        for (written, expected) in cases {
            for capacity in [1, 2, 3, 100] {
                assert_eq!(read(written.as_bytes(), capacity), expected, "{written:?} in pieces of {capacity}");
            }
        }
    }

    #[test]
    fn russian_text_of_the_old_kind_is_recognised() {
        assert!(looks_like_windows_1251(&[0xCF, 0xF0, 0xEE, 0xE4, 0xE0, 0xE6, 0xE8]));
        assert!(!looks_like_windows_1251(&[0x80, 0x81, 0x90, b'a']));
    }
}
