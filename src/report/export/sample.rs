//! Documents for the exporters' tests: a week's report in both languages, and one made of hostile texts.

use chrono::{DateTime, Utc};

use crate::locale::{Language, Unit, format_value, text};
use crate::report::document::*;

pub(super) const COUNT: Scale = Scale { unit: Unit::Count, decimals: 0 };
pub(super) const PERCENT: Scale = Scale { unit: Unit::Percent, decimals: 1 };
pub(super) const DURATION: Scale = Scale { unit: Unit::Duration, decimals: 0 };

/// How two KPIs came about: one with several lines and parts, one that is its only part.
pub(super) fn explained(language: Language) -> Explained {
    let say = |english: &str, russian: &str| match language {
        Language::English => english.to_owned(),
        Language::Russian => russian.to_owned(),
    };
    let part = |what: &str, value: String, origin: String| ExplainedPart { what: what.to_owned(), value, origin };
    let rows = say("all 12,408 rows of calls", "все строки calls: 12 408");
    Explained {
        kpis: vec![
            ExplainedKpi {
                title: say("Service level", "Уровень сервиса"),
                value: format_value(83.4, Unit::Percent, 1, language),
                target: Some(say("target 80%", "цель 80 %")),
                definition: Some(say("Answered within 20 s, of all offered.", "Принято за 20 с от всех поступивших.")),
                formula: vec![
                    "let in_time = count(answered and wait_s <= 20);".to_owned(),
                    "if count(offered) < 20 {".to_owned(),
                    "\u{a0}\u{a0}()".to_owned(),
                    "} else { percent(in_time, count(offered)) }".to_owned(),
                ],
                parts: vec![
                    part(
                        "count(answered and wait_s <= 20)",
                        say("10,348", "10 348"),
                        say(
                            "10,348 of 12,408 rows of calls, 2,055 outside the condition, 5 without a value",
                            "строк calls: 10 348 из 12 408, вне условия: 2 055, без значения: 5",
                        ),
                    ),
                    part("count(offered)", say("12,408", "12 408"), rows.clone()),
                ],
            },
            ExplainedKpi {
                title: say("Calls offered", "Поступило звонков"),
                value: say("12,408", "12 408"),
                target: None,
                definition: None,
                formula: Vec::new(),
                parts: vec![part("count(offered)", say("12,408", "12 408"), rows)],
            },
        ],
        facts: vec![
            (say("Window", "Период"), say("16 Nov 2026, 00:00 MSK to 23 Nov 2026, 00:00 MSK", "16–23 нояб. 2026 г.")),
            (String::new(), "2026-11-15 21:00 to 2026-11-22 21:00 UTC".to_owned()),
            (say("Rules", "Правила"), "7dfd67dbc3feb9970f117bf72ba618f6".repeat(2)),
        ],
    }
}

