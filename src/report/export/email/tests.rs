//! The mail: what it says, its size, its pictures, and that nothing foreign becomes markup.

use super::super::sample;
use super::*;
use crate::locale::Language;

fn mail(document: &Document) -> EmailBody {
    render(document, &Theme::default())
}

/// The mail of a small sample without what is the same in every mail.
fn content(language: Language) -> String {
    let mail = mail(&sample::week(language, 2)).html;
    mail[mail.find("<h1").unwrap()..].to_owned()
}

#[test]
fn mails_in_both_languages() {
    insta::assert_snapshot!("english", content(Language::English));
    insta::assert_snapshot!("russian", content(Language::Russian));
}

#[test]
fn every_picture_travels_with_the_mail() {
    let mail = mail(&sample::week(Language::English, 12));
    let ids: Vec<&str> = mail.images.iter().map(|image| image.content_id.as_str()).collect();
    assert_eq!(ids, ["chart-1@callbrief", "chart-2@callbrief"]);
    assert_eq!(mail.html.matches("src=").count(), 2);
    for image in &mail.images {
        assert!(mail.html.contains(&format!("src=\"cid:{}\"", image.content_id)));
        let picture = resvg::tiny_skia::Pixmap::decode_png(&image.bytes).unwrap();
        assert_eq!(picture.width(), 1168, "twice the width it is shown at");
        assert!(image.bytes.len() < 80_000 && !image.alternative.is_empty());
    }
    assert_eq!(mail, render(&sample::week(Language::English, 12), &Theme::default()));
}

/// A document with one table of this many rows fits into the budget, and says what is missing.
fn check_budget(language: Language, rows: usize, cut: bool, line: &str) {
    let mail = mail(&sample::week(language, rows));
    assert!(mail.html.len() <= MOST_BYTES, "{} bytes for {rows} rows", mail.html.len());
    assert!(!cut || mail.html.len() > MOST_BYTES * 9 / 10, "only {} bytes for {rows} rows", mail.html.len());
    assert_eq!(mail.html.contains(line), cut, "{rows} rows");
    assert!(mail.html.trim_end().ends_with("</html>"));
}

#[test]
fn long_tables_are_cut_and_say_so() {
    check_budget(Language::English, 40, false, "more rows in the attachment");
    check_budget(Language::English, 500, true, "more rows in the attachment");
    check_budget(Language::Russian, 500, true, "во вложении");
}

#[test]
fn long_mails_lose_their_end_and_say_so() {
    let mut document = sample::week(Language::English, 500);
    let mut again = document.blocks.clone();
    again.retain(|block| !matches!(block, Block::Chart(_)));
    for _ in 0..12 {
        document.blocks.extend(again.iter().cloned());
    }
    let mail = mail(&document);
    assert!(mail.html.len() <= MOST_BYTES && mail.html.len() > MOST_BYTES / 2, "{} bytes", mail.html.len());
    assert!(mail.html.contains("This mail was shortened"), "the cut is told");
    let shown = mail.html.matches("src=\"cid:").count();
    assert_eq!(mail.images.len(), shown, "no pictures without a place");
}

#[test]
fn only_what_every_mail_program_knows() {
    let mail = mail(&sample::week(Language::English, 12)).html;
    for unknown in
        ["<svg", "flex", "display:grid", "border-radius", "<script", "url(", "data:", "background-image", "<link"]
    {
        assert!(!mail.contains(unknown), "{unknown}");
    }
    for number in ["83.4%", "6.2%", "12,408", "4:12"] {
        assert!(mail.contains(number), "{number} is text");
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let tags = mail(&sample::filled_with("x")).html.matches('<').count();
    for text in sample::hostile() {
        let html = mail(&sample::filled_with(&text)).html;
        assert!(html.matches('<').count() <= tags, "more elements with {text:?}");
        for foreign in ["<script", "<img src=x", "onerror='", "\r", "\u{202e}", "\u{0}"] {
            assert!(!html.contains(foreign), "{foreign:?} with {text:?}");
        }
        assert!(html.len() <= MOST_BYTES, "{} bytes", html.len());
    }
    assert!(mail(&sample::empty()).html.ends_with("</html>\n"));
}
