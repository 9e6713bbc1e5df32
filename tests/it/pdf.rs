//! PDFs as other programs read them: poppler's text in reading order, qpdf's check of the file, with and without a
//! password.

use std::io::Write;
use std::process::{Command, Output};

use callbrief::locale::Language;
use callbrief::report::document::{
    Align, Block, Cell, Document, Headline, Inline, Status, Table, TableColumn, Words, plain_text,
};
use callbrief::report::export::pdf::render;
use callbrief::report::theme::Theme;
use callbrief::workspace::{Orientation, Paper, PdfDefinition};

fn document(columns: usize, rows: usize) -> Document {
    let cell = |text: String| Cell { text, status: Status::Neutral, number: None, share: Some(0.5) };
    let row = |row: usize| (0..columns).map(|column| cell(format!("r{row}c{column}"))).collect::<Vec<_>>();
    Document {
        title: "Недельный отчёт".into(),
        subtitle: "16–22 ноября 2026 г.".into(),
        language: Language::Russian,
        author: "Северный ветер".into(),
        created: "2026-11-23T06:00:00Z".parse().unwrap(),
        preheader: String::new(),
        blocks: vec![
            Block::Headline(Headline {
                text: vec![Inline::Text("Уровень сервиса упал".into())],
                status: Status::Bad,
                remark: None,
            }),
            Block::Heading { level: 1, text: vec![Inline::Text("Очереди".into())] },
            Block::Table(Table {
                data: None,
                caption: None,
                columns: (0..columns)
                    .map(|column| TableColumn {
                        title: format!("h{column}"),
                        align: if column == 0 { Align::Left } else { Align::Right },
                        scale: None,
                    })
                    .collect(),
                rows: (0..rows).map(row).collect(),
                total: None,
                omitted: None,
            }),
            Block::Paragraph(vec![
                Inline::Text("Подробности в ".into()),
                Inline::Link {
                    text: vec![Inline::Text("справочнике".into())], address: "https://example.org".into()
                },
            ]),
        ],
        footnotes: vec!["Данные на 23 ноября".into()],
        words: Words {
            page_of: "{page} из {pages}".into(),
            target: "цель".into(),
            previous: "неделей раньше".into(),
            no_data: "нет данных".into(),
            continued: "продолжение".into(),
        },
    }
}

/// What a program prints about a PDF, which it gets as its last argument but for those after `FILE`.
fn tell(pdf: &[u8], program: &str, arguments: &[&str]) -> Output {
    let mut file = tempfile::NamedTempFile::with_suffix(".pdf").unwrap();
    file.write_all(pdf).unwrap();
    let path = file.path().to_str().unwrap();
    let arguments = arguments.iter().map(|argument| if *argument == "FILE" { path } else { argument });
    Command::new(program).args(arguments).output().expect("poppler-utils and qpdf are installed, as tests/run does it")
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn other_programs_find_nothing_wrong_and_read_in_order() {
    let check = |document: &Document, definition: &PdfDefinition| {
        let pdf = render(document, &Theme::default(), definition).unwrap();
        let checked = tell(&pdf, "qpdf", &["--check", "FILE"]);
        assert!(checked.status.success(), "{}{}", text(&checked), String::from_utf8_lossy(&checked.stderr));
        let about = text(&tell(&pdf, "pdfinfo", &["FILE"]));
        for line in ["Title:           Недельный отчёт", "Author:          Северный ветер", "Tagged:          yes"]
        {
            assert!(about.contains(line), "{about}");
        }
        let words: Vec<String> = text(&tell(&pdf, "pdftotext", &["-raw", "FILE", "-"]))
            .split_whitespace()
            .filter(|word| word.starts_with('r'))
            .map(str::to_owned)
            .collect();
        let Some(Block::Table(table)) = document.blocks.get(2) else { panic!("the table") };
        let expected: Vec<&str> = table.rows.iter().flatten().map(|cell| cell.text.as_str()).collect();
        assert_eq!(words, expected, "row by row");
        let structure = text(&tell(&pdf, "pdfinfo", &["-struct-text", "FILE"]));
        let read = ["Недельный отчёт", "Уровень сервиса упал", "Очереди", "h0", "r0c0", "справочнике", "Данные на 23"];
        let mut rest = structure.as_str();
        for said in read {
            let at = rest.find(said).unwrap_or_else(|| panic!("{said} is not read in its turn: {structure}"));
            rest = &rest[at..];
        }
    };
    let paper = |paper, orientation| PdfDefinition { paper, orientation, password: None };
    check(&document(4, 60), &PdfDefinition::default());
    check(&document(12, 30), &paper(Paper::Letter, Orientation::Landscape));
}

#[test]
fn the_password_opens_the_file_and_nothing_else_does() {
    let document = document(3, 5);
    let definition = PdfDefinition { password: Some("hunter2".into()), ..PdfDefinition::default() };
    let pdf = render(&document, &Theme::default(), &definition).unwrap();
    let headline = match &document.blocks[0] {
        Block::Headline(headline) => plain_text(&headline.text),
        other => panic!("{other:?}"),
    };
    assert!(text(&tell(&pdf, "pdftotext", &["-upw", "hunter2", "FILE", "-"])).contains(&headline));
    assert!(!tell(&pdf, "pdftotext", &["-upw", "hunter3", "FILE", "-"]).status.success());
    assert!(!tell(&pdf, "pdftotext", &["FILE", "-"]).status.success());
    let about = text(&tell(&pdf, "pdfinfo", &["-upw", "hunter2", "FILE"]));
    assert!(about.contains("AES-256") && about.contains("Недельный отчёт"), "{about}");
    let checked = tell(&pdf, "qpdf", &["--password=hunter2", "--check", "FILE"]);
    assert!(checked.status.success(), "{}{}", text(&checked), String::from_utf8_lossy(&checked.stderr));
}
