//! Reports that are hard to lay out, for looking at: wide and long tables, long names, every kind of chart, other paper, a
//! logo. Nothing is measured on them.

use std::sync::Arc;

use callbrief::locale::Language;
use callbrief::report::document::{
    Align, Block, Cell, Chart, ChartKind, Document, Headline, Inline, Scale, Series, SeriesRole, Status, Table,
    TableColumn, TargetLine,
};
use callbrief::report::theme::{Logo, Theme};
use callbrief::workspace::{Localized, Orientation, Paper, PdfDefinition, Unit};

use crate::report::{ENGLISH, RUSSIAN, chart, empty, plain, tiles, weekly};

/// Every report with its name, theme and paper.
pub(crate) fn all() -> Vec<(&'static str, Document, Theme, PdfDefinition)> {
    let own = Theme {
        logo: Some(Arc::new(logo())),
        footer: Localized {
            texts: [
                (Language::English, "Northwind Support · internal, not for passing on".to_owned()),
                (Language::Russian, "ООО «Северный ветер» · для внутреннего пользования".to_owned()),
            ]
            .into(),
        },
        ..Theme::default()
    };
    let paper = |paper, orientation| PdfDefinition { paper, orientation, password: None };
    let a4 = || paper(Paper::A4, Orientation::Portrait);
    let lying = || paper(Paper::A4, Orientation::Landscape);
    let letter = || paper(Paper::Letter, Orientation::Portrait);
    let english = || weekly(&ENGLISH, Language::English);
    vec![
        ("weekly-en", english(), Theme::default(), a4()),
        ("weekly-ru", weekly(&RUSSIAN, Language::Russian), own.clone(), a4()),
        ("weekly-letter", english(), own.clone(), letter()),
        ("weekly-landscape", english(), own.clone(), lying()),
        ("queues", document(vec![table(6, 300, "Техническая поддержка, линия")]), Theme::default(), a4()),
        ("agents", document(vec![tiles(&RUSSIAN), table(8, 500, "Константинопольский Александр")]), own.clone(), a4()),
        ("names", document(vec![table(8, 40, NAME)]), Theme::default(), a4()),
        ("wide", wide(14), own.clone(), a4()),
        ("widest", wide(40), Theme::default(), a4()),
        ("charts", charts(), Theme::default(), a4()),
        ("charts-landscape", charts(), own, lying()),
        ("failed", failed(), Theme::default(), letter()),
    ]
}

const NAME: &str = "Отдел сопровождения корпоративных клиентов Северо-Западного федерального округа";

fn document(blocks: Vec<Block>) -> Document {
    Document { blocks, ..empty(&RUSSIAN, Language::Russian) }
}

fn heading(text: &str) -> Block {
    Block::Heading { level: 2, text: vec![plain(text)] }
}

/// A wide table between text.
fn wide(columns: usize) -> Document {
    document(vec![
        tiles(&RUSSIAN),
        Block::Paragraph(vec![plain(RUSSIAN_TEXT)]),
        heading("Все показатели по очередям"),
        table(columns, 18, "Техническая поддержка"),
        Block::Paragraph(vec![plain(RUSSIAN_TEXT)]),
        heading("По дням"),
        chart(&RUSSIAN, 0),
    ])
}

const RUSSIAN_TEXT: &str = "Доля потерянных звонков выросла в понедельник, когда сбой у платёжного провайдера на два часа удвоил поток обращений; без этого утра она осталась бы на уровне 4,9 %.";

fn table(columns: usize, rows: usize, name: &str) -> Block {
    let titles = ["Поступило", "Уровень обслуживания", "Доля потерянных", "Среднее время обработки", "Оценка"];
    let cell = |row: usize, column: usize| {
        let number = (row * 7919 + column * 104_729) % 1000;
        let status = match (column % 5, number) {
            (2, 800..) => Status::Good,
            (2, 700..) => Status::Near,
            (2, ..200) => Status::Bad,
            _ => Status::Neutral,
        };
        let share = (column % 5 == 1 || column % 5 == 3).then_some(number as f64 / 1000.0);
        Cell { text: format!("{},{}\u{a0}%", number / 10, number % 10), status, number: None, share }
    };
    let text = |text: String| Cell { text, status: Status::Neutral, number: None, share: None };
    let line = |row: usize, first: String| {
        std::iter::once(text(first)).chain((1..columns).map(|column| cell(row, column))).collect::<Vec<_>>()
    };
    Block::Table(Table {
        caption: Some("Показатели по очередям за неделю".to_owned()),
        columns: (0..columns)
            .map(|column| TableColumn {
                title: if column == 0 { "Очередь".to_owned() } else { titles[(column - 1) % 5].to_owned() },
                align: if column == 0 { Align::Left } else { Align::Right },
                scale: None,
            })
            .collect(),
        rows: (0..rows).map(|row| line(row, format!("{name} {}", row + 1))).collect(),
        total: Some(line(rows, "Итого".to_owned())),
        omitted: None,
        data: None,
    })
}

