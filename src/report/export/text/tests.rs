//! The text: what it says in both languages, its width, and that nothing foreign breaks a line.

use super::super::sample;
use super::*;
use crate::locale::Language;
use crate::report::document::{Align, Block, Cell, Status, Table, TableColumn};

#[test]
fn texts_in_both_languages() {
    insta::assert_snapshot!("english", render(&sample::week(Language::English, 3)));
    insta::assert_snapshot!("russian", render(&sample::week(Language::Russian, 3)));
}

/// Every line is at most 78 columns wide, holds no control characters and ends with something visible.
#[track_caller]
fn check(text: &str) {
    for line in text.lines() {
        assert!(width::of(line) <= WIDTH, "{} columns: {line}", width::of(line));
        assert!(!line.chars().any(char::is_control), "{line:?}");
        assert_eq!(line, line.trim_end());
    }
    assert!(text.ends_with('\n') && !text.contains("\n\n\n\n"));
}

#[test]
fn lines_are_never_too_long() {
    for language in Language::ALL {
        check(&render(&sample::week(language, 40)));
    }
    for text in sample::hostile() {
        let rendered = render(&sample::filled_with(&text));
        check(&rendered);
        assert!(rendered.len() < 200_000);
    }
    check(&render(&sample::empty()));
}

/// A table of so many columns with cells of this text.
fn wide(columns: usize, text: &str) -> String {
    let cell =
        |column: usize| Cell { text: format!("{text} {column}"), status: Status::Neutral, number: None, share: None };
    let column = |column: usize| TableColumn { title: format!("Column {column}"), align: Align::Left, scale: None };
    let table = Table {
        data: None,
        caption: None,
        columns: (0..columns).map(column).collect(),
        rows: vec![(0..columns).map(cell).collect()],
        total: None,
        omitted: None,
    };
    render(&crate::report::document::Document {
        blocks: vec![Block::Table(table)],
        footnotes: vec![],
        ..sample::empty()
    })
}

#[test]
fn wide_tables_wrap_and_then_become_lists() {
    insta::assert_snapshot!("wrapped_cells", wide(3, "a long text about this and that in a queue"));
    insta::assert_snapshot!("labels_and_values", wide(7, "Поддержка клиентов"));
}