/// A week's report: six tiles, a line chart, a bar chart, tables of 12 and `rows` rows, notes and lists.
pub(super) fn week(language: Language, rows: usize) -> Document {
    let russian = language == Language::Russian;
    let say = |english: &str, in_russian: &str| if russian { in_russian.to_owned() } else { english.to_owned() };
    let plain = |english: &str, in_russian: &str| vec![Inline::Text(say(english, in_russian))];
    let percent = |value: f64| format_value(value, Unit::Percent, 1, language);
    let count = |value: usize| format_value(value as f64, Unit::Count, 0, language);
    let target = |value: &str| Some(format!("{} {value}", text(language, "target", &[])));
    let change = |text: &str, trend: Trend, status: Status| Some(Change { text: text.to_owned(), trend, status });
    let points = text(language, "percentage-points", &[]);

    let tiles = vec![
        Tile {
            title: say("Service level", "Уровень сервиса"),
            value: percent(83.4),
            number: Some(83.4),
            scale: PERCENT,
            status: Status::Good,
            target: target(&format_value(80.0, Unit::Percent, 0, language)),
            change: change(&format!("+{}\u{a0}{points}", say("2.1", "2,1")), Trend::Up, Status::Good),
            sparkline: None,
        },
        Tile {
            title: say("Abandon rate", "Доля потерянных"),
            value: percent(6.2),
            number: Some(6.2),
            scale: PERCENT,
            status: Status::Bad,
            target: target(&format_value(5.0, Unit::Percent, 0, language)),
            change: change(&format!("+{}\u{a0}{points}", say("0.8", "0,8")), Trend::Up, Status::Bad),
            sparkline: None,
        },
        Tile {
            title: say("Average handling time", "Среднее время обработки"),
            value: "4:12".to_owned(),
            number: Some(252.0),
            scale: DURATION,
            status: Status::Near,
            target: target("4:00"),
            change: change("−0:05", Trend::Down, Status::Good),
            sparkline: None,
        },
        Tile {
            title: say("Calls offered", "Поступило звонков"),
            value: count(12_408),
            number: Some(12_408.0),
            scale: COUNT,
            status: Status::Neutral,
            target: None,
            change: change("+312", Trend::Up, Status::Neutral),
            sparkline: None,
        },
        Tile {
            title: say("Average speed of answer", "Среднее время ожидания ответа"),
            value: "0:18".to_owned(),
            number: Some(18.0),
            scale: DURATION,
            status: Status::Good,
            target: target("0:20"),
            change: change(&text(language, "no-change", &[]), Trend::Flat, Status::Neutral),
            sparkline: None,
        },
        Tile {
            title: say("Customer satisfaction", "Удовлетворённость клиентов"),
            value: text(language, "no-data", &[]),
            number: None,
            scale: Scale { unit: Unit::Number, decimals: 2 },
            status: Status::Neutral,
            target: target(&say("4.50", "4,50")),
            change: None,
            sparkline: None,
        },
    ];

    let by_day = Chart {
        title: say("Service level by day", "Уровень сервиса по дням"),
        kind: ChartKind::Line,
        categories: (16..23)
            .zip(if russian {
                ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]
            } else {
                ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
            })
            .map(|(day, weekday)| if russian { format!("{weekday}, {day}") } else { format!("{weekday} {day}") })
            .collect(),
        series: vec![
            Series {
                name: say("this week", "эта неделя"),
                values: vec![Some(82.1), Some(79.4), Some(84.0), None, Some(86.3), Some(88.9), Some(83.4)],
                role: SeriesRole::Current,
            },
            Series {
                name: text(language, "previous-period", &[]),
                values: [80.5, 78.2, 81.0, 82.6, 81.9, 84.4, 80.1].map(Some).to_vec(),
                role: SeriesRole::Previous,
            },
        ],
        target: Some(TargetLine {
            value: 80.0,
            label: target(&format_value(80.0, Unit::Percent, 0, language)).unwrap(),
        }),
        scale: Scale { unit: Unit::Percent, decimals: 1 },
        alternative: say(
            "Service level by day: between 79.4% on Tuesday and 88.9% on Saturday, 83.4% on Sunday; no data on Thursday.",
            "Уровень сервиса по дням: от 79,4 % во вторник до 88,9 % в субботу, 83,4 % в воскресенье; нет данных за четверг.",
        ),
        statuses: Vec::new(),
    };
    let hours = [4, 3, 1, 0, 2, 6, 21, 88, 240, 412, 468, 431, 380, 402, 455, 471, 390, 318, 244, 160, 90, 44, 18, 9];
    let by_hour = Chart {
        title: say("Calls by hour", "Звонки по часам"),
        kind: ChartKind::Bar,
        categories: (0..24).map(|hour| format!("{hour:02}:00")).collect(),
        series: vec![Series {
            name: say("calls", "звонки"),
            values: hours.map(|calls| Some(f64::from(calls))).to_vec(),
            role: SeriesRole::Current,
        }],
        target: None,
        scale: Scale { unit: Unit::Count, decimals: 0 },
        alternative: say(
            "Most calls come between 9 and 16 o'clock, 471 at 15.",
            "Больше всего звонков с 9 до 16 часов, 471 в 15.",
        ),
        statuses: Vec::new(),
    };

    let blocks = vec![
        Block::Heading { level: 1, text: plain("Weekly report", "Недельный отчёт") },
        Block::Paragraph(vec![
            Inline::Text(say("Service level rose to ", "Уровень сервиса вырос до ")),
            Inline::Strong(vec![Inline::Text(percent(83.4))]),
            Inline::Text(say(
                ", above its target. More callers than agreed gave up before they were answered, most of them on Tuesday. See the ",
                ", выше цели. Больше звонящих, чем условлено, не дождались ответа, чаще всего во вторник. См. ",
            )),
            Inline::Link {
                text: plain("definitions of all figures", "определения всех показателей"),
                address: "https://example.com/kpi?week=47&lang=en".to_owned(),
            },
            Inline::Text(".".to_owned()),
        ]),
        Block::Tiles(tiles),
        Block::Note(plain(
            "Customer satisfaction: the survey system delivered no answers since Thursday, 14:20.",
            "Удовлетворённость клиентов: система опросов не передаёт ответы с четверга, 14:20.",
        )),
        Block::Heading { level: 2, text: plain("Through the week", "Ход недели") },
        Block::Chart(by_day),
        Block::Chart(by_hour),
        Block::Heading { level: 2, text: plain("Queues", "Очереди") },
        Block::Table(table(language, 12, say("Queues by calls offered", "Очереди по числу звонков"))),
        Block::Explained(explained(language)),
        Block::Heading { level: 3, text: plain("What to look at", "На что обратить внимание") },
        Block::List {
            marker: Marker::Bullet,
            items: vec![
                plain(
                    "Tuesday 10:00–12:00: eight agents fewer than planned.",
                    "Вторник 10:00–12:00: на восемь операторов меньше плана.",
                ),
                plain("Billing: one call in nine is abandoned.", "Биллинг: потерян каждый девятый звонок."),
            ],
        },
        Block::PageBreak,
        Block::Heading { level: 2, text: plain("Agents", "Операторы") },
        Block::Table(table(language, rows, say("Agents by calls answered", "Операторы по числу принятых звонков"))),
    ];
    Document {
        title: say("Weekly report", "Недельный отчёт"),
        subtitle: say("16–22 November 2026", "16–22 ноября 2026 г."),
        language,
        author: say("Northwind Support", "Служба поддержки «Северный ветер»"),
        created: DateTime::<Utc>::from_timestamp(1_795_420_800, 0).unwrap(),
        preheader: say(
            "Service level 83.4% (target 80%), abandon rate 6.2% (target 5%), 12,408 calls",
            "Уровень сервиса 83,4 % (цель 80 %), потеряно 6,2 % (цель 5 %), 12 408 звонков",
        ),
        blocks,
        footnotes: vec![
            say("calls: data up to 22 November 2026, 23:58", "calls: данные по 22 ноября 2026 г., 23:58"),
            say("rules 4f9c1a7e", "правила 4f9c1a7e"),
        ],
        words: words(language),
    }
}

