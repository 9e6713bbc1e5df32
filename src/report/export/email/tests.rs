//! The mail: what it says, its size, its pictures, and that nothing foreign becomes markup.

use super::super::sample;
use super::*;
use crate::locale::Language;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::diagnostics::SourceFile;
use crate::locale;
use crate::report::document::{Align, Cell, TableColumn};
use crate::report::frame::{Frame, FrameKind};
use crate::report::mail_support;
use crate::report::theme::Logo;
use crate::workspace::Localized;

fn mail(document: &Document) -> EmailBody {
    render(document, &Theme::default())
}

/// The mail of a small sample without what is the same in every mail.
fn content(language: Language) -> String {
    let mail = mail(&sample::full(language, 2)).html;
    mail[mail.find("<h1").unwrap()..].to_owned()
}

#[test]
fn mails_in_both_languages() {
    insta::assert_snapshot!("english", content(Language::English));
    insta::assert_snapshot!("russian", content(Language::Russian));
}

#[test]
fn every_picture_travels_with_the_mail() {
    let mail = mail(&sample::full(Language::English, 12));
    let ids: Vec<&str> = mail.images.iter().map(|image| image.content_id.as_str()).collect();
    let courses = (1..=5).map(|number| format!("course-{number}@callbrief"));
    let expected: Vec<String> = courses.chain((1..=2).map(|number| format!("chart-{number}@callbrief"))).collect();
    assert_eq!(ids, expected);
    assert_eq!(mail.html.matches("src=").count(), 7);
    for image in &mail.images {
        assert!(mail.html.contains(&format!("src=\"cid:{}\"", image.content_id)));
        let picture = resvg::tiny_skia::Pixmap::decode_png(&image.bytes).unwrap();
        let shown = if image.content_id.starts_with("chart") { 584 } else { 168 };
        assert_eq!(picture.width(), 2 * shown, "twice the width it is shown at");
        assert!(image.bytes.len() < 80_000 && !image.alternative.is_empty());
    }
    assert_eq!(mail, render(&sample::full(Language::English, 12), &Theme::default()));
}

