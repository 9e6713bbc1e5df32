//! The reports that are measured: a weekly one in English and Russian with all kinds of blocks, the one of the design's
//! figure, many that differ, and a table of 10,000 rows.

use callbrief::locale::Language;
use callbrief::report::document::{
    Align, Block, Cell, Change, Chart, ChartKind, Document, Headline, Inline, Marker, Scale, Series, SeriesRole,
    Sparkline, Status, Table, TableColumn, TargetLine, Tile, Trend, Words,
};
use callbrief::workspace::Unit;
use chrono::DateTime;

/// The sample's wording.
pub(crate) struct Texts {
    title: &'static str,
    subtitle: &'static str,
    author: &'static str,
    words: [&'static str; 5],
    tiles: [(&'static str, &'static str, &'static str, &'static str); 4],
    headings: [&'static str; 5],
    summary: &'static str,
    strong: &'static str,
    rest: &'static str,
    link: &'static str,
    items: [&'static str; 3],
    note: &'static str,
    days: [&'static str; 7],
    series: [&'static str; 2],
    charts: [&'static str; 2],
    target: &'static str,
    columns: [&'static str; 6],
    queues: [&'static str; 8],
    caption: &'static str,
    total: &'static str,
    omitted: &'static str,
    footnotes: [&'static str; 2],
    comma: &'static str,
    percent: &'static str,
}

pub(crate) const ENGLISH: Texts = Texts {
    title: "Weekly call-centre report",
    subtitle: "16–22 November 2026",
    author: "Northwind Support",
    words: ["page {page} of {pages}", "target", "previous period", "no data", "continued"],
    tiles: [
        ("Service level, answered within 20 s", "83.4%", "target 80%", "+2.1 pp"),
        ("Abandoned calls", "6.2%", "target 5%", "+0.8 pp"),
        ("Average handling time", "4:12", "target 4:30", "−0:09"),
        ("Offered calls", "12,480", "", "no change"),
    ],
    headings: ["Summary", "What moved", "Day by day", "Queues", "By queue and day"],
    summary: "The centre answered ",
    strong: "83.4% of calls within 20 seconds",
    rest: ", two points more than the week before and above the target of 80% for the third week in a row. Abandoned calls rose on Monday, when an outage at the billing provider doubled the number of calls for two hours; without that morning the rate would have stayed at 4.9%. The definition of every KPI is in the ",
    link: "KPI handbook",
    items: [
        "Service level rose in six of eight queues; the largest gain is in Sales (+6.4 pp).",
        "Billing stayed under its warning value on two days, which the outage on Monday explains for the most part; the rest is a gap in the rota between 12:00 and 14:00.",
        "Average handling time is the shortest since July.",
    ],
    note: "The telephony data of Thursday between 03:10 and 03:40 are missing. Figures of that half hour are left out of all rates.",
    days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    series: ["This week", "Previous week"],
    charts: ["Service level by day", "Offered calls by day"],
    target: "target 80%",
    columns: ["Queue", "Day", "Offered", "Service level", "Abandoned", "Handling time"],
    queues: [
        "Sales",
        "Billing",
        "Technical support, second line",
        "Retention",
        "Claims",
        "Delivery",
        "Partners",
        "VIP",
    ],
    caption: "Service by queue and day",
    total: "Total",
    omitted: "First 80 of 112 rows; the whole table is in the workbook",
    footnotes: [
        "Data as of 23 November 2026, 06:00. 12,480 calls were read; 14 without a queue are counted in the totals only.",
        "Rules 3f9c2a7e. Rates of groups with fewer than five calls are not shown.",
    ],
    comma: ".",
    percent: "%",
};

pub(crate) const RUSSIAN: Texts = Texts {
    title: "Еженедельный отчёт колл-центра",
    subtitle: "16–22 ноября 2026 г.",
    author: "ООО «Северный ветер»",
    words: ["страница {page} из {pages}", "цель", "предыдущий период", "нет данных", "продолжение"],
    tiles: [
        ("Уровень обслуживания: ответ за 20 секунд", "83,4 %", "цель 80 %", "+2,1 п. п."),
        ("Потерянные звонки", "6,2 %", "цель 5 %", "+0,8 п. п."),
        ("Среднее время обработки", "4:12", "цель 4:30", "−0:09"),
        ("Поступившие звонки", "12 480", "", "без изменений"),
    ],
    headings: ["Главное", "Что изменилось", "По дням", "Очереди", "По очередям и дням"],
    summary: "Центр принял ",
    strong: "83,4 % звонков за 20 секунд",
    rest: " — на два пункта больше, чем неделей раньше, и третью неделю подряд выше цели в 80 %. Доля потерянных звонков выросла в понедельник, когда сбой у платёжного провайдера на два часа удвоил поток обращений; без этого утра она осталась бы на уровне 4,9 %. Определения показателей приведены в ",
    link: "справочнике",
    items: [
        "Уровень обслуживания вырос в шести очередях из восьми; больше всего — в продажах (+6,4 п. п.).",
        "Очередь «Расчёты» два дня была ниже порога предупреждения, что в основном объясняется сбоем в понедельник; остальное — разрыв в графике смен с 12:00 до 14:00.",
        "Среднее время обработки — самое короткое с июля.",
    ],
    note: "Нет данных телефонии за четверг с 03:10 до 03:40. Показатели этого получаса исключены из всех долей.",
    days: ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"],
    series: ["Эта неделя", "Прошлая неделя"],
    charts: ["Уровень обслуживания по дням", "Поступившие звонки по дням"],
    target: "цель 80 %",
    columns: ["Очередь", "День", "Поступило", "Уровень обслуживания", "Потеряно", "Время обработки"],
    queues: [
        "Продажи",
        "Расчёты",
        "Техническая поддержка, вторая линия",
        "Удержание",
        "Претензии",
        "Доставка",
        "Партнёры",
        "ВИП",
    ],
    caption: "Обслуживание по очередям и дням",
    total: "Итого",
    omitted: "Первые 80 строк из 112; вся таблица — в книге Excel",
    footnotes: [
        "Данные на 23 ноября 2026 г., 06:00. Прочитано 12 480 звонков; 14 без очереди учтены только в итогах.",
        "Правила 3f9c2a7e. Доли для групп менее чем из пяти звонков не показаны.",
    ],
    comma: ",",
    percent: "\u{a0}%",
};

/// A weekly report with every kind of block that has text.
pub(crate) fn weekly(texts: &Texts, language: Language) -> Document {
    let mut document = empty(texts, language);
    let heading = |level: u8, index: usize| Block::Heading { level, text: vec![plain(texts.headings[index])] };
    document.blocks = vec![
        Block::Headline(Headline {
            text: vec![Inline::Strong(vec![plain(texts.strong)])],
            status: Status::Good,
            remark: Some(texts.items[0].to_owned()),
        }),
        tiles(texts),
        heading(1, 0),
        Block::Paragraph(vec![
            plain(texts.summary),
            Inline::Strong(vec![plain(texts.strong)]),
            plain(texts.rest),
            Inline::Link { text: vec![plain(texts.link)], address: "https://example.org/kpi".to_owned() },
            plain("."),
        ]),
        Block::Note(vec![plain(texts.note)]),
        heading(2, 1),
        Block::List { marker: Marker::Bullet, items: texts.items.iter().map(|item| vec![plain(item)]).collect() },
        Block::List { marker: Marker::Number, items: texts.items.iter().map(|item| vec![plain(item)]).collect() },
        heading(1, 2),
        chart(texts, 0),
        chart(texts, 1),
        heading(1, 3),
        heading(2, 4),
        table(texts, 80),
    ];
    document
}

/// What the design's figure names: four tiles, two charts, a table of 80 rows.
pub(crate) fn figure() -> Document {
    let mut document = empty(&ENGLISH, Language::English);
    document.blocks = vec![tiles(&ENGLISH), chart(&ENGLISH, 0), chart(&ENGLISH, 1), table(&ENGLISH, 80)];
    document
}

/// The report of one of many recipients: its own name, its own numbers.
pub(crate) fn of_recipient(number: usize) -> Document {
    let mut document = figure();
    document.title = format!("Report of agent {number}");
    if let Some(Block::Table(table)) = document.blocks.last_mut() {
        table.rows.rotate_left(number % 80);
        for (index, row) in table.rows.iter_mut().enumerate() {
            row[2].text = (number * 31 + index * 7919 % 2000).to_string();
        }
    }
    document
}

/// A table of 10,000 rows.
pub(crate) fn long_table() -> Document {
    let mut document = empty(&RUSSIAN, Language::Russian);
    document.blocks = vec![table(&RUSSIAN, 10_000)];
    document
}

pub(crate) fn empty(texts: &Texts, language: Language) -> Document {
    let [page_of, target, previous, no_data, continued] = texts.words.map(str::to_owned);
    Document {
        title: texts.title.to_owned(),
        subtitle: texts.subtitle.to_owned(),
        language,
        author: texts.author.to_owned(),
        created: DateTime::from_timestamp(1_795_413_600, 0).expect("the instant exists"),
        preheader: String::new(),
        blocks: Vec::new(),
        footnotes: texts.footnotes.map(str::to_owned).to_vec(),
        words: Words { page_of, target, previous, no_data, continued },
    }
}

pub(crate) fn tiles(texts: &Texts) -> Block {
    let statuses = [Status::Good, Status::Bad, Status::Near, Status::Neutral];
    let trends = [Trend::Up, Trend::Up, Trend::Down, Trend::Flat];
    let changes = [Status::Good, Status::Bad, Status::Good, Status::Neutral];
    let tile = |index: usize| {
        let (title, value, target, change) = texts.tiles[index];
        Tile {
            title: title.to_owned(),
            value: value.to_owned(),
            status: statuses[index],
            target: (!target.is_empty()).then(|| target.to_owned()),
            change: Some(Change { text: change.to_owned(), trend: trends[index], status: changes[index] }),
            sparkline: Some(Sparkline {
                values: (0..14).map(|day| Some(f64::from((day * (7 + index as i32)) % 11))).collect(),
                target: Some(6.0),
                alternative: title.to_owned(),
            }),
            number: None,
            scale: Scale { unit: Unit::Percent, decimals: 1 },
        }
    };
    Block::Tiles((0..4).map(tile).collect())
}

pub(crate) fn chart(texts: &Texts, index: usize) -> Block {
    let values = |base: f64, step: f64| (0..7).map(|day| Some(base + step * f64::from(day * day % 5))).collect();
    let (kind, unit, current, previous) = if index == 0 {
        (ChartKind::Line, Unit::Percent, values(76.0, 3.0), values(74.0, 2.0))
    } else {
        (ChartKind::Bar, Unit::Count, values(1400.0, 180.0), values(1500.0, 120.0))
    };
    Block::Chart(Chart {
        title: texts.charts[index].to_owned(),
        kind,
        categories: texts.days.map(str::to_owned).to_vec(),
        series: vec![
            Series { name: texts.series[0].to_owned(), values: current, role: SeriesRole::Current },
            Series { name: texts.series[1].to_owned(), values: previous, role: SeriesRole::Previous },
        ],
        target: (index == 0).then(|| TargetLine { value: 80.0, label: texts.target.to_owned() }),
        scale: Scale { unit, decimals: u8::from(index == 0) },
        alternative: texts.charts[index].to_owned(),
        statuses: Vec::new(),
    })
}

pub(crate) fn table(texts: &Texts, rows: usize) -> Block {
    let cell = |text: String, status: Status| Cell { text, status, number: None, share: None };
    let bar = |calls: usize| Cell { share: Some(calls as f64 / 2040.0), ..cell(calls.to_string(), Status::Neutral) };
    let row = |index: usize| {
        let level = 600 + (index * 37) % 390;
        let status = match level {
            800.. => Status::Good,
            760.. => Status::Near,
            _ if index.is_multiple_of(5) => Status::Bad,
            _ => Status::Neutral,
        };
        vec![
            cell(texts.queues[index % 8].to_owned(), Status::Neutral),
            cell(texts.days[index / 8 % 7].to_owned(), Status::Neutral),
            bar(40 + index * 7919 % 2000),
            cell(format!("{}{}{}{}", level / 10, texts.comma, level % 10, texts.percent), status),
            cell(format!("{}{}{}{}", index % 9, texts.comma, index % 10, texts.percent), Status::Neutral),
            cell(format!("{}:{:02}", 3 + index % 4, index * 13 % 60), Status::Neutral),
        ]
    };
    let tile = |index: usize| texts.tiles[index].1;
    let total = [texts.total, "", tile(3), tile(0), tile(1), tile(2)].map(|it| cell(it.to_owned(), Status::Neutral));
    let align = |index: usize| if index < 2 { Align::Left } else { Align::Right };
    Block::Table(Table {
        data: None,
        caption: Some(texts.caption.to_owned()),
        columns: texts
            .columns
            .iter()
            .enumerate()
            .map(|(index, title)| TableColumn { title: (*title).to_owned(), align: align(index), scale: None })
            .collect(),
        rows: (0..rows).map(row).collect(),
        total: Some(total.to_vec()),
        omitted: Some(texts.omitted.to_owned()),
    })
}

pub(crate) fn plain(text: &str) -> Inline {
    Inline::Text(text.to_owned())
}
