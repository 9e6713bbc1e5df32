//! Rows as users write them: a list of maps, a table drawn as text, a CSV file. Each becomes rows of keys with values
//! that know their place; what the columns are is not known here.

use std::ops::Range;
use std::sync::Arc;

use super::scalar_origin::origins;
use super::yaml::{Entry, Node, NodeKind, Resolved, Scalar, ScalarStyle};
use crate::diagnostics::{Code, Diagnostic, SourceFile, Span, Spanned};

/// A row.
pub(super) struct Row {
    /// Where it stands.
    pub(super) place: Span,
    /// Its values by column; a value in a list stands for one of several.
    pub(super) cells: Vec<Entry>,
}

/// The rows of a value that has the shape of some.
pub(super) fn rows(node: &Node, diagnostics: &mut Vec<Diagnostic>) -> Vec<Row> {
    let of_map = |node: &Node| Row { place: node.span.clone(), cells: node.entries().to_vec() };
    match &node.kind {
        NodeKind::List(items) => items.iter().map(of_map).collect(),
        NodeKind::Map(_) => vec![of_map(node)],
        NodeKind::Scalar(scalar) if scalar.resolved == Resolved::Text => drawn(node, scalar, diagnostics),
        NodeKind::Scalar(_) => Vec::new(),
    }
}

/// The rows of a CSV file, whose first line names the columns. The separator is the one the first line has most of.
pub(super) fn rows_of_csv(file: &Arc<SourceFile>, diagnostics: &mut Vec<Diagnostic>) -> Vec<Row> {
    let first = file.text.lines().next().unwrap_or_default();
    let count = |separator: u8| first.bytes().filter(|byte| *byte == separator).count();
    // Of several with the same count the last one wins: a comma where there is none at all.
    let separator = [b'\t', b';', b','].into_iter().max_by_key(|separator| count(*separator)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(file.text.as_bytes());
    let mut rows = Vec::new();
    let mut header: Option<Vec<Spanned<String>>> = None;
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                diagnostics.push(unequal(file, &error));
                return rows;
            }
        };
        let start = record.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
        let place = line_at(file, start);
        match &header {
            None => {
                header = Some(record.iter().map(|name| Spanned::new(name.to_owned(), place.clone())).collect());
            }
            Some(columns) => {
                let cells = columns.iter().zip(record.iter());
                let cells = cells.map(|(column, text)| Entry { key: column.clone(), value: cell(text, place.clone()) });
                rows.push(Row { cells: cells.collect(), place });
            }
        }
    }
    rows
}

/// A table drawn as text: columns, then rows, with `|` between them. Lines of dashes are for the eye.
fn drawn(node: &Node, scalar: &Scalar, diagnostics: &mut Vec<Diagnostic>) -> Vec<Row> {
    let file = &node.span.file;
    let origin = origins(&file.text, node.span.range.clone(), scalar.style, &scalar.text);
    let place = |range: Range<usize>| {
        let at = |byte: usize| origin.get(byte).copied().unwrap_or(node.span.range.end);
        let start = at(range.start);
        // The end is the place behind the last byte, which an origin knows only by the byte itself.
        let end = range.end.checked_sub(1).map_or(start, |last| at(last) + 1);
        Span { file: Arc::clone(file), range: start..end.max(start) }
    };
    let mut header: Option<Vec<Spanned<String>>> = None;
    let mut rows = Vec::new();
    let mut start = 0;
    for line in scalar.text.split_inclusive('\n') {
        let whole = start..start + line.trim_end().len();
        let cells = cells_of(&scalar.text, whole.clone());
        start += line.len();
        if line.trim().is_empty() || line.trim().chars().all(|character| "-|:+ ".contains(character)) {
            continue;
        }
        let text = |range: &Range<usize>| &scalar.text[range.clone()];
        let Some(columns) = &header else {
            header =
                Some(cells.iter().map(|range| Spanned::new(text(range).to_owned(), place(range.clone()))).collect());
            continue;
        };
        if cells.len() != columns.len() {
            let message = format!("the row has {}, the table has {}", values(cells.len()), named(columns.len()));
            let hint = "separate values by `|`; an empty value leaves a column out";
            diagnostics
                .push(Diagnostic::error(Code::BadValue, place(trimmed(&scalar.text, whole)), message).hint(hint));
            continue;
        }
        let cells = columns.iter().zip(&cells);
        rows.push(Row {
            cells: cells
                .map(|(column, range)| Entry { key: column.clone(), value: cell(text(range), place(range.clone())) })
                .collect(),
            place: place(trimmed(&scalar.text, whole)),
        });
    }
    if header.is_none() || (rows.is_empty() && scalar.style == ScalarStyle::Plain) {
        let message = "a table has a line with its columns and a line for each row";
        let hint = "write it after `|`, each line on its own, with ` | ` between values";
        diagnostics.push(Diagnostic::error(Code::BadValue, node.span.clone(), message).hint(hint));
    }
    rows
}

/// The stretches of a line between its `|`, without blanks around them; a frame of one at both ends is for the eye.
fn cells_of(text: &str, line: Range<usize>) -> Vec<Range<usize>> {
    let line = trimmed(text, line);
    let inner = &text[line.clone()];
    let frame = usize::from(inner.len() > 1 && inner.starts_with('|') && inner.ends_with('|'));
    let (start, end) = (line.start + frame, line.end - frame);
    let mut cells = Vec::new();
    let mut from = start;
    for (bar, _) in text[start..end].match_indices('|') {
        cells.push(trimmed(text, from..start + bar));
        from = start + bar + 1;
    }
    cells.push(trimmed(text, from..end));
    cells
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let start = range.start + inner.len() - inner.trim_start().len();
    start..start + inner.trim().len()
}

