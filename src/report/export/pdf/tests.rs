//! The exporter's behaviour, seen through the placed marks: what stands on which page, in which order, and that
//! nothing is lost, cut or outside the paper.

mod any;
mod file;
mod overlap;
mod samples;
mod wide;

use overlap::check_apart;
use samples::{branded, chart, document, heading, headline, table, text, tile};

use super::flow::Page;
use super::mark::Mark;
use super::paper::MARGIN;
use super::text::Look;
use super::{laid_out as content, render};
use crate::locale::Language;
use crate::report::document::{Block, Cell, Chart, Document, Inline, Marker, Status, Table, Tile};
use crate::report::export::sample;
use crate::report::theme::Theme;
use crate::workspace::PdfDefinition;

fn laid_out(document: &Document) -> Vec<Page> {
    content(document, &Theme::default(), &PdfDefinition::default()).pages
}

/// The texts of a page in the order they are read.
fn texts(page: &Page) -> Vec<&str> {
    page.marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text(text) => Some(text.text.as_str()),
            _ => None,
        })
        .collect()
}

/// Every text with its place: page, left edge, baseline.
fn dump(pages: &[Page]) -> String {
    let mut out = String::new();
    for (number, page) in pages.iter().enumerate() {
        for mark in &page.marks {
            match mark {
                Mark::Text(it) => {
                    let (x, y, size) = (it.x, it.y, it.size);
                    out += &format!("{} {x:5.1} {y:5.1} {size:4.1} {:?} {}\n", number + 1, it.face.style(), it.text);
                }
                Mark::Link { address, .. } => out += &format!("{} link {address}\n", number + 1),
                _ => {}
            }
        }
    }
    out
}

/// Every text lies between the margins and apart from the others, every shape on the paper; the file can be written.
fn check_inside(document: &Document) {
    check_on(document, &PdfDefinition::default());
}

/// The same on this paper.
fn check_on(document: &Document, definition: &PdfDefinition) {
    let theme = branded();
    for page in content(document, &theme, definition).pages {
        let sheet = page.sheet;
        for mark in &page.marks {
            match mark {
                Mark::Text(it) => {
                    let look = Look { face: it.face, size: it.size, color: it.color };
                    let right = it.x + look.width(&it.text);
                    assert!(it.x >= MARGIN - 0.1 && right <= sheet.width - MARGIN + 1.0, "{it:?} ends at {right}");
                    assert!(it.y > 20.0 && it.y < sheet.height - 20.0, "{it:?}");
                }
                Mark::Rectangle { x, y, width, height, .. }
                | Mark::Link { x, y, width, height, .. }
                | Mark::Logo { x, y, width, height } => {
                    assert!(*x >= 0.0 && x + width <= sheet.width + 0.1, "{mark:?}");
                    assert!(*y >= 0.0 && y + height <= sheet.height, "{mark:?}");
                }
                Mark::Line { points, .. } | Mark::Polygon { points, .. } => {
                    let on_paper =
                        |(x, y): &(f64, f64)| (0.0..=sheet.width).contains(x) && (0.0..=sheet.height).contains(y);
                    assert!(points.iter().all(on_paper), "{mark:?}");
                }
                Mark::Circle { x, y, radius, .. } => {
                    assert!(x - radius >= 0.0 && x + radius <= sheet.width, "{mark:?}");
                    assert!(y - radius >= 0.0 && y + radius <= sheet.height, "{mark:?}");
                }
                Mark::Part(_) => {}
            }
        }
        check_apart(&page);
    }
    let bytes = render(document, &theme, definition).unwrap();
    assert!(bytes.starts_with(b"%PDF-1.7") && bytes.ends_with(b"%%EOF"), "{} bytes", bytes.len());
}

