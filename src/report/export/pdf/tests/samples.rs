//! Contents for the tests of the PDF exporter. No checks here.

use std::sync::Arc;

use chrono::DateTime;
use resvg::tiny_skia::{Color, Pixmap};

use crate::locale::Language;
use crate::report::document::{
    Align, Block, Cell, Change, Chart, ChartKind, Document, Headline, Inline, Scale, Series, SeriesRole, Sparkline,
    Status, Table, TableColumn, Tile, Trend, Words,
};
use crate::report::export::sample;
use crate::report::theme::{Logo, Theme};
use crate::workspace::{Localized, Unit};

/// A theme with a logo, half of it transparent, and a footer.
pub(super) fn branded() -> Theme {
    let mut pixels = Pixmap::new(90, 30).unwrap();
    pixels.fill(Color::from_rgba8(31, 78, 121, 128));
    let png = pixels.encode_png().unwrap();
    let logo = Logo { png, width: 90, height: 30, alternative: "Северный ветер".into() };
    let footer = Localized {
        texts: [(Language::Russian, "для внутреннего пользования".to_owned())].into()
    };
    Theme { logo: Some(Arc::new(logo)), footer, ..Theme::default() }
}

/// Bad news with a remark.
pub(super) fn headline() -> Block {
    Block::Headline(Headline {
        text: text("Уровень обслуживания упал на 6,4 п. п."),
        status: Status::Bad,
        remark: Some("1 240 звонков".into()),
    })
}

/// How two KPIs came about.
pub(super) fn explained() -> Block {
    Block::Explained(sample::explained(Language::Russian))
}

/// A report in Russian with these blocks and one footnote.
pub(super) fn document(blocks: Vec<Block>) -> Document {
    Document {
        title: "Недельный отчёт".into(),
        subtitle: "16–22 ноября 2026 г.".into(),
        language: Language::Russian,
        author: "Северный ветер".into(),
        created: DateTime::from_timestamp(1_795_413_600, 0).unwrap(),
        preheader: String::new(),
        blocks,
        footnotes: vec!["Данные на 23 ноября, 06:00".into()],
        words: Words {
            page_of: "страница {page} из {pages}".into(),
            target: "цель".into(),
            previous: "предыдущий период".into(),
            no_data: "нет данных".into(),
            continued: "продолжение".into(),
        },
    }
}

/// Plain text.
pub(super) fn text(text: &str) -> Vec<Inline> {
    vec![Inline::Text(text.into())]
}

/// A heading.
pub(super) fn heading(level: u8, title: &str) -> Block {
    Block::Heading { level, text: text(title) }
}

/// A table of named rows with numbers of every status, a caption, a total and a remark.
pub(super) fn table(columns: usize, rows: usize) -> Table {
    let cell = |text: String, status| Cell { text, status, number: None, share: None };
    let status = |index: usize| [Status::Neutral, Status::Good, Status::Near, Status::Bad][index % 4];
    let numbers =
        |row: usize| (1..columns).map(move |column| cell((row * 10 + column).to_string(), status(row + column)));
    Table {
        data: None,
        caption: Some("Очереди".into()),
        columns: (0..columns)
            .map(|index| TableColumn {
                title: format!("Столбец {index}"),
                align: if index == 0 { Align::Left } else { Align::Right },
                scale: None,
            })
            .collect(),
        rows: (0..rows)
            .map(|row| std::iter::once(cell(format!("name-{row:03}"), Status::Neutral)).chain(numbers(row)).collect())
            .collect(),
        total: Some((0..columns).map(|index| cell(format!("total-{index}"), Status::Neutral)).collect()),
        omitted: Some("первые из многих".into()),
    }
}

/// A line over three days with a gap.
pub(super) fn chart() -> Chart {
    Chart {
        title: "По дням".into(),
        kind: ChartKind::Line,
        categories: ["Пн", "Вт", "Ср"].map(str::to_owned).to_vec(),
        series: vec![Series {
            name: "Эта неделя".into(),
            values: vec![Some(80.0), None, Some(90.0)],
            role: SeriesRole::Current,
        }],
        target: None,
        scale: Scale { unit: Unit::Percent, decimals: 1 },
        alternative: "80, 90".into(),
        statuses: Vec::new(),
    }
}

/// A KPI that reached its target.
pub(super) fn tile() -> Tile {
    Tile {
        title: "Уровень обслуживания".into(),
        value: "83,4\u{a0}%".into(),
        number: Some(83.4),
        scale: Scale { unit: Unit::Percent, decimals: 1 },
        status: Status::Good,
        target: Some("цель 80\u{a0}%".into()),
        change: Some(Change { text: "+2,1 п. п.".into(), trend: Trend::Up, status: Status::Good }),
        sparkline: Some(Sparkline {
            values: vec![Some(80.0), Some(85.0), None, Some(83.4)],
            target: Some(82.0),
            alternative: "За неделю: от 80 до 85".into(),
        }),
    }
}
