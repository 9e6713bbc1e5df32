//! Any document on any paper: nothing is outside, nothing on top of each other, no row lost.

use proptest::prelude::*;

use super::samples::{chart, document, explained, heading, headline, table, text, tile};
use super::{Block, Document, PdfDefinition, check_on, laid_out, texts};
use crate::report::document::{Chart, ChartKind, Headline, Marker, Series, SeriesRole, Sparkline, Status, Tile};
use crate::workspace::{Orientation, Paper};

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,40}", "[а-я ]{0,200}", "[A-Za-z]{60,90}", Just(String::new())]
}

fn any_chart() -> impl Strategy<Value = Chart> {
    let kinds = [ChartKind::Line, ChartKind::Bar, ChartKind::StackedBar, ChartKind::HeatMap, ChartKind::Bullet];
    (proptest::sample::select(kinds.to_vec()), 0..32_usize, 1..9_usize, any_text()).prop_map(
        |(kind, categories, series, title)| {
            let role = match kind {
                ChartKind::StackedBar | ChartKind::HeatMap => SeriesRole::Part,
                ChartKind::Line | ChartKind::Bar | ChartKind::Bullet => SeriesRole::Current,
            };
            let series = if role == SeriesRole::Part { series } else { 1 };
            let values = |row: usize| (0..categories).map(move |at| (at % 7 != 5).then_some((at * row % 90) as f64));
            let series =
                (0..series)
                    .map(|row| Series { name: format!("ряд {row}"), values: values(row + 3).collect(), role });
            Chart {
                title,
                kind,
                categories: (0..categories).map(|at| format!("{at}:00")).collect(),
                series: series.collect(),
                ..chart()
            }
        },
    )
}

fn any_tile() -> impl Strategy<Value = Tile> {
    (any_text(), any_text(), proptest::option::of(proptest::collection::vec(proptest::option::of(-1e6..1e6), 0..40)))
        .prop_map(|(title, value, values)| {
            let sparkline = values.map(|values| Sparkline { values, target: Some(3.0), alternative: String::new() });
            Tile { title, value, sparkline, ..tile() }
        })
}

fn any_block() -> impl Strategy<Value = Block> {
    prop_oneof![
        (0..5_u8, any_text()).prop_map(|(level, title)| heading(level, &title)),
        any_text().prop_map(|words| Block::Paragraph(text(&words))),
        (any_text(), any_text(), 0..3_usize).prop_map(|(words, remark, status)| {
            let status = [Status::Good, Status::Bad, Status::Neutral][status];
            Block::Headline(Headline { text: text(&words), status, remark: Some(remark) })
        }),
        proptest::collection::vec(any_text(), 0..12).prop_map(|items| Block::List {
            marker: Marker::Number,
            items: items.iter().map(|item| text(item)).collect()
        }),
        proptest::collection::vec(any_tile(), 0..9).prop_map(Block::Tiles),
        (1..24_usize, 0..70_usize, any_text(), any::<bool>()).prop_map(|(columns, rows, name, bars)| {
            let mut content = table(columns, rows);
            if let Some(cell) = content.rows.first_mut().and_then(|row| row.last_mut()) {
                cell.text.clone_from(&name);
            }
            content.columns[columns / 2].title = name;
            if bars {
                content.rows.iter_mut().flatten().skip(1).step_by(2).for_each(|cell| cell.share = Some(0.7));
            }
            Block::Table(content)
        }),
        any_chart().prop_map(Block::Chart),
        any_text().prop_map(|words| Block::Note(text(&words))),
        Just(explained()),
        Just(headline()),
        Just(Block::PageBreak),
    ]
}

fn any_paper() -> impl Strategy<Value = PdfDefinition> {
    (any::<bool>(), any::<bool>()).prop_map(|(letter, lying)| PdfDefinition {
        paper: if letter { Paper::Letter } else { Paper::A4 },
        orientation: if lying { Orientation::Landscape } else { Orientation::Portrait },
        password: None,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn any_document_fits_its_paper(
        blocks in proptest::collection::vec(any_block(), 0..9),
        title in any_text(),
        author in any_text(),
        definition in any_paper(),
    ) {
        check_on(&Document { title, author, ..document(blocks) }, &definition);
    }

    #[test]
    fn no_row_is_lost_or_shown_twice(blocks in proptest::collection::vec(any_block(), 0..4), rows in 0..120_usize) {
        let mut blocks: Vec<Block> = blocks.into_iter().filter(|block| !matches!(block, Block::Table(_))).collect();
        blocks.push(Block::Table(table(4, rows)));
        let pages = laid_out(&document(blocks));
        let names: Vec<&str> = pages.iter().flat_map(texts).filter(|text| text.starts_with("name-")).collect();
        prop_assert_eq!(names, (0..rows).map(|row| format!("name-{row:03}")).collect::<Vec<_>>());
    }
}