#[test]
fn a_small_report_is_laid_out_as_designed() {
    let mut queues = table(4, 2);
    queues.rows.iter_mut().for_each(|row| row[1].share = Some(0.4));
    let blocks = vec![
        headline(),
        Block::Tiles(vec![
            tile(),
            Tile { change: None, target: None, sparkline: None, status: Status::Neutral, ..tile() },
        ]),
        heading(1, "Главное"),
        Block::Paragraph(vec![
            Inline::Text("Центр принял ".into()),
            Inline::Strong(text("83,4\u{a0}%")),
            Inline::Text(" звонков, подробности в ".into()),
            Inline::Link { text: text("справочнике"), address: "https://example.org/kpi".into() },
        ]),
        Block::Note(text("Нет данных за четверг")),
        Block::List { marker: Marker::Number, items: vec![text("первое"), text("второе")] },
        Block::Table(queues),
    ];
    insta::assert_snapshot!(dump(&content(&document(blocks), &branded(), &PdfDefinition::default()).pages));
}

#[test]
fn a_long_table_shows_every_row_once_under_a_repeated_header() {
    let pages = laid_out(&document(vec![heading(1, "Таблица"), Block::Table(table(4, 120))]));
    assert_eq!(pages.len(), 3);
    let all: Vec<&str> = pages.iter().flat_map(texts).collect();
    let names: Vec<&str> = all.iter().copied().filter(|text| text.starts_with("name-")).collect();
    assert_eq!(names, (0..120).map(|row| format!("name-{row:03}")).collect::<Vec<_>>());
    assert_eq!(all.iter().filter(|text| **text == "total-0").count(), 1);
    for (number, page) in pages.iter().enumerate() {
        let texts = texts(page);
        let headers = texts.iter().filter(|text| **text == "Столбец 1").count();
        let continued = texts.iter().filter(|text| text.contains("продолжение")).count();
        assert_eq!((headers, continued), (1, usize::from(number > 0)), "page {}", number + 1);
    }
}

#[test]
fn neither_the_head_nor_the_end_of_a_table_stands_nearly_alone() {
    for above in [0, 10, 20] {
        for rows in 3..90 {
            let list = Block::List { marker: Marker::Bullet, items: vec![text("строка"); above] };
            let pages = laid_out(&document(vec![list, heading(2, "Таблица"), Block::Table(table(3, rows))]));
            let counts: Vec<usize> = pages
                .iter()
                .map(|page| texts(page).iter().filter(|text| text.starts_with("name-")).count())
                .filter(|count| *count > 0)
                .collect();
            assert!(counts.iter().all(|count| *count >= 3), "{rows} rows under {above} lines: {counts:?}");
            let last = texts(&pages[pages.len() - 1]);
            assert!(last.contains(&"total-0") && last.iter().any(|text| text.starts_with("name-")), "{last:?}");
        }
    }
}

#[test]
fn a_table_that_nearly_fits_stays_on_one_page() {
    // In its usual form the first page holds 33 rows.
    for rows in 3..=38 {
        let pages = laid_out(&Document { footnotes: Vec::new(), ..document(vec![Block::Table(table(3, rows))]) });
        assert_eq!(pages.len(), 1, "{rows} rows");
    }
}

#[test]
fn the_small_print_has_company() {
    for rows in 20..60 {
        let pages = laid_out(&document(vec![Block::Table(table(3, rows))]));
        let page = pages.iter().find(|page| texts(page).contains(&"Данные на 23 ноября, 06:00")).unwrap();
        assert!(texts(page).contains(&"total-0"), "{rows} rows");
    }
}

#[test]
fn a_heading_stays_with_what_follows_it() {
    let after = [
        Block::Paragraph(text(&"слово ".repeat(60))),
        Block::Table(table(3, 9)),
        Block::Chart(chart()),
        Block::Tiles(vec![tile()]),
        Block::Note(text("замечание")),
        heading(3, "Ещё ниже"),
        Block::Explained(sample::explained(Language::Russian)),
    ];
    for next in after {
        for lines in 20..50 {
            let blocks = vec![
                Block::List { marker: Marker::Bullet, items: vec![text("строка"); lines] },
                heading(1, "Сверху"),
                heading(2, "Ниже"),
                next.clone(),
                Block::Paragraph(text("в конце")),
            ];
            let pages = laid_out(&document(blocks));
            let page = pages.iter().find(|page| texts(page).contains(&"Сверху")).unwrap();
            let texts = texts(page);
            let place = texts.iter().position(|text| *text == "Сверху").unwrap();
            assert_eq!(texts[place + 1], "Ниже", "{lines} lines");
            // Three texts are the footer's two and the footnote at most.
            assert!(texts.len() > place + 4, "{lines} lines: {:?}", &texts[place..]);
        }
    }
}

