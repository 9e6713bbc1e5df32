//! Paper of all sizes, and tables that are too wide for it.

use super::samples::{chart, document, heading, table, text};
use super::{Block, Document, PdfDefinition, check_inside, check_on, content, laid_out, texts};
use crate::locale::Language;
use crate::report::export::sample;
use crate::report::theme::Theme;
use crate::workspace::{Orientation, Paper};

#[test]
fn whole_reports_fit_on_every_paper() {
    for (paper, size) in [(Paper::A4, (595.0, 842.0)), (Paper::Letter, (612.0, 792.0))] {
        for orientation in [Orientation::Portrait, Orientation::Landscape] {
            let definition = PdfDefinition { paper, orientation, password: None };
            let document = sample::week(Language::Russian, 80);
            check_on(&document, &definition);
            let (width, height) = if orientation == Orientation::Portrait { size } else { (size.1, size.0) };
            for page in content(&document, &Theme::default(), &definition).pages {
                assert_eq!((page.sheet.width.round(), page.sheet.height.round()), (width, height));
            }
        }
    }
}

/// Which pages lie on their long side.
fn lying(blocks: Vec<Block>) -> Vec<bool> {
    let document = Document { footnotes: Vec::new(), ..document(blocks) };
    check_inside(&document);
    laid_out(&document).iter().map(|page| page.sheet.width > page.sheet.height).collect()
}

#[test]
fn only_a_table_that_is_too_wide_is_turned_with_its_heading_and_the_text_after_it() {
    let wide = || Block::Table(table(18, 5));
    let paragraph = || Block::Paragraph(text(&"слово ".repeat(30)));
    let check = |blocks: Vec<Block>, expected: &[bool]| assert_eq!(lying(blocks), expected);
    check(vec![paragraph(), Block::Table(table(9, 5)), paragraph()], &[false]);
    check(vec![wide()], &[true]);
    check(vec![heading(1, "Всё"), heading(2, "Таблица"), wide(), paragraph()], &[true]);
    check(
        vec![paragraph(), heading(2, "Таблица"), wide(), paragraph(), heading(2, "График"), Block::Chart(chart())],
        &[false, true, false],
    );
    let long = || Block::Paragraph(text(&"слово ".repeat(600)));
    check(vec![wide(), long()], &[true, false]);
    check(vec![wide(), Block::PageBreak, wide()], &[true, true]);
}

#[test]
fn a_table_with_too_many_columns_is_continued_below_with_its_names() {
    let document = document(vec![Block::Table(table(60, 5))]);
    check_inside(&document);
    let pages = laid_out(&document);
    let all: Vec<&str> = pages.iter().flat_map(texts).collect();
    for column in 1..60 {
        let cell = column.to_string();
        assert!(all.contains(&cell.as_str()), "column {column} is shown");
    }
    let captions: Vec<&str> = all.iter().copied().filter(|text| text.starts_with("Очереди — столбцы")).collect();
    assert!(captions.len() > 1 && captions[0].starts_with("Очереди — столбцы 1–"), "{captions:?}");
    assert!(captions[captions.len() - 1].ends_with("–60 из 60"), "{captions:?}");
    assert_eq!(all.iter().filter(|text| **text == "name-000").count(), captions.len());
}
