//! The report's tables as comma-separated values, a file for each: for spreadsheets and for other programs.
//!
//! Written by RFC 4180 in UTF-8 with a byte order mark, without which Excel takes the file for another encoding.
//! Separators are those that the language's spreadsheets expect: `,` and `.` in English, `;` and `,` in Russian.
//! Numbers are numbers: percent as in the report (83.4), lengths of time in seconds; the heading names both units. A cell
//! without a number holds the words of the report ("no data"). The total is left out, as sums over the column would count
//! it again. A name that a spreadsheet would take for a formula gets an apostrophe before it.

use std::collections::BTreeSet;

use csv::{Terminator, WriterBuilder};

use super::clean::{MOST_IN_CELL, clean};
use super::formula_text::may_be_formula;
use crate::locale::{self, Language, Unit};
use crate::report::document::{Block, Cell, Document, Scale, Table, TableColumn};

/// More digits than these behind the point say nothing about a call centre.
const MOST_DECIMALS: usize = 6;

/// A table as a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CsvFile {
    /// What it holds, in Latin letters, for the file's name: the data block's id, or `table-2`.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The document's tables.
pub fn render(document: &Document) -> Result<Vec<CsvFile>, csv::Error> {
    let tables =
        document.blocks.iter().filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
    let mut names = BTreeSet::new();
    (1..)
        .zip(tables)
        .map(|(number, table)| {
            let base = table.data.clone().unwrap_or_else(|| format!("table-{number}"));
            // A data block may be shown twice, with other columns.
            let candidates = (2..).map(|number| format!("{base}-{number}"));
            let name = std::iter::once(base.clone()).chain(candidates).find(|name| names.insert(name.clone()));
            Ok(CsvFile { name: name.unwrap_or(base), bytes: file(table, document.language)? })
        })
        .collect()
}

fn file(table: &Table, language: Language) -> Result<Vec<u8>, csv::Error> {
    let separator = match language {
        Language::English => b',',
        Language::Russian => b';',
    };
    let bytes = "\u{feff}".as_bytes().to_vec();
    // Cells may be missing in hostile documents; that is no reason to give none.
    let mut writer =
        WriterBuilder::new().delimiter(separator).terminator(Terminator::CRLF).flexible(true).from_writer(bytes);
    if !table.columns.is_empty() {
        writer.write_record(table.columns.iter().map(|column| heading(column, language)))?;
        for row in &table.rows {
            let cells = row.iter().zip(&table.columns);
            writer.write_record(cells.map(|(cell, column)| field(cell, column.scale, language)))?;
        }
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

/// The column's name with the unit its numbers are in.
fn heading(column: &TableColumn, language: Language) -> String {
    let title = text(&column.title);
    match column.scale.map(|scale| scale.unit) {
        Some(Unit::Percent) => format!("{title}, %"),
        Some(Unit::Duration) => format!("{title}, {}", locale::text(language, "csv-seconds", &[])),
        Some(Unit::Count | Unit::Number | Unit::Money) | None => title,
    }
}

fn field(cell: &Cell, scale: Option<Scale>, language: Language) -> String {
    match cell.number.filter(|number| scale.is_some() && number.is_finite()) {
        Some(number) => number_text(number, language),
        None => text(&cell.text),
    }
}

/// All digits up to [`MOST_DECIMALS`], without idle zeros and without signs between the thousands.
fn number_text(number: f64, language: Language) -> String {
    let written = format!("{number:.MOST_DECIMALS$}");
    let short = written.trim_end_matches('0').trim_end_matches('.');
    let short = if short == "-0" { "0" } else { short };
    match language {
        Language::English => short.to_owned(),
        Language::Russian => short.replace('.', ","),
    }
}

fn text(text: &str) -> String {
    let cleaned = clean(text, MOST_IN_CELL);
    if may_be_formula(&cleaned) { format!("'{cleaned}") } else { cleaned }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn text_of(file: &CsvFile) -> &str {
        std::str::from_utf8(&file.bytes).expect("UTF-8")
    }

    #[track_caller]
    fn check(language: Language, expected: &[&str]) {
        let files = render(&sample::week(language, 3)).expect("tables");
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["by_queue", "by_queue-2"]);
        assert_eq!(text_of(&files[1]).split("\r\n").collect::<Vec<_>>(), expected);
    }

    #[test]
    fn numbers_are_written_for_the_languages_spreadsheets() {
        check(
            Language::English,
            &[
                "\u{feff}Queue,Offered,Answered,\"Service level, %\",\"Handling time, s\"",
                "Billing 1,4210,3915,91,200",
                "Technical support 1,2105,1957,84,217",
                "Sales 1,1403,1304,77,234",
                "",
            ],
        );
        check(
            Language::Russian,
            &[
                "\u{feff}Очередь;Поступило;Принято;Уровень сервиса, %;Время обработки, с",
                "Биллинг 1;4210;3915;91;200",
                "Техническая поддержка 1;2105;1957;84;217",
                "Продажи 1;1403;1304;77;234",
                "",
            ],
        );
        for (number, english, russian) in [
            (83.387_096_774, "83.387097", "83,387097"),
            (-100.0, "-100", "-100"),
            (-0.000_000_1, "0", "0"),
            (1e15, "1000000000000000", "1000000000000000"),
        ] {
            assert_eq!(number_text(number, Language::English), english);
            assert_eq!(number_text(number, Language::Russian), russian);
        }
    }

    #[test]
    fn names_are_no_formulas_and_stay_in_their_fields() {
        let hostile = ["=HYPERLINK(\"http://x\",\"y\")", "+1", "-1", "@x", "\t=1", "a;b", "a,b", "\"", "x\r\ny", ""];
        for language in [Language::English, Language::Russian] {
            let mut table = sample::table(language, hostile.len(), String::new());
            for (row, name) in table.rows.iter_mut().zip(hostile) {
                row[0].text = name.to_owned();
                row[3] = Cell { text: "no data".to_owned(), number: None, ..row[3].clone() };
            }
            let bytes = file(&table, language).expect("a table");
            let separator = if language == Language::English { b',' } else { b';' };
            let mut reader = csv::ReaderBuilder::new().delimiter(separator).from_reader(&bytes[3..]);
            let records: Vec<csv::StringRecord> = reader.records().map(|record| record.expect("a row")).collect();
            assert_eq!(records.len(), hostile.len());
            for (record, name) in records.iter().zip(hostile) {
                assert_eq!(record.len(), 5);
                assert_eq!(&record[3], "no data");
                let shown = record[0].strip_prefix('\'').unwrap_or(&record[0]);
                assert!(!may_be_formula(&record[0]), "{record:?}");
                assert_eq!(shown, name.replace(['\t', '\r', '\n'], " "), "{record:?}");
            }
        }
    }

    #[test]
    fn any_document_gives_files() {
        assert_eq!(render(&sample::empty()).expect("a file").len(), 1);
        for text in sample::hostile() {
            assert!(render(&sample::filled_with(&text)).expect("files").iter().all(|file| file.bytes.len() < 10_000));
        }
    }
}
