//! The workbook taken apart: its sheets, typed cells and charts, and that what looks like a formula stays text.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use super::super::sample;
use super::render;
use crate::locale::Language;
use crate::report::document::*;
use crate::report::theme::Theme;

/// A workbook taken apart.
struct Opened {
    parts: BTreeMap<String, String>,
    strings: Vec<String>,
    /// Names of sheets in order.
    sheets: Vec<String>,
}

impl Opened {
    fn new(document: &Document) -> Self {
        let bytes = render(document, &Theme::default()).expect("a workbook");
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut parts = BTreeMap::new();
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).expect("a part");
            let name = part.name().expect("a name").into_owned();
            let mut text = String::new();
            part.read_to_string(&mut text).expect("XML");
            roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
            parts.insert(name, text);
        }
        let texts = |part: &str, element: &str| -> Vec<String> {
            let Some(text) = parts.get(part) else { return Vec::new() };
            let tree = roxmltree::Document::parse(text).expect("XML");
            let elements = tree.descendants().filter(|node| node.has_tag_name((MAIN, element)));
            elements.map(|node| node.attribute("name").unwrap_or_else(|| inner(node)).to_owned()).collect()
        };
        let strings = texts("xl/sharedStrings.xml", "si");
        let sheets = texts("xl/workbook.xml", "sheet");
        Self { parts, strings, sheets }
    }

    /// The XML of a sheet.
    fn sheet(&self, name: &str) -> &str {
        let index = self.sheets.iter().position(|sheet| sheet == name).unwrap_or_else(|| panic!("{:?}", self.sheets));
        &self.parts[&format!("xl/worksheets/sheet{}.xml", index + 1)]
    }

    /// The rows of a sheet, each a line of cells; numbers as they are kept.
    fn rows(&self, name: &str) -> Vec<String> {
        let tree = roxmltree::Document::parse(self.sheet(name)).expect("XML");
        let rows = tree.descendants().filter(|node| node.has_tag_name((MAIN, "row")));
        let cell = |cell: roxmltree::Node<'_, '_>| match (cell.attribute("t"), inner(cell)) {
            (_, "") => String::new(),
            (Some("s"), index) => self.strings[index.parse::<usize>().expect("an index")].clone(),
            (None, number) => format!("{:.4}", number.parse::<f64>().expect("a number")),
            other => panic!("a cell of another kind: {other:?}"),
        };
        rows.map(|row| row.children().map(cell).collect::<Vec<_>>().join(" | ")).collect()
    }
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";

/// The first text inside an element.
fn inner<'a>(node: roxmltree::Node<'a, '_>) -> &'a str {
    node.descendants().find_map(|node| node.text()).unwrap_or_default()
}

fn with_blocks(blocks: Vec<Block>) -> Document {
    Document { blocks, ..sample::week(Language::English, 3) }
}

fn chart(kind: ChartKind) -> Chart {
    let blocks = sample::week(Language::English, 3).blocks;
    let found = blocks.into_iter().find_map(|block| if let Block::Chart(chart) = block { Some(chart) } else { None });
    Chart { kind, ..found.expect("the sample has a chart") }
}

#[test]
fn a_workbook_has_typed_cells_in_both_languages() {
    let english = Opened::new(&sample::week(Language::English, 3));
    assert_eq!(
        english.sheets,
        ["Summary", "Queues by calls offered", "Agents by calls answered", "Charts", "Definitions"]
    );
    assert_eq!(
        english.rows("Agents by calls answered"),
        [
            "Queue | Offered | Answered | Service level | Handling time",
            "Billing 1 | 4210.0000 | 3915.0000 | 0.9100 | 0.0023",
            "Technical support 1 | 2105.0000 | 1957.0000 | 0.8400 | 0.0025",
            "Sales 1 | 1403.0000 | 1304.0000 | 0.7700 | 0.0027",
            "Total | 12408.0000 | 11639.0000 | 0.8340 | 0.0029",
            "first 3 of 20",
        ]
    );
    let russian = Opened::new(&sample::week(Language::Russian, 3));
    assert_eq!(
        russian.sheets,
        ["Сводка", "Очереди по числу звонков", "Операторы по числу принятых зв…", "Диаграммы", "Определения"]
    );
    let summary = russian.rows("Сводка");
    assert_eq!(summary[0], "Недельный отчёт");
    assert!(
        summary.iter().any(|row| row.starts_with("Уровень сервиса | 0.8340 | цель достигнута | цель 80")),
        "{summary:#?}"
    );
    assert!(summary.iter().any(|row| row.starts_with("Удовлетворённость клиентов | нет данных | ")), "{summary:#?}");
    insta::assert_snapshot!("definitions", english.rows("Definitions").join("\n"));
}