/// A document with one table of this many rows fits into the budget, and says what is missing.
fn check_budget(language: Language, rows: usize, cut: bool, line: &str) {
    let mail = mail(&sample::full(language, rows));
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
    let mut document = sample::full(Language::English, 500);
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
    let mail = mail(&sample::full(Language::English, 12)).html;
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

/// Every mail program shows what the mails use, or `allowed` says why that does no harm.
#[test]
fn every_mail_program_shows_what_the_mails_use() {
    let check = |html: &str| {
        let found = mail_support::unsupported(html);
        let shown: std::collections::BTreeSet<String> = found
            .iter()
            .map(|finding| {
                format!("{} ({}) at {}", finding.feature, finding.programs.join(", "), &html[finding.range.clone()])
            })
            .collect();
        assert!(shown.is_empty(), "{shown:#?}");
    };
    check(&mail(&sample::full(Language::English, 12)).html);
    check(&mail(&sample::empty()).html);
    check(&render(&sample::full(Language::Russian, 2), &house()).html);
}

/// A theme with a sign, a name and a line of its own.
fn house() -> Theme {
    let everywhere = |text: &str| Localized {
        texts: Language::ALL.map(|language| (language, text.to_owned())).into_iter().collect(),
    };
    let logo = Logo { png: vec![1, 2, 3], width: 600, height: 100, alternative: "The \"House\"".to_owned() };
    Theme {
        logo: Some(Arc::new(logo)),
        name: everywhere("The House"),
        footer: everywhere("1 Harbour <Street>"),
        ..Theme::default()
    }
}

#[test]
fn the_house_has_its_sign_and_its_line() {
    let mail = render(&sample::full(Language::Russian, 2), &house());
    let sign =
        "<img class=\"plate\" src=\"cid:logo@callbrief\" width=\"200\" height=\"33\" alt=\"The &quot;House&quot;\"";
    assert!(mail.html.contains(sign) && mail.html.contains("1 Harbour &lt;Street&gt;"));
    assert!(!mail.html.contains("«Северный ветер»"), "the house's name is on its sign");
    assert_eq!(mail.images[0].content_id, "logo@callbrief");
    let named = render(&sample::full(Language::Russian, 2), &Theme { logo: None, ..house() });
    assert!(named.html.contains(">The House</p>"));
}

#[test]
fn a_houses_own_frame_is_used_until_it_fails() {
    let framed = |text: &str| {
        let file = Arc::new(SourceFile { path: "mail.html".to_owned(), text: text.to_owned() });
        let (frame, _) = Frame::compile(&file, FrameKind::Mail);
        let theme = Theme { mail: Some(Arc::new(frame.expect("it has no mistakes"))), ..house() };
        render(&sample::full(Language::Russian, 500), &theme)
    };
    let own = framed("<i>{{ title }}</i>{{ content }}<b>{{ house }}</b>");
    assert!(own.html.starts_with("<i>Недельный отчёт</i><table") && own.html.ends_with("</table><b>The House</b>"));
    assert!(own.html.len() <= MOST_BYTES && own.html.len() > MOST_BYTES * 9 / 10);
    assert!(own.images.iter().all(|image| image.content_id != "logo@callbrief"), "no picture without a place");
    let failing = framed("{{ content }}{% if lang == \"ru\" %}{{ title | int }}{% endif %}");
    assert!(failing.html.starts_with("<!DOCTYPE html>"), "the shipped frame stands in");
}

#[test]
fn many_queues_and_agents_fit_together() {
    for language in Language::ALL {
        let mut document = sample::full(language, 500);
        document.blocks.push(Block::Table(sample::table(language, 300, "300".to_owned())));
        let mail = mail(&document);
        assert!(mail.html.len() <= MOST_BYTES && mail.html.len() > MOST_BYTES * 9 / 10, "{} bytes", mail.html.len());
        let more = locale::text(language, "more-rows-attached", &[("rows", 1.into())]);
        let words = more.split('1').next_back().unwrap_or_default().split_whitespace().last().unwrap_or_default();
        assert!(mail.html.matches(words).count() >= 2, "both tables say what is missing");
    }
}

/// How many numbers of a table of so many, with names of so many characters, stand in a line below their name; none where they
/// stand beside it.
#[track_caller]
fn check_stacking(columns: usize, name: usize, expected: Option<usize>) {
    let mut table = sample::table(Language::English, 3, "x".to_owned());
    for row in table.rows.iter_mut().chain(&mut table.total) {
        row[0].text = "word ".repeat(name / 5);
        row.truncate(columns + 1);
        row.resize_with(columns + 1, || row_of_five().swap_remove(1));
    }
    table.columns.truncate(columns + 1);
    table.columns.resize_with(columns + 1, || TableColumn {
        title: "Answered".to_owned(),
        align: Align::Right,
        scale: None,
    });
    let html = mail(&Document { blocks: vec![Block::Table(table)], ..sample::empty() }).html;
    let count = |cell: &str| -> usize {
        let span = cell.split_once("colspan=\"").and_then(|(_, rest)| rest.split('"').next()?.parse().ok());
        span.unwrap_or(1)
    };
    let name = html.split("<th scope=\"row\"").nth(1).and_then(|rest| rest.split('>').next()).expect("a row");
    assert_eq!(name.contains("colspan").then(|| count(name)), expected, "{columns} {name}");

    // Every line is as wide as the others, with the bars' own tables left out.
    let table =
        html.split("<table class=\"data").nth(1).and_then(|rest| rest.split("</table></div>").next()).expect("a table");
    let mut parts = table.split("<table class=\"bar");
    let first = parts.next().unwrap_or_default().to_owned();
    let without_bars = parts.fold(first, |text, part| text + part.split_once("</table>").expect("a bar's end").1);
    let widths: BTreeSet<usize> =
        without_bars.split("<tr").skip(1).map(|row| row.split("<t").skip(1).map(count).sum()).collect();
    assert_eq!(Vec::from_iter(widths), [expected.unwrap_or(columns + 1)], "{columns} {name}");
}

fn row_of_five() -> Vec<Cell> {
    sample::table(Language::English, 1, String::new()).rows.swap_remove(0)
}

#[test]
fn names_stand_above_the_numbers_where_a_phone_has_no_room_beside_them() {
    check_stacking(4, 20, None);
    check_stacking(4, 80, Some(4));
    check_stacking(8, 20, Some(4));
    check_stacking(13, 20, Some(5));
    check_stacking(1, 80, None);
}