/// A value: nothing when it is empty, a text when it stands in quotes, else what YAML would take it for.
fn cell(text: &str, span: Span) -> Node {
    let quoted = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let (text, resolved) = quoted.map_or_else(|| (text, Scalar::resolve(text)), |inner| (inner, Resolved::Text));
    let scalar = Scalar { text: text.to_owned(), resolved, style: ScalarStyle::Plain, from_environment: false };
    Node { span, kind: NodeKind::Scalar(scalar) }
}

fn values(count: usize) -> String {
    if count == 1 { "1 value".to_owned() } else { format!("{count} values") }
}

fn named(count: usize) -> String {
    if count == 1 { "1 column".to_owned() } else { format!("{count} columns") }
}

fn unequal(file: &Arc<SourceFile>, error: &csv::Error) -> Diagnostic {
    let start = error.position().map_or(0, |position| usize::try_from(position.byte()).unwrap_or(0));
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            let (len, expected) = (usize::try_from(*len).unwrap_or(0), usize::try_from(*expected_len).unwrap_or(0));
            format!("the row has {}, the file has {}", values(len), named(expected))
        }
        _ => "the file is no CSV".to_owned(),
    };
    Diagnostic::error(Code::BadValue, line_at(file, start), message)
}

/// The line that begins at a byte, or after the line end that begins there.
fn line_at(file: &Arc<SourceFile>, byte: usize) -> Span {
    let rest = file.text.get(byte..).unwrap_or_default();
    let start = byte.min(file.text.len()) + rest.len() - rest.trim_start().len();
    let line = file.text[start..].lines().next().unwrap_or_default().trim_end();
    Span { file: Arc::clone(file), range: start..start + line.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::yaml;

    fn file(text: &str) -> Arc<SourceFile> {
        Arc::new(SourceFile { path: "rules/tests/a.yaml".to_owned(), text: text.to_owned() })
    }

    /// Rows as `column=value`, and whether each value knows its place.
    fn shown(rows: &[Row]) -> Vec<String> {
        let cell = |entry: &Entry| match &entry.value.kind {
            NodeKind::Scalar(scalar) if entry.value.is_null() && scalar.text.is_empty() => entry.key.value.clone(),
            NodeKind::Scalar(scalar) => {
                assert!(
                    entry.value.span.text().contains(&scalar.text),
                    "{} at {:?}",
                    scalar.text,
                    entry.value.span.text()
                );
                format!("{}={}", entry.key.value, scalar.text)
            }
            _ => panic!("no scalar"),
        };
        rows.iter().map(|row| row.cells.iter().map(cell).collect::<Vec<_>>().join(" ")).collect()
    }

    fn check(text: &str, expected: &[&str], mistakes: &[&str]) {
        let node = yaml::parse(&file(text)).unwrap().unwrap();
        let mut diagnostics = Vec::new();
        let rows = rows(node.get("rows").unwrap(), &mut diagnostics);
        assert_eq!(shown(&rows), expected, "{text}");
        let told = |told: &Diagnostic| format!("{} at `{}`", told.message, told.span.as_ref().unwrap().text());
        assert_eq!(diagnostics.iter().map(told).collect::<Vec<_>>(), mistakes, "{text}");
    }

    #[test]
    fn tables_and_lists_are_the_same_rows() {
        let expected = ["queue=Продажи wait_s=5", "queue=Billing wait_s"];
        let empty_text = ["queue=Продажи wait_s=5", "queue=Billing wait_s="];
        check("rows: [{ queue: Продажи, wait_s: 5 }, { queue: Billing, wait_s: '' }]", &empty_text, &[]);
        check("rows: |\n  queue   | wait_s\n  Продажи |      5\n  Billing |\n", &expected, &[]);
        check("rows: |\n  a | b | c\n  1 |   |\n", &["a=1 b c"], &[]);
        check(
            "rows: |\n  | queue   | wait_s |\n  |---------|--------|\n  | Продажи | 5 |\n\n  | Billing | |\n",
            &expected,
            &[],
        );
        check("rows: |\n  a\n  \"\"\n", &["a="], &[]);
        check("rows: { a: 1 }", &["a=1"], &[]);
    }

    #[test]
    fn a_row_that_does_not_fit_is_told_at_its_line() {
        check(
            "rows: |\n  a | b\n  1 | 2 | 3\n  4 | 5\n",
            &["a=4 b=5"],
            &["the row has 3 values, the table has 2 columns at `1 | 2 | 3`"],
        );
        check("rows: nothing", &[], &["a table has a line with its columns and a line for each row at `nothing`"]);
    }

    #[test]
    fn a_csv_file_is_rows_too() {
        for text in ["a,b\n1,\n2,x\n", "a;b\r\n1;\r\n\r\n2;x\r\n", "a\tb\n1\t\n2\t\"x\""] {
            let mut diagnostics = Vec::new();
            assert_eq!(shown(&rows_of_csv(&file(text), &mut diagnostics)), ["a=1 b", "a=2 b=x"], "{text:?}");
            assert!(diagnostics.is_empty());
        }
        let mut diagnostics = Vec::new();
        rows_of_csv(&file("a,b\r\n1,2\r\n1,2,3\r\n"), &mut diagnostics);
        assert_eq!(diagnostics[0].message, "the row has 3 values, the file has 2 columns");
        assert_eq!(diagnostics[0].span.as_ref().unwrap().text(), "1,2,3");
    }
}