/// The week with all that a report can hold besides: a headline, courses in the tiles, bars in the first column of numbers.
pub(super) fn full(language: Language, rows: usize) -> Document {
    let russian = language == Language::Russian;
    let say = |english: &str, in_russian: &str| if russian { in_russian.to_owned() } else { english.to_owned() };
    let mut document = week(language, rows);
    let headline = Headline {
        text: vec![Inline::Text(say(
            "More callers gave up than agreed: 6.2% against a target of 5%, most of them in Billing.",
            "Потеряно больше звонков, чем условлено: 6,2 % при цели 5 %, больше всего в очереди «Биллинг».",
        ))],
        status: Status::Bad,
        remark: Some(say(
            "4,210 calls in Billing, enough to be sure.",
            "В очереди «Биллинг» 4 210 звонков: этого достаточно для вывода.",
        )),
    };
    document.blocks.insert(1, Block::Headline(headline));
    for block in &mut document.blocks {
        match block {
            Block::Tiles(tiles) => {
                for (index, tile) in tiles.iter_mut().enumerate().filter(|(index, _)| *index < 5) {
                    let value = |day: usize| 80.0 + ((day * 5 + index * 3) % 7) as f64;
                    tile.sparkline = Some(Sparkline {
                        values: (0..7).map(|day| (day != 3 || index != 1).then(|| value(day))).collect(),
                        target: Some(82.0),
                        alternative: say("Seven days, the last one 84.", "Семь дней, в последний 84."),
                    });
                }
            }
            Block::Table(table) => {
                let most = table.rows.iter().filter_map(|row| row[1].number).fold(1.0, f64::max);
                table.rows.iter_mut().for_each(|row| row[1].share = row[1].number.map(|number| number / most));
            }
            _ => {}
        }
    }
    document
}

