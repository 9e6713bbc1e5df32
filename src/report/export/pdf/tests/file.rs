//! What a file holds beside what is seen: metadata, outline, structure, the password; and that its bytes stay the same.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Object};

use super::samples::{branded, chart, document, heading, headline, table, text, tile};
use super::{PdfDefinition, Theme, render};
use crate::report::document::{Block, Inline, Marker};

#[test]
fn the_same_document_gives_the_same_bytes() {
    let blocks = vec![
        Block::Tiles(vec![tile(); 4]),
        heading(1, "Раздел"),
        Block::Chart(chart()),
        Block::Chart(chart()),
        Block::Table(table(5, 80)),
    ];
    let first = render(&document(blocks.clone()), &Theme::default(), &PdfDefinition::default()).unwrap();
    let second = render(&document(blocks.clone()), &Theme::default(), &PdfDefinition::default()).unwrap();
    assert!(first == second, "{} and {} bytes", first.len(), second.len());
    assert!(first.len() < 75_000, "{} bytes", first.len());
    let mut later = document(blocks);
    later.created += chrono::TimeDelta::hours(1);
    assert!(render(&later, &Theme::default(), &PdfDefinition::default()).unwrap() != first);
}

#[test]
fn a_file_carries_title_language_outline_and_links() {
    let blocks = vec![
        heading(1, "Главное"),
        heading(2, "Очереди"),
        Block::Paragraph(vec![Inline::Link {
            text: text("отчёт"), address: "https://example.org/отчёт".into()
        }]),
    ];
    let bytes = render(&document(blocks), &Theme::default(), &PdfDefinition::default()).unwrap();
    let file = lopdf::Document::load_mem(&bytes).unwrap();
    let catalog = file.catalog().unwrap();
    assert_eq!(lopdf::decode_text_string(catalog.get(b"Lang").unwrap()).unwrap(), "ru");
    let info = file.get_dictionary(file.trailer.get(b"Info").unwrap().as_reference().unwrap()).unwrap();
    let entry = |key: &[u8]| lopdf::decode_text_string(info.get(key).unwrap()).unwrap();
    assert_eq!(
        [entry(b"Title"), entry(b"Author"), entry(b"CreationDate")],
        ["Недельный отчёт", "Северный ветер", "D:20261123060000+00'00'"]
    );
    let toc: Vec<(usize, String)> = file.get_toc().unwrap().toc.into_iter().map(|it| (it.level, it.title)).collect();
    assert_eq!(toc, [(1, "Главное".to_owned()), (2, "Очереди".to_owned())]);
    let pages: Vec<_> = file.get_pages().into_values().collect();
    let links = file.get_page_annotations(pages[0]).unwrap();
    let address = links[0].get(b"A").unwrap().as_dict().unwrap().get(b"URI").unwrap().as_str().unwrap();
    assert_eq!(address, b"https://example.org/%D0%BE%D1%82%D1%87%D1%91%D1%82");
    let metadata = file.get_object(catalog.get(b"Metadata").unwrap().as_reference().unwrap()).unwrap();
    let xmp = String::from_utf8(metadata.as_stream().unwrap().content.clone()).unwrap();
    for said in ["Недельный отчёт", "Северный ветер", "<rdf:li>ru</rdf:li>", "2026-11-23T06:00:00Z"]
    {
        assert!(xmp.contains(said), "{said} in {xmp}");
    }
}

/// How many elements of each kind a file's structure has.
fn elements(file: &lopdf::Document) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for object in file.objects.values() {
        let kind = object.as_dict().ok().filter(|it| it.has(b"P")).and_then(|it| it.get(b"S").ok()?.as_name().ok());
        if let Some(kind) = kind {
            *counts.entry(String::from_utf8_lossy(kind).into_owned()).or_default() += 1;
        }
    }
    counts
}

#[test]
fn the_structure_tells_headings_cells_figures_and_links() {
    let blocks = vec![
        heading(1, "Главное"),
        headline(),
        Block::Tiles(vec![tile(), tile()]),
        Block::List { marker: Marker::Bullet, items: vec![text("раз"), text("два")] },
        Block::Paragraph(vec![
            Inline::Text("См. ".into()),
            Inline::Link { text: text("отчёт"), address: "https://example.org".into() },
        ]),
        Block::Chart(chart()),
        Block::Table(table(3, 90)),
    ];
    let file =
        lopdf::Document::load_mem(&render(&document(blocks), &branded(), &PdfDefinition::default()).unwrap()).unwrap();
    let found = elements(&file);
    let expected = [
        // The logo, two small lines, the chart.
        ("Figure", 4),
        ("H1", 1),
        ("H2", 1),
        ("L", 1),
        ("LI", 2),
        ("LBody", 2),
        ("Lbl", 2),
        ("Link", 1),
        ("Table", 1),
        ("Caption", 1),
        // The header, 90 rows, the total: 92 of 3 cells; the header's repetitions are decoration.
        ("TR", 92),
        ("TH", 3),
        ("TD", 273),
    ];
    for (kind, count) in expected {
        assert_eq!(found.get(kind), Some(&count), "{kind} of {found:?}");
    }
    let alternatives = file.objects.values().filter_map(|object| object.as_dict().ok()?.get(b"Alt").ok());
    let mut alternatives: Vec<String> = alternatives.map(|text| lopdf::decode_text_string(text).unwrap()).collect();
    alternatives.sort();
    assert_eq!(alternatives, ["За неделю: от 80 до 85", "За неделю: от 80 до 85", "По дням. 80, 90", "Северный ветер"]);
    check_marked(&file);
}