#[test]
fn neither_an_explained_kpi_nor_the_small_print_is_cut() {
    let footnotes = ["один", "два", "три"].map(str::to_owned).to_vec();
    for lines in 20..50 {
        let blocks = vec![
            Block::List { marker: Marker::Bullet, items: vec![text("строка"); lines] },
            Block::Explained(sample::explained(Language::Russian)),
        ];
        let pages = laid_out(&Document { footnotes: footnotes.clone(), ..document(blocks) });
        let page_of = |wanted: &str| pages.iter().position(|page| texts(page).contains(&wanted)).unwrap();
        assert_eq!(page_of("Уровень сервиса"), page_of("count(answered and wait_s <= 20)"), "{lines} lines");
        assert_eq!(page_of("один"), page_of("три"), "{lines} lines");
    }
}

#[test]
fn breaks_make_pages_but_never_empty_ones() {
    let check = |blocks: Vec<Block>, expected: &[&str]| {
        let pages = laid_out(&Document { footnotes: Vec::new(), ..document(blocks) });
        let ends: Vec<&str> = pages.iter().map(|page| texts(page)[texts(page).len() - 3]).collect();
        assert_eq!(ends, expected);
    };
    let paragraph = |name: &str| Block::Paragraph(text(name));
    check(vec![paragraph("a"), Block::PageBreak, paragraph("b")], &["a", "b"]);
    check(vec![paragraph("a"), Block::PageBreak, Block::PageBreak, paragraph("b"), Block::PageBreak], &["a", "b"]);
    check(vec![paragraph("a"), heading(2, "h"), Block::PageBreak, paragraph("b")], &["a", "b"]);
    check(vec![paragraph("a"), Block::PageBreak, heading(2, "h")], &["a", "h"]);
}

#[test]
fn every_page_tells_its_number_and_the_count() {
    let pages = laid_out(&document(vec![Block::Table(table(3, 100))]));
    let numbers: Vec<&str> = pages.iter().map(|page| texts(page).last().copied().unwrap()).collect();
    assert_eq!(numbers, ["страница 1 из 3", "страница 2 из 3", "страница 3 из 3"]);
}

#[test]
fn whatever_the_texts_are_nothing_leaves_the_page() {
    let names = [
        "",
        "Ж",
        "<script>alert('&amp;')</script>",
        "first\r\nsecond\u{0}\u{202e}third",
        "звонки 😀 ☎️ 漢字 עברית",
        &"W".repeat(10_000),
        &"длинное имя очереди ".repeat(500),
    ];
    for name in names {
        let cell = Cell { text: name.into(), status: Status::Bad, number: None, share: None };
        let mut wide = table(4, 3);
        wide.caption = Some(name.into());
        wide.omitted = Some(name.into());
        wide.columns.iter_mut().for_each(|column| column.title = name.into());
        wide.rows.iter_mut().flatten().for_each(|it| *it = cell.clone());
        let value = Tile { title: name.into(), value: name.into(), target: Some(name.into()), ..tile() };
        let blocks = vec![
            Block::Tiles(vec![value; 5]),
            Block::Heading { level: 2, text: text(name) },
            Block::Paragraph(vec![
                Inline::Code(name.into()),
                Inline::Link { text: text(name), address: "mailto:почта@example.org".into() },
            ]),
            Block::List { marker: Marker::Number, items: vec![text(name); 12] },
            Block::Table(wide),
            Block::Chart(Chart { title: name.into(), ..chart() }),
            Block::Note(text(name)),
        ];
        let mut document = document(blocks);
        document.title = name.into();
        document.author = name.into();
        document.footnotes.push(name.into());
        check_inside(&document);
    }
}

