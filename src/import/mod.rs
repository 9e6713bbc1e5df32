//! CSV and TSV files into a SQLite source.