/// Every stretch of marked content is known to the structure under its number, and the other way round.
fn check_marked(file: &lopdf::Document) {
    let root = file.catalog().unwrap().get(b"StructTreeRoot").unwrap().as_reference().unwrap();
    let tree = file.get_dictionary(root).unwrap().get(b"ParentTree").unwrap().as_reference().unwrap();
    let places = file.get_dictionary(tree).unwrap().get(b"Nums").unwrap().as_array().unwrap();
    for (index, page) in file.get_pages().into_values().enumerate() {
        assert_eq!(places[2 * index].as_i64().unwrap(), index as i64);
        let known = places[2 * index + 1].as_array().unwrap();
        let content = lopdf::content::Content::decode(&file.get_page_content(page)).unwrap();
        let mut depth = 0;
        let mut numbers = Vec::new();
        for operation in &content.operations {
            match operation.operator.as_str() {
                "BDC" => {
                    let properties: &Dictionary = operation.operands[1].as_dict().unwrap();
                    numbers.push(properties.get(b"MCID").and_then(Object::as_i64).unwrap());
                    depth += 1;
                }
                "BMC" => depth += 1,
                "EMC" => depth -= 1,
                "Tj" | "TJ" | "f" | "S" | "Do" => assert_eq!(depth, 1, "{operation:?} on page {index} is marked once"),
                _ => {}
            }
        }
        assert_eq!(depth, 0);
        assert_eq!(numbers, (0..known.len() as i64).collect::<Vec<_>>());
    }
}

fn opened_with(bytes: &[u8], password: &str) -> lopdf::Result<lopdf::Document> {
    lopdf::Document::load_mem_with_options(bytes, lopdf::LoadOptions::with_password(password))
}

#[test]
fn a_password_protects_the_file_and_the_bytes_stay_the_same() {
    let blocks = || vec![heading(1, "Главное"), Block::Table(table(3, 4))];
    let with = |password: &str| PdfDefinition { password: Some(password.into()), ..PdfDefinition::default() };
    let with = |password: &str| render(&document(blocks()), &branded(), &with(password)).unwrap();
    let check = |password: &str, wrong: &str| {
        let bytes = with(password);
        let open = opened_with(&bytes, password).unwrap();
        let info = open.get_dictionary(open.trailer.get(b"Info").unwrap().as_reference().unwrap()).unwrap();
        assert_eq!(lopdf::decode_text_string(info.get(b"Title").unwrap()).unwrap(), "Недельный отчёт");
        let opened = opened_with(&bytes, wrong);
        assert!(opened.is_err() || opened.is_ok_and(|file| file.is_encrypted()), "{wrong:?} opens {password:?}");
        let plain = "Недельный отчёт".encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        assert!(
            !bytes.windows(plain.len()).any(|window| window == plain) && !bytes.windows(6).any(|it| it == b"dc:tit")
        );
    };
    check("hunter2", "Hunter2");
    check("ёлка", "");
    let [one, again, other] = ["one", "one", "two"].map(with);
    assert!(one == again, "the same bytes");
    assert_eq!(one.len(), other.len());
    let same = one.iter().zip(&other).filter(|(one, other)| one == other).count();
    assert!(same < one.len() / 2, "{same} of {} bytes are the same with another password", one.len());
}

#[test]
fn characters_no_font_has_are_shown_as_a_sign_and_told() {
    let told = |words: &str| {
        let document = document(vec![Block::Paragraph(text(words))]);
        let pages = super::laid_out(&document);
        super::texts(&pages[0]).into_iter().find(|text| text.starts_with("Шрифт")).map(str::to_owned)
    };
    assert_eq!(told("Очередь «Продажи» — Καλημέρα, naïve, 12\u{202f}345 №"), None);
    assert_eq!(
        told("漢 и снова 漢").as_deref(),
        Some("Шрифт этого файла не содержит 1 символа, вместо него стоит значок: U+6F22.")
    );
    let many = told("漢字仮名交じり文").unwrap();
    assert!(many.contains("8 символов") && many.ends_with(", …."), "{many}");
}