#[test]
fn whole_reports_stay_on_their_pages_in_both_languages_and_with_hostile_texts() {
    for language in Language::ALL {
        check_inside(&sample::week(language, 80));
    }
    for text in sample::hostile() {
        check_inside(&sample::filled_with(&text));
    }
}

#[test]
fn only_web_and_mail_addresses_become_links() {
    let links = |address: &str| {
        let link = Inline::Link { text: text("слово"), address: address.into() };
        let pages = laid_out(&document(vec![Block::Paragraph(vec![link])]));
        pages[0].marks.iter().filter(|mark| matches!(mark, Mark::Link { .. })).count()
    };
    let addresses = ["https://example.org", "mailto:a@example.org", "javascript:alert(1)", "file:///etc/passwd"];
    assert_eq!(addresses.map(links), [1, 1, 0, 0]);
}

#[test]
fn odd_tables_and_empty_blocks_are_shown_as_they_are() {
    let check = |block: Block, expected: &[&str]| {
        let document = Document { footnotes: Vec::new(), ..document(vec![block]) };
        check_inside(&document);
        let pages = laid_out(&document);
        let texts = texts(&pages[0]);
        assert_eq!(texts[3..texts.len() - 2], *expected);
    };
    check(
        Block::Table(Table { total: None, omitted: None, ..table(2, 0) }),
        &["Очереди", "Столбец 0", "Столбец 1", "нет данных"],
    );
    check(Block::Table(Table { caption: None, columns: Vec::new(), ..table(2, 2) }), &["первые из многих"]);
    check(Block::Tiles(Vec::new()), &[]);
    check(Block::Paragraph(Vec::new()), &[]);
    check(Block::Note(Vec::new()), &[]);
    check(Block::List { marker: Marker::Bullet, items: Vec::new() }, &[]);
    check(heading(9, ""), &[]);
    let mut ragged = table(3, 1);
    ragged.rows[0].truncate(1);
    ragged.total = None;
    check(Block::Table(ragged), &["Очереди", "Столбец 0", "Столбец 1", "Столбец 2", "name-000", "первые из многих"]);
}

#[test]
fn numbers_of_a_column_end_at_the_same_place() {
    let pages = laid_out(&document(vec![Block::Table(table(2, 30))]));
    let ends: std::collections::BTreeSet<i64> = pages[0]
        .marks
        .iter()
        .filter_map(|mark| match mark {
            Mark::Text(it) if it.text.parse::<u32>().is_ok() => Some(it),
            _ => None,
        })
        .map(|it| {
            let look = Look { face: it.face, size: it.size, color: it.color };
            ((it.x + look.width(&it.text)) * 10.0).round() as i64
        })
        .collect();
    assert_eq!(ends.len(), 1, "{ends:?}");
}

#[test]
fn a_first_heading_that_repeats_the_title_is_not_shown_twice() {
    let pages = laid_out(&document(vec![heading(1, "Недельный отчёт"), heading(1, "Главное")]));
    assert_eq!(texts(&pages[0]).iter().filter(|text| **text == "Недельный отчёт").count(), 1);
    let bookmarks: Vec<&str> = pages[0].bookmarks.iter().map(|it| it.0.title.as_str()).collect();
    assert_eq!(bookmarks, ["Недельный отчёт", "Главное"]);
}

#[test]
fn an_empty_document_is_a_page_with_its_title() {
    let document = Document { footnotes: Vec::new(), ..document(Vec::new()) };
    check_inside(&document);
    let pages = laid_out(&document);
    assert_eq!(pages.len(), 1);
    assert_eq!(
        texts(&pages[0]),
        ["Северный ветер", "Недельный отчёт", "16–22 ноября 2026 г.", "Северный ветер", "страница 1 из 1"]
    );
}