/// A table of queues or agents.
pub(super) fn table(language: Language, rows: usize, caption: String) -> Table {
    let russian = language == Language::Russian;
    let names: [&str; 6] = if russian {
        ["Биллинг", "Техническая поддержка", "Продажи", "Доставка и возвраты", "Иванова Мария", "Приём заявок"]
    } else {
        ["Billing", "Technical support", "Sales", "Deliveries and returns", "Maria Fischer", "New customers"]
    };
    let titles: [&str; 5] = if russian {
        ["Очередь", "Поступило", "Принято", "Уровень сервиса", "Время обработки"]
    } else {
        ["Queue", "Offered", "Answered", "Service level", "Handling time"]
    };
    let scales = [None, Some(COUNT), Some(COUNT), Some(PERCENT), Some(DURATION)];
    let columns = titles
        .iter()
        .zip(scales)
        .map(|(title, scale)| TableColumn {
            title: (*title).to_owned(),
            align: if scale.is_none() { Align::Left } else { Align::Right },
            scale,
        })
        .collect();
    let value = |value: f64, scale: Scale, status: Status| Cell {
        text: format_value(value, scale.unit, scale.decimals, language),
        status,
        number: Some(value),
        share: None,
    };
    let row = |index: usize| {
        let calls = (4_210 / (index + 1)) as f64;
        let level = 91.0 - (index * 7 % 23) as f64;
        let status = match level {
            level if level >= 80.0 => Status::Good,
            level if level >= 75.0 => Status::Near,
            _ => Status::Bad,
        };
        vec![
            Cell {
                text: format!("{} {}", names[index % 6], index / 6 + 1),
                status: Status::Neutral,
                number: None,
                share: None,
            },
            value(calls, COUNT, Status::Neutral),
            value((calls * 0.93).floor(), COUNT, Status::Neutral),
            value(level, PERCENT, status),
            value(200.0 + (index * 17 % 90) as f64, DURATION, Status::Neutral),
        ]
    };
    let total = vec![
        Cell { text: text(language, "total", &[]), status: Status::Neutral, number: None, share: None },
        value(12_408.0, COUNT, Status::Neutral),
        value(11_639.0, COUNT, Status::Neutral),
        value(83.4, PERCENT, Status::Good),
        value(252.0, DURATION, Status::Neutral),
    ];
    let omitted = text(language, "first-of", &[("shown", rows.into()), ("all", (rows + 17).into())]);
    Table {
        data: Some("by_queue".to_owned()),
        caption: Some(caption),
        columns,
        rows: (0..rows).map(row).collect(),
        total: Some(total),
        omitted: Some(omitted),
    }
}

/// The words every exporter needs.
pub(super) fn words(language: Language) -> Words {
    Words {
        page_of: "{page} / {pages}".to_owned(),
        target: text(language, "target", &[]),
        previous: text(language, "previous-period", &[]),
        no_data: text(language, "no-data", &[]),
        continued: text(language, "continued", &[]),
    }
}

