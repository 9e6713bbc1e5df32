//! The text: what it says in both languages, its width, and that nothing foreign breaks a line.

use super::super::sample;
use super::*;
use crate::locale::Language;
use crate::report::document::{
    Align, Block, Cell, Chart, ChartKind, Scale, Series, SeriesRole, Status, Table, TableColumn,
};

#[test]
fn texts_in_both_languages() {
    insta::assert_snapshot!("english", render(&sample::full(Language::English, 3)));
    insta::assert_snapshot!("russian", render(&sample::full(Language::Russian, 3)));
}

/// Every line is at most 76 columns wide, holds no control characters and ends with something visible.
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
        check(&render(&sample::full(language, 40)));
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

/// The lines of a chart over these categories, below its sentence.
#[track_caller]
fn check_chart(kind: ChartKind, categories: &[&str], series: &[(&str, SeriesRole, &[Option<f64>])], expected: &[&str]) {
    let chart = Chart {
        title: String::new(),
        kind,
        categories: categories.iter().map(|text| (*text).to_owned()).collect(),
        series: series
            .iter()
            .map(|(name, role, values)| Series { name: (*name).to_owned(), values: values.to_vec(), role: *role })
            .collect(),
        target: None,
        statuses: vec![Status::Good; if kind == ChartKind::Bullet { 2 } else { 0 }],
        scale: Scale { unit: crate::workspace::Unit::Count, decimals: 0 },
        alternative: "Words.".to_owned(),
    };
    let document = Document { blocks: vec![Block::Chart(chart)], footnotes: vec![], ..sample::empty() };
    let text = render(&document);
    check(&text);
    assert_eq!(text.lines().skip(2).collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn every_kind_of_chart_has_characters() {
    let current = SeriesRole::Current;
    let part = SeriesRole::Part;
    check_chart(
        ChartKind::Bar,
        &["a", "b"],
        &[("x", current, &[Some(4.0), None])],
        &["a  4  ████████████████████████████████", "b  no data"],
    );
    check_chart(
        ChartKind::Bullet,
        &["a", "b"],
        &[("x", current, &[Some(4.0), Some(1.0)])],
        &["✓ a  4  ████████████████████████████████", "✓ b  1  ████████"],
    );
    check_chart(
        ChartKind::StackedBar,
        &["Mon", "Tue"],
        &[("in", part, &[Some(1200.0), Some(3.0)]), ("out", part, &[Some(4.0), None])],
        &["        in      out", "-------------------", "Mon  1,200        4", "Tue      3  no data"],
    );
    check_chart(
        ChartKind::HeatMap,
        &["00", "01", "02", "03"],
        &[("Mon", part, &[Some(0.0), Some(1.0), Some(3.0), Some(4.0)]), ("Tue", part, &[None, Some(2.0), None, None])],
        &["     00  02", "Mon  ··░░▓▓██", "Tue    ▒▒"],
    );
    let many: Vec<&str> = vec!["x"; 60];
    check_chart(ChartKind::HeatMap, &many, &[("Mon", part, &[Some(0.0)])], &[]);
    check_chart(ChartKind::Line, &["a"], &[("x", current, &[Some(f64::NAN)])], &[]);
}