/// Every kind of chart.
fn charts() -> Document {
    let part = |index: usize, count: usize| Series {
        name: RUSSIAN_QUEUES[index % 5].to_owned(),
        values: (0..count).map(|at| (at % 9 != 8).then_some(((at * 37 + index * 53) % 100) as f64)).collect(),
        role: SeriesRole::Part,
    };
    let of_kind = |kind: ChartKind, categories: Vec<String>, series: Vec<Series>| {
        Block::Chart(Chart {
            title: format!("{kind:?}"),
            kind,
            categories,
            series,
            target: None,
            statuses: Vec::new(),
            scale: Scale { unit: Unit::Count, decimals: 0 },
            alternative: format!("{kind:?}"),
        })
    };
    let hours = || (0..24).map(|hour| format!("{hour}")).collect::<Vec<_>>();
    let days = || ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"].map(str::to_owned).to_vec();
    let of_role = |role, index| Series { role, ..part(index, 7) };
    let mut bullet =
        of_kind(ChartKind::Bullet, days(), vec![of_role(SeriesRole::Current, 1), of_role(SeriesRole::Previous, 2)]);
    if let Block::Chart(chart) = &mut bullet {
        chart.target = Some(TargetLine { value: 60.0, label: "цель 60".to_owned() });
        chart.statuses = (0..7).map(|day| [Status::Good, Status::Near, Status::Bad][day % 3]).collect();
    }
    document(vec![
        Block::Headline(Headline {
            text: vec![plain("Уровень обслуживания упал на 6,4 п. п. — сильнее всего в очереди «Расчёты»")],
            status: Status::Bad,
            remark: Some("71,2 % при цели 80 %; 1 240 звонков, неделей раньше 77,6 %".to_owned()),
        }),
        chart(&RUSSIAN, 0),
        chart(&RUSSIAN, 1),
        of_kind(ChartKind::StackedBar, days(), (0..3).map(|index| part(index, 7)).collect()),
        of_kind(ChartKind::HeatMap, hours(), (0..7).map(|index| part(index, 24)).collect()),
        bullet,
        of_kind(ChartKind::Bar, hours(), vec![Series { role: SeriesRole::Current, ..part(0, 24) }]),
    ])
}

const RUSSIAN_QUEUES: [&str; 5] = ["Продажи", "Расчёты", "Удержание", "Доставка", "Партнёры"];

/// A KPI that failed, another without data, characters no font here has.
fn failed() -> Document {
    let mut document = weekly(&ENGLISH, Language::English);
    document.blocks.truncate(6);
    if let Some(Block::Tiles(tiles)) = document.blocks.iter_mut().find(|block| matches!(block, Block::Tiles(_))) {
        tiles[0].value = "no data".to_owned();
        tiles[0].status = Status::Neutral;
        tiles[0].sparkline = None;
    }
    let note =
        "Customer satisfaction could not be computed: the query of `calls` fails, column csat is missing. 漢字 Ω ж ☎";
    document.blocks.insert(2, Block::Note(vec![Inline::Text(note.to_owned())]));
    document
}

/// A disc beside a bar, with transparent corners.
fn logo() -> Logo {
    let (width, height) = (240, 64);
    let picture = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"><circle cx="32" cy="32" r="30" fill="#1f4e79"/><rect x="76" y="22" width="160" height="20" rx="10" fill="#1a7f4b"/></svg>"##
    );
    let tree = resvg::usvg::Tree::from_str(&picture, &resvg::usvg::Options::default()).expect("the picture is SVG");
    let mut pixels = resvg::tiny_skia::Pixmap::new(width, height).expect("there are pixels");
    resvg::render(&tree, resvg::tiny_skia::Transform::default(), &mut pixels.as_mut());
    let png = pixels.encode_png().expect("pixels become a file");
    Logo { png, width, height, alternative: "Northwind".to_owned() }
}
