//! The page: what it says, that it holds no foreign markup, that its pictures are well-formed.

use super::super::sample;
use super::*;
use crate::locale::Language;
use crate::report::document::Block;

fn page(document: &Document) -> String {
    render(document, &Theme::default())
}

/// The page of a sample from its header on, with pictures left out: they have tests of their own.
fn content(language: Language) -> String {
    let mut document = sample::week(language, 3);
    document.blocks.retain(|block| !matches!(block, Block::Chart(_)));
    let page = page(&document);
    page[page.find("<header>").unwrap()..].to_owned()
}

#[test]
fn pages_in_both_languages() {
    insta::assert_snapshot!("english", content(Language::English));
    insta::assert_snapshot!("russian", content(Language::Russian));
}

#[test]
fn a_page_needs_nothing_from_elsewhere() {
    let page = page(&sample::week(Language::English, 40));
    for foreign in ["<script", "src=", "@import", "url(", "<link", "<iframe", "javascript:"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("<html lang=\"en\">") && page.contains("scope=\"col\"") && page.contains("scope=\"row\""));
    assert_eq!(page.matches("<h1>").count(), 1);
    assert_eq!(page.matches("<svg").count(), 4, "two charts in two shapes");
}

#[test]
fn pictures_are_well_formed() {
    for text in sample::hostile() {
        let page = page(&sample::filled_with(&text));
        let start = page.find("<svg").unwrap();
        let end = page.find("</svg>").unwrap() + "</svg>".len();
        let parsed = resvg::usvg::Tree::from_str(&page[start..end], &resvg::usvg::Options::default());
        assert!(parsed.is_ok(), "{text:?}: {:?}", parsed.err());
    }
}

#[test]
fn hostile_texts_stay_texts() {
    let tags = page(&sample::filled_with("x")).matches('<').count();
    for text in sample::hostile() {
        let page = page(&sample::filled_with(&text));
        // Charts wrap and shorten labels, so only a text as short as the first may give the same number of elements.
        let more = page.matches('<').count().saturating_sub(tags);
        assert!(more <= 12, "{more} more elements with {text:?}");
        for foreign in ["<script", "<img", "<b>", "onerror='", "\r", "\u{202e}", "\u{0}"] {
            assert!(!page.contains(foreign), "{foreign:?} with {text:?}");
        }
        assert!(page.len() < 250_000, "{} bytes with {} characters", page.len(), text.chars().count());
    }
    assert!(page(&sample::empty()).ends_with("</html>\n"));
}