#[test]
fn filters_reach_the_rows_and_not_the_total() {
    let book = Opened::new(&sample::week(Language::English, 3));
    let sheet = book.sheet("Agents by calls answered");
    assert!(sheet.contains("<autoFilter ref=\"A1:E4\"/>"), "{sheet}");
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("topLeftCell=\"B2\""), "{sheet}");
    // The total has an empty row before it.
    assert!(sheet.contains("<row r=\"6\"") && !sheet.contains("<row r=\"5\""), "{sheet}");
    let styles = &book.parts["xl/styles.xml"];
    for format in ["[h]:mm:ss", "0.0%&quot; ✗&quot;", "0.0%&quot; ✓&quot;", "#,##0"] {
        assert!(styles.contains(format), "{format} is not in {styles}");
    }
}

#[test]
fn bars_stand_where_the_report_has_some() {
    let mut table = sample::table(Language::English, 3, "Queues".to_owned());
    assert!(!Opened::new(&with_blocks(vec![Block::Table(table.clone())])).sheet("Queues").contains("dataBar"));
    table.rows[0][1].share = Some(1.0);
    let book = Opened::new(&with_blocks(vec![Block::Table(table)]));
    assert!(book.sheet("Queues").contains("<conditionalFormatting sqref=\"B2:B4\">"), "{}", book.sheet("Queues"));
}

#[test]
fn charts_are_drawn_from_cells() {
    let check = |kind: ChartKind, expected: &[&str]| {
        let book = Opened::new(&with_blocks(vec![Block::Chart(chart(kind))]));
        let drawn = &book.parts["xl/charts/chart1.xml"];
        for part in expected {
            assert!(drawn.contains(part), "{kind:?}: no {part} in {drawn}");
        }
        assert!(drawn.contains("<c:f>Charts!$B$3:$B$9</c:f>"), "{kind:?}: {drawn}");
    };
    check(ChartKind::Line, &["<c:lineChart>", "<c:f>Charts!$D$2</c:f>", "Service level by day"]);
    check(ChartKind::Bar, &["<c:barChart>", "<c:lineChart>", "<c:barDir val=\"col\"/>"]);
    check(ChartKind::StackedBar, &["<c:grouping val=\"stacked\"/>", "<c:overlap val=\"100\"/>"]);
    check(ChartKind::Bullet, &["<c:barDir val=\"bar\"/>", "Service level by day (target 80%)"]);

    let book = Opened::new(&with_blocks(vec![Block::Chart(chart(ChartKind::HeatMap))]));
    assert!(!book.parts.contains_key("xl/charts/chart1.xml"));
    assert!(book.sheet("Charts").contains("<colorScale>"));
    let rows = book.rows("Charts");
    assert!(rows[2].starts_with("this week | 0.8210 | 0.7940 | 0.8400 |  | 0.8630"), "{rows:#?}");
}

#[test]
fn tiles_show_their_course() {
    let mut blocks = sample::week(Language::English, 3).blocks;
    for block in &mut blocks {
        if let Block::Tiles(tiles) = block {
            let values = vec![Some(80.0), None, Some(83.4)];
            tiles[1].sparkline = Some(Sparkline { values, target: None, alternative: "rose".to_owned() });
        }
    }
    let book = Opened::new(&with_blocks(blocks));
    let rows = book.rows("Charts");
    assert_eq!(rows[rows.len() - 2..], ["Course", "Abandon rate | 0.8000 |  | 0.8340"]);
    let summary = book.sheet("Summary");
    assert_eq!(summary.matches("<x14:sparkline>").count(), 1, "{summary}");
    assert!(summary.contains("<xm:f>Charts!B48:D48</xm:f>"), "{summary}");
}

#[test]
fn no_text_becomes_a_formula() {
    let mut texts = sample::hostile();
    texts.extend(["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)", "\t=1", "_x0041_"].map(str::to_owned));
    for text in texts {
        let book = Opened::new(&sample::filled_with(&text));
        for (name, part) in book.parts.iter().filter(|(name, _)| name.starts_with("xl/worksheets/")) {
            assert!(!part.contains("<f>") && !part.contains("<hyperlink "), "{text:?} in {name}");
        }
        let cleaned = text.chars().take(20).all(|character| character.is_alphanumeric());
        assert!(!cleaned || book.strings.iter().any(|string| string.starts_with(&text[..20])), "{text:?}");
    }
    let book = Opened::new(&sample::filled_with("=1+1"));
    assert!(book.strings.iter().any(|string| string == "=1+1"), "{:?}", book.strings);
    assert!(book.parts["xl/styles.xml"].contains("quotePrefix=\"1\""));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    let document = sample::week(Language::Russian, 40);
    let make = || render(&document, &Theme::default()).expect("a workbook");
    assert_eq!(make(), make());
    let book = Opened::new(&document);
    let created = document.created.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    assert_eq!(book.parts["docProps/core.xml"].matches(&created).count(), 2, "{}", book.parts["docProps/core.xml"]);
}

#[test]
fn an_empty_document_is_a_workbook() {
    assert_eq!(Opened::new(&sample::empty()).sheets, ["Summary", "Table"]);
}
