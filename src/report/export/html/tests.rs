//! The page: what it says, that it holds no foreign markup, that its pictures are well-formed.

use super::super::sample;
use super::*;
use crate::locale::Language;
use std::sync::Arc;

use crate::diagnostics::SourceFile;
use crate::report::document::Block;
use crate::report::frame::{Frame, FrameKind};
use crate::report::theme::Logo;

fn page(document: &Document) -> String {
    render(document, &Theme::default())
}

/// The page of a sample from its header on, with pictures left out: they have tests of their own.
fn content(language: Language) -> String {
    let mut document = sample::full(language, 3);
    document.blocks.retain(|block| !matches!(block, Block::Chart(_)));
    for block in &mut document.blocks {
        if let Block::Tiles(tiles) = block {
            tiles.iter_mut().for_each(|tile| tile.sparkline = None);
        }
    }
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
    let page = page(&sample::full(Language::English, 40));
    for foreign in ["<script", "src=\"http", "@import", "url(", "<link", "<iframe", "javascript:"] {
        assert!(!page.contains(foreign), "{foreign}");
    }
    assert!(page.contains("<html lang=\"en\">") && page.contains("scope=\"col\"") && page.contains("scope=\"row\""));
    assert_eq!(page.matches("<h1>").count(), 1);
    assert_eq!(page.matches("<svg").count(), 9, "two charts in two shapes, and five courses");
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

#[test]
fn the_house_has_its_sign_inside_the_page_and_its_own_frame() {
    let logo = Logo { png: vec![1, 2, 3], width: 20, height: 10, alternative: "House".to_owned() };
    let theme = Theme { logo: Some(Arc::new(logo)), ..Theme::default() };
    let page = render(&sample::full(Language::English, 3), &theme);
    assert!(
        page.contains(
            "<img class=\"logo\" src=\"data:image/png;base64,AQID\" width=\"20\" height=\"10\" alt=\"House\">"
        )
    );
    let file =
        Arc::new(SourceFile { path: "page.html".to_owned(), text: "<b>{{ title }}</b>{{ content }}".to_owned() });
    let frame = Frame::compile(&file, FrameKind::Page).0.map(Arc::new);
    let page = render(&sample::full(Language::English, 3), &Theme { page: frame, ..theme });
    assert!(page.starts_with("<b>Weekly report</b><div class=\"lede bad\">"));
}

/// Headings follow each other without a gap, which is how they are found by ear.
#[test]
fn headings_are_in_order() {
    for document in [sample::full(Language::English, 3), sample::empty(), sample::filled_with("x")] {
        let page = page(&document);
        let levels: Vec<u32> = page
            .match_indices("<h")
            .filter_map(|(at, _)| page[at + 2..].chars().next().and_then(|digit| digit.to_digit(10)))
            .collect();
        assert_eq!(levels.first(), Some(&1));
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1 && pair[1] > 1), "{levels:?}");
    }
}