/// A document with nothing in it.
pub(super) fn empty() -> Document {
    let nothing = String::new;
    Document {
        title: nothing(),
        subtitle: nothing(),
        language: Language::English,
        author: nothing(),
        created: DateTime::<Utc>::from_timestamp(0, 0).unwrap(),
        preheader: nothing(),
        blocks: vec![
            Block::Heading { level: 9, text: vec![] },
            Block::Paragraph(vec![]),
            Block::List { marker: Marker::Number, items: vec![vec![], vec![]] },
            Block::Tiles(vec![]),
            Block::Table(Table {
                data: None,
                caption: None,
                columns: vec![],
                rows: vec![vec![], vec![]],
                total: Some(vec![]),
                omitted: None,
            }),
            Block::Chart(Chart {
                title: nothing(),
                kind: ChartKind::Bar,
                categories: vec![],
                series: vec![],
                target: None,
                scale: Scale { unit: Unit::Count, decimals: 0 },
                alternative: nothing(),
                statuses: Vec::new(),
            }),
            Block::Note(vec![]),
            Block::Explained(Explained { kpis: vec![], facts: vec![] }),
            Block::PageBreak,
        ],
        footnotes: vec![nothing()],
        words: words(Language::English),
    }
}

/// A document in which this text stands wherever a text can stand.
pub(super) fn filled_with(text: &str) -> Document {
    let own = || text.to_owned();
    let inlines = || {
        vec![
            Inline::Text(own()),
            Inline::Strong(vec![Inline::Text(own())]),
            Inline::Code(own()),
            Inline::Link { text: vec![Inline::Text(own())], address: own() },
            Inline::Link {
                text: vec![Inline::Text("link".to_owned())],
                address: format!("https://example.com/{text}"),
            },
        ]
    };
    let cell = |status| Cell { text: own(), status, number: None, share: None };
    let row = || vec![cell(Status::Neutral), cell(Status::Bad)];
    Document {
        title: own(),
        subtitle: own(),
        author: own(),
        preheader: own(),
        blocks: vec![
            Block::Heading { level: 2, text: inlines() },
            Block::Explained(Explained {
                kpis: vec![ExplainedKpi {
                    title: own(),
                    value: own(),
                    target: Some(own()),
                    definition: Some(own()),
                    formula: vec![own(), own()],
                    parts: vec![ExplainedPart { what: own(), value: own(), origin: own() }],
                }],
                facts: vec![(own(), own())],
            }),
            Block::Paragraph(inlines()),
            Block::List { marker: Marker::Bullet, items: vec![inlines()] },
            Block::Tiles(vec![Tile {
                title: own(),
                value: own(),
                number: None,
                scale: COUNT,
                status: Status::Good,
                target: Some(own()),
                change: Some(Change { text: own(), trend: Trend::Up, status: Status::Bad }),
                sparkline: None,
            }]),
            Block::Table(Table {
                data: None,
                caption: Some(own()),
                columns: vec![
                    TableColumn { title: own(), align: Align::Left, scale: None },
                    TableColumn { title: own(), align: Align::Right, scale: None },
                ],
                rows: vec![row(), row()],
                total: Some(row()),
                omitted: Some(own()),
            }),
            Block::Chart(Chart {
                title: own(),
                kind: ChartKind::Bar,
                categories: vec![own(), own()],
                series: vec![Series { name: own(), values: vec![Some(1.0), None], role: SeriesRole::Current }],
                target: Some(TargetLine { value: 2.0, label: own() }),
                scale: Scale { unit: Unit::Count, decimals: 0 },
                alternative: own(),
                statuses: Vec::new(),
            }),
            Block::Note(inlines()),
        ],
        footnotes: vec![own()],
        ..empty()
    }
}

/// Texts a database may hold that were never meant for a report.
pub(super) fn hostile() -> Vec<String> {
    vec![
        "<script>alert(1)</script>".to_owned(),
        "\"><img src=x onerror='alert(1)'>".to_owned(),
        "Bcc: a@example.com\r\nSubject: taken\r\n\r\n<b>".to_owned(),
        "--></style></title></svg><!-- ]]>".to_owned(),
        "Анна 😀\u{202e}\u{0}\u{fffe}".to_owned(),
        "я".repeat(10_000),
        "word ".repeat(2_000),
    ]
}
